package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/study"
	"kolmo/study/document"
)

// settings are the values of --set, of all commands that load a study.
type settings struct{ texts []string }

// flags adds --set.
func (o *settings) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.texts, "set", nil, "give a key of the study another value, `KEY=VALUE`, as in ball.R=2 or eta='[1/4, 1/8]'; may be repeated")
	terminal.CompleteNothing(cmd, "set")
}

// load reads a study file, which may be a pipe that nobody writes to, with the settings in it.
func (o *settings) load(ctx context.Context, report *terminal.Reporter, path string) (*study.Study, error) {
	var list []document.Setting
	for _, text := range o.texts {
		s, err := document.ParseSetting(text)
		if err != nil {
			return nil, terminal.Usage("--set: %v", err)
		}
		list = append(list, s)
	}
	watcher := report.Watch("reading " + path)
	defer watcher.End()
	s, err := terminal.Promptly(ctx, func() (*study.Study, error) { return study.Load(path, list...) })
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case err == nil:
		return s, nil
	case (ext == ".csv" || ext == ".tsv") && errors.As(err, new(*document.Error)):
		return nil, terminal.Usage("%s is a table and no study: kolmo init --data %s makes a study of it", path, path)
	}
	return nil, unreadable(path, err)
}

// unreadable gives a study file that cannot be opened the form of all other
// faults in it.
func unreadable(path string, err error) error {
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		if path == "-" {
			return terminal.Usage("- is no file; /dev/stdin is the standard input")
		}
		if advice := shippedAdvice(path); advice != "" {
			return terminal.Usage("%s", advice)
		}
		return &document.Error{File: path, Line: 1, Column: 1, Msg: fmt.Sprintf("the study cannot be read: %v", pe.Err)}
	}
	return err
}

// placed gives faults that only the work finds their place in the study file.
func placed(s *study.Study, err error) error {
	if input, ok := errors.AsType[*compare.InputError](err); ok {
		return s.KeyError(input.Key, input.Msg)
	}
	return s.LossError(err)
}
