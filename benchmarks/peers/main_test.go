package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestTable has one peer whose program is a script: the cheapest try with the accuracy
// counts, one that is wrong or no number never, and rounds are joined by their least time.
func TestTable(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "peer")
	text := "#!/bin/sh\nfor job; do case $job in\n*:5:*) echo 1e-3 1e-2;;\n*:6:*) echo 4e-3 1e-5;;\n*:7:*) echo 5e-3 1e-6;;\n*) echo 1e-6 nan;; esac; done\n"
	if err := os.WriteFile(script, []byte(text), 0o777); err != nil {
		t.Fatal(err)
	}
	other := peer{name: "script", program: "script", method: "m", tries: map[string][]string{"easy": {"5:1", "6:1", "7:1", "8:1"}}}
	tab := newTable(rows[:1], []peer{other})
	for _, seconds := range []float64{2e-3, 1e-3} {
		kolmo := func() (map[string][2]float64, error) {
			return map[string][2]float64{"easy/1e-4": {seconds, 3e-5}}, nil
		}
		if err := tab.round(kolmo, map[string][]string{"script": {script}}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := tab.print(&out, 2); err != nil {
		t.Fatal(err)
	}
	row := `\| easy/1e-4 \| 1\.000 \+100 % \| 3\.0e-05 \| 4\.00 \+0 % \| 4\.0 \|`
	if !regexp.MustCompile(row).Match(out.Bytes()) || !bytes.Contains(out.Bytes(), []byte("nodes:number 6:1, error 1.0e-05")) {
		t.Errorf("no row %s in\n%s", row, out.String())
	}
	if err := tab.round(func() (map[string][2]float64, error) { return nil, nil }, nil); err == nil {
		t.Error("a benchmark without the row was accepted")
	}
}

// TestParse reads lines as go test prints them.
func TestParse(t *testing.T) {
	t.Parallel()
	got, err := parse("goos: linux\nBenchmarkOU2D/hard/1e-8 \t 20\t 9519441 ns/op\t 8.376 bound-digits\t 9.051 digits\t 0.0000000 error\t 3.036 least-cpu-ms\t 78.00 vectors\nPASS\n")
	if err != nil {
		t.Fatal(err)
	}
	if m := got["hard/1e-8"]; len(got) != 1 || m[0] != 3.036e-3 || math.Abs(m[1]/8.892e-10-1) > 1e-3 {
		t.Errorf("parsed %v", got)
	}
	for _, line := range []string{"BenchmarkOU2D/easy/1e-4 20 x least-cpu-ms 4 digits", "BenchmarkOU2D/easy/1e-4 20 5 ns/op"} {
		if _, err := parse(line); err == nil {
			t.Errorf("%q was accepted", line)
		}
	}
}
