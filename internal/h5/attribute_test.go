package h5

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestAttributes(t *testing.T) {
	f := newFile(t)
	d, err := CreateDataset[float64](f, "x", Layout{Shape: []int{1}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Attr{
		{"a", ""},
		{"b", "plain"},
		{"c", "größe η = 1/4\nzweite Zeile"},
		{"d", 0.1},
		{"e", int64(math.MinInt64)},
		{"f", strings.Repeat("x", MaxText)},
		{"größe", int64(1)},
	}
	for _, a := range want {
		if err := f.SetAttr(a); err != nil {
			t.Fatal(err)
		}
		if a.Name != "f" { // one header holds 64 KiB in all
			if err := d.SetAttr(a); err != nil {
				t.Fatal(err)
			}
		}
	}
	g := reopen(t, f)
	got, err := g.Attrs()
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("root: got %.300v, %v", got, err)
	}
	if d, err = g.Dataset("x"); err != nil {
		t.Fatal(err)
	}
	got, err = d.Attrs()
	if err != nil || !slices.Equal(got, slices.Delete(slices.Clone(want), 5, 6)) {
		t.Errorf("dataset: got %v, %v", got, err)
	}
}

func TestAttributesAreChecked(t *testing.T) {
	f := newFile(t)
	for _, a := range []Attr{
		{"", "no name"},
		{"a\x00", "name with NUL"},
		{"\xff", "name not UTF-8"},
		{"a", "NUL \x00"},
		{"a", "not UTF-8 \xff"},
		{"a", strings.Repeat("x", MaxText+1)},
		{"a", 1}, // int has no fixed size
		{"a", float32(1)},
		{"a", nil},
	} {
		if err := f.SetAttr(a); err == nil || !strings.Contains(err.Error(), f.Path()) {
			t.Errorf("%.40v: %v", a, err)
		}
	}
	if got, err := f.Attrs(); err != nil || len(got) != 0 {
		t.Errorf("refused attributes were stored: %v, %v", got, err)
	}
	if err := f.SetAttr(Attr{"a", int64(1)}); err != nil {
		t.Fatal(err)
	}
	if err := f.SetAttr(Attr{"a", int64(2)}); err == nil {
		t.Error("an attribute was set twice")
	}
}

func TestScales(t *testing.T) {
	f := newFile(t)
	x, err := CreateDataset[float64](f, "x", Layout{Shape: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	u, err := CreateDataset[float64](f, "u", Layout{Shape: []int{3}})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.SetScale("x"); err != nil {
		t.Fatal(err)
	}
	if err := u.AttachScale(0, x); err != nil {
		t.Fatal(err)
	}
	got, err := x.Attrs()
	if want := []Attr{{"CLASS", "DIMENSION_SCALE"}, {"NAME", "x"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if err := u.SetScale("u"); err == nil {
		t.Error("a dataset with a scale became one")
	}
}
