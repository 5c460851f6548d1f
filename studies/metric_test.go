//go:build !race

package studies_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/internal/solved"
)

const plane = `
name: plane
parameters: [x, y]
loss: %s
sample: {kind: discrete, variables: [xi, zeta], values: [[1, 0.5], [-1, 0.5], [0, -1]]}
ball: %s
observables: {mixed: %s}
eta: [1/8, 1/16]
models: %s
algorithm: %s
output: {fields: []}
`

// inPlane returns a study of a loss in the plane. Of (s, t) that is a linear change of (x, y).
func inPlane(s, t, ball, models, algorithm string) string {
	put := strings.NewReplacer("x", s, "y", t)
	return fmt.Sprintf(plane, put.Replace("0.6*x^2 + 0.3*x*y + 0.7*y^2 + 0.2*COS(x - y) + 0.3*XI*x + 0.3*zeta*SIN(y)"), ball, put.Replace("x^2 + x*y + COS(y)"), models, algorithm)
}

// cased writes the names that no parameter is put into.
func cased(text string) string {
	return strings.NewReplacer("COS", "cos", "SIN", "sin", "XI", "xi").Replace(text)
}

const all = "[modified, second-order, first-order, gradient-flow]"

// With the identity for a metric the gaps are those of the Euclidean ball.
func TestIdentityMetric(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for algorithm, models := range map[string]string{"{kind: sgd}": all, "{kind: langevin, beta: 8}": "[second-order, first-order]"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			text := cased(inPlane("x", "y", "{R: 2, center: [0.1, 0]}", models, algorithm))
			alike(t, own(t, text), own(t, strings.Replace(text, "R: 2", "R: 2, metric: [[1, 0], [0, 1]]", 1)))
		})
	}
}

// A linear change of coordinates changes nothing: the loss in y, x = A y, and |y|_P <= R with P = A^T A is a step along
// A A^T grad f in |x| <= R. Of langevin it has the noise A Z.
func TestLinearChange(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const (
		s, r   = "(x + 0.4*y)", "(1.1*y - 0.3*x)"
		metric = "{R: 2, metric: [[1.09, 0.07], [0.07, 1.37]]}"
		along  = "x: x - eta*(1.16*grad(x) + 0.14*grad(y))%s, y: y - eta*(0.14*grad(x) + 1.3*grad(y))%s"
	)
	for algorithm, c := range map[string]struct{ models, update string }{
		"{kind: sgd}": {all, fmt.Sprintf("{kind: custom, update: {"+along+"}}", "", "")},
		"{kind: langevin, beta: 8}": {"[second-order, first-order]",
			fmt.Sprintf("{kind: custom, noise: {z: {law: normal}, w: {law: normal}}, update: {"+along+"}}", " + sqrt(2*eta/8)*(z + 0.4*w)", " + sqrt(2*eta/8)*(1.1*w - 0.3*z)")},
	} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			alike(t, own(t, cased(inPlane(s, r, metric, c.models, algorithm))), own(t, cased(inPlane("x", "y", "{R: 2}", c.models, c.update))))
		})
	}
}

