package figure

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// texts returns the texts of a figure's legend.
func texts(f *Figure) []string {
	var out []string
	for _, e := range f.Legend {
		out = append(out, e.Text)
	}
	return out
}

// absentGaps are gaps of two observables, one of which is zero, and of a model that has none at 1/16.
func absentGaps() *compare.Result {
	r := &compare.Result{}
	for _, eta := range []struct {
		value float64
		text  string
	}{{0.125, "1/8"}, {0.0625, "1/16"}, {0.03125, "1/32"}} {
		for _, o := range []string{"square", "constant"} {
			for _, m := range []string{"second-order", "first-order"} {
				g := compare.GapRow{Key: compare.Key{Observable: o, Model: m, Eta: eta.value, EtaText: eta.text}, Certified: m != "first-order"}
				c := compare.Curve{Observable: o, Model: m, Eta: eta.value, EtaText: eta.text, T: []float64{0, 1, 2}, Gap: []float64{0, 0, 0}}
				if o == "square" {
					g.Gap, c.Gap = compare.Number(eta.value), []float64{0, eta.value, eta.value / 2}
					if m == "first-order" && eta.text == "1/16" {
						g.Gap = compare.Number(math.NaN())
						r.Gap = append(r.Gap, g)
						continue
					}
				}
				r.Gap, r.Curves = append(r.Gap, g), append(r.Curves, c)
			}
		}
	}
	return r
}

// No line joins learning rates across one that has no gap, and an observable without gaps has no
// panel but a word; without any there is no picture.
func TestGapsThatAreAbsent(t *testing.T) {
	t.Parallel()
	r := absentGaps()
	values := []float64{0.03125, 0.0625, 0.125}
	p := newGapPanel(r, "square", []string{"second-order", "first-order"}, Styles(r, []string{"second-order", "first-order"}), values)
	for k, want := range [][]bool{{false, true, true}, {false, false}} {
		var joined []bool
		for _, pt := range p.series[k].points {
			joined = append(joined, pt.joined)
		}
		if !slices.Equal(joined, want) {
			t.Errorf("%s: joined %v, want %v", p.series[k].model, joined, want)
		}
	}
	f := GapFigure(r)
	if got := texts(f); f.Cols != 1 || f.Rows != 1 || got[len(got)-1] != "not drawn, zero or undefined: constant" {
		t.Errorf("%d x %d panels, legend %q", f.Cols, f.Rows, got)
	}
	r.Gap = slices.DeleteFunc(r.Gap, func(g compare.GapRow) bool { return g.Observable == "square" })
	if GapFigure(r) != nil {
		t.Error("a picture of no gap")
	}
}

// Curves of rows that are not certified are dashed, and what is not drawn is said.
func TestCurvesThatAreAbsent(t *testing.T) {
	t.Parallel()
	f := TimeFigure(absentGaps())
	want := []string{"η = 1/8", "η = 1/16", "η = 1/32", "dashed: not certified", "no curve: square, first-order, η = 1/16", "not drawn, zero or undefined: constant"}
	if got := texts(f); !slices.Equal(got, want) {
		t.Errorf("legend %q, want %q", got, want)
	}
	r := absentGaps()
	for i := range r.Gap {
		r.Gap[i].Certified = true
	}
	if got := texts(TimeFigure(r)); slices.Contains(got, "dashed: not certified") {
		t.Errorf("legend %q of certified rows", got)
	}
	ink := func(f *Figure) int { return pixels(t, decode(t, f))[EtaColor(0, 3)] }
	if dashed, all := ink(f), ink(TimeFigure(r)); dashed == 0 || dashed >= all {
		t.Errorf("%d pixels of a dashed curve, %d of a full one", dashed, all)
	}
	many := notDrawn("no curve: ", strings.Fields(strings.Repeat("a_name_of_some_length ", 40)))
	if w := entryWidth(many[0]); w > 400 || !strings.HasSuffix(many[0].Text, " more") {
		t.Errorf("%q is %g wide", many[0].Text, w)
	}
}

