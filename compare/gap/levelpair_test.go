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
		"another box":        {levelPair{survey.Level{Method: survey.Method{Kind: survey.Chebyshev().Kind, Order: survey.Chebyshev().Order, Box: 1.25}, Nodes: []int{20}}, at(24), 2}, 0},
		"no convergence":     {levelPair{at(20), at(24), 0.5}, march.MostRemaining},
		"hardly convergence": {levelPair{at(20), at(24), 1.001}, march.MostRemaining},
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
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.1}, 1, 1, 3 * 0.1 / 0.9},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.1}, 1, 2.5, 7.5 * 0.1 / 0.9},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.1}, 1, 1000, march.MostRemaining},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 1e-6}, 1, 1, 1. / 50},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.3}, 1, 1, 1},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.3}, 1, 2.5, 7.5 * 0.3 / 0.7},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.8}, 1, 1, 4},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 0.8}, 1, 2.5, march.MostRemaining},
		{levelPair{l(12), l(16), 1}, levelPair{l(16), l(20), 2}, 1, 1, march.MostRemaining},
		{levelPair{l(8), l(12), 1}, levelPair{l(16), l(20), 1e-3}, 1, 1, 1},
		{levelPair{}, levelPair{l(16), l(20), 1e-3}, 0.25, 2.5, 0.25},
		// Two levels of differences alone may both be too coarse for their order.
		{levelPair{}, levelPair{u(32), u(40), 1e-3}, 1.4, 1, 2.1},
		{levelPair{u(24), u(32), 2e-3}, levelPair{u(32), u(40), 1e-3}, 1.4, 1, 1.4},
	} {
		if got := c.last.share(c.two, c.before, c.growth); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v after %v: share %g, want %g", c.last, c.before, got, c.want)
		}
	}
}
