package law_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/law"
)

// A law without a way of its own is drawn by its quantiles.
type triangle struct{ law.Uniform }

func (triangle) Quantile(p float64) float64 { return math.Sqrt(p) }

func TestDrawByQuantiles(t *testing.T) {
	t.Parallel()
	s, err := law.Independent([]law.Variable{{"s", triangle{law.Uniform{0, 1}}}}, 5)
	if err != nil {
		t.Fatal(err)
	}
	const n = 100_000
	rnd := rand.New(rand.NewPCG(1, 1))
	x := make([]float64, n)
	s.Onto(func(string) bool { return true }).NewDrawer(rnd).Draw(rnd, [][]float64{x}, n)
	var mean, square float64
	for _, v := range x {
		mean += v / n
		square += v * v / n
	}
	// E s = 2/3, E s^2 = 1/2, Var s = 1/18: within four standard errors.
	if math.Abs(mean-2./3) > 4*math.Sqrt(1./18/n) || math.Abs(square-0.5) > 4*math.Sqrt(1./12/n) {
		t.Errorf("mean %v, want 2/3; mean square %v, want 1/2", mean, square)
	}
}
