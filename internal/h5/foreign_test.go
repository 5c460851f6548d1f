package h5

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// foreignFiles are the files of testdata/foreign, which its make.py made, and what is
// said about their dataset v; "" where it is read, as 1, 2.
var foreignFiles = map[string]string{
	"external-link":     "an external link, to another file, which is not followed",
	"external-storage":  "its values are in other files (external storage)",
	"external-table":    "its values are in other files (external storage)",
	"external-device":   "its values are in other files (external storage)",
	"external-pieces":   "its values are in other files (external storage)",
	"soft-link":         "a soft link, which is not followed: use the name that it leads to",
	"soft-external":     "a soft link, which is not followed",
	"soft-cycle":        "a soft link, which is not followed",
	"dangling":          "a soft link, which is not followed",
	"user-link":         "a link of a user-defined kind, which is not followed",
	"virtual":           "a virtual dataset, whose values are in other files",
	"virtual-empty":     "a virtual dataset, whose values are in other files",
	"virtual-same":      "a virtual dataset, whose values are in other files",
	"virtual-unlimited": "a virtual dataset, whose values are in other files",

	"wide":            "its extents [0 1099511627776] are more than a file of 1400 bytes can hold",
	"sparse":          "its extents [120000000] are more than a file of 14832 bytes can hold",
	"unwritten":       "its extents [1099511627776] are more than",
	"overflow":        "its extents [2147483648 2147483648 4] are more than",
	"most":            "its extents [9223372036854775807] are more than",
	"rank32":          "are more than a file of 1888 bytes can hold",
	"big-chunk":       "its chunks are larger than 1024 MiB",
	"deflated-sparse": "its extents [8589934592] are more than",

	"deflated-twice": "its chunks passed through filter 1: store it uncompressed",
	"lzf":            "its chunks passed through filter 32000: ",
	"scale-offset":   "its chunks passed through filter 6: ",
	"plugin":         "its chunks passed through filter 307: ",
	"float32":        "elements are neither 64-bit floats nor 64-bit integers",
	"strings":        "elements are neither 64-bit floats nor 64-bit integers",
	"fixed-strings":  "elements are neither 64-bit floats nor 64-bit integers",
	"compound":       "elements are neither 64-bit floats nor 64-bit integers",
	"lists":          "elements are neither 64-bit floats nor 64-bit integers",
	"references":     "elements are neither 64-bit floats nor 64-bit integers",
	"regions":        "elements are neither 64-bit floats nor 64-bit integers",
	"type":           "not a dataset",
	"group":          "not a dataset",
	"scalar":         "a scalar, not an array",
	"null":           "a scalar, not an array",

	"good-compact":    "",
	"good-deflated":   "",
	"good-typed":      "",
	"good-latest":     "",
	"good-cycle":      "",
	"good-attributes": "",
}

// ways are the two ways to open a file.
var ways = map[string]func(string) (*File, error){"here": OpenOwn, "apart": openApart}

// readDataset reads a whole dataset of a file.
func readDataset(open func(string) (*File, error), path, name string) ([]float64, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := f.Dataset(name)
	if err != nil {
		return nil, err
	}
	if _, err := d.Attrs(); err != nil {
		return nil, err
	}
	if d.Integer() {
		return nil, Read(d, make([]int64, d.Len()))
	}
	x := make([]float64, d.Len())
	return x, Read(d, x)
}

// TestForeignFiles: nothing outside a file is read, and no extent is believed.
func TestForeignFiles(t *testing.T) {
	for name, want := range foreignFiles {
		path := filepath.Join("testdata", "foreign", name+".h5")
		for way, open := range ways {
			x, err := readDataset(open, path, "v")
			switch {
			case want == "":
				if err != nil || !slices.Equal(x, []float64{1, 2}) {
					t.Errorf("%s, %s: %v, %v", name, way, x, err)
				}
			case err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path+" (v): "):
				t.Errorf("%s, %s: %v; want %q", name, way, err, want)
			}
		}
	}
}

