package studies_test

import (
	"fmt"
	"strings"
	"testing"

	"kolmo/internal/slow"
)

// turned is gradient descent in two parameters that x and y are defined by.
const turned = `
name: turned
parameters: [a, b]
define: {x: %s, y: %s}
loss: x^2/2 + 0.75*y^2 + 0.3*cos(x + y) - xi*sin(x)/2 - zeta*(y + x/2)/2
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: 2%s}
observables: {square: x^2, cosine: cos(x - 2*y)}
eta: [1/8, 1/16]
models: [second-order, first-order]
output: {fields: []}
%s
`

// Gradient descent has the same gaps in coordinates that are turned, and in any linear ones if the step is written
// for them: with (a, b) = A (x, y) it is along A A^T grad, and the ball is one in the metric A^-T A^-1.
func TestLinearCoordinates(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	plain := own(t, fmt.Sprintf(turned, "a", "b", "", ""))
	alike(t, plain, own(t, fmt.Sprintf(turned, "0.6*a - 0.8*b", "0.8*a + 0.6*b", "", "")))
	// a = 2 x, b = x + y.
	alike(t, plain, own(t, fmt.Sprintf(turned, "a/2", "b - a/2", ", metric: [[0.5, -0.5], [-0.5, 1]]",
		"algorithm: {kind: custom, update: {a: a - eta*(4*grad(a) + 2*grad(b)), b: b - eta*(2*grad(a) + 2*grad(b))}}")))
}

// sheared is heavy ball in coordinates p = 2 x and w = x + v.
const sheared = `
name: sheared
parameters: [p]
define: {x: p/2}
loss: x^2/2 + 0.3*cos(x) - xi*sin(x)/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 3, metric: [[0.375, -0.25], [-0.25, 1]]}
observables: {square: x^2, cosine: cos(w)}
eta: [1/8, 1/16]
models: [second-order, first-order]
algorithm:
  kind: custom
  state: {w: {}}
  update:                                   # v is w - p/2, and the gradient in x is 2 grad(p)
    p: p + 2*eta*(w - p/2 - eta*(1.5*(w - p/2) + 2*grad(p)))
    w: w - eta*(1.5*(w - p/2) + 2*grad(p)) + eta*(w - p/2 - eta*(1.5*(w - p/2) + 2*grad(p)))
`

// So has heavy ball where position and velocity are mixed: with (p, w) = T (x, v) the metric P is T^-T P T^-1.
func TestMixedPositionAndVelocity(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	plain := fmt.Sprintf(heavy, "x^2/2 + 0.3*cos(x) - xi*sin(x)/2", "[[1.5, 0.5], [0.5, 1]]", "{kind: momentum, friction: 1.5}")
	alike(t, own(t, sheared), own(t, strings.Replace(plain, ", 1/32, 1/64]", "]", 1)))
}
