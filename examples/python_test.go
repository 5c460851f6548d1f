package examples

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kolmo/internal/slow"
)

// debianPython is the interpreter that Debian's packages belong to; another may
// come first in PATH.
const debianPython = "/usr/bin/python3"

// hasPython reports whether the libraries of the Python examples are there. With
// KOLMO_READERS=1 they must be.
func hasPython(t *testing.T) bool {
	t.Helper()
	if err := exec.Command(debianPython, "-c", "import h5netcdf, matplotlib, xarray").Run(); err != nil {
		missing(t, "KOLMO_READERS", "python3-xarray, python3-h5netcdf or python3-matplotlib")
		return false
	}
	return true
}

// python returns what an example prints.
func python(t *testing.T, script string, args ...string) string {
	t.Helper()
	out, err := exec.Command(debianPython, append([]string{filepath.Join("python", script)}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", script, args, err, out)
	}
	return string(out)
}

// repr returns a number as Python's repr does.
func repr(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e16 {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	if e := math.Abs(v); e >= 1e-4 && e < 1e16 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'e', -1, 64)
}

// TestPythonLoad holds what load.py prints to the file and to results.json.
func TestPythonLoad(t *testing.T) {
	slow.Skip(t)
	if !hasPython(t) {
		return
	}
	for _, name := range []string{"line", "plane", "space"} {
		result := study(t, name)
		for _, path := range fieldFiles(t, name) {
			out, f := python(t, "load.py", path), read(t, path)
			gap, largest := f.Series[0], 0.0
			field, _ := f.Field("gap")
			for _, v := range field.Values[len(f.T)-1] {
				largest = max(largest, math.Abs(v))
			}
			want := fmt.Sprintf("at the nodes at t = %s: %s ", repr(f.T[len(f.T)-1]), repr(largest))
			if got := lineOf(t, out, "largest |gap|"); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", path, got, want)
			}
			if got, want := lineOf(t, out, "largest sup_gap: "), repr(slices.Max(gap.Values)); got != want {
				t.Errorf("%s: sup_gap %s, want %s", path, got, want)
			}
			found := false
			for _, row := range result.Gap {
				if row.Observable == f.Attr("observable") && row.Model == f.Attr("model") && row.Eta == f.Attr("eta") {
					found = true
					if got := lineOf(t, out, "gap_value "); got != repr(float64(row.Gap)) {
						t.Errorf("%s: gap %s, want %s as in results.json", path, got, repr(float64(row.Gap)))
					}
				}
			}
			if !found {
				t.Errorf("%s belongs to no row of results.json", path)
			}
		}
	}
}

// TestPythonPlotGap holds the curves of plot_gap.py to the files.
func TestPythonPlotGap(t *testing.T) {
	slow.Skip(t)
	if !hasPython(t) {
		return
	}
	files := fieldFiles(t, "line")
	picture := filepath.Join(t.TempDir(), "gap.png")
	out := python(t, "plot_gap.py", append([]string{picture}, files...)...)
	for _, path := range files {
		f := read(t, path)
		want := fmt.Sprintf("largest stored %s, over all times %s", repr(slices.Max(f.Series[0].Values)), repr(f.Attr("gap_value").(float64)))
		if got := lineOf(t, out, path+": "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	checkPicture(t, picture)
}

// TestPythonSlice holds the cuts of slice_field.py to the file: along the edge of
// the grid, where its other axes have their last nodes.
func TestPythonSlice(t *testing.T) {
	slow.Skip(t)
	if !hasPython(t) {
		return
	}
	for _, name := range []string{"line", "plane", "space"} {
		path := fieldFiles(t, name)[0]
		f := read(t, path)
		step := 3
		picture := filepath.Join(t.TempDir(), name+".png")
		args := []string{picture, path, "u", repr(f.T[step] + 0.01)}
		for _, a := range f.Axes[1:] {
			args = append(args, a.Name+"="+repr(a.Nodes[len(a.Nodes)-1]))
		}
		out := python(t, "slice_field.py", args...)
		field, _ := f.Field("u")
		values, n1 := field.Values[step], len(f.Axes[0].Nodes)
		edge := values[len(values)-n1:]
		if got, want := lineOf(t, out, "t = "), fmt.Sprintf("%s, n = %d", repr(f.T[step]), f.N[step]); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if got, want := lineOf(t, out, "smallest "), fmt.Sprintf("%s, largest %s", repr(slices.Min(edge)), repr(slices.Max(edge))); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		checkPicture(t, picture)
	}
}

// TestPythonOrders holds the orders that orders.py prints to results.json.
func TestPythonOrders(t *testing.T) {
	slow.Skip(t)
	if !hasPython(t) {
		return
	}
	result := study(t, "line")
	picture := filepath.Join(t.TempDir(), "orders.png")
	out := python(t, "orders.py", picture, filepath.Join(results, "line", "results.json"))
	if len(result.Order) != 2 {
		t.Fatalf("%d orders, want those of two models", len(result.Order))
	}
	for _, o := range result.Order {
		want := fmt.Sprintf("%s [%s, %s]", repr(float64(o.Slope)), repr(float64(o.Low)), repr(float64(o.High)))
		if got := lineOf(t, out, o.Observable+" "+o.Model+" "); got != want {
			t.Errorf("%s %s: %q, want %q", o.Observable, o.Model, got, want)
		}
	}
	checkPicture(t, picture)
}
