package kolmogorov

import (
	"runtime"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// What is stated before a run is what the run takes. (Allocations of other tests
// would be counted: no t.Parallel.)
func TestMemoryIsStatedBeforeTheRun(t *testing.T) {
	g := box(t, grid.KindUniform, 3, 1.5, 24)
	op := smoothOperator(t, g, 4, 0.02)
	phi := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return x[0] })}
	out := block(1, len(phi), g.Len())
	took := func(run func() Propagator) int64 {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		p := run()
		if err := advance(p, out, phi); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return int64(after.TotalAlloc - before.TotalAlloc)
	}
	check := func(name string, stated, took int64, least float64) {
		t.Helper()
		t.Logf("%s: stated %d, took %d", name, stated, took)
		// Scratch that does not grow with the grid comes on top.
		if r := float64(took) / float64(stated); r > 1.15 || r < least {
			t.Errorf("%s: stated %d bytes, took %d", name, stated, took)
		}
	}
	for _, s := range scheme.Schemes() {
		for _, cfg := range []*SteppingConfig{nil, {Richardson: true}, {Estimate: true}, {Damping: 2}} {
			if !s.Implicit() && cfg != nil {
				continue // power iterations would count
			}
			check(s.Name(), SteppingBytes(op, s, len(phi), cfg), took(func() Propagator {
				p, err := NewStepping(op, s, 0.01, 4, cfg)
				if err != nil {
					t.Fatal(err)
				}
				return p
			}), 0.6)
		}
	}
	// The largest number of steps that share a polynomial is rarely reached.
	check("polynomial", PolynomialBytes(g), took(func() Propagator { return NewPolynomial(op, 0.01) }), 0.5)
	check("operator", op.Bytes(), func() int64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		smoothOperator(t, g, 4, 0.02)
		runtime.ReadMemStats(&after)
		return int64(after.TotalAlloc - before.TotalAlloc)
	}(), 0.9)
}
