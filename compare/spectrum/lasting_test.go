package spectrum_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/compare/spectrum"
	"kolmo/internal/solved"
)

// Barriers in proportion to eta are those of noise that lasts, and no limit; others have one.
func TestLimitOfBarriers(t *testing.T) {
	t.Parallel()
	failed := errors.New("no image")
	for _, c := range []struct {
		barrier     func(eta float64) float64
		limit, near float64
		lasts       bool
		err         error
	}{
		{func(eta float64) float64 { return 0.5 + eta }, 0.5, 1e-5, false, nil},
		{func(eta float64) float64 { return 0.5 - math.Sqrt(eta) }, 0.5, 2e-3, false, nil},
		{func(eta float64) float64 { return 0.0625 * eta / (1 + eta) }, math.NaN(), 0, true, nil},
		{func(float64) float64 { return 0 }, 0, 0, false, nil},
		{func(float64) float64 { return math.Inf(1) }, math.Inf(1), 0, false, nil},
		{func(float64) float64 { return math.NaN() }, math.NaN(), 0, false, nil},
		{func(float64) float64 { return 1 }, 1, 0, false, failed},
	} {
		limit, lasts, err := spectrum.Limit(func(eta float64) (float64, error) { return c.barrier(eta), c.err })
		if off := math.Abs(limit - c.limit); lasts != c.lasts || err != c.err || off > c.near || (limit != limit) != (c.limit != c.limit) {
			t.Errorf("%g, lasts %v, %v, want %g, %v, %v", limit, lasts, err, c.limit, c.lasts, c.err)
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
		if lasts := l.Model == "lasts"; lasts != (l.Theory != l.Theory) || lasts != (l.Barrier != l.Barrier) || lasts != (l.Reason != nil && strings.Contains(*l.Reason, "does not vanish with eta")) {
			t.Errorf("%s, %s: limit %g, small noise %g, %v", l.Model, l.Well, l.Barrier, l.Theory, l.Reason)
		}
	}
	for _, e := range r.Escape {
		if !e.Certified {
			t.Errorf("%s, eta = %s, %s: %s", e.Model, e.EtaText, e.Well, *e.Reason)
		}
	}
}
