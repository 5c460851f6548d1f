package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/export"
	"kolmo/export/field"
	"kolmo/internal/outfolder"
)

func newShow(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	var asJSON, verbose bool
	cmd := &cobra.Command{
		Use:   "show FILE.nc | FOLDER",
		Short: "say what a results file or an output folder holds",
		Long: strings.TrimSpace(`
Of a results file, FILE.nc or the FILE.nc.part of a run that was stopped, it
prints what the fields belong to, the gap with its error and whether it is
certified, the axes, the stored times, and the extreme values over the ball at the
first and the last of them. Of an output folder, or its results.json, it prints the
table of the results and lists the results files.

Exit codes: 0 done; 1 the file could not be read; 2 there is none, or it is not what was
expected; 130 interrupted.`),
		Example:           "  kolmo show out/iris\n  kolmo show out/iris/fields/square-modified-eta1_128.nc --json",
		Args:              exactly(1, "one file or folder", "show FILE.nc"),
		ValidArgsFunction: resultFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			path := args[0]
			watcher := report.Watch("reading " + path)
			text, err := terminal.Promptly(cmd.Context(), func() (string, error) {
				var b strings.Builder
				switch {
				case isFolder(path):
					if _, err := outfolder.Open(path); err != nil { // which completes results that are half written
						return "", err
					}
					err := showFolder(&b, filepath.Join(path, export.ResultsFile), asJSON, verbose)
					return b.String(), err
				case filepath.Ext(path) == ".json":
					err := showFolder(&b, path, asJSON, verbose)
					return b.String(), err
				}
				err := showFields(&b, path, asJSON)
				return b.String(), err
			})
			watcher.End()
			if err != nil {
				return err
			}
			return terminal.WriteTo(stdout, text)
		},
	}
	report.Flags(cmd)
	verboseFlag(cmd, &verbose)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON; of a folder, its results.json")
	return cmd
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// openFields opens a results file; what is wrong with its content is a fault of the
// input.
func openFields(path string) (*field.Stored, error) {
	if isFolder(path) {
		return nil, terminal.Usage("%s is a folder; kolmo show lists the results files of an output folder", path)
	}
	f, err := field.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, terminal.Usage("there is no file or folder %s", path)
	}
	return f, inputFault(err)
}

// inputFault makes a fault in a results file, or in what was asked of it, one of
// the command's input.
func inputFault(err error) error {
	if bad, ok := errors.AsType[*field.Error](err); ok {
		return terminal.Usage("%v", bad)
	}
	return err
}

// showFields describes a results file.
func showFields(stdout io.Writer, path string, asJSON bool) error {
	f, err := openFields(path)
	if err != nil {
		return err
	}
	defer f.Close()
	s, err := f.Summary()
	if err != nil {
		return inputFault(err)
	}
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(s)
	}
	return s.WriteText(stdout)
}

// readResults reads a results.json.
func readResults(path string) (*compare.Result, error) {
	r, err := export.ReadJSON(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && filepath.Base(path) != export.ResultsFile:
		return nil, terminal.Usage("there is no %s: expected an output folder or its %s", path, export.ResultsFile)
	case errors.Is(err, fs.ErrNotExist):
		return nil, terminal.Usage("the folder %s holds no %s; is it the output of a finished study?", filepath.Dir(path), filepath.Base(path))
	case errors.As(err, new(*fs.PathError)):
		return nil, err
	case err != nil:
		return nil, terminal.Usage("%s is no file of results: %v", path, err)
	}
	return r, nil
}

// showFolder prints the results in a results.json and names the fields beside it.
func showFolder(stdout io.Writer, path string, asJSON, verbose bool) error {
	r, err := readResults(path)
	if err != nil {
		return err
	}
	if asJSON {
		text, err := export.ReadJSONText(path)
		if err == nil {
			_, err = stdout.Write(bytes.ToValidUTF8(text, []byte("\ufffd"))) // as ReadJSON has it
		}
		return err
	}
	report := filepath.Join(filepath.Dir(path), export.ReportFile)
	if _, err := os.Stat(report); err != nil {
		report = ""
	}
	if err := printResult(stdout, r, report, verbose); err != nil {
		return err
	}
	var files []string
	for _, ext := range []string{".nc", ".nc.part"} {
		matches, err := fs.Glob(os.DirFS(filepath.Dir(path)), field.Dir+"/*"+ext)
		if err != nil {
			return err
		}
		files = append(files, matches...)
	}
	for i, name := range files {
		if i == 0 {
			fmt.Fprintln(stdout, "\nfields, for kolmo show and kolmo plot")
		}
		if _, err := fmt.Fprintf(stdout, "  %s\n", terminal.EscapeLine(filepath.Join(filepath.Dir(path), filepath.FromSlash(name)))); err != nil {
			return err
		}
	}
	return nil
}

// verboseFlag adds --verbose.
func verboseFlag(cmd *cobra.Command, verbose *bool) {
	cmd.Flags().BoolVarP(verbose, "verbose", "v", false, "print of results every row and what explains them: models compared, leading constant, methods")
}

// printResult prints what a result says, where its report is, and the tables behind it.
func printResult(w io.Writer, r *compare.Result, report string, verbose bool) error {
	if err := export.WriteAnswer(w, r); err != nil {
		return err
	}
	if report != "" {
		if _, err := fmt.Fprintf(w, "report: %s\n", terminal.EscapeLine(report)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	if verbose {
		return export.WriteTable(w, r)
	}
	if err := export.WriteShort(w, r); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "--verbose prints every row")
	return err
}
