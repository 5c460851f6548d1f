package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
	"kolmo/export"
	"kolmo/internal/outfolder"
)

// studyFile is the copy of the study in the output folder.
const studyFile = outfolder.StudyFile

// resultsLimit bounds the bytes of a results.json that is read.
const resultsLimit = 64 << 20

// unusable tells of an error of the system that it is the output folder's, and what can be done.
func unusable(out string, err error) error {
	if errors.As(err, new(*fs.PathError)) {
		return fmt.Errorf("the output folder %s cannot be used: %w; choose another with --out", out, err)
	}
	return err
}

// finished returns the results in the folder if the ticket's study is finished there, nil
// if the folder has none, and an error if it is of something else or its files are not as
// they were written: the results, the study and every file of fields. Pictures and tables
// may be gone.
func finished(f *outfolder.Folder, t outfolder.Ticket) (*compare.Result, error) {
	rec := f.Record
	switch {
	case rec == nil || rec.Shard != "":
		return nil, nil // Begin says what there is
	case rec.Study != t.Study:
		return nil, terminal.Usage("the folder %s holds another study; choose another with --out, or --fresh to replace it", f.Shown)
	}
	i := indexOf(rec.Files, export.ResultsFile)
	if i < 0 {
		return nil, nil
	}
	state, err := outfolder.Compare(f.Path, rec.Files[i])
	switch {
	case err != nil:
		return nil, err
	case state == outfolder.Missing:
		return nil, nil
	case state == outfolder.Changed:
		return nil, terminal.Usage("the results in %s cannot be used (%s was changed since kolmo wrote it); move it away, and --fresh computes them again", f.Shown, export.ResultsFile)
	case rec.Data != t.Data:
		return nil, terminal.Usage("the study's data file has changed since the results in %s; --fresh computes them again", f.Shown)
	case t.Differs(&outfolder.Ticket{Kolmo: t.Kolmo, Study: rec.Study, Data: rec.Data, Studies: rec.Studies, Only: rec.Only}) != "":
		return nil, terminal.Usage("the folder %s holds results of other kinds of studies (%s); choose another with --out, or --fresh to replace them", f.Shown, strings.Join(rec.Studies, " "))
	}
	text, err := outfolder.ReadFile(filepath.Join(f.Path, export.ResultsFile), resultsLimit)
	if err != nil {
		return nil, err
	}
	r, err := export.DecodeJSON(text)
	if err != nil {
		return nil, terminal.Usage("the results in %s cannot be used (%v); --fresh computes them again", f.Shown, err)
	}
	if err := belongs(f, r, t); err != nil {
		return nil, err
	}
	return r, nil
}

// indexOf returns the index of the file with the name, -1 if there is none.
func indexOf(files []outfolder.File, name string) int {
	for i, f := range files {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// belongs returns an error unless the results say that they are of the ticket's study and
// data, and the study and the files of fields beside them are as they were written.
func belongs(f *outfolder.Folder, r *compare.Result, t outfolder.Ticket) error {
	study, _ := r.Run[words.RunStudyHash].(string)
	data, _ := r.Run[words.RunDataHash].(string)
	if study != t.Study || data != t.Data {
		return terminal.Usage("the results in %s cannot be used (they are of another study or other data); --fresh computes them again", f.Shown)
	}
	files := []outfolder.File{}
	if i := indexOf(f.Record.Files, studyFile); i >= 0 {
		files = append(files, f.Record.Files[i])
	}
	for _, field := range r.FieldFiles {
		files = append(files, outfolder.File(field))
	}
	for _, file := range files {
		if !filepath.IsLocal(filepath.FromSlash(file.Name)) {
			return terminal.Usage("the results in %s cannot be used (they name the file %q, which is not in the folder); --fresh computes them again", f.Shown, file.Name)
		}
		state, err := outfolder.Compare(f.Path, file)
		shown := filepath.Join(f.Shown, filepath.FromSlash(file.Name))
		switch {
		case err != nil:
			return err
		case state == outfolder.Missing:
			return terminal.Usage("%s is missing, so the results are not whole; --fresh computes them again", shown)
		case state == outfolder.Changed:
			return terminal.Usage("%s was changed since kolmo wrote it, so the results are not whole; move it away, and --fresh computes them again", shown)
		}
	}
	return nil
}
