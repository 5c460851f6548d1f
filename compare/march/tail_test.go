package march

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/survey"
)

// tailRun returns an engine and a row whose one-step errors at steps 1, 2, .. are given.
func tailRun(mu, eta float64, rho ...float64) (*Engine, *Row) {
	e := &Engine{Problem: &compare.Problem{Accuracy: 0.01}, Eta: eta, Scales: Scales{mu: mu, rate: mu, Size: []float64{1}, Offsets: &survey.Offsets{Spread: []float64{1}}}}
	r := &Row{Model: &Model{Growth: 1}, Curve: []float64{0}, largestGap: largestGap{Best: 0.05}}
	for n, v := range rho {
		e.Trace.rhoN = append(e.Trace.rhoN, n+1)
		r.rho = append(r.rho, v)
		r.Curve = append(r.Curve, 0.05)
	}
	return e, r
}

// One-step errors that fall to rounding within a few steps close the supremum, by what
// rounding may hide of them and no less; one that has only just fallen, or stands still above
// rounding, does not.
func TestTailOfErrorsThatAreRounding(t *testing.T) {
	t.Parallel()
	noise := []float64{3e-16, 8e-16, 2e-16, 5e-16, 9e-16, 4e-16}
	const mu, eta = 1, 0.9
	for _, start := range [][]float64{{0.1, 1e-5, 1e-10}, {0.1, 1e-8}, {0.1}, {1e-3, 0.1, 1e-9}} {
		e, r := tailRun(mu, eta, append(start, noise...)...)
		bound, rate, ok := r.fitBound(e, len(r.rho))
		if !ok {
			t.Errorf("%v: not closed", start)
			continue
		}
		// Whatever rounding hides may still fall like e^{-mu t} alone.
		hidden := rhoFloor / math.Expm1(mu*eta)
		if !(rate > 0 && rate <= mu) || bound < hidden || bound > 1e3*hidden {
			t.Errorf("%v: a tail of %.2g at the rate %.3g, want at least %.2g", start, bound, rate, hidden)
		}
		if e, r := tailRun(mu, eta, append(start, noise[:3]...)...); true {
			if _, _, ok := r.fitBound(e, len(r.rho)); ok {
				t.Errorf("%v: closed by three looks at rounding", start)
			}
		}
	}
	for _, level := range []float64{1e-6, 2e-13} {
		e, r := tailRun(mu, eta, 0.1, 1e-3, level, 1.01*level, level, 1.02*level, 0.99*level, level, 1.01*level, level)
		if b, _, ok := r.fitBound(e, len(r.rho)); ok {
			t.Errorf("a one-step error that stays at %g closes the supremum, by %.2g", level, b)
		}
	}
	// Growth amplifies rounding.
	e, r := tailRun(mu, eta, append([]float64{0.1, 1e-8}, noise...)...)
	calm, _, _ := r.fitBound(e, len(r.rho))
	r.Model.Growth = 1000
	if b, _, ok := r.fitBound(e, len(r.rho)); !ok || math.Abs(b/calm-1000) > 1 {
		t.Errorf("growth 1000: a tail of %.2g, %.2g without", b, calm)
	}
	// Without a least curvature nothing is known of what is hidden.
	if e, r := tailRun(0, eta, append([]float64{0.1, 1e-8}, noise...)...); true {
		if _, _, ok := r.fitBound(e, len(r.rho)); ok {
			t.Error("closed without convexity")
		}
	}
}

// Looks at a run are as far apart as the problem's fastest rate asks for; a slow problem's
// are thinned as time goes by.
func TestStridesFollowTheRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rate, eta float64
		n, want   int
	}{{1, 1. / 64, 100, 6}, {100, 1. / 6400, 100, 6}, {1, 1, 100, 1}, {1, 1. / 64, 6 * 256, 12}, {1, 1. / 64, 6 * 512, 24}, {0, 1, 10, 1}} {
		e := &Engine{Eta: c.eta, Scales: Scales{rate: c.rate}}
		if got := e.Stride(c.n, traceSpacing); got != c.want {
			t.Errorf("rate %g, eta %g, step %d: every %d steps, want %d", c.rate, c.eta, c.n, got, c.want)
		}
	}
	looks := 0
	e := &Engine{Eta: 1, Scales: Scales{rate: 1}}
	for n := range 1_000_000 {
		if e.Traced(n + 1) {
			looks++
		}
	}
	if looks > 2500 {
		t.Errorf("%d looks at a million steps", looks)
	}
}

// Later gaps may exceed the largest by what D moves from a look on and by what both bases err by at both of its ends.
func TestBoundByBases(t *testing.T) {
	t.Parallel()
	a := &ahead{step: []int{10, 20}, most: []float64{0.5, 0.25}, err: 0.125}
	r := &Row{largestGap: largestGap{Best: 1}}
	for range 26 {
		r.Curve = append(r.Curve, 0.75)
	}
	for n, want := range map[int]float64{10: 0.5, 15: 0.5, 20: 0.25, 25: 0.25} {
		if got := a.bound(r, n); got != want {
			t.Errorf("step %d: %g, want %g", n, got, want)
		}
	}
}