// Of f = h x^2/2 + k y^2/2 and noise xi, zeta in both coordinates, gaps over an ellipsoid are suprema of quadratic forms:
// U - u = p x^2 + q y^2 + r, and sup x^2 over |x|_P <= R is R^2 (P^-1)_11.
func TestEllipseClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const (
		R, h, k = 3.0, 1.0, 0.6
		a, b, c = 2.0, 0.7, 0.8 // P
	)
	_, res := solved.Run(t, fmt.Sprintf(`
name: ellipse
parameters: [x, y]
loss: (x - xi)^2/2 + 0.3*(y - zeta)^2
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: %g, metric: [[%g, %g], [%g, %g]]}
observables: {x: x^2, y: y^2}
eta: [1/8, 1/16]
models: [modified, second-order, first-order, gradient-flow]
output: {fields: []}
`, R, a, b, b, c))
	if len(res.Gap) != 16 {
		t.Fatalf("%d rows", len(res.Gap))
	}
	det := a*c - b*b
	for _, row := range res.Gap {
		rate, far := h, R*R*c/det
		if row.Observable == "y" {
			rate, far = k, R*R*a/det
		}
		eta, drift, noise := row.Eta, rate, row.Eta*rate*rate
		switch row.Model {
		case "gradient-flow":
			noise = 0
		case "first-order":
		default:
			drift += eta * rate * rate / 2
		}
		keep, want := (1-eta*rate)*(1-eta*rate), 0.0
		for n := range 4000 {
			fade := math.Exp(-2 * drift * eta * float64(n))
			p := math.Pow(keep, float64(n)) - fade
			r := eta*eta*rate*rate*(1-math.Pow(keep, float64(n)))/(1-keep) - noise*(1-fade)/(2*drift)
			want = max(want, math.Abs(r), math.Abs(p*far+r))
		}
		if off := math.Abs(float64(row.Gap) - want); !row.Certified || !(off <= float64(row.Error)+1e-13) {
			t.Errorf("%s, %s, eta = %s: gap %.10g, closed form %.10g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
		}
	}
}

// Derivatives in another metric are along the parameters. For cos(x + y/2), f = x^2/2 + 0.35 y^2 and first-order they are
// (e^-t)^i (e^{-0.7 t}/2)^j times a cosine or sine of e^-t x + e^{-0.7 t} y/2, times what noise leaves. The largest value
// of these over |x|_P <= R is known.
func TestDecayInAMetric(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const (
		eta, R, h, k = 1. / 16, 1.2, 1.0, 0.7
		a, b, c      = 2.0, 0.5, 0.8 // P
	)
	for algorithm, with := range map[string]struct {
		warm   float64
		known  int // the highest order that is known well
		solver string
	}{"{kind: sgd}": {0, 4, "{}"}, "{kind: langevin, beta: 8}": {2. / 8, 1, "{nodes: [48]}"}} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			warm := with.warm
			_, res := solved.Run(t, fmt.Sprintf(`
name: along
parameters: [x, y]
loss: (x - 0.4*xi)^2/2 + 0.35*(y - 0.4*zeta)^2
sample: {kind: discrete, variables: [xi, zeta], values: [[-1, -1], [-1, 1], [1, -1], [1, 1]]}
ball: {R: %g, metric: [[%g, %g], [%g, %g]]}
observables: {wave: cos(x + y/2)}
eta: [1/16]
models: [first-order]
algorithm: %s
studies: [decay]
solver: %s
output: {fields: []}
`, R, a, b, b, c, algorithm, with.solver))
			if len(res.DecayCurves) != 14 {
				t.Fatalf("%d curves", len(res.DecayCurves))
			}
			for _, curve := range res.DecayCurves {
				good := 0
				for i, at := range curve.T {
					p, q := math.Exp(-h*float64(at)), math.Exp(-k*float64(at))/2
					far := R * math.Sqrt((c*p*p-2*b*p*q+a*q*q)/(a*c-b*b))
					v := (1-p*p)*(warm+eta*0.16*h*h)/(2*h) + (0.25-q*q)*(warm+eta*0.16*k*k)/(2*k)
					want := math.Pow(p, float64(curve.J[0])) * math.Pow(q, float64(curve.J[1])) * math.Exp(-v/2)
					if (curve.J[0]+curve.J[1])%2 == 1 {
						want *= math.Sin(min(far, math.Pi/2))
					}
					off := math.Abs(float64(curve.Sup[i]) - want)
					if !(off <= float64(curve.Error[i])+1e-10*want) {
						t.Errorf("J = %v, t = %.3g: %.9g +- %.1e, want %.9g", curve.J, at, curve.Sup[i], curve.Error[i], want)
						break
					}
					if off <= 0.01*want {
						good++
					}
				}
				if curve.J[0]+curve.J[1] <= with.known && 4*good < len(curve.T) {
					t.Errorf("J = %v is known to 1 %% at %d of %d times", curve.J, good, len(curve.T))
				}
			}
		})
	}
}