// TestForeignRoads: the same where links lie on the way.
func TestForeignRoads(t *testing.T) {
	for _, c := range []struct{ file, name, want string }{
		{"external-group", "g/v", "an external link"},
		{"external-group", "//g//v", "an external link"},
		{"external-group", "./g/v", "(./g/v): "},
		{"soft-external", "g/v", "an external link"},
		{"deep-external", "a/b/c/v", "an external link"},
		{"good-cycle", "g/g/g/v", ""},
		{"good-cycle", strings.Join([]string{"", "g", "root", "g", "root", "v"}, "/"), ""},
		{"good-cycle", "g", "not a dataset"},
		{"good-cycle", "/", ""},
		{"good-cycle", "", "no name of a dataset"},
		{"good-cycle", "v\x00w", "no name of a dataset"},
		{"good-cycle", strings.Repeat("g/", 3000) + "v", "no name of a dataset"},
		{"good-cycle", "missing", "missing"},
	} {
		for way, open := range ways {
			x, err := readDataset(open, filepath.Join("testdata", "foreign", c.file+".h5"), c.name)
			good := err == nil && slices.Equal(x, []float64{1, 2})
			if c.name == "/" {
				good = err != nil
			}
			if c.want != "" {
				good = err != nil && strings.Contains(err.Error(), c.want)
			}
			if !good {
				t.Errorf("%s of %s, %s: %v, %v; want %q", c.name, c.file, way, x, err, c.want)
			}
		}
	}
}

// TestForeignNames: a list of names does not pass over what may stand for a dataset.
func TestForeignNames(t *testing.T) {
	for name, want := range map[string]string{
		"external-link":  "(v): an external link",
		"external-group": "(g): an external link",
		"soft-external":  "(g): an external link",
		"soft-link":      "(v): a soft link",
		"user-link":      "(v): a link of a user-defined kind",
		"good-typed":     "v",
		"good-cycle":     "v",
		"virtual":        "v",
	} {
		for way, open := range ways {
			f, err := open(filepath.Join("testdata", "foreign", name+".h5"))
			if err != nil {
				t.Fatal(err)
			}
			names, err := f.Names()
			if got := strings.Join(names, " "); got != want && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s, %s: %q, %v; want %q", name, way, got, err, want)
			}
			f.Close()
		}
	}
}

// TestDecompressionBomb: a chunk that becomes a million times its size gives its
// elements, which are all zeros, or an error.
func TestDecompressionBomb(t *testing.T) {
	x, err := readDataset(openApart, "testdata/foreign/bomb.h5", "v")
	if err == nil && !slices.Equal(x, make([]float64, 8)) {
		t.Errorf("%v, %v", x, err)
	}
}

// TestLongAttribute: texts beyond the limit are errors, the same both ways.
func TestLongAttribute(t *testing.T) {
	for way, open := range ways {
		f, err := open("testdata/foreign/long-attribute.h5")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Attrs(); err == nil || !strings.Contains(err.Error(), "70000 bytes, at most 65536") {
			t.Errorf("%s: %v", way, err)
		}
		f.Close()
	}
}

// TestCheckExtents: products that do not fit into a word are not small.
func TestCheckExtents(t *testing.T) {
	for _, c := range []struct {
		dims     []uint
		bytes    uint64
		deflated bool
		ok       bool
	}{
		{[]uint{3, 2}, 48, false, true},
		{[]uint{slack / 8}, 0, false, true},
		{[]uint{slack/8 + 1}, 0, false, false},
		{[]uint{1 << 30}, 8 << 20, true, true},
		{[]uint{1 << 30}, 7 << 20, true, false},
		{[]uint{1 << 40, 0}, 1 << 20, false, false},
		{[]uint{1 << 32, 1 << 32}, 1 << 63, true, false},
		{[]uint{1 << 63, 2, 2}, 1 << 63, true, false},
		{[]uint{0, 0}, 0, false, true},
	} {
		if text := checkExtents(c.dims, c.bytes, c.deflated); (text == "") != c.ok {
			t.Errorf("%v in %d bytes: %q", c.dims, c.bytes, text)
		}
	}
}

// TestEveryForeignFileIsTried keeps the table and the folder together.
func TestEveryForeignFileIsTried(t *testing.T) {
	entries, err := os.ReadDir("testdata/foreign")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := []string{"other", "external-group", "deep-external", "bomb", "long-attribute"}
	for _, e := range entries {
		name, isFile := strings.CutSuffix(e.Name(), ".h5")
		if _, ok := foreignFiles[name]; isFile && !ok && !slices.Contains(elsewhere, name) {
			t.Errorf("no test reads %s", e.Name())
		}
	}
}
