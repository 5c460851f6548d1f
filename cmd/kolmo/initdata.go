package main

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"

	"kolmo/study"
	"kolmo/study/document"
)

// notInNames are runs of characters that no study's name has.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// dataName returns the name of the study that is guessed from a table: that of its file.
func dataName(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, ".gz")
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Trim(notInNames.ReplaceAllString(name, "-"), "-.")
	if name == "" {
		return templateName
	}
	return name
}

// guessed returns the study of the table, which will be written to a file.
func (c *initializer) guessed(file string) ([]byte, error) {
	shown := c.data
	if !filepath.IsAbs(shown) {
		from, err := filepath.Abs(filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		to, err := filepath.Abs(shown)
		if err != nil {
			return nil, err
		}
		if shown, err = filepath.Rel(from, to); err != nil {
			return nil, err
		}
	}
	text, err := study.Guess(c.data, filepath.ToSlash(shown), filepath.Dir(file), c.label)
	var bad *document.Error
	if err != nil && !errors.As(err, &bad) {
		return nil, usage("--data: %v", err)
	}
	return text, err
}
