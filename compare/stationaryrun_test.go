package compare

import (
	"context"
	"math"
	"testing"

	"kolmo/sgd"
)

// What against says of two grids is never less than their limits differ by, also where
// these agree by chance, falls with the nodes, and is rounding for a grid beside itself.
func TestAgainstBoundsWhatGridsDifferBy(t *testing.T) {
	t.Parallel()
	s := &stationaryKind{setup: newTestSetup(t, rootCase(t).problem, &Config{})}
	ctx, eta := context.Background(), s.p.Etas[1].Value
	sides := make(map[string]func(l level, from *longRun) (*stationarySide, *longRun, []float64))
	sides["sgd"] = func(l level, from *longRun) (*stationarySide, *longRun, []float64) {
		v, err := s.sgdOn(ctx, s.cache, l, eta, from)
		if err != nil {
			t.Fatal(err)
		}
		return v.stationarySide, v.run, v.off
	}
	for m, model := range s.p.Models {
		if model.Name == sgd.Modified {
			continue // collocation does not resolve its cutoff on these grids
		}
		sides[model.Name] = func(l level, from *longRun) (*stationarySide, *longRun, []float64) {
			v, err := s.modelOn(ctx, s.cache, l, m, eta, from)
			if err != nil || v.err != nil {
				t.Fatal(err, v.err)
			}
			return v.stationarySide, v.run, v.off
		}
	}
	for name, on := range sides {
		var before *stationarySide
		var from *longRun
		var first, last []float64
		for _, n := range []int{16, 20, 24, 28, 28} {
			v, run, off := on(level{method: chebyshev(), nodes: []int{n}}, from)
			if before != nil {
				for f, d := range off {
					apart := math.Abs(v.null[f].value - before.null[f].value)
					if !(apart <= d+v.null[f].err+before.null[f].err+1e-13) {
						t.Errorf("%s, %d nodes, field %d: the limits are %.3g apart, the bound is %.3g", name, n, f, apart, d)
					}
				}
				if last = off; first == nil {
					first = off
				}
			}
			before, from = v, run
		}
		for f := range last {
			if !(last[f] < 1e-12) || !(first[f] > 1e-6) {
				t.Errorf("%s, field %d: %.3g between 16 and 20 nodes, %.3g between 28 and 28", name, f, first[f], last[f])
			}
		}
	}
}

// The values at the minimiser: x* = 0.1 of skewed.
func TestAtRest(t *testing.T) {
	t.Parallel()
	q := skewed
	q.observables = [][2]string{{"square", "x^2"}, {"wave", "sin(3*x)"}}
	s := &stationaryKind{setup: newTestSetup(t, build(t, q), &Config{})}
	if s.atRest() != nil {
		t.Error("values at rest before the minimiser is known")
	}
	var err error
	if s.target, err = s.displacement(); err != nil {
		t.Fatal(err)
	}
	for f, want := range []float64{0.01, math.Sin(0.3), 0.1} {
		if e := s.atRest()[f]; !(math.Abs(e.value-want) <= e.err) || e.err > 1e-12 {
			t.Errorf("field %d: %.15g +- %.2g, want %.15g", f, e.value, e.err, want)
		}
	}
}

// skewed has f”' > 0 at its minimiser and noise that depends on x there.
var skewed = spec{name: "skewed", parameters: []string{"x"}, variables: []string{"xi"}, values: [][]float64{{1}, {-1}},
	loss: "(x - 0.1)^2/2 + (x - 0.1)^3/12 + 0.1*xi*(x - 0.1)*(1 + 0.3*(x - 0.1))", observables: [][2]string{{"square", "x^2"}}, r: 0.8, etas: []int{4, 8, 16, 32, 64}}
