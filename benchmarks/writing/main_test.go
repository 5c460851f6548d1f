package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestRun runs the comparison on a small series: both writers work, and nothing stays.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	if err := run(&out, 4, 2, []string{dir}); err != nil {
		t.Fatal(err)
	}
	for _, name := range writers {
		if !strings.Contains(out.String(), "| "+name+" | ") {
			t.Errorf("no row %q in %s", name, out.String())
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
