//go:build !race

package langevin_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

const multiplied = `
name: multiplied
parameters: [x]
loss: (1 + 0.5*xi)*x^2/2 - zeta*x
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8, 1/16, 1/32, 1/64]
algorithm: {kind: langevin, beta: 4}
models: [second-order, first-order, constant-noise, second-order-constant-noise]
output: {fields: []}
`

// Of f = (1 + xi/2) x^2/2 - zeta x, xi and zeta -1 or 1, the diffusion is the limit's 2/beta and
// eta (x^2/4 + 1), of which the latter is eta where it is frozen. The second moment p x^2 + r of
// each model has p' = (a2 - 2 b) p and r' = (a2 - 2 b) r + a0.
func TestConstantNoiseClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const beta, R, end = 4.0, 2.0, 20.0
	_, res := solved.Run(t, multiplied)
	solved.Holds(t, res, "second-order")
	if len(res.Gap) != 16 {
		t.Fatalf("%d rows", len(res.Gap))
	}
	for _, row := range res.Gap {
		eta := row.Eta
		b, a0, a2 := 1.0, 2/beta+eta, eta/4
		if strings.HasPrefix(row.Model, "second-order") {
			b, a0 = 1+eta/2, 2/beta*(1+eta)+eta
		}
		if strings.HasSuffix(row.Model, "constant-noise") {
			a2 = 0
		}
		factor := (1-eta)*(1-eta) + eta*eta/4
		P, Q, want := 1.0, 0.0, 0.0
		for n := 1; float64(n)*eta <= end; n++ {
			P, Q = factor*P, factor*Q+2*eta/beta+eta*eta
			p := math.Exp((a2 - 2*b) * float64(n) * eta)
			r := a0 * (1 - p) / (2*b - a2)
			want = max(want, math.Abs(Q-r), math.Abs((P-p)*R*R+Q-r))
		}
		if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error)) {
			t.Errorf("%s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
	}
}
