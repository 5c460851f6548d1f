package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/export/table"
	"kolmo/internal/slow"
)

// TestLinesOf80Columns: what commands print on both streams has no line beyond 80 columns, but for
// errors, which are one line each, and for names of files.
func TestLinesOf80Columns(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	dir := t.TempDir()
	const wide = "a title of many words that say at length what this study is about, far beyond a line"
	write(t, filepath.Join(dir, "a.yaml"), "title: "+wide+"\n"+strings.Replace(long, "name: long", "name: a-name-of-many-letters", 1))
	write(t, filepath.Join(dir, "table.csv"), "A column with a long name;another\n"+strings.Repeat("1;1,5\n2;3,5\n3;4\n5;2\n", 6))
	write(t, filepath.Join(dir, "b.yaml"), `name: b
title: `+wide+`
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {an_observable: x^2}
eta: [1/4, 1/8]
models: [modified, first-order]
studies: [gap, local-error, decay, stationary, spectrum, variation]
`)
	lines := 0
	kolmo := func(codes string, args ...string) {
		t.Helper()
		cmd := exec.Command("kolmo", args...)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput()
		if code := string(rune('0' + cmd.ProcessState.ExitCode())); !strings.Contains(codes, code) {
			t.Errorf("kolmo %s: exit code %s: %s", strings.Join(args, " "), code, out)
		}
		for line := range strings.Lines(string(out)) {
			lines++
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > table.Width {
				t.Errorf("kolmo %s: %d columns: %s", strings.Join(args, " "), n, line)
			}
		}
	}
	kolmo("0", "version", "-v")
	kolmo("0", "list")
	kolmo("0", "init", "--data", "table.csv")
	for _, name := range []string{"cutoff", "doublewell", "epochs", "falling", "heavyball", "iris", "iris-momentum", "quad3d", "svag", "trig3d"} {
		kolmo("0", "init", "--from", name)
		kolmo("0", "check", name+".yaml")
	}
	for _, name := range []string{"doublewell", "iris-momentum"} {
		kolmo("0", "run", "--dry-run", name+".yaml")
	}
	kolmo("0", "check", "table.yaml")
	kolmo("0", "check", "a.yaml")
	kolmo("0", "run", "--dry-run", "a.yaml")
	kolmo("03", "run", "b.yaml", "--progress")
	kolmo("03", "run", "b.yaml", "-v")
	kolmo("03", "run", "b.yaml", "--out", "c", "--set", "loss=(x - 1.0*xi)^2/2 + 0*x + 0*x^2 + 0*x^3 + 0*x^4 + 0*x^5 + 0*x^6 + 0*x^7 + 0*x^8", "--set", "ball.R=2.5")
	kolmo("34", "compare", "out/b", "c")
	kolmo("03", "show", "out/b", "-v")
	fields, err := filepath.Glob(filepath.Join(dir, "out/b/fields/*.nc"))
	if err != nil || len(fields) == 0 {
		t.Fatalf("%d files of fields, %v", len(fields), err)
	}
	if err := os.Rename(fields[0], filepath.Join(dir, "field.nc")); err != nil {
		t.Fatal(err)
	}
	kolmo("0", "show", "field.nc")
	kolmo("0", "plot", "field.nc")
	kolmo("034", "verify", "b.yaml", "--paths", "1000")
	kolmo("0", "operator", "quad3d.yaml", "--eta", "1/16", "--errors", "--invariant")
	kolmo("0", "operator", "iris.yaml", "--eta", "1/16", "--nodes", "24")
	if lines < 500 {
		t.Errorf("%d lines", lines)
	}
}
