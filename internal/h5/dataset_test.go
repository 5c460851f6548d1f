package h5

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// newFile returns an open new file, which the test closes.
func newFile(t *testing.T) *File {
	t.Helper()
	f, err := CreateFile(filepath.Join(t.TempDir(), "a.h5"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// reopen closes f and opens it for reading.
func reopen(t *testing.T, f *File) *File {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	g, err := OpenFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	return g
}

// sameBits reports whether a and b are equal bit by bit.
func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func TestWriteAndRead(t *testing.T) {
	f := newFile(t)
	d, err := CreateDataset[float64](f, "u", Layout{Shape: []int{2, 2, 3}, Chunk: []int{1, 2, 3}, FillNaN: true})
	if err != nil {
		t.Fatal(err)
	}
	k, err := CreateDataset[int64](f, "k", Layout{Shape: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]float64{
		{0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, math.Inf(-1), math.NaN()},
		{1, 2, 3, 4, 5, 1.0 / 3},
	}
	for i, r := range rows {
		if err := WriteRow(d, r, i); err != nil {
			t.Fatal(err)
		}
	}
	integers := []int64{math.MinInt64, math.MaxInt64}
	if err := Write(k, integers); err != nil {
		t.Fatal(err)
	}
	g := reopen(t, f)
	names, err := g.Names()
	if err != nil || !slices.Equal(names, []string{"k", "u"}) {
		t.Errorf("names %v, %v", names, err)
	}
	if d, err = g.Dataset("u"); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Shape(), []int{2, 2, 3}) || d.Integer() || d.Name() != "u" {
		t.Errorf("shape %v, integer %v, name %s", d.Shape(), d.Integer(), d.Name())
	}
	all := make([]float64, 12)
	if err := Read(d, all); err != nil || !sameBits(all, slices.Concat(rows...)) {
		t.Errorf("got %v, %v", all, err)
	}
	for i, want := range rows {
		got := make([]float64, 6)
		if err := ReadRow(d, got, i); err != nil || !sameBits(got, want) {
			t.Errorf("row %d: got %v, %v", i, got, err)
		}
	}
	if k, err = g.Dataset("k"); err != nil {
		t.Fatal(err)
	}
	got := make([]int64, 2)
	if err := Read(k, got); err != nil || !slices.Equal(got, integers) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestBuffersAreChecked(t *testing.T) {
	f := newFile(t)
	d, err := CreateDataset[float64](f, "u", Layout{Shape: []int{1, 3}, Chunk: []int{1, 3}})
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteRow(d, []float64{1, 2, 3}, 0); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"short row written":  func() error { return WriteRow(d, []float64{1, 2}, 0) },
		"long row written":   func() error { return WriteRow(d, make([]float64, 4), 0) },
		"nil row written":    func() error { return WriteRow[float64](d, nil, 0) },
		"row of integers":    func() error { return WriteRow(d, []int64{1, 2, 3}, 0) },
		"short write":        func() error { return Write(d, []float64{1, 2}) },
		"write of integers":  func() error { return Write(d, []int64{1, 2, 3}) },
		"long read":          func() error { return Read(d, make([]float64, 4)) },
		"read of integers":   func() error { return Read(d, make([]int64, 3)) },
		"short row":          func() error { return ReadRow(d, make([]float64, 2), 0) },
		"row beyond the end": func() error { return ReadRow(d, make([]float64, 3), 1) },
		"row before":         func() error { return ReadRow(d, make([]float64, 3), -1) },
		"scale of rank two":  func() error { return d.SetScale("u") },
		"scale of no axis":   func() error { return d.AttachScale(2, d) },
		"foreign scale":      func() error { return d.AttachScale(0, &Dataset{file: &File{}}) },
	} {
		if err := call(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if !slices.Equal(d.Shape(), []int{1, 3}) {
		t.Errorf("a refused call changed the shape to %v", d.Shape())
	}
}

func TestLayoutsAreChecked(t *testing.T) {
	f := newFile(t)
	for _, l := range []Layout{
		{},
		{Shape: []int{0}},
		{Shape: []int{-1}, Chunk: []int{1}},
		{Shape: []int{0, 0}, Chunk: []int{1, 1}},
		{Shape: []int{0, 2}, Chunk: []int{1}},
		{Shape: []int{0, 2}, Chunk: []int{1, 0}},
		{Shape: []int{0, 2}, Chunk: []int{1, -2}},
	} {
		if _, err := CreateDataset[float64](f, "u", l); err == nil {
			t.Errorf("%+v: no error", l)
		}
	}
	if _, err := CreateDataset[int64](f, "u", Layout{Shape: []int{1}, FillNaN: true}); err == nil {
		t.Error("integers filled with NaN: no error")
	}
	for _, name := range []string{"", ".", "a/b"} {
		if _, err := CreateDataset[float64](f, name, Layout{Shape: []int{1}}); err == nil {
			t.Errorf("name %q: no error", name)
		}
	}
}

func TestErrorsNameFileAndReason(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no HDF5 here\n", 200)), 0o666); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "missing")
	_, err := OpenFile(missing)
	if want := "h5: open " + missing + ": no such file or directory"; err == nil || err.Error() != want || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	_, err = OpenFile(text)
	var typed *Error
	if want := "h5: open " + text + ": file signature not found"; err == nil || err.Error() != want || !errors.As(err, &typed) || errors.Unwrap(err) != nil {
		t.Errorf("text file: %v", err)
	}
	if _, err = CreateFile(text); !errors.Is(err, syscall.EEXIST) {
		t.Errorf("existing file: %v", err)
	}
	f := newFile(t)
	if _, err = f.Dataset("v"); err == nil || !strings.HasPrefix(err.Error(), "h5: open "+f.Path()+" (v): ") {
		t.Errorf("missing dataset: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if err := f.Flush(); !errors.Is(err, errClosed) {
		t.Errorf("flush after Close: %v", err)
	}
}
