package main

import (
	"fmt"
	"io"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/manufactured"
	"kolmo/kolmogorov"
)

// writeManufactured writes the errors of all propagators on the manufactured
// problems.
func writeManufactured(w io.Writer) {
	const steps = 64
	fmt.Fprintf(w, `## Manufactured solutions

Solved: u_t = b.grad u + (1/2) a:hess u on [-1,1]^d to t = %v, with variable coefficients and all mixed terms. The equation has no source term, so the drift is made to fit: for

    v = x1 + 0.2 sin(3 x1 + 0.4) + 0.1 sin(x1 + 3 x2 + 0.5) + 0.1 sin(x1/2 - x2 + 2.5 x3 + 0.9)   (the first d waves),
    b_1 = (-2 v - (1/2) a:hess v - b_2 v_2 - b_3 v_3)/v_1,   b_k = -x_k - 0.3 sin(x_(k+1)),   a = %v (s s^T + w w^T),

u = exp(-2 t) v is the solution (internal/manufactured; the drift points inward on all faces). s and w are smooth; where the noise vanishes on the faces they carry
factors 1 - x_k^2. Errors are largest errors at the nodes against this u, with %d steps, on 24 nodes per axis: uniform, order 8, and by the polynomial also Chebyshev collocation (20 nodes).

`, spaceTime, spaceNoise, steps)
	t := table{header: []string{"propagator", "1-D", "2-D", "3-D", "1-D, noise on the faces", "2-D, noise on the faces", "3-D, noise on the faces"}}
	ms := methods()
	t.fill(len(ms)+2, func(i int) []string {
		s, nodes, name := space{grid.KindUniform, 8}, 24, "polynomial, uniform"
		switch {
		case i == 1:
			s, nodes, name = space{grid.KindChebyshev, fd.FullWidth}, 20, "polynomial, Chebyshev"
		case i > 1:
			name = ms[i-2].String()
		}
		row := []string{name}
		for _, tapered := range []bool{true, false} {
			for d := 1; d <= 3; d++ {
				p := manufactured.New(d, spaceNoise, 1, tapered)
				op := manufacturedEquation(p).operator(s, nodes)
				var prop kolmogorov.Propagator = kolmogorov.NewPolynomial(op, spaceTime)
				if i > 1 {
					m := ms[i-2]
					prop = must(kolmogorov.NewStepping(op, m.scheme, spaceTime, steps, &kolmogorov.SteppingConfig{Richardson: m.richardson}))
				}
				u := must(run(prop, sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, 0) }), 1))
				row = append(row, three(distance(op.Grid(), u, sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, spaceTime) })).sup))
			}
		}
		return row
	})
	t.writeTo(w)
}
