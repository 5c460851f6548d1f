package gap

import (
	"math"
	"testing"

	"kolmo/compare/march"
	"kolmo/compare/survey"
)

// Differences of levels whose errors are e, q e, q^2 e tell the error of the last one.
func TestRemainingAfterThreeLevels(t *testing.T) {
	t.Parallel()
	at := func(n int) survey.Level { return survey.Level{Method: survey.Chebyshev(), Nodes: []int{n}} }
	for _, q := range []float64{0.01, 0.3, 0.5, 0.8, 0.9} {
		before := levelPair{coarse: at(20), fine: at(24), apart: 1 - q}
		pair := levelPair{coarse: at(24), fine: at(28), apart: q - q*q}
		if got := pair.remainingAfter(before) * pair.apart; math.Abs(got-q*q) > 1e-12 {
			t.Errorf("q = %g: the error is %g, want %g", q, got, q*q)
		}
	}
	pair := levelPair{coarse: at(24), fine: at(28), apart: 1}
	for name, c := range map[string]struct {
		before levelPair
		want   float64
	}{
		"no pair before":      {levelPair{}, 0},
		"a coarser one again": {levelPair{coarse: at(28), fine: at(24), apart: 2}, 0},
		"another pair":        {levelPair{coarse: at(16), fine: at(20), apart: 2}, 0},
		"another box":         {levelPair{coarse: survey.Level{Method: survey.Method{Kind: survey.Chebyshev().Kind, Order: survey.Chebyshev().Order, Box: 1.25}, Nodes: []int{20}}, fine: at(24), apart: 2}, 0},
		"no convergence":      {levelPair{coarse: at(20), fine: at(24), apart: 0.5}, march.MostRemaining},
		"hardly convergence":  {levelPair{coarse: at(20), fine: at(24), apart: 1.001}, march.MostRemaining},
	} {
		if got := pair.remainingAfter(c.before); got != c.want {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}

// Three levels lower the share that two leave, by no more than they can be trusted, and raise
// it where they hardly converge or fields grow; pairs that do not follow each other say nothing.
func TestShareOfThreeLevels(t *testing.T) {
	t.Parallel()
	l := func(n int) survey.Level { return survey.Level{Method: survey.Chebyshev(), Nodes: []int{n}} }
	u := func(n int) survey.Level { return survey.Level{Method: survey.Uniform(6), Nodes: []int{n}} }
	for _, c := range []struct {
		before, last levelPair
		two, growth  float64
		want         float64
	}{
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.1}, 1, 1, 3 * 0.1 / 0.9},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.1}, 1, 2.5, 7.5 * 0.1 / 0.9},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.1}, 1, 1000, march.MostRemaining},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 1e-6}, 1, 1, 1. / 50},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.3}, 1, 1, 1},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.3}, 1, 2.5, 7.5 * 0.3 / 0.7},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.8}, 1, 1, 4},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 0.8}, 1, 2.5, march.MostRemaining},
		{levelPair{coarse: l(12), fine: l(16), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 2}, 1, 1, march.MostRemaining},
		{levelPair{coarse: l(8), fine: l(12), apart: 1}, levelPair{coarse: l(16), fine: l(20), apart: 1e-3}, 1, 1, 1},
		{levelPair{}, levelPair{coarse: l(16), fine: l(20), apart: 1e-3}, 0.25, 2.5, 0.25},
		// Two levels of differences alone may both be too coarse for their order.
		{levelPair{}, levelPair{coarse: u(32), fine: u(40), apart: 1e-3}, 1.4, 1, 2.1},
		{levelPair{coarse: u(24), fine: u(32), apart: 2e-3}, levelPair{coarse: u(32), fine: u(40), apart: 1e-3}, 1.4, 1, 1.4},
	} {
		if got := c.last.share(c.two, c.before, c.growth); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v after %v: share %g, want %g", c.last, c.before, got, c.want)
		}
	}
}

// Distances that have always fallen say nothing more; where one of about the size of the last did not, the slowest fall to the
// last counts, and all of it where there was none. Those that were much larger are of grids that saw nothing yet.
func TestIrregularPairs(t *testing.T) {
	t.Parallel()
	l := func(n int) survey.Level {
		return survey.Level{Method: survey.Uniform(8), Nodes: []int{n}}
	}
	for _, c := range []struct {
		apart []float64 // of pairs on 20, 40, 80, .. nodes and half of them
		want  float64
	}{
		{[]float64{1, 0.5, 0.25, 0.125}, 0},
		{[]float64{1, 1, 0.5}, 2. / (math.Sqrt2 - 1)},
		{[]float64{1, 1.5, 0.25}, 2. / (2 - 1)},
		{[]float64{1, 0.25, 0.25}, march.MostRemaining},
		{[]float64{1, 2, 0.01}, 0},
		{[]float64{1, 0.1, 0.2}, march.MostRemaining},
	} {
		var p levelPair
		n := 10
		for _, apart := range c.apart {
			p = levelPair{coarse: l(n), fine: l(2 * n), apart: apart}.after(p)
			n *= 2
		}
		if got := p.irregular(); !(math.Abs(got-c.want) <= 1e-12) {
			t.Errorf("%v: %g, want %g", c.apart, got, c.want)
		}
		if got := p.coarser(l(n)); len(got) != len(c.apart)-1 {
			t.Errorf("%v: %d pairs before", c.apart, len(got))
		}
	}
}
