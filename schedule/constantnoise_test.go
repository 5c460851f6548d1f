//go:build !race

package schedule_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/schedule"
)

const multiplied = `
name: multiplied
parameters: [x]
loss: (1 + 0.5*xi)*x^2/2 - zeta*x/2
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8, 1/16, 1/32, 1/64]
schedule: {kind: inverse, rate: 1}
models: [second-order, first-order, constant-noise, second-order-constant-noise]
horizon: 4
output: {fields: []}
`

// Frozen noise keeps the schedule's s: of f = (1 + xi/2) x^2/2 - zeta x/2 it is eta s^2/4 and not
// eta s^2 (x^2 + 1)/4. Second moments p x^2 + r have p' = -2 b p, r' = -2 b r + a with frozen
// noise, and eta s^2/4 less for 2 b without.
func TestConstantNoiseClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const R, end = 2.0, 4.0
	s := schedule.Schedule{Kind: schedule.Inverse, Rate: 1}
	res := run(t, multiplied)
	if len(res.Gap) != 16 {
		t.Fatalf("%d rows", len(res.Gap))
	}
	for _, row := range res.Gap {
		eta := row.Eta
		name, frozen := strings.CutSuffix(row.Model, "constant-noise")
		if name = strings.TrimSuffix(name, "-"); name == "" {
			name = "first-order"
		}
		m := model{Schedule: s, name: name, eta: eta, noise: func(v float64) float64 { return eta * v * v / 4 }}
		mean, v := 1.0, 0.0 // p = mean^2 where noise is frozen
		grown := func(t float64) float64 {
			if frozen {
				return 1
			}
			return math.Exp(eta / 4 * t / (1 + t)) // of the integral of eta s^2/4
		}
		// Without freezing r is v as well, for a = eta s^2/(4 grown) and times grown.
		if !frozen {
			m.noise = func(v float64) float64 { return eta * v * v / 4 / grown(1/v-1) }
		}
		P, Q, want := 1.0, 0.0, 0.0
		for n := 0; float64(n+1)*eta <= end; n++ {
			at := float64(n) * eta
			v1 := s.At(at)
			factor := (1-eta*v1)*(1-eta*v1) + eta*eta*v1*v1/4
			P, Q = factor*P, factor*Q+eta*eta*v1*v1/4
			mean, v = m.step(at, mean, v)
			g := grown(at + eta)
			p, r := g*mean*mean, g*v
			want = max(want, math.Abs(Q-r), math.Abs((P-p)*R*R+Q-r))
		}
		if off := math.Abs(float64(row.Gap) - want); !row.Certified || !(off <= float64(row.Error)+1e-13) {
			t.Errorf("%s, eta = %s: gap %.10g, closed form %.10g, off by %.2g and the error is %.2g", row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
	}
	for _, o := range res.Order {
		if want := map[bool]int{true: 2, false: 1}[o.Model == "second-order"]; o.Expected != want {
			t.Errorf("%s is expected to have the order %d", o.Model, o.Expected)
		}
	}
}
