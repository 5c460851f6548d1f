package schedule_test

import (
	"fmt"
	"strings"
	"testing"

	"kolmo/internal/solved"
)

// The nodes of a rule lie inside of the law's support: with xi up to 1.1 and the rule's last node at 0.85, steps
// from |x| <= 1 reach beyond 1, and no row is certified with the ball as one that steps keep.
func TestStepsReachToTheEndsOfTheLaw(t *testing.T) {
	t.Parallel()
	const text = `name: reach
parameters: [x]
loss: x^2/2 - xi*x
sample: {kind: independent, variables: {xi: {law: uniform, low: %[1]g, high: %[2]g}}, quadrature: {points: 3}}
algorithm: {kind: %[3]s}
schedule: {kind: inverse, rate: 1}
ball: {R: 1}
observables: {square: x^2}
eta: [1/4, 1/8]
models: [second-order]
`
	for _, kind := range []string{"sgd", "custom, update: {x: x - eta*grad(x)}"} {
		for _, end := range []float64{1.1, 0.9} {
			_, res := solved.Run(t, fmt.Sprintf(text, -end, end, kind))
			for _, row := range res.Gap {
				leaves := row.Reason != nil && strings.Contains(*row.Reason, "leaves")
				if row.Invariant != (end < 1) || leaves == (end < 1) || row.Certified == (end > 1) {
					t.Errorf("%s, xi up to %g, eta = %s: invariant %v, certified %v, %v", kind, end, row.EtaText, row.Invariant, row.Certified, row.Reason)
				}
			}
		}
	}
}
