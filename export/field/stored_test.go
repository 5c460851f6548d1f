package field

import (
	"bytes"
	"encoding/json"
	"errors"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kolmo/export/figure"
	"kolmo/export/nc"
	"kolmo/export/table"
	"kolmo/grid"
	"kolmo/internal/slow"
)

// storedKinds are the grids of stored fields that the tests use.
var storedKinds = []string{"chebyshev", "uniform", "given"}

// storedAxes returns d axes of the kind, of different lengths, about (0.5, 0.5, ..).
func storedAxes(t *testing.T, kind string, d int) []nc.Axis {
	t.Helper()
	var axes []nc.Axis
	for k := range d {
		name, n := "x"+table.Int(k+1), 21+2*k
		make := grid.Chebyshev
		if kind == "uniform" {
			make = grid.Uniform
		}
		axis, err := make(name, n, -1.5, 2.5)
		if kind == "given" {
			axis, err = grid.Sinh(name, n, -1.5, 2.5, 0.25, 3)
		}
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, nc.Axis{Name: name, Nodes: axis.Nodes(), LongName: "parameter p" + table.Int(k+1)})
	}
	return axes
}

// storedField is a polynomial: |x - c|^2 (1 + t) - t, c = (0.5, 0.5, ..).
func storedField(x []float64, t float64) float64 {
	s := 0.0
	for _, v := range x {
		s += (v - 0.5) * (v - 0.5)
	}
	return s*(1+t) - t
}

// storedSlope is the other stored field, which no reflection leaves as it is.
func storedSlope(x []float64) float64 {
	s := 0.0
	for k, v := range x {
		s += float64(k+1) * v
	}
	return s
}

