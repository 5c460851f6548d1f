package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/kinds"
	"kolmo/export/page"
	"kolmo/export/table"
	"kolmo/internal/wholefile"
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
// those of the sections, each as PNG and as SVG,
// report.html, and what kinds write by themselves. The results come first, so that a full disk costs
// pictures, not numbers; each file is whole or absent. A table or picture of an earlier
// run that this one does not have is removed.
func All(dir string, r *compare.Result, meta page.Meta) error {
	return writeAll(dir, r, meta, figure.DotsPerInch)
}

// Files returns the names of all files that All may write.
func Files() []string {
	files := []string{ResultsFile, ReportFile, GapPNGFile, GapSVGFile, FieldPNGFile, FieldSVGFile, TimePNGFile, TimeSVGFile}
	for _, k := range kinds.All() {
		for _, f := range k.Files {
			files = append(files, f.Name)
		}
		for _, w := range k.Written {
			files = append(files, w.Names...)
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

// removeOld removes a file of an earlier run, if it is there.
func removeOld(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// writeAll is All with another resolution of the PNG files.
func writeAll(dir string, r *compare.Result, meta page.Meta, dpi int) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := WriteJSON(at(ResultsFile), r); err != nil {
		return err
	}
	for _, k := range kinds.All() {
		for _, f := range k.Files {
			table := f.Table(r)
			if len(table.Rows) == 0 && f.Name != CSVFile {
				if err := removeOld(at(f.Name)); err != nil {
					return err
				}
				continue
			}
			if err := writeFile(at(f.Name), table.Write); err != nil {
				return err
			}
		}
	}
	p, err := page.DrawPictures(r, meta.Parameters, meta.Over, dpi)
	if err != nil {
		return err
	}
	files := []pictureFile{
		{GapPNGFile, p.Gap.Png}, {GapSVGFile, p.Gap.Svg}, {FieldPNGFile, p.Field.Png}, {FieldSVGFile, p.Field.Svg},
		{TimePNGFile, p.Time.Png}, {TimeSVGFile, p.Time.Svg},
	}
	for _, k := range kinds.All() {
		name := k.Name
		if k.Section == nil {
			continue
		}
		i := slices.IndexFunc(p.Sections, func(d page.DrawnSection) bool { return d.Name == name })
		d := page.DrawnSection{}
		if i >= 0 {
			d = p.Sections[i]
		}
		files = append(files, pictureFile{name + ".png", d.Png}, pictureFile{name + ".svg", d.Svg})
	}
	for _, f := range files {
		if f.text == nil {
			if err := removeOld(at(f.name)); err != nil {
				return err
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
	if err := page.WriteReport(at(ReportFile), r, meta, p); err != nil {
		return err
	}
	for _, k := range kinds.All() {
		for _, w := range k.Written {
			written, err := w.Write(at(w.Names[0]), r)
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			if written {
				continue
			}
			for _, name := range w.Names {
				if err := removeOld(at(name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Answer returns what a result says, in a line or two for each kind of study that it was asked
// for.
func Answer(r *compare.Result) []string {
	var out []string
	for _, k := range r.Kinds() {
		out = append(out, kinds.Answer(r, k)...)
	}
	return out
}

// WriteAnswer writes the answers in lines of at most 80 columns, and nothing if there are none.
func WriteAnswer(w io.Writer, r *compare.Result) error {
	b := bufio.NewWriter(w)
	for _, line := range Answer(r) {
		table.Wrap(b, "", "  ", line)
	}
	return b.Flush()
}

// writeFile writes the file path as wholefile.Write does.
func writeFile(path string, write func(w io.Writer) error) error {
	if err := wholefile.Write(path, write); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
