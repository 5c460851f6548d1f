package spectrum_test

import (
	"errors"
	"math"
	"testing"

	"kolmo/compare/spectrum"
	"kolmo/internal/solved"
)

// Barriers have a limit where noise falls like eta. They rise with eta where it falls more slowly, and fall where it falls faster.
func TestLimitOfBarriers(t *testing.T) {
	t.Parallel()
	failed := errors.New("no image")
	for _, c := range []struct {
		barrier     func(eta float64) float64
		limit, near float64
		why         string
		err         error
	}{
		{func(eta float64) float64 { return 0.5 + eta }, 0.5, 1e-5, "", nil},
		{func(eta float64) float64 { return 0.5 - math.Sqrt(eta) }, 0.5, 2e-3, "", nil},
		{func(eta float64) float64 { return 0.0625 * eta / (1 + eta) }, math.NaN(), 0, spectrum.Lasting, nil},
		{func(eta float64) float64 { return 0.5 * math.Sqrt(eta) }, math.NaN(), 0, spectrum.Lasting, nil},
		{func(eta float64) float64 { return 0.0625 / eta }, math.NaN(), 0, spectrum.Fast, nil},
		{func(float64) float64 { return 0 }, 0, 0, "", nil},
		{func(float64) float64 { return math.Inf(1) }, math.Inf(1), 0, "", nil},
		{func(float64) float64 { return math.NaN() }, math.NaN(), 0, "", nil},
		{func(float64) float64 { return 1 }, 1, 0, "", failed},
	} {
		limit, why, err := spectrum.Limit(func(eta float64) (float64, error) { return c.barrier(eta), c.err })
		if off := math.Abs(limit - c.limit); why != c.why || err != c.err || off > c.near || (limit != limit) != (c.limit != c.limit) {
			t.Errorf("%g, %q, %v, want %g, %q, %v", limit, why, err, c.limit, c.why, c.err)
		}
	}
}

// An SDE of one's own whose noise does not vanish with eta has no limit of its actions, and others beside it have theirs.
func TestEscapeUnderNoiseThatLasts(t *testing.T) {
	t.Parallel()
	_, r := solved.Run(t, `name: wells
parameters: [x]
loss: x^4/4 - x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.5}
observables: {x: x}
eta: [1/4, 1/6, 1/8]
models: [first-order, {name: lasts, drift: {x: -mean(grad(x))}, diffusion: {x: {x: 0.15 + eta}}}]
studies: [spectrum]
output: {fields: []}
`)
	if len(r.EscapeLimit) != 6 {
		t.Fatalf("%d limits, want 6", len(r.EscapeLimit))
	}
	for _, l := range r.EscapeLimit {
		if lasts := l.Model == "lasts"; lasts != (l.Theory != l.Theory) || lasts != (l.Barrier != l.Barrier) || lasts != (l.Reason != nil && *l.Reason == spectrum.Lasting) {
			t.Errorf("%s, %s: limit %g, small noise %g, %v", l.Model, l.Well, l.Barrier, l.Theory, l.Reason)
		}
	}
	for _, e := range r.Escape {
		if !e.Certified {
			t.Errorf("%s, eta = %s, %s: %s", e.Model, e.EtaText, e.Well, *e.Reason)
		}
	}
}

// Rates of small noise are over the users' time, as the rates are: an epoch of three samples takes 3 eta, and
// Kramers' rate with the noise 2 sqrt(1/16) is sqrt(2)/(2 pi) e^{-8}.
func TestKramersOverEpochs(t *testing.T) {
	t.Parallel()
	_, r := solved.Run(t, `name: epochs
parameters: [x]
loss: x^4/4 - x^2/2 + xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1], [0]], batch: {size: 1, replacement: epoch}}
ball: {R: 1.6}
observables: {x: x}
eta: [1/16]
models: [{name: mine, drift: {x: -mean(grad(x))}, diffusion: {x: {x: 'eta*cov(grad(x), grad(x))*3/2'}}}]
studies: [spectrum]
spectrum: {count: 1}
output: {fields: []}
`)
	want, seen := math.Sqrt2/(2*math.Pi)*math.Exp(-8), 0
	for _, e := range r.Escape {
		if e.Model != "mine" {
			continue
		}
		seen++
		if !(math.Abs(float64(e.Kramers)/want-1) < 1e-6) || !(math.Abs(float64(e.SmallNoise)/want-1) < 1e-6) {
			t.Errorf("%s: Kramers' rate %.6g, small noise %.6g, want %.6g", e.Well, e.Kramers, e.SmallNoise, want)
		}
	}
	if seen != 2 {
		t.Errorf("%d wells", seen)
	}
}
