// Package studies holds the shipped studies and their data, as files and, for the
// command, inside the program. Its tests run the studies by every method and hold them to
// closed forms.
package studies

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed *.yaml data/*
var files embed.FS

// ending is that of study files.
const ending = ".yaml"

// Names returns the names of the shipped studies in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // the program's own files
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ending); ok {
			names = append(names, name)
		}
	}
	return names
}

// Text returns the file of the study with the given name, false if there is none.
func Text(name string) ([]byte, bool) {
	if path.Base(name) != name {
		return nil, false
	}
	text, err := files.ReadFile(name + ending)
	return text, err == nil
}

// Data returns the data files of a study with the given text by their paths relative to
// the study, with slashes.
func Data(text []byte) map[string][]byte {
	data := map[string][]byte{}
	err := fs.WalkDir(files, "data", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, word := range strings.Fields(string(text)) {
			if word == path {
				data[path], err = files.ReadFile(path)
			}
		}
		return err
	})
	if err != nil {
		panic(err) // the program's own files
	}
	return data
}
