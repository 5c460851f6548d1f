package h5

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// A dataset of a group is read back by its path; a group without a parent, or there
// already, is an error; nothing stays open.
func TestGroup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "groups.h5")
	f, err := CreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.CreateGroup("S"); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"S", "no/parent"} {
		var e *Error
		if err := f.CreateGroup(bad); !errors.As(err, &e) {
			t.Errorf("%s: error %v", bad, err)
		}
	}
	d, err := CreateDataset[int64](f, "S/indices", Layout{Shape: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(d, []int64{4, 5, 6}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err = OpenFile(path); err != nil {
		t.Fatal(err)
	}
	if d, err = f.Dataset("S/indices"); err != nil {
		t.Fatal(err)
	}
	got := make([]int64, 3)
	if err := Read(d, got); err != nil || !slices.Equal(got, []int64{4, 5, 6}) {
		t.Errorf("read %v, %v", got, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.CreateGroup("T"); err == nil {
		t.Error("a group in a closed file")
	}
	if objects, _, err := Open(); err != nil || objects != 0 {
		t.Errorf("%d objects open, %v", objects, err)
	}
}
