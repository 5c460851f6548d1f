package kolmogorov

import (
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov/scheme"
)

// The differences that a propagation by steps keeps are those of its own error estimate,
// at every step of every call and for every field; polynomials have none, nor do steps
// without an estimate.
func TestKeptDifferencesTellTheTimeError(t *testing.T) {
	t.Parallel()
	g := box(t, grid.KindUniform, 1, 1.5, 30)
	op := smoothOperator(t, g, 6, 0.05)
	const eta = 0.25
	if NewPolynomial(op, eta).KeepDifferences() != nil {
		t.Error("polynomials have differences")
	}
	for _, sc := range scheme.Schemes() {
		if plain, err := NewStepping(op, sc, eta, 64, nil); err != nil {
			t.Fatal(err)
		} else if plain.KeepDifferences() != nil {
			t.Errorf("%s: differences without an estimate", sc.Name())
		}
		p, err := NewStepping(op, sc, eta, 64, &SteppingConfig{Estimate: true})
		if err != nil {
			t.Fatal(err)
		}
		kept := p.KeepDifferences()
		u := [][]float64{sample(g, wave), sample(g, func(x []float64) float64 { return math.Exp(x[0]) })}
		n := 0
		p.Start(u)
		for range 3 {
			out := block(4, len(u), g.Len())
			if err := p.Advance(out); err != nil {
				t.Fatal(err)
			}
			for j := range out {
				n++
				var sizes [2]float64
				for f := range u {
					coarse, fine := kept.At(j, f)
					sizes[0], sizes[1] = max(sizes[0], maxAbs(coarse)), max(sizes[1], maxAbs(fine))
				}
				if got, want := kept.Error(sizes[0], sizes[1]), p.TimeErrorAt(n); got != want || got == 0 {
					t.Errorf("%s, step %d: %.6g by the fields, %.6g by TimeErrorAt", sc.Name(), n, got, want)
				}
			}
		}
	}
}
