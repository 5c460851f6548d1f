//go:build !race

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/slow"
)

// The document on algorithms has the table of heavy ball and Nesterov's step that kolmo compare prints.
func TestSideBySide(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../../doc/algorithms.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### Side by side")
	_, table, _ := strings.Cut(section, "```\n")
	table, _, ok := strings.Cut(table, "```")
	if lines := strings.Count(table, "\n"); !ok || lines != 9 {
		t.Fatalf("a table of %d lines", lines)
	}
	dir := t.TempDir()
	for _, name := range []string{"heavyball", "nesterov"} {
		var stderr strings.Builder
		if code := execute(context.Background(), []string{"run", "--quiet", "../../studies/" + name + ".yaml", "--out", filepath.Join(dir, name)}, io.Discard, &stderr); code != terminal.CodeDone {
			t.Fatalf("%s: code %d: %s", name, code, &stderr)
		}
	}
	var stdout strings.Builder
	if code := execute(context.Background(), []string{"compare", filepath.Join(dir, "heavyball"), filepath.Join(dir, "nesterov")}, &stdout, io.Discard); code != terminal.CodeDisagreed {
		t.Errorf("code %d", code)
	}
	if !strings.Contains(stdout.String(), table) {
		t.Errorf("kolmo compare prints\n%s", &stdout)
	}
}
