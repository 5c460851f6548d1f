package kolmogorov

import (
	"fmt"
	"testing"

	"kolmo/fd"
	"kolmo/grid"
)

// Exact solutions with variable coefficients and mixed terms: where b has degree
// 1 and a degree 2, polynomials stay polynomials, and discretisations of high
// enough order are exact in space.
func TestPolynomialSolutionsOfClosedMoments(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		for _, s := range []space{
			{"chebyshev-full", grid.KindChebyshev, fd.FullWidth, 8},
			{"uniform-4", grid.KindUniform, 4, 9},
			{"uniform-6", grid.KindUniform, 6, 10},
			{"chebyshev-4", grid.KindChebyshev, 4, 8},
		} {
			t.Run(fmt.Sprintf("%dd/%s", d, s.name), func(t *testing.T) {
				t.Parallel()
				g := box(t, s.kind, d, 1.5, s.nodes, s.nodes+1, s.nodes)
				p := newClosedProblem(d, 0.2)
				const eta, steps = 0.1, 8
				observables := []poly{
					constant(1),
					monomial(d - 1),
					monomial(0).times(monomial(0)).times(monomial(d - 1)),
					poly{{4}: 1}.plus(-0.5, monomial(0).times(monomial(d-1))).plus(2, constant(1)),
				}
				fields := make([][]float64, len(observables))
				for f, phi := range observables {
					fields[f] = sample(g, phi.at)
				}
				out := block(steps, len(fields), g.Len())
				if err := advance(NewPolynomial(newOperator(t, g, p.on(g), s.order), eta), out, fields); err != nil {
					t.Fatal(err)
				}
				for j := range out {
					for f, phi := range observables {
						want := sample(g, p.solution(phi, eta*float64(j+1)).at)
						if diff := maxDiff(out[j][f], want); diff > 1e-10*maxAbs(fields[f]) {
							t.Fatalf("observable %d at step %d is off by %.3g", f, j+1, diff)
						}
					}
				}
			})
		}
	}
}

// The solution by moments is itself right: it satisfies u_t = L u (differences in
// t) and starts at phi.
func TestClosedSolutionSatisfiesTheEquation(t *testing.T) {
	t.Parallel()
	for d := 1; d <= 3; d++ {
		p := newClosedProblem(d, 0.2)
		phi := poly{{3}: 1}.plus(1, monomial(0).times(monomial(d-1)))
		x := []float64{0.7, -0.4, 1.1}[:d]
		u := func(t float64) float64 { return p.solution(phi, t).at(x) }
		const h = 1e-2
		slope := (8*(u(0.3+h)-u(0.3-h)) - (u(0.3+2*h) - u(0.3-2*h))) / (12 * h)
		want := p.apply(p.solution(phi, 0.3)).at(x)
		if diff := slope - want; diff > 1e-7 || diff < -1e-7 {
			t.Errorf("d=%d: u_t = %v, L u = %v", d, slope, want)
		}
		if diff := u(0) - phi.at(x); diff > 1e-14 || diff < -1e-14 {
			t.Errorf("d=%d: u(0) is off by %g", d, diff)
		}
	}
}
