package custom_test

import (
	"math"
	"testing"

	"kolmo/internal/solved"
)

const ranged = `
name: ranged
parameters: [x]
loss: x^2/2 - xi*x/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2, metric: euclidean}
observables: {square: x^2}
eta: [1/8, 1/16]
algorithm:
  kind: custom
  state: {m: {range: [0, 1], start: [0.5, 1]}}
  update: {m: m - eta*m/2, x: x - eta*m*grad(x)}
models: [first-order]
studies: [crossing]
crossing: {level: 0.5, x: [1.5, 0.8]}
horizon: 4
`

// With a range, times from x = 1.5 and m = 0.8 are those of closed forms: of the chain the moments' recursions, of first-order,
// in tau = integral of m = 1.6 (1 - e^{-t/2}), 1.5 e^{-tau} and a variance v with dv/dtau = -2 v + eta (0.8 - tau/2)/4.
func TestCrossingWithARange(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, ranged)
	if len(res.Crossing) != 4 {
		t.Fatalf("%d rows", len(res.Crossing))
	}
	for _, row := range res.Crossing {
		want := 0.0
		if row.Model == "custom" {
			mean, v, m, now := 1.5, 0.0, 0.8, 2.25
			for last := now; now > 0.5; last = now {
				step := row.Eta * m
				mean, v, m = (1-step)*mean, (1-step)*(1-step)*v+step*step/4, m*(1-row.Eta/2)
				if now = mean*mean + v; now > 0.5 {
					want += row.Eta
				} else {
					want += row.Eta * (last - 0.5) / (last - now)
				}
			}
		} else {
			lo, hi := 0.0, 1.6
			for range 60 {
				tau := (lo + hi) / 2
				fall := -math.Expm1(-2 * tau)
				if 2.25*(1-fall)+row.Eta/4*(0.4*fall-(tau/2-fall/4)/2) > 0.5 {
					lo = tau
				} else {
					hi = tau
				}
			}
			want = -2 * math.Log1p(-hi/1.6)
		}
		if off := math.Abs(float64(row.T) - want); !row.Certified || !(off <= float64(row.Error)+1e-13) || row.Error > 1e-10 || len(row.X) != 2 {
			t.Errorf("%s, eta = %s from %v: t = %.15g +- %.1e, want %.15g", row.Model, row.EtaText, row.X, row.T, row.Error, want)
		}
	}
}
