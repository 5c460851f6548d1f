//go:build !race

package custom_test

import (
	"math"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

const noisy = `
name: noisy
parameters: [x]
loss: x^2/2 + 0*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1, taper: [3, 5]}
observables: {quart: x^4}
eta: [1/4, 1/8, 1/16, 1/32]
algorithm: {kind: custom, noise: {z: {law: LAW}}, update: {x: 'x - eta*grad(x) + sqrt(eta)*(SIZE)*z'}}
models: [second-order]
output: {fields: []}
`

// The mean and the covariance of a step to order eta^2 make a model of order two only if its noise has the third and
// fourth moments of a diffusion. Claims and what is measured say so both.
func TestOrderOfSecondOrder(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []struct {
		law, size string
		order     int
	}{
		{"normal", "1/2", 2},
		{"rademacher", "1/2", 1},    // E z^4 = 1
		{"normal", "0.5 + x/10", 1}, // as Euler's scheme
	} {
		_, res := solved.Run(t, strings.NewReplacer("LAW", c.law, "SIZE", c.size).Replace(noisy))
		row := res.Order[0]
		if row.Expected != c.order || !(math.Abs(float64(row.Extrapolated)-float64(c.order)) <= float64(row.ExtrapolatedError)) || !(row.ExtrapolatedError < 0.35) {
			t.Errorf("%s, %s: order %d is claimed and %.3f +- %.2f measured, want %d", c.law, c.size, row.Expected, row.Extrapolated, row.ExtrapolatedError, c.order)
		}
	}
}
