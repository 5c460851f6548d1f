//go:build !race

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kolmo/internal/slow"
	"kolmo/study"
	"kolmo/study/document"
)

// ends runs a command line, which must end with the code and say want on stderr, in one
// line that commands no terminal.
func ends(t *testing.T, code int, want string, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	got := execute(context.Background(), args, &out, &errs)
	checkHarmless(t, "stdout", out.String())
	checkHarmless(t, "stderr", errs.String())
	lines := strings.Count(errs.String(), "\n")
	if got != code || lines > 1 || code != codeDone && lines == 0 || !strings.Contains(errs.String(), want) {
		t.Errorf("%q: code %d, want %d and %q: %s", args, got, code, want, errs.String())
	}
}

// TestHostileResultsFiles: show and plot follow nothing out of a file, believe no extent
// and survive the crash of the library. The files are made by testdata/foreign/make.py.
func TestHostileResultsFiles(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "a.png")
	for name, want := range map[string]string{
		"good":                    "",
		"escapes":                 "",
		"field-external":          "(u): an external link",
		"axis-external":           "(x1): an external link",
		"times-soft":              "(t): a soft link",
		"series-stored-elsewhere": "(sup_gap): its values are in other files",
		"field-virtual":           "(u): a virtual dataset",
		"many-times":              "(t): its extents [268435456] are more than a file of 27952 bytes can hold",
		"long-axis":               "(x1): its extents [8589934592] are more than",
		"wide-field":              "(u): its extents [2 1099511627776] are more than",
		"field-fits-not":          "(u): extents [6] do not fit the grid's [5]",
		"few-counts":              "(n): 1 steps where t has 2",
		"escape-name":             `("\x1b[2J"): no name of a variable`,
	} {
		path, code := filepath.Join("testdata", "foreign", name+".nc"), codeInput
		if want == "" {
			code = codeDone
		}
		ends(t, code, want, "show", path)
		ends(t, code, want, "show", path, "--json")
		if code == codeInput {
			ends(t, code, want, "plot", path, "--out", out)
		}
	}
	crash := "../../internal/h5/testdata/damaged/crash.h5"
	ends(t, codeFailed, "crash.h5 is damaged: the HDF5 library crashed reading it", "show", crash)
	ends(t, codeFailed, "crash.h5 is damaged: the HDF5 library crashed reading it", "plot", crash)
}

