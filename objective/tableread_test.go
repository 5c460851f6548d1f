package objective

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestReadTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte("a\tb\n1\t2\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.csv":    "\ufeffa,b\r\n1,2\r\n",
		"b.tsv":    "a\tb\n1\t2\n",
		"c.tsv.gz": zipped.String(),
		"d.csv":    "a,\"b\"\n\n\"1\",2",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		table, err := ReadTable(path, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if table.Len() != 1 || !slices.Equal(table.Names(), []string{"a", "b"}) || table.Cell(0, 0) != "1" || table.Cell(0, 1) != "2" {
			t.Errorf("%s: %+v", name, table)
		}
	}
	if _, err := ReadTable(filepath.Join(dir, "missing.csv"), nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// TestPositions: cells are found by line and character, also behind quoted cells
// with line breaks and letters of several bytes.
func TestPositions(t *testing.T) {
	t.Parallel()
	table, err := ParseTable("a,b,c\n\"é,\n\",ü,1\n\n2,\"x\",y\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][4]int{{0, 0, 2, 1}, {0, 1, 3, 3}, {0, 2, 3, 5}, {1, 0, 5, 1}, {1, 1, 5, 3}, {1, 2, 5, 7}} {
		if line, column := table.Position(c[0], c[1]); line != c[2] || column != c[3] {
			t.Errorf("cell %d, %d is at %d:%d, want %d:%d", c[0], c[1], line, column, c[2], c[3])
		}
	}
}