// A panel of numbers that span decades has a logarithmic axis if all are positive.
func TestAxisOfDecades(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		y    []float64
		want bool
	}{{[]float64{1.2e-11, 5e-8}, true}, {[]float64{1, 50}, false}, {[]float64{0, 5e-8}, false}, {[]float64{-1, 500}, false}, {nil, false}} {
		p := Lines{Lines: []Line{{X: c.y, Y: c.y}}}
		if p.decades() != c.want {
			t.Errorf("%v: %v", c.y, p.decades())
		}
	}
	// A marker at the end of an axis that begins at zero has room.
	p := Lines{FromZero: true, Lines: []Line{{X: []float64{0.5, 1}, Y: []float64{1, 2}, Marker: true}}}
	if g := p.plot(p.span(), 240); !(g.X.Max > 1) {
		t.Errorf("the axis ends at %g", g.X.Max)
	}
}

// A slice that the worst point is not on says where that is.
func TestTitleOfASlice(t *testing.T) {
	t.Parallel()
	if got := sliceTitle("y", -1.9, -1.9641); got != "y = −1.900 (worst point: −1.964)" {
		t.Errorf("%q", got)
	}
	if got := sliceTitle("y", -1.9, -1.9); got != "y = −1.900" {
		t.Errorf("%q", got)
	}
}

// Fields of a row that is not certified say so.
func TestFieldsThatAreNotCertified(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	a := FieldRasters(r)[0]
	for _, certified := range []bool{true, false} {
		rows := fieldRows(&a, &compare.GapRow{Certified: certified}, "U", []string{"x"}, true)
		if strings.HasSuffix(rows[0].header, ", not certified") == certified {
			t.Errorf("certified %v: %q", certified, rows[0].header)
		}
	}
}

// Contour lines around what nowhere differs from the level by more than the error are noise; those around more stay,
// and so does the rest of a line.
func TestContourOfNoise(t *testing.T) {
	t.Parallel()
	bump := func(x, y, at, size float64) float64 { return size * math.Exp(-40*(math.Pow(x-at, 2)+math.Pow(y+1, 2))) }
	p, _ := NewRaster(disc2(81, func(x, y float64) float64 { return -0.1 + bump(x, y, 0, 0.15) + bump(x, y, 2, 1) }))
	if n := len(p.contour(0)); n != 2 {
		t.Fatalf("%d lines, want two", n)
	}
	if n := len(p.told(0, 0).contour(0)); n != 2 {
		t.Errorf("%d lines of exact values, want two", n)
	}
	// The small one is up to 0.05 above zero, and what is around it 0.1 below.
	lines := p.told(0, 0.06).contour(0)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want that of the large one", len(lines))
	}
	for _, q := range lines[0] {
		if q.x < 1 {
			t.Fatalf("a point at %g", q.x)
		}
	}
	if n := len(p.told(0, 2).contour(0)); n != 0 {
		t.Errorf("%d lines where all is noise", n)
	}
	plane, _ := NewRaster(disc2(60, func(x, y float64) float64 { return x + 0.3*y }))
	if n := len(plane.told(1, 0.5).contour(1)); n != 1 {
		t.Errorf("%d lines of a plane, want one", n)
	}
}

// The bar of an error that is larger than its value reaches down on a logarithmic axis.
func TestLogarithmicBars(t *testing.T) {
	t.Parallel()
	l := Line{X: []float64{1, 2, 3}, Y: []float64{1e-3, 1, 1}, Color: OkabeIto[1], Marker: true, NoLine: true, Radius: vg.Length(2)}
	count := func() int {
		return pixels(t, decode(t, OfLines("bars", []Lines{{LogY: true, Lines: []Line{l}}}, 1, false)))[l.Color]
	}
	plain := count()
	l.YErr = []float64{0, 1.5, 0}
	if with := count(); with <= plain+50 {
		t.Errorf("%d pixels with a bar, %d without", with, plain)
	}
}

// Between nodes a curve is straight, and beside a node without a value it is level.
func TestCurveBetweenNodes(t *testing.T) {
	t.Parallel()
	nodes, values := []float64{0, 1, 2, 3}, []float64{math.NaN(), 4, 8, 6}
	for x, want := range map[float64]float64{0.3: 4, 1: 4, 1.25: 5, 2.5: 7, 3: 6} {
		if got := Between(nodes, values, x); math.Abs(got-want) > 1e-12 {
			t.Errorf("at %g: %g, want %g", x, got, want)
		}
	}
}
