package examples

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"kolmo/internal/slow"
)

// hasPackage reports whether what the Python package kolmo needs is there. With
// KOLMO_READERS=1 it must be.
func hasPackage(t *testing.T) bool {
	t.Helper()
	if err := exec.Command(debianPython, "-c", "import h5netcdf, numpy, pandas, xarray, yaml").Run(); err != nil {
		missing(t, "KOLMO_READERS", "python3-pandas, python3-xarray, python3-h5netcdf or python3-yaml")
		return false
	}
	return true
}

// withPackage returns the command that runs Python with the package kolmo and the
// program that the tests built.
func withPackage(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if err := buildKolmo(); err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.Abs("../python")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(debianPython, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PYTHONPATH="+folder, "PYTHONDONTWRITEBYTECODE=1", "KOLMO="+filepath.Join(results, "kolmo"))
	return cmd
}

// TestKolmoPackage runs the package's own tests, all of them.
func TestKolmoPackage(t *testing.T) {
	slow.Skip(t)
	if !hasPackage(t) {
		return
	}
	out, err := withPackage(t, "-m", "unittest", "discover", "-s", "tests").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !regexp.MustCompile(`(?m)^Ran ([2-9]\d|1[89]) tests in .*\n\nOK$`).Match(out) {
		t.Errorf("fewer tests, or some skipped:\n%s", out)
	}
}

// TestNotebook runs the cells of doc/notebook.ipynb: what they print is what is stored.
// A copy that says something else is noticed.
func TestNotebook(t *testing.T) {
	slow.Skip(t)
	if !hasPackage(t) || !hasPython(t) {
		return
	}
	const notebook = "../doc/notebook.ipynb"
	if out, err := withPackage(t, "notebook.py", "check", notebook).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	text := `{"cells": [{"cell_type": "code", "source": ["x = 2\n", "print(x)"], "outputs": [{"name": "stdout", "output_type": "stream", "text": ["%d\n"]}]}]}`
	for stored, same := range map[int]bool{2: true, 3: false} {
		file := filepath.Join(t.TempDir(), "n.ipynb")
		if err := os.WriteFile(file, fmt.Appendf(nil, text, stored), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := withPackage(t, "notebook.py", "check", file).CombinedOutput(); (err == nil) != same {
			t.Errorf("a cell that prints 2 and stores %d: %v\n%s", stored, err, out)
		}
	}
}