// dataStudy writes a study whose sample is the given data file, and returns its path.
func dataStudy(t *testing.T, dir, file, dataset, column string) string {
	t.Helper()
	path := filepath.Join(dir, "s.yaml")
	text := fmt.Sprintf(`name: c
parameters: [w]
loss: (w - a)^2/2
sample: {kind: data, file: %q, %scolumns: {a: %s}}
ball: {R: 2}
observables: {square: w^2}
eta: [1/4]
models: [modified]
`, file, dataset, column)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHostileDataFiles: the same for the data of studies, with the place in the study.
func TestHostileDataFiles(t *testing.T) {
	t.Parallel()
	foreign, err := filepath.Abs("../../internal/h5/testdata/foreign")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, c := range []struct{ file, dataset, want string }{
		{"external-link", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: an external link"},
		{"external-link", "", "s.yaml:4:28: sample.file: %[2]s: the dataset v: an external link"},
		{"external-group", "dataset: [g/v], ", "s.yaml:4:%d: sample.dataset[1]: %s: the dataset g/v: an external link"},
		{"soft-external", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: a soft link"},
		{"external-storage", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: its values are in other files"},
		{"external-table", "", "s.yaml:4:28: sample.file: %[2]s: the dataset v: its values are in other files"},
		{"virtual", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: a virtual dataset"},
		{"virtual-empty", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: a virtual dataset"},
		{"virtual-unlimited", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: a virtual dataset"},
		{"wide", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: its extents [0 1099511627776] are more than"},
		{"sparse", "", "s.yaml:4:28: sample.file: %[2]s: the dataset v: its extents [120000000] are more than"},
		{"overflow", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: its extents [2147483648 2147483648 4] are more than"},
		{"plugin", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: its chunks passed through filter 307"},
		{"rank32", "dataset: v, ", "s.yaml:4:%d: sample.dataset: %s: the dataset v: its extents"},
	} {
		file := filepath.Join(foreign, c.file+".h5")
		study := dataStudy(t, dir, file, c.dataset, "v")
		column := 30 + len(file) + len(", dataset: ")
		if strings.Contains(c.dataset, "[") {
			column++
		}
		ends(t, codeInput, fmt.Sprintf(c.want, column, file), "check", study)
	}
}

// TestPipesAndDevices: what is no regular file is refused at once.
func TestPipesAndDevices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a.nc", "a.h5", "results.json"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ends(t, codeInput, "is not a regular file", "show", filepath.Join(dir, "a.nc"))
	ends(t, codeInput, "is not a regular file", "plot", filepath.Join(dir, "a.nc"))
	ends(t, codeInput, "not a regular file", "show", filepath.Join(dir, "results.json"))
	ends(t, codeInput, "not a regular file", "show", dir)
	ends(t, codeInput, "is not a regular file", "show", "/dev/zero")
	ends(t, codeInput, "a.h5: not a regular file", "check", dataStudy(t, dir, "a.h5", "", "v"))
}

// TestLargeResults: a results.json that is too large is not read; the size is one that
// no memory holds.
func TestLargeResults(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "results.json")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(1 << 40); err != nil {
		t.Fatal(err)
	}
	ends(t, codeInput, "larger than 64 MiB", "show", path)
	ends(t, codeInput, "larger than 64 MiB", "show", filepath.Dir(path), "--json")
}

// FuzzDataFile loads a study whose data file has any bytes.
func FuzzDataFile(f *testing.F) {
	for _, name := range []string{"good-deflated", "good-compact", "good-latest", "external-table"} {
		text, err := os.ReadFile("../../internal/h5/testdata/foreign/" + name + ".h5")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, name == "good-compact")
	}
	f.Fuzz(func(t *testing.T, text []byte, named bool) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.h5"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		dataset := ""
		if named {
			dataset = "dataset: v, "
		}
		_, err := study.Load(dataStudy(t, dir, "a.h5", dataset, "v"))
		var fault *document.Error
		if err != nil && (!errors.As(err, &fault) || fault.Line == 0) {
			t.Errorf("%v", err)
		}
	})
}

// FuzzResultsFile shows any bytes as a results file, which is read in a child process.
func FuzzResultsFile(f *testing.F) {
	for _, name := range []string{"good", "escapes", "field-virtual"} {
		text, err := os.ReadFile(filepath.Join("testdata", "foreign", name+".nc"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		showBytes(t, text)
	})
}

// showBytes shows a results file of the given bytes, which must end in values or in one
// sentence.
func showBytes(t *testing.T, text []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.nc")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := execute(context.Background(), []string{"show", "--quiet", path}, &out, &errs)
	checkHarmless(t, "stdout", out.String())
	checkHarmless(t, "stderr", errs.String())
	if code > codeInput || code != codeDone && strings.Count(errs.String(), "\n") != 1 || strings.Contains(errs.String(), "internal error") {
		t.Errorf("code %d, %q", code, errs.String())
	}
}

// mutants is how many damaged files TestMutatedResultsFiles shows.
var mutants = flag.Int("mutants", 20, "how many damaged results files are shown")

// TestMutatedResultsFiles shows results files of which some bytes are changed.
func TestMutatedResultsFiles(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, name := range []string{"good", "escapes"} {
		text, err := os.ReadFile(filepath.Join("testdata", "foreign", name+".nc"))
		if err != nil {
			t.Fatal(err)
		}
		var full []int // where something stands
		for i, b := range text {
			if b != 0 {
				full = append(full, i)
			}
		}
		for seed := range *mutants {
			r := rand.New(rand.NewPCG(uint64(seed), 1))
			bad := bytes.Clone(text)
			for range 1 + r.IntN(4) {
				bad[full[r.IntN(len(full))]] = []byte{0, 1, 2, 127, 128, 255, byte(r.Uint32())}[r.IntN(7)]
			}
			showBytes(t, bad)
		}
	}
}