// storedFile writes a results file with the fields storedField as gap and
// storedSlope as d_1_0_u, at three times, and returns its path.
func storedFile(t *testing.T, kind string, d int, attrs ...nc.Attr) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "square-modified-eta1_4.nc")
	axes := storedAxes(t, kind, d)
	if attrs == nil {
		attrs = []nc.Attr{
			{Name: "study", Value: "stored"}, {Name: "observable", Value: "square"}, {Name: "model", Value: "modified"},
			{Name: "eta", Value: 0.25}, {Name: "eta_text", Value: "1/4"}, {Name: "seed", Value: int64(7)},
			{Name: "R", Value: 1.5}, {Name: "center", Value: strings.TrimSpace(strings.Repeat("0.5 ", d))},
			{Name: "gap_value", Value: 0.125}, {Name: "gap_error", Value: 0.001}, {Name: "certified", Value: "no: it is made up"},
		}
	}
	w, err := nc.Create(path, &nc.Spec{
		Axes: axes, Fields: []nc.Variable{{Name: "gap", LongName: "U - u"}, {Name: "d_1_0_u", Attrs: []nc.Attr{{Name: "derivative", Value: "d(1,0)u"}, {Name: "error", Value: 1e-9}}}},
		Series: []nc.Variable{{Name: "sup_gap"}}, Attrs: attrs, Steps: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	g := storedGrid(t, axes)
	for i, time := range []float64{0, 0.5, 1.25} {
		values, slope, x := make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, d)
		for j := range values {
			g.PointTo(x, j)
			values[j], slope[j] = storedField(x, time), storedSlope(x)
		}
		if err := w.Append(time, int64(4*time), [][]float64{values, slope}, []float64{[]float64{1, 3, 2}[i]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func storedGrid(t *testing.T, axes []nc.Axis) *grid.Grid {
	t.Helper()
	var list []*grid.Axis
	for _, a := range axes {
		axis, err := grid.Given(a.Name, a.Nodes)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, axis)
	}
	g, err := grid.New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// openStored opens a file of storedFile.
func openStored(t *testing.T, path string) *Stored {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestFieldSummary holds the summary of stored polynomials to their extreme values
// over the ball, which lie at its centre and on its sphere, between nodes.
func TestFieldSummary(t *testing.T) {
	for _, kind := range storedKinds {
		for d := 1; d <= 3; d++ {
			s, err := openStored(t, storedFile(t, kind, d)).Summary()
			if err != nil {
				t.Fatal(err)
			}
			for k, a := range s.Axes {
				if a.Kind != kind || a.Nodes != 21+2*k || a.First != -1.5 || a.Last != 2.5 || a.LongName != "parameter p"+table.Int(k+1) {
					t.Errorf("%s, d = %d: axis %+v", kind, d, a)
				}
			}
			gap := s.Fields[1]
			if gap.Name != "gap" || len(s.Axes) != d {
				t.Fatalf("%s, d = %d: %+v", kind, d, s)
			}
			const tolerance = 1e-9
			for _, c := range []struct {
				got  *ValueExtent
				want [3]float64
			}{{gap.First, [3]float64{0, 2.25, 2.25}}, {gap.Last, [3]float64{-1.25, 2.25*2.25 - 1.25, 2.25*2.25 - 1.25}}} {
				for i, v := range []float64{float64(c.got.Min), float64(c.got.Max), float64(c.got.Sup)} {
					if math.Abs(v-c.want[i]) > tolerance {
						t.Errorf("%s, d = %d: extreme value %d is %v, want %v", kind, d, i, v, c.want[i])
					}
				}
			}
			if v := s.Times; v.Count != 3 || v.First != 0 || v.Last != 1.25 || *v.FirstN != 0 || *v.LastN != 5 {
				t.Errorf("times %+v", v)
			}
			if v := s.Series[0]; v.First != 1 || v.Last != 2 || v.Largest != 3 {
				t.Errorf("series %+v", v)
			}
			if s.Certified != "no: it is made up" || s.Gap != 0.125 || *s.Seed != 7 || s.Over != "ball" || !s.Complete {
				t.Errorf("summary %+v", s)
			}
		}
	}
}

// TestFieldSummaryText looks for what a reader needs in the text, and checks that
// the JSON is read back.
func TestFieldSummaryText(t *testing.T) {
	s, err := openStored(t, storedFile(t, "given", 2)).Summary()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"  gap         0.1250 +- 0.0010, not certified: it is made up\n",
		"  grid        21 x 23 nodes\n",
		"  ball        |x - (0.5, 0.5)| <= 1.5\n",
		"  x1    parameter p1     21  given  -1.5  2.5\n",
		"3 steps, n = 0 .. 5, t = 0 .. 1.25\n",
		"  d_1_0_u: derivative: d(1,0)u; error: 1.000e-09\n",
	} {
		if !strings.Contains(b.String(), line) {
			t.Errorf("no line %q in\n%s", line, b.String())
		}
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back["R"] != 1.5 || back["R2"] != nil || back["times"].(map[string]any)["count"] != 3.0 {
		t.Errorf("JSON %s", text)
	}
}

// TestFieldSummaryBare describes a file that says little, over its nodes.
func TestFieldSummaryBare(t *testing.T) {
	f := openStored(t, storedFile(t, "uniform", 1, nc.Attr{Name: "eta", Value: 0.25}))
	s, err := f.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if first := s.Fields[1].First; s.Over != "nodes" || first.Max != 4 || s.Seed != nil {
		t.Errorf("summary %+v, %+v", s, first)
	}
	var b bytes.Buffer
	if err := s.WriteText(&b); err != nil || strings.Contains(b.String(), "NaN") || !strings.Contains(b.String(), "values at the nodes\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
	var bad *Error
	if _, err := f.Picture("gap", 0, false); !errors.As(err, &bad) || !strings.Contains(bad.Msg, "lacks attributes") {
		t.Errorf("picture without a ball: %v", err)
	}
}

// TestFieldSteps finds stored steps by time, by number and by the supremum.
func TestFieldSteps(t *testing.T) {
	f := openStored(t, storedFile(t, "chebyshev", 1))
	for time, want := range map[float64]int{0: 0, 0.25: 0, 0.26: 1, 0.87: 1, 0.88: 2, 1.25 + 1e-12: 2} {
		if got, err := f.StepNear(time); err != nil || got != want {
			t.Errorf("step %d (%v) near %v, want %d", got, err, time, want)
		}
	}
	for _, time := range []float64{-0.1, 1.3, math.NaN(), math.Inf(1)} {
		var bad *Error
		if _, err := f.StepNear(time); !errors.As(err, &bad) || !strings.HasSuffix(bad.Msg, "its times are 0, 0.5, 1.25") {
			t.Errorf("time %v: %v", time, err)
		}
	}
	if i, err := f.StepAt(2); i != 1 || err != nil {
		t.Errorf("step n = 2 is %d (%v)", i, err)
	}
	if _, err := f.StepAt(3); err == nil || !strings.HasSuffix(err.Error(), "its steps are 0, 2, 5") {
		t.Errorf("step n = 3: %v", err)
	}
	if i, err := f.StepWorst("gap"); i != 1 || err != nil {
		t.Errorf("gap is worst at %d (%v)", i, err)
	}
	if i, err := f.StepWorst("d_1_0_u"); i != 2 || err != nil {
		t.Errorf("other fields at %d (%v)", i, err)
	}
	if name := f.PictureName("gap", 1); name != "square-modified-eta1_4-gap-n2" {
		t.Errorf("picture %q", name)
	}
	if f.DefaultField() != "gap" {
		t.Errorf("field %q", f.DefaultField())
	}
	long := list(make([]int, 100), func(int) string { return "0" })
	if strings.Count(long, "0") != 24 || !strings.Contains(long, "0, .., 0") {
		t.Errorf("list %q", long)
	}
}

// TestFieldPicture draws stored fields of one, two and three dimensions and holds
// the marked point and the values on the planes to the polynomial.
func TestFieldPicture(t *testing.T) {
	slow.Skip(t)
	for _, kind := range storedKinds {
		for d := 1; d <= 3; d++ {
			f := openStored(t, storedFile(t, kind, d))
			for _, largest := range []bool{false, true} {
				p, err := f.Picture("gap", 1, largest)
				if err != nil {
					t.Fatal(err)
				}
				if r := f.region.Ball().Distance(p.At); math.Abs(r-1.5) > 1e-9 || math.Abs(p.Value-(2.25*1.5-0.5)) > 1e-9 {
					t.Errorf("%s, d = %d: %v at distance %v", kind, d, p.Value, r)
				}
				checkPNG(t, p.Figure)
				var svg bytes.Buffer
				if err := p.WriteSVG(&svg); err != nil || !strings.Contains(svg.String(), `aria-label="gap Uⁿ − u at n = 2, observable square`) {
					t.Errorf("%s, d = %d: %v in %.200s", kind, d, err, svg.String())
				}
				if d > 1 {
					checkPlanes(t, f, "gap", p.At, largest, func(x []float64) float64 { return storedField(x, 0.5) })
					checkPlanes(t, f, "d_1_0_u", p.At, largest, storedSlope)
				}
			}
		}
	}
}

// A field that is zero is largest nowhere, and a curve is in the legend.
func TestPictureOfZero(t *testing.T) {
	path := filepath.Join(t.TempDir(), "zero.nc")
	axes := storedAxes(t, "uniform", 1)
	w, err := nc.Create(path, &nc.Spec{Axes: axes, Fields: []nc.Variable{{Name: "gap", LongName: "U - u"}}, Steps: 2, Attrs: []nc.Attr{
		{Name: "observable", Value: "constant"}, {Name: "model", Value: "modified"}, {Name: "eta", Value: 0.25}, {Name: "R", Value: 1.5}, {Name: "center", Value: "0.5"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	values := make([]float64, len(axes[0].Nodes))
	for step := range 2 {
		if err := w.Append(float64(step), int64(step), [][]float64{values}, nil); err != nil {
			t.Fatal(err)
		}
		values[0] = 1 // in the ball's end
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f := openStored(t, path)
	for step, want := range [][]string{{"ends of the ball", "gap Uⁿ − u"}, {"largest absolute value", "ends of the ball", "gap Uⁿ − u"}} {
		p, err := f.Picture("gap", step, false)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range p.Legend {
			got = append(got, e.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("step %d: legend %q, want %q", step, got, want)
		}
	}
}

// checkPlanes compares the values on the planes drawn of a field with want.
func checkPlanes(t *testing.T, f *Stored, field string, at []float64, largest bool, want func(x []float64) float64) {
	t.Helper()
	values, err := f.values(field, 1)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := f.field(field)
	maps, ok := f.maps(v, values, at, largest)
	if d := f.grid.Dim(); !ok || len(maps) != 2*d-3 {
		t.Fatalf("%d planes in %d dimensions", len(maps), d)
	}
	for k, m := range maps {
		plane := [][2]int{{0, 1}, {0, 2}, {1, 2}}[k]
		across, offset := 2-k, 0.0
		if largest && len(maps) == 3 {
			offset = min(max(at[across]-0.5, -0.95*1.5), 0.95*1.5)
		}
		if want := math.Sqrt(2.25 - offset*offset); math.Abs(m.Raster.R-want) > 1e-12 {
			t.Errorf("plane %d has the radius %v, want %v", k, m.Raster.R, want)
		}
		x := slices.Repeat([]float64{0.5}, f.grid.Dim())
		if len(maps) == 3 {
			x[across] += offset
		}
		for _, p := range [][2]float64{{0.5, 0.5}, {0.7, 0.4}, {0.45, 0.62}} {
			x[plane[0]], x[plane[1]] = p[0], p[1]
			if got, want := m.Raster.At(p[0], p[1]), want(x); math.Abs(got-want) > 1e-3 {
				t.Errorf("plane %d has %v at %v, want %v", k, got, x, want)
			}
		}
	}
}

// checkPNG wants a picture that is neither blank nor full.
func checkPNG(t *testing.T, f *figure.Figure) {
	t.Helper()
	var written bytes.Buffer
	if err := f.WritePNG(&written); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&written)
	if err != nil {
		t.Fatal(err)
	}
	ink := 0
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := img.At(x, y).RGBA(); min(r, g, bl) < 0xe000 {
				ink++
			}
		}
	}
	if part := float64(ink) / float64(b.Dx()*b.Dy()); part < 0.005 || part > 0.7 {
		t.Errorf("%s: %.2g of the picture is inked", f.Title, part)
	}
}

// TestStoredFieldsRefused opens what is no results file.
func TestStoredFieldsRefused(t *testing.T) {
	good, err := os.ReadFile(storedFile(t, "uniform", 1))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"text.nc":  {[]byte("a,b\n1,2\n"), "is not an HDF5 file"},
		"empty.nc": {nil, "is not an HDF5 file"},
		"cut.nc":   {good[:len(good)/2], "is cut off: HDF5 expects more bytes than it has"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.text, 0o644); err != nil {
			t.Fatal(err)
		}
		var bad *Error
		if _, err := Open(path); !errors.As(err, &bad) || bad.Msg != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	pipe := filepath.Join(dir, "pipe.nc")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	var bad *Error
	if _, err := Open(pipe); !errors.As(err, &bad) || bad.Msg != "is not a regular file" {
		t.Errorf("a pipe: %v", err)
	}
	var errno syscall.Errno
	if _, err := Open(filepath.Join(dir, "missing.nc")); !errors.As(err, &errno) || errno != syscall.ENOENT {
		t.Errorf("missing: %v", err)
	}
	for _, a := range []nc.Attr{{Name: "R", Value: -1.0}, {Name: "R", Value: math.Inf(1)}} {
		var bad *Error
		if _, err := Open(storedFile(t, "uniform", 1, a)); !errors.As(err, &bad) || !strings.Contains(bad.Msg, "attribute R") {
			t.Errorf("R = %v: %v", a.Value, err)
		}
	}
	for _, center := range []string{"1 2", "", "one"} {
		var bad *Error
		path := storedFile(t, "uniform", 1, nc.Attr{Name: "R", Value: 1.0}, nc.Attr{Name: "center", Value: center})
		if _, err := Open(path); !errors.As(err, &bad) || !strings.Contains(bad.Msg, "attribute center") {
			t.Errorf("center %q: %v", center, err)
		}
	}
	f := openStored(t, storedFile(t, "uniform", 2))
	if _, err := f.Picture("V", 0, false); err == nil || !strings.HasSuffix(err.Error(), `has no field "V"; it has d_1_0_u, gap`) {
		t.Errorf("unknown field: %v", err)
	}
	p, err := f.Picture("d(1,0)u", 0, false)
	if err != nil || !strings.HasPrefix(p.Title, "d(1,0)u at n = 0, ") || f.PictureName("d(1,0)u", 0) != "square-modified-eta1_4-d_1_0_u-n0" {
		t.Errorf("a derivative by its name in study files: %v, %+v", err, p)
	}
}
