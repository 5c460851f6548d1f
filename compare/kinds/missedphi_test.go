package kinds

import (
	"fmt"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/sgd"
)

// bumpGap is the largest |U^n - u| over |x| <= r for x <- (1 - eta) x +- eta, the first-order
// model and phi = x^2/10 + exp(-(x/w)^2), over the first steps.
func bumpGap(eta, r, w float64) float64 {
	largest, images := 0.0, []float64{0}
	for n := 1; n <= 6; n++ {
		var next []float64
		for _, y := range images {
			next = append(next, (1-eta)*y+eta, (1-eta)*y-eta)
		}
		images = next
		t := float64(n) * eta
		variance := eta * (1 - math.Exp(-2*t)) / 2
		wide := w*w + 2*variance
		for k := -4000; k <= 4000; k++ {
			x := r * float64(k) / 4000
			m := x * math.Exp(-t)
			e := -0.1*(m*m+variance) - w/math.Sqrt(wide)*math.Exp(-m*m/wide)
			for _, y := range images {
				z := math.Pow(1-eta, float64(n))*x + y
				e += (0.1*z*z + math.Exp(-z*z/(w*w))) / float64(len(images))
			}
			largest = max(largest, math.Abs(e))
		}
	}
	return largest
}

// A bump between the nodes of both grids of one side, while the other side's have it: the
// miss of phi on that side is all that says so.
func TestMissOfPhiOnOneSide(t *testing.T) {
	t.Parallel()
	const eta, r = 1. / 8, 2
	blind := [2]survey.Level{{Method: survey.Chebyshev(), Nodes: []int{8}}, {Method: survey.Chebyshev(), Nodes: []int{12}}}
	sharp := func(nodes int) [2]survey.Level {
		return [2]survey.Level{{Method: survey.Uniform(4), Nodes: []int{nodes * 3 / 4}}, {Method: survey.Uniform(4), Nodes: []int{nodes}}}
	}
	for _, c := range []struct {
		side string
		w    float64 // noise smooths the bump of u: of a narrow one little is left to see
		s, l [2]survey.Level
	}{{"S", 0.02, blind, sharp(448)}, {"L", 0.08, sharp(256), blind}} {
		want := bumpGap(eta, r, c.w)
		s := trial.Quad1d
		s.Etas, s.Observables = []int{1 / eta}, [][2]string{{"bump", fmt.Sprintf("x^2/10 + exp(-(x/%g)^2)", c.w)}}
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.FirstOrder)
		g := gap.New(newTestSetup(t, p, &compare.Config{Workers: 1}))
		var e [2]*march.Engine
		for k := range e {
			var err error
			if e[k], err = march.New(t.Context(), p, g.Cache, march.Plan{S: c.s[k], Models: p.Models, Levels: c.l[k : k+1]}, eta, g.Config); err != nil {
				t.Fatal(err)
			}
			if err := e[k].Run(t.Context(), 6, nil); err != nil {
				t.Fatal(err)
			}
			if m := e[k].ModelOf(p.Models[0]); m.Err != nil {
				t.Fatal(m.Err)
			}
		}
		row := g.Assess(e[1], e[0], p.Etas[0], 0, 0, &gap.Outcome{}).Row
		d := math.Abs(float64(row.Gap) - want)
		bar := float64(row.Errors.Space + row.Errors.Interpolation + row.Errors.Time + row.Errors.Sup)
		t.Logf("%s misses phi: %.6f, want %.6f, bar %.3g (%+v), phi is missed by %.2g on S's grid, %.2g on L's", c.side, float64(row.Gap), want, bar, row.Errors, e[1].Data.Missed[0], e[1].Models[0].Data.Missed[0])
		if !(d <= bar) || d < 0.01 {
			t.Errorf("%s misses phi: %.6f +- %.2g, want %.6f and an error of at least 0.01", c.side, float64(row.Gap), bar, want)
		}
	}
}
