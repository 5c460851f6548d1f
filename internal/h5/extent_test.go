package h5

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// reserved returns a new flushed file with a reserved dataset of the given shape and
// chunk, and many attributes, so that its header has more than one block.
func reserved(t *testing.T, shape, chunk []int) (*File, *Dataset) {
	t.Helper()
	f := newFile(t)
	d, err := CreateDataset[float64](f, "u", Layout{Shape: shape, Chunk: chunk, FillNaN: true, Reserve: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		if err := d.SetAttr(Attr{Name: name, Value: strings.Repeat(name, 500)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Flush(); err != nil {
		t.Fatal(err)
	}
	return f, d
}

// TestExtentOffset: the number of rows written there is what the next reader sees, and
// the rows written before are whole.
func TestExtentOffset(t *testing.T) {
	for _, c := range []struct{ shape, chunk []int }{
		{[]int{9}, []int{4}},
		{[]int{9, 3}, []int{1, 3}},
		{[]int{9, 2, 3}, []int{1, 2, 3}},
		{[]int{9, 4, 2, 3}, []int{1, 3, 2, 3}}, // two chunks a row
	} {
		f, d := reserved(t, c.shape, c.chunk)
		row := make([]float64, d.RowLen())
		for i := range 9 {
			for k := range row {
				row[k] = float64(10*i + k)
			}
			if err := WriteRow(d, row, i); err != nil {
				t.Fatal(err)
			}
		}
		raw, err := os.OpenFile(f.Path(), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		at, err := d.ExtentOffset(raw)
		if err != nil {
			t.Fatal(err)
		}
		word := make([]byte, 8)
		if _, err := raw.ReadAt(word, at); err != nil || binary.LittleEndian.Uint64(word) != 9 {
			t.Fatalf("%v: %v at the offset, %v", c.shape, word, err)
		}
		if _, err := raw.WriteAt([]byte{5, 0, 0, 0, 0, 0, 0, 0}, at); err != nil {
			t.Fatal(err)
		}
		g := reopen(t, f)
		e, err := g.Dataset("u")
		if err != nil {
			t.Fatal(err)
		}
		if want := append([]int{5}, c.shape[1:]...); !slices.Equal(e.Shape(), want) {
			t.Errorf("shape %v, want %v", e.Shape(), want)
		}
		if err := ReadRow(e, row, 4); err != nil || row[len(row)-1] != float64(40+len(row)-1) {
			t.Errorf("row %v, %v", row, err)
		}
	}
}

// TestExtentOffsetRefuses: what is no header of the dataset's shape is not written to.
func TestExtentOffsetRefuses(t *testing.T) {
	f, d := reserved(t, []int{9, 3}, []int{1, 3})
	text, err := os.ReadFile(f.Path())
	if err != nil {
		t.Fatal(err)
	}
	file := bytes.NewReader(text)
	good, err := d.ExtentOffset(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(b []byte){
		"another extent":  func(b []byte) { b[good]++ },
		"another limit":   func(b []byte) { b[good+16]-- },
		"no limits":       func(b []byte) { b[good-6] = 0 },
		"another rank":    func(b []byte) { b[good-7] = 3 },
		"another version": func(b []byte) { b[good-8] = 2 },
		"another message": func(b []byte) { b[good-16] = 0 },
	} {
		b := bytes.Clone(text)
		change(b)
		if at, err := d.ExtentOffset(bytes.NewReader(b)); err == nil || !strings.Contains(err.Error(), f.Path()) {
			t.Errorf("%s: %d, %v", name, at, err)
		}
	}
	if at, err := d.ExtentOffset(bytes.NewReader(text[:100])); err == nil {
		t.Errorf("a short file: %d", at)
	}
}

func TestReservedAndCompressed(t *testing.T) {
	f := newFile(t)
	r, err := CreateDataset[float64](f, "r", Layout{Shape: []int{6}, Chunk: []int{4}, Reserve: true})
	if err != nil {
		t.Fatal(err)
	}
	z, err := CreateDataset[float64](f, "z", Layout{Shape: []int{3, 1000}, Chunk: []int{1, 1000}, Deflate: 1, FillNaN: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"short chunk":        WriteChunk(r, []float64{1}, 0),
		"chunk of integers":  WriteChunk(r, []int64{1, 2, 3, 4}, 0),
		"amid a chunk":       WriteChunk(r, []float64{1, 2, 3, 4}, 2),
		"beyond the end":     WriteChunk(r, []float64{1, 2, 3, 4}, 8),
		"before the start":   WriteChunk(r, []float64{1, 2, 3, 4}, -4),
		"compressed chunk":   WriteChunk(z, make([]float64, 1000), 0),
		"row beyond the end": WriteRow(z, make([]float64, 1000), 3),
		"row before":         WriteRow(z, make([]float64, 1000), -1),
		"short row":          WriteRow(z, make([]float64, 999), 0),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, l := range map[string]Layout{
		"both":            {Shape: []int{2}, Chunk: []int{1}, Reserve: true, Deflate: 1},
		"level":           {Shape: []int{2}, Chunk: []int{1}, Deflate: 10},
		"reserve, whole":  {Shape: []int{2}, Reserve: true},
		"compress, whole": {Shape: []int{2}, Deflate: 1},
	} {
		if _, err := CreateDataset[float64](f, "bad", l); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := WriteChunk(r, []float64{5, 6, 0, 0}, 4); err != nil {
		t.Fatal(err)
	}
	row := make([]float64, 1000)
	for i := range row {
		row[i] = float64(i)
	}
	if err := WriteRow(z, row, 1); err != nil {
		t.Fatal(err)
	}
	g := reopen(t, f)
	if r, err = g.Dataset("r"); err != nil {
		t.Fatal(err)
	}
	got := make([]float64, 6)
	if err := Read(r, got); err != nil || !slices.Equal(got, []float64{0, 0, 0, 0, 5, 6}) {
		t.Errorf("reserved: %v, %v", got, err)
	}
	if z, err = g.Dataset("z"); err != nil {
		t.Fatal(err)
	}
	all := make([]float64, 3000)
	if err := Read(z, all); err != nil || !slices.Equal(all[1000:2000], row) || all[0] == all[0] || all[2999] == all[2999] {
		t.Errorf("compressed: %v, %v", all[:3], err)
	}
	if info, err := os.Stat(g.Path()); err != nil || info.Size() > 12_000 {
		t.Errorf("size %v, %v", info.Size(), err)
	}
}

func TestRename(t *testing.T) {
	f := newFile(t)
	path := filepath.Join(filepath.Dir(f.Path()), "b.h5")
	if err := f.Rename(path); err != nil || f.Path() != path {
		t.Fatalf("%s, %v", f.Path(), err)
	}
	if err := f.Rename(filepath.Join(path, "c")); err == nil || f.Path() != path {
		t.Errorf("renamed into a file: %s, %v", f.Path(), err)
	}
	if names, err := reopen(t, f).Names(); err != nil || len(names) != 0 {
		t.Errorf("%v, %v", names, err)
	}
}
