package objective

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kolmo/internal/h5"
)

// writeArrays stores columns a (floats) and n (integers) of length 3, a matrix of
// 3 x 2, a cube, and a short column.
func writeArrays(t *testing.T, path string) {
	t.Helper()
	f, err := h5.CreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write := func(name string, shape []int, x ...float64) {
		d, err := h5.CreateDataset[float64](f, name, h5.Layout{Shape: shape})
		if err == nil {
			err = h5.Write(d, x)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("a", []int{3}, 1, 0.1, math.Inf(1))
	d, err := h5.CreateDataset[int64](f, "n", h5.Layout{Shape: []int{3}})
	if err == nil {
		err = h5.Write(d, []int64{7, -8, 9})
	}
	if err != nil {
		t.Fatal(err)
	}
	write("table", []int{3, 2}, 1, 2, 3, 4, 5, 1e-300/3)
	write("cube", []int{1, 1, 1}, 5)
}

func TestReadArrays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.h5")
	writeArrays(t, path)
	for _, c := range []struct {
		sets  []string
		names string
		last  string
	}{
		{nil, "a n", "9"},
		{[]string{"n", "a"}, "n a", "+Inf"},
		{[]string{"table"}, "c1 c2", number(1e-300 / 3)},
	} {
		table, err := ReadArrays(path, c.sets)
		if err != nil {
			t.Errorf("%v: %v", c.sets, err)
			continue
		}
		if got := strings.Join(table.Names(), " "); got != c.names || table.Len() != 3 || !table.Binary() || table.Cell(2, 1) != c.last {
			t.Errorf("%v: columns %s, last cell %s", c.sets, got, table.Cell(2, 1))
		}
	}
	for _, c := range []struct {
		sets  []string
		index int
		msg   string
	}{
		{[]string{"a", "missing"}, 1, "missing"},
		{[]string{"a", "table"}, 1, "2 dimensions"},
		{[]string{"cube"}, 0, "3 dimensions"},
	} {
		_, err := ReadArrays(path, c.sets)
		var e *DatasetError
		if !errors.As(err, &e) || e.Index != c.index || !strings.Contains(err.Error(), c.msg) {
			t.Errorf("%v: %v", c.sets, err)
		}
	}
	bad := filepath.Join(dir, "bad.h5")
	if err := os.WriteFile(bad, []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	var pe *os.PathError
	for _, path := range []string{bad, dir, filepath.Join(dir, "missing.h5")} {
		if _, err := ReadArrays(path, nil); !errors.As(err, &pe) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestReadArraysLimits: tables beyond the limits are refused before they are read, those
// that are together too large included. The files are sparse.
func TestReadArraysLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sets  int
		shape []int
		want  string
	}{
		"rows":    {1, []int{maxArrayRows + 1}, "it has 16777217 rows, at most 16777216 are read"},
		"columns": {1, []int{1, maxArrayColumns + 1}, "with it the table has 4097 columns, at most 4096 are read"},
		"total":   {9, []int{maxArrayRows}, "with it the table is larger than 1 GiB"},
		"none":    {1, []int{0, 2}, "it has no elements"},
	} {
		path := filepath.Join(t.TempDir(), "a.h5")
		f, err := h5.CreateFile(path)
		if err != nil {
			t.Fatal(err)
		}
		chunk := append([]int{1 << 12}, c.shape[1:]...)
		var sets []string
		for k := range c.sets {
			sets = append(sets, "v"+strconv.Itoa(k))
			if _, err := h5.CreateDataset[float64](f, sets[k], h5.Layout{Shape: c.shape, Chunk: chunk, Reserve: true}); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = ReadArrays(path, sets)
		var e *DatasetError
		if !errors.As(err, &e) || e.Index != c.sets-1 || e.Msg != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestReadArraysCrash: where the library crashed, the sentence says so.
func TestReadArraysCrash(t *testing.T) {
	t.Parallel()
	err := arrayError("a.h5", &h5.CrashError{Path: "a.h5", Text: "is damaged: the HDF5 library crashed reading it"})
	if err.Error() != "read a.h5: the file is damaged: the HDF5 library crashed reading it" {
		t.Error(err)
	}
}
