package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// rasterProblems are |x|^2/2 plus noise in 1, 2 and 3 dimensions, of the total
// variances 1, 1.25 and 1.25.
var rasterProblems = []trial.Spec{
	{Parameters: []string{"x"}, Loss: "(x-a)^2/2", Observables: [][2]string{{"square", "x^2"}}},
	{Parameters: []string{"x", "y"}, Loss: "(x-a)^2/2 + (y+0.5*a)^2/2", Observables: [][2]string{{"square", "x^2 + y^2"}}},
	{Parameters: []string{"x", "y", "z"}, Loss: "(x-a)^2/2 + (y+0.5*a)^2/2 + z^2/2", Observables: [][2]string{{"square", "x^2 + y^2 + z^2"}}},
}

// The rasters of U and u against E|x + noise|^2, whose closed forms are
// q^n |x|^2 + c_n, at every point.
func TestRastersInClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for d, s := range rasterProblems {
		s.Name, s.Variables, s.Values, s.R, s.Etas = "raster", []string{"a"}, [][]float64{{1}, {-1}}, 2, []int{8}
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		variance := []float64{1, 1.25, 1.25}[d]
		r := gapOf(t, p, nil)
		if len(r.Rasters) != 1 {
			t.Fatalf("d = %d: %d rasters", d+1, len(r.Rasters))
		}
		a := &r.Rasters[0]
		planes := a.Slices
		if d < 2 {
			planes = []compare.Raster{*a}
		}
		if len(planes) != []int{1, 1, 3}[d] || a.N != r.Gap[0].N || a.Gap <= 0 {
			t.Errorf("d = %d: %d planes at n = %d with the gap %g", d+1, len(planes), a.N, a.Gap)
		}
		for k := range planes {
			checkPlane(t, &planes[k], d+1, 1.0/8, variance)
		}
	}
}

// checkPlane compares a raster of SGD and the second-order model with closed forms.
func checkPlane(t *testing.T, a *compare.Raster, d int, eta, variance float64) {
	t.Helper()
	n := float64(a.N)
	q := math.Pow(1-eta, 2*n)
	sgd := eta * eta * variance * (1 - q) / (1 - (1-eta)*(1-eta))
	e := math.Exp(-2 * (1 + eta/2) * eta * n)
	mean := eta * variance * (1 - e) / (2 * (1 + eta/2))
	rows := a.X2
	if d == 1 {
		rows = []float64{0}
	}
	inside := 0
	for j, y := range rows {
		for i, x := range a.X1 {
			k := j*len(a.X1) + i
			r2 := x*x + y*y + a.Offset*a.Offset
			if a.U[k] != a.U[k] {
				if math.Hypot(x, y) < a.R*(1-1e-9) || a.Values[k] == a.Values[k] || a.Diffusion[k] == a.Diffusion[k] {
					t.Fatalf("d = %d: no value at (%g, %g) inside R = %g", d, x, y, a.R)
				}
				continue
			}
			inside++
			u, v := q*r2+sgd, e*r2+mean
			if math.Abs(a.U[k]-u) > 1e-7 || math.Abs(a.Diffusion[k]-v) > 1e-7 || math.Abs(a.Values[k]-(u-v)) > 1e-7 || r2 > 4+1e-9 {
				t.Fatalf("d = %d, normal %d at (%g, %g): U %g, u %g, difference %g, want %g and %g", d, a.Normal, x, y, a.U[k], a.Diffusion[k], a.Values[k], u, v)
			}
		}
	}
	if inside < len(a.U)/2 {
		t.Errorf("d = %d: %d of %d points have a value", d, inside, len(a.U))
	}
}

// A worst point at a pole leaves slices of some size, and those say where they lie.
func TestSlicesStayAwayFromPoles(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := rasterProblems[2]
	s.Name, s.Variables, s.Values, s.R, s.Etas = "raster", []string{"a"}, [][]float64{{1}, {-1}}, 2, []int{4}
	s.Observables = [][2]string{{"linear", "x^2 + 0.01*z"}}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.GradientFlow)
	a := gapOf(t, p, nil).Rasters[0]
	if max(math.Abs(a.At[0]), math.Abs(a.At[1]), math.Abs(a.At[2])) <= compare.RasterPole*2 {
		t.Errorf("the worst point %v is not at a pole", a.At)
	}
	for k, slice := range a.Slices {
		want := min(max(a.At[slice.Normal], -compare.RasterPole*2), compare.RasterPole*2)
		if slice.Normal != 2-k || slice.Offset != want || slice.R < 2*math.Sqrt(1-compare.RasterPole*compare.RasterPole)-1e-12 {
			t.Errorf("slice %d: orthogonal to axis %d at %g with the radius %g, want %g", k, slice.Normal, slice.Offset, slice.R, want)
		}
		if slice.At[0] != a.At[slice.Axes[0]] || slice.At[1] != a.At[slice.Axes[1]] || slice.Axes[0] == slice.Normal || slice.Axes[1] == slice.Normal {
			t.Errorf("slice %d has the axes %v and the worst point %v of %v", k, slice.Axes, slice.At, a.At)
		}
	}
}
