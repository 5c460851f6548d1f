package export

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kolmo/compare"
)

// Names of the files All writes.
const (
	ResultsFile  = "results.json"
	CSVFile      = "gap.csv"
	GapPNGFile   = "gap.png"
	GapSVGFile   = "gap.svg"
	FieldPNGFile = "gap-field.png"
	FieldSVGFile = "gap-field.svg"
	TimePNGFile  = "gap-time.png"
	TimeSVGFile  = "gap-time.svg"
	ReportFile   = "report.html"
)

// All writes r to the folder dir, which it makes if need be: results.json,
// the tables as CSV files, the pictures gap, gap-field if r has rasters, gap-time if it has curves,
// those of the sections, each as PNG and as SVG, and
// report.html. The results come first, so that a full disk costs
// pictures, not numbers; each file is whole or absent. A table or picture of an earlier
// run that this one does not have is removed.
func All(dir string, r *compare.Result, meta Meta) error {
	return writeAll(dir, r, meta, DotsPerInch)
}

// Files returns the names of all files that All may write.
func Files() []string {
	files := []string{ResultsFile, ReportFile, GapPNGFile, GapSVGFile, FieldPNGFile, FieldSVGFile, TimePNGFile, TimeSVGFile}
	for _, k := range kindsList() {
		for _, f := range k.Files {
			files = append(files, f.Name)
		}
		if k.Section != nil {
			files = append(files, k.Name+".png", k.Name+".svg")
		}
	}
	return files
}

// pictureFile is a file with its text; nil if it must not exist.
type pictureFile struct {
	name string
	text []byte
}

// writeAll is All with another resolution of the PNG files.
func writeAll(dir string, r *compare.Result, meta Meta, dpi int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := WriteJSON(at(ResultsFile), r); err != nil {
		return err
	}
	for _, k := range kindsList() {
		for _, f := range k.Files {
			table := f.Table(r)
			if len(table.rows) == 0 && f.Name != CSVFile {
				if err := os.Remove(at(f.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("export: %w", err)
				}
				continue
			}
			if err := writeFile(at(f.Name), table.write); err != nil {
				return err
			}
		}
	}
	p, err := drawPictures(r, meta.Parameters, dpi)
	if err != nil {
		return err
	}
	files := []pictureFile{
		{GapPNGFile, p.gap.png}, {GapSVGFile, p.gap.svg}, {FieldPNGFile, p.field.png}, {FieldSVGFile, p.field.svg},
		{TimePNGFile, p.time.png}, {TimeSVGFile, p.time.svg},
	}
	for _, k := range kindsList() {
		name := k.Name
		if k.Section == nil {
			continue
		}
		i := slices.IndexFunc(p.sections, func(d drawnSection) bool { return d.Name == name })
		d := drawnSection{}
		if i >= 0 {
			d = p.sections[i]
		}
		files = append(files, pictureFile{name + ".png", d.png}, pictureFile{name + ".svg", d.svg})
	}
	for _, f := range files {
		if f.text == nil {
			if err := os.Remove(at(f.name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("export: %w", err)
			}
			continue
		}
		if err := writeFile(at(f.name), func(w io.Writer) error {
			_, err := w.Write(f.text)
			return err
		}); err != nil {
			return err
		}
	}
	return writeReport(at(ReportFile), r, meta, p)
}

// WriteCSV writes gap.csv as RFC 4180 has it: a header, then one row per row of
// r.Gap in the same order. Numbers read back to the same bits; a value that is
// not finite, a null and a missing coordinate are empty cells.
func WriteCSV(path string, r *compare.Result) error {
	return writeFile(path, csvTableOf(r.Gap).write)
}
