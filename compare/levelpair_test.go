package compare

import (
	"math"
	"testing"
)

// Differences of levels whose errors are e, q e, q^2 e tell the error of the last one.
func TestRemainingAfterThreeLevels(t *testing.T) {
	t.Parallel()
	at := func(n int) level { return level{method: chebyshev(), nodes: []int{n}} }
	for _, q := range []float64{0.01, 0.3, 0.5, 0.8, 0.9} {
		before := levelPair{at(20), at(24), 1 - q}
		pair := levelPair{at(24), at(28), q - q*q}
		if got := pair.remainingAfter(before) * pair.apart; math.Abs(got-q*q) > 1e-12 {
			t.Errorf("q = %g: the error is %g, want %g", q, got, q*q)
		}
	}
	pair := levelPair{at(24), at(28), 1}
	for name, c := range map[string]struct {
		before levelPair
		want   float64
	}{
		"no pair before":     {levelPair{}, 0},
		"another pair":       {levelPair{at(16), at(20), 2}, 0},
		"another box":        {levelPair{level{method: method{kind: chebyshev().kind, order: chebyshev().order, box: 1.25}, nodes: []int{20}}, at(24), 2}, 0},
		"no convergence":     {levelPair{at(20), at(24), 0.5}, mostRemaining},
		"hardly convergence": {levelPair{at(20), at(24), 1.001}, mostRemaining},
	} {
		if got := pair.remainingAfter(c.before); got != c.want {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}
