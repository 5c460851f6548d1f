package exit_test

import (
	"math"
	"testing"

	"kolmo/internal/solved"
)

// Where numbers near the point of rest are farther apart than what is asked of it, it is one of them.
func TestPointOfRestFarFromZero(t *testing.T) {
	t.Parallel()
	_, res := solved.Run(t, `name: far
parameters: [x]
loss: (x - 1000)^2/2 + 0.3*a*x
sample: {kind: discrete, variables: [a], values: [[-1], [1]]}
ball: {R: 0.5, center: [1000]}
observables: {x: x - 1000}
eta: [1/4]
models: [first-order]
studies: [exit]
exit: {interval: [999.7, 1000.21]}
output: {fields: []}
`)
	for i := range res.Exit {
		if x := float64(res.Exit[i].X[0]); !(math.Abs(x-1000) <= 1e-9) {
			t.Errorf("%s: from %.12g, want 1000", res.Exit[i].Model, x)
		}
	}
	if len(res.Exit) != 2 {
		t.Errorf("%d rows", len(res.Exit))
	}
}
