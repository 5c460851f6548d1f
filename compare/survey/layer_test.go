package survey

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare/trial"
	"kolmo/grid"
	"kolmo/process"
	"kolmo/sgd"
)

// The weights of a Hann mean sum to one, and what oscillates within the window goes, or counts in
// magnitude: the mean of |cos| is 2/pi.
func TestHannMean(t *testing.T) {
	t.Parallel()
	var radii, one, wave []float64
	for i := range 1001 {
		r := float64(i) / 1000
		radii, one, wave = append(radii, r), append(one, 1), append(wave, math.Cos(2*math.Pi*r/0.05))
	}
	for _, j := range []int{0, 100, 500, 850} {
		if m := hannMean(radii, one, j, 0.2, 2); math.Abs(m-1) > 1e-3 {
			t.Errorf("at %g: the mean of 1 is %g", radii[j], m)
		}
		if m := hannMean(radii, wave, j, 0.2, 2); math.Abs(m) > 1e-3 {
			t.Errorf("at %g: the mean of a wave of a quarter of the window is %g", radii[j], m)
		}
		if m := hannMean(radii, wave, j, 0.2, 0); math.Abs(m-2/math.Pi) > 1e-2 {
			t.Errorf("at %g: the mean of the magnitude of a wave is %g, want %g", radii[j], m, 2/math.Pi)
		}
	}
}

// A miss of one size in the layer alone, whatever its sign, acts for the time that a path from the ball spends there,
// the integral of exp(-2 b r/a)/b over the layer, and one in all of the ball for the time span.
func TestErrorOfALayer(t *testing.T) {
	t.Parallel()
	of := &layerSurvey{ball: grid.Ball{R: 1}, of: &process.Diffusion{Radius: 2}}
	for i := range 2001 {
		of.radii = append(of.radii, float64(i)/1000)
		of.x = append(of.x, []float64{float64(i) / 1000})
	}
	layer, all := make([]float64, len(of.x)), make([]float64, len(of.x))
	for i, r := range of.radii {
		all[i] = 0.5
		if r > 1 {
			layer[i] = 0.5
		}
	}
	const eta, span, b, a = 0.25, 3, 4, 0.02
	bend := &Slopes{}
	bend.second[0][0] = 6
	miss := &layerMiss{of: of, h: 1e-3, at: 0.1, off: [][]float64{layer}} // of ten spacings
	want := layerSafety * eta / 2 * 0.5 * 6 / b * a / (2 * b)
	for range 2 {
		got := miss.Error(eta, span, layerFlow{b, a}, 1, bend)
		if !(got >= 0.7*want && got <= 1.3*want) { // averaged over a/(2 b)
			t.Errorf("a miss in the layer does %g, want about %g", got, want)
		}
		for i := range layer { // of both signs: the noise may end anywhere in between
			if i%2 == 0 {
				layer[i] = -layer[i]
			}
		}
	}
	miss.off = [][]float64{all}
	if got, want := miss.Error(eta, span, layerFlow{b, a}, 1, bend), layerSafety*eta/2*0.5*6/float64(b); !(got >= 0.99*want && got <= layerSafety*eta/2*0.5*6*span) {
		t.Errorf("a miss everywhere does %g, want %g at least", got, want)
	}
	if got := miss.Error(eta, span, layerFlow{-1, a}, 1, bend); math.Abs(got-layerSafety*eta/2*0.5*6*span) > 1e-2*got {
		t.Errorf("where paths leave, a miss does %g, want %g", got, layerSafety*eta/2*0.5*6*span)
	}
}

// A layer is thin below 16 spacings of differences and below four of collocation, and finer grids
// resolve it from four on.
func TestThinLayers(t *testing.T) {
	t.Parallel()
	of := &layerSurvey{ball: grid.Ball{R: 1}, of: &process.Diffusion{Radius: 2}}
	for _, c := range []struct {
		spacings     float64
		whole, thin  bool
		times        float64
		thickensThen bool
	}{{15, false, true, 9, false}, {17, false, false, 9, false}, {3.5, true, true, 1.1, false}, {4.5, true, false, 2, false}, {1, false, true, 5, true}} {
		m := &layerMiss{of: of, at: 1 / c.spacings, whole: c.whole}
		if m.Thin() != c.thin || m.Thickens(c.times) != c.thickensThen {
			t.Errorf("%+v: thin %v, thickens %v", c, m.Thin(), m.Thickens(c.times))
		}
	}
}

// Ladders begin with the first grid that has enough spacings in the layer, 15 (n-1) (R2-R)/(2 R2) by differences on the line; two
// such grids are left or none is. Without a layer, and with R2 = 1.5 R, all are.
func TestLaddersBeginWhereTheLayerIsSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dims    int
		outer   float64
		method  Method
		model   string
		nodes   []int
		share   float64
		from    int
		message string
	}{
		{1, 1.5, Uniform(8), sgd.Modified, []int{64, 80, 96}, 1, 0, ""},
		{2, 1.5, Uniform(8), sgd.Modified, []int{40, 48}, 1, 0, ""},
		{3, 1.5, Uniform(8), sgd.Modified, []int{24, 32}, 1, 0, ""},
		{2, 1.5, Chebyshev(), sgd.Modified, []int{20, 24}, 1, 0, ""},
		{3, 1.5, Chebyshev(), sgd.Modified, []int{12, 16}, 1, 0, ""},
		{1, 1.2, Uniform(8), sgd.Modified, []int{96, 128, 160, 192, 256}, 1, 2, ""}, // 112, 152 and 188 nodes on the box
		{1, 1.2, Uniform(8), sgd.Modified, []int{96, 128, 160, 192, 256}, 0.5, 0, ""},
		{1, 1.2, Uniform(8), sgd.Modified, []int{96, 128, 160}, 1, 0, "has 13 spacings"},
		{1, 1.01, Uniform(8), sgd.Modified, []int{384, 512}, 1, 0, "is seen from 15 on: want R2 farther out"},
		{1, 1.01, Chebyshev(), sgd.Modified, []int{64, 96}, 1, 0, "from 4 on"},
		{1, 1.01, Uniform(8), sgd.SecondOrder, []int{16, 24}, 1, 0, ""},
	} {
		names := []string{"x", "y", "z"}[:c.dims]
		p := trial.Build(t, trial.Spec{Name: "layer", Parameters: names, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}}, Loss: "x^2/2 - xi*x", R: 2, R2: 2 * c.outer})
		var ladder []Level
		for _, n := range c.nodes {
			l := Level{Method: c.method}
			for range names {
				l.Nodes = append(l.Nodes, n)
			}
			ladder = append(ladder, l)
		}
		from, err := LayerFrom(p, trial.ModelsOf(p, c.model)[0], ladder, c.share)
		if from != c.from || (err != nil) != (c.message != "") || err != nil && !strings.Contains(err.Error(), c.message) {
			t.Errorf("%+v: from rung %d: %v", c, from, err)
		}
	}
}

// The rays of the survey are unit vectors, one in every direction of the axes and diagonals.
func TestRays(t *testing.T) {
	t.Parallel()
	for d, want := range map[int]int{1: 2, 2: 8, 3: 26} {
		list := rays(d)
		if len(list) != want {
			t.Errorf("%d rays in %d dimensions, want %d", len(list), d, want)
		}
		for _, v := range list {
			if r := (grid.Ball{Center: make([]float64, d), R: 1}).Distance(v); math.Abs(r-1) > 1e-15 {
				t.Errorf("a ray of length %g", r)
			}
		}
	}
}
