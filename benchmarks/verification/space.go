package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/manufactured"
	"kolmo/kolmogorov"
)

// spaceTime is the time at which errors in space are taken.
const spaceTime = 0.25

// spaceErrors returns the errors for the given numbers of nodes, with the
// polynomial propagator, whose error in time is below 1e-12.
func spaceErrors(p *manufactured.Problem, s space, nodes []int) []norms {
	errs := make([]norms, len(nodes))
	for i, n := range nodes {
		op := manufacturedEquation(p).operator(s, n)
		u, err := run(kolmogorov.NewPolynomial(op, spaceTime), sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, 0) }), 1)
		if err != nil {
			errs[i] = norms{math.Inf(1), math.Inf(1)}
			continue
		}
		errs[i] = distance(op.Grid(), u, sample(op.Grid(), func(x []float64) float64 { return p.Solution(x, spaceTime) }))
	}
	return errs
}

// spaceCase is a row of the table of orders in space.
type spaceCase struct {
	d         int
	space     space
	frequency float64
	nodes     []int
}

// spaceCases lists the numbers of nodes for which orders are measured: where the
// waves are resolved and rounding does not show yet.
func spaceCases() []spaceCase {
	const uniform, sinh, chebyshev = grid.KindUniform, grid.KindSinh, grid.KindChebyshev
	fine := []int{96, 112, 128, 144, 160, 192}
	middle := []int{64, 72, 80, 96, 112, 128}
	clustered := []int{80, 88, 96, 104, 112, 120}
	wide := []int{16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64}
	coarse := []int{28, 32, 36, 40, 44, 48}
	cs := []spaceCase{
		{1, space{uniform, 10}, 3, []int{64, 72, 80, 96, 112, 128, 144, 160}},
		{1, space{sinh, 10}, 2, []int{56, 60, 64, 72, 80, 88}},
		{1, space{chebyshev, 10}, 3, []int{72, 80, 88, 96, 104, 112}},
		{2, space{uniform, 10}, 3, middle},
		{2, space{sinh, 8}, 2, middle},
		{2, space{sinh, 10}, 1.5, wide},
		{2, space{chebyshev, 10}, 3, []int{52, 56, 60, 64, 72, 80}},
		{3, space{uniform, 8}, 0.7, coarse},
		{3, space{sinh, 6}, 2, coarse[1:]},
		{3, space{sinh, 8}, 1.5, []int{20, 24, 28, 32, 36, 40}},
		{3, space{chebyshev, 8}, 1, coarse[:5]},
	}
	for _, kind := range []grid.Kind{uniform, sinh, chebyshev} {
		for _, order := range []int{2, 4, 6, 8} {
			s := space{kind, order}
			cs = append(cs, spaceCase{1, s, 3, fine})
			switch {
			case kind == chebyshev:
				cs = append(cs, spaceCase{2, s, 3, clustered})
			case kind != sinh || order < 8:
				cs = append(cs, spaceCase{2, s, 3, middle})
			}
			if order < 6 || order == 6 && kind != sinh {
				cs = append(cs, spaceCase{3, s, 0.7, coarse})
			}
		}
	}
	slices.SortStableFunc(cs, func(a, b spaceCase) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(rank(a.space.kind), rank(b.space.kind)), cmp.Compare(a.space.order, b.space.order))
	})
	return cs
}

// rank orders the kinds of axes in tables.
func rank(k grid.Kind) int {
	return slices.Index([]grid.Kind{grid.KindUniform, grid.KindSinh, grid.KindChebyshev}, k)
}

// spaceNoise is the size of the diffusion.
const spaceNoise = 0.03

// writeSpace writes the orders in space.
func writeSpace(w io.Writer) {
	fmt.Fprintf(w, `## Orders in space

Solved: the manufactured problem with mixed terms and noise %v that vanishes on the faces, to t = %v with the polynomial propagator, so that there is no error in time. The
waves of v are made %s times as short in order that high orders can show before rounding. Sinh axes cluster about %v with strength %v. Orders are fitted by least squares to all errors of a
row, in the sup norm and in L2 (by the trapezoidal rule).

`, spaceNoise, spaceTime, "0.7 to 3", sinhAt, sinhStrength)
	cs := spaceCases()
	t := table{header: []string{"d", "axes", "nodes per axis", "waves", "first error (sup)", "last error (sup)", "order (sup)", "order (L2)"}}
	t.fill(len(cs), func(i int) []string {
		c := cs[i]
		errs := spaceErrors(manufactured.New(c.d, spaceNoise, c.frequency, true), c.space, c.nodes)
		h := make([]float64, len(c.nodes))
		for j, n := range c.nodes {
			h[j] = 1 / float64(n-1)
		}
		p := slopes(h, errs)
		last := len(errs) - 1
		return []string{fmt.Sprint(c.d), c.space.String(), fmt.Sprintf("%d .. %d (%d grids)", c.nodes[0], c.nodes[last], len(c.nodes)),
			fmt.Sprint(c.frequency), three(errs[0].sup), three(errs[last].sup), two(p.sup), two(p.l2)}
	})
	t.writeTo(w)
	fmt.Fprint(w, `All kinds of axes have the order of their stencils in both norms, with the one-sided closures. Two rows end before the order is reached: on Chebyshev axes,
order 10 in 2-D and order 8 in 3-D, rounding errors that the closures amplify (last section) show up while the slope still rises.

Collocation on Chebyshev axes, the errors (sup) by the number of nodes per axis, all waves as they are:

`)
	nodes := []int{6, 8, 10, 12, 14, 16, 18, 20}
	spectral := table{header: []string{"d", "noise on the faces"}}
	for _, n := range nodes {
		spectral.header = append(spectral.header, fmt.Sprint(n))
	}
	spectral.fill(6, func(i int) []string {
		d, tapered := i/2+1, i%2 == 0
		row := []string{fmt.Sprint(d), yesNo(!tapered)}
		for _, e := range spaceErrors(manufactured.New(d, spaceNoise, 1, tapered), space{grid.KindChebyshev, fd.FullWidth}, nodes) {
			row = append(row, three(e.sup))
		}
		return row
	})
	spectral.writeTo(w)
}

// yesNo returns the word.
func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

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
