package main

import (
	"path/filepath"
	"runtime"

	"kolmo/compare"
	"kolmo/export"
	"kolmo/export/field"
	"kolmo/internal/kernel"
	"kolmo/internal/outfolder"
	"kolmo/study"
)

var _ compare.Store = (*outfolder.Units)(nil)

// machine names what the last bits of results may depend on.
func machine() string {
	return runtime.GOOS + "/" + runtime.GOARCH + " with " + kernel.Arithmetic()
}

// outputFiles returns the names of all files that the study may write to its folder.
func outputFiles(s *study.Study) ([]string, error) {
	fields, err := fieldFiles(s)
	return append(append(export.Files(), outfolder.StudyFile), fields...), err
}

// fieldFiles returns the names of the study's field files and of their sidecars.
func fieldFiles(s *study.Study) ([]string, error) {
	if len(s.Output.Fields) == 0 {
		return nil, nil
	}
	p, err := s.Problem()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, eta := range p.Etas {
		for _, phi := range p.Observables {
			for _, m := range p.Models {
				names = append(names, field.Files(phi.Name(), m.String(), eta.Text)...)
			}
		}
	}
	return names, nil
}

// resultFields returns the files of the fields among those of a work's units.
func resultFields(files []outfolder.File) []compare.FieldFile {
	var out []compare.FieldFile
	for _, f := range files {
		if filepath.Ext(f.Name) == ".nc" {
			out = append(out, compare.FieldFile(f))
		}
	}
	return out
}
