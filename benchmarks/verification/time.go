package main

import (
	"fmt"
	"io"
	"math"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/kolmogorov/scheme"
)

// timeCase is one problem for orders in time, with a reference on the same grid
// whose error in time is that of the polynomial propagator.
type timeCase struct {
	op        *kolmogorov.Operator
	phi, want []float64
}

// timeEnd is the time at which errors are taken.
const timeEnd = 0.5

// timeEquation returns an equation whose parts are far from commuting: a drift that
// turns, and a strongly mixed diffusion of variable size.
func timeEquation(d int, mixed bool) equation {
	taper := func(v float64) float64 { return 1 - v*v }
	return equation{
		d: d, half: 1, mixed: mixed,
		drift: func(k int, x []float64) float64 {
			return -x[k] + 2*taper(x[k])*math.Sin(2*x[(k+1)%d]+0.5)
		},
		diffusion: func(k, l int, x []float64) float64 {
			s := [3]float64{1, 0.9 * math.Cos(x[0]), 0.7}
			w := [3]float64{0.5 * math.Sin(x[0]+x[d-1]), 0.5, 0.4 * math.Cos(x[1])}
			return 0.3 * taper(x[k]) * taper(x[l]) * (s[k]*s[l] + w[k]*w[l])
		},
	}
}

// timePhi is the observable.
func timePhi(x []float64) float64 {
	s := 0.3
	for k, v := range x {
		s += []float64{2, -1, 0.5}[k] * v
	}
	return math.Cos(s)
}

// newTimeCase returns the problem on a uniform grid.
func newTimeCase(d, order, nodes int, mixed bool) timeCase {
	op := timeEquation(d, mixed).operator(space{grid.KindUniform, order}, nodes)
	c := timeCase{op: op, phi: sample(op.Grid(), timePhi)}
	c.want = must(run(kolmogorov.NewPolynomial(op, timeEnd), c.phi, 1))
	return c
}

// errors returns the errors in time for the given numbers of steps.
func (c timeCase) errors(m method, steps []int) []norms {
	errs := make([]norms, len(steps))
	for i, n := range steps {
		s := must(kolmogorov.NewStepping(c.op, m.scheme, timeEnd, n, &kolmogorov.SteppingConfig{Richardson: m.richardson}))
		errs[i] = distance(c.op.Grid(), must(run(s, c.phi, 1)), c.want)
	}
	return errs
}

// timeSteps returns the steps for which a method's error in time is measured:
// enough for the order to show, and not so many that rounding does.
func timeSteps(m method, mixed bool) []int {
	switch {
	case !m.scheme.Implicit():
		return []int{64, 80, 96, 112, 128}
	case m.richardson && !mixed:
		return []int{64, 96, 128, 192, 256}
	case m.richardson:
		return []int{256, 384, 512, 768, 1024}
	}
	return []int{192, 256, 384, 512, 768}
}

// theory returns the order of a method.
func theory(m method, op *kolmogorov.Operator) int {
	if m.richardson {
		return m.scheme.Order(op) + 1
	}
	return m.scheme.Order(op)
}

// timeGrids are the grids on which orders in time are measured.
var timeGrids = []struct{ d, order, nodes int }{{2, 4, 24}, {2, 6, 24}, {2, 8, 24}, {3, 4, 13}, {3, 6, 13}, {3, 8, 13}}

// writeTime writes the orders in time.
func writeTime(w io.Writer) {
	fmt.Fprint(w, `## Orders in time

Solved: u_t = L u on [-1,1]^d to t = 0.5 with parts L_0, .., L_d that are far from commuting,

    b_k = -x_k + 2 tau(x_k) sin(2 x_(k+1) + 1/2),   a_kl = 0.3 tau(x_k) tau(x_l) (s_k s_l + w_k w_l),   tau(x) = 1 - x^2,
    s = (1, 0.9 cos x1, 0.7),   w = (0.5 sin(x1 + x_d), 0.5, 0.4 cos x2),   phi = cos(0.3 + 2 x1 - x2 + x3/2),

indices modulo d, on uniform axes of 24 nodes (13 in 3-D). The reference is the polynomial propagator on the same grid, so that there is no error in space; its own error in
time is below 1e-12 |phi| (next section). A cell has the orders fitted by least squares to the errors with 5 numbers of steps, in the sup norm and in L2.

`)
	for _, mixed := range []bool{true, false} {
		if !mixed {
			fmt.Fprint(w, "The same without the mixed terms:\n\n")
		}
		t := table{header: []string{"scheme", "theory", "steps"}}
		for _, g := range timeGrids {
			t.header = append(t.header, fmt.Sprintf("%d-D, order %d in space", g.d, g.order))
		}
		t.header = append(t.header, "least error (sup), 2-D, order 8")
		ms := methods()
		t.fill(len(ms), func(i int) []string {
			m := ms[i]
			steps := timeSteps(m, mixed)
			row := []string{m.String(), "", fmt.Sprintf("%d .. %d", steps[0], steps[len(steps)-1])}
			least := ""
			for _, g := range timeGrids {
				c := newTimeCase(g.d, g.order, g.nodes, mixed)
				errs := c.errors(m, steps)
				h := make([]float64, len(steps))
				for j, n := range steps {
					h[j] = 1 / float64(n)
				}
				p := slopes(h, errs)
				row = append(row, two(p.sup)+", "+two(p.l2))
				row[1] = fmt.Sprint(theory(m, c.op))
				if g.d == 2 && g.order == 8 {
					least = three(errs[len(errs)-1].sup)
				}
			}
			return append(row, least)
		})
		t.writeTo(w)
	}
	fmt.Fprint(w, `All orders are those of theory, and Richardson extrapolation adds one. Without mixed terms Douglas is of order 2, and then equal to Craig-Sneyd; both are
symmetric in t on two axes, where Richardson extrapolation gives 4. Hundsdorfer-Verwer with theta = 1/2 + sqrt(3)/6 is of order 3 without mixed terms.

`)
}

// method is a scheme, with Richardson extrapolation or without.
type method struct {
	scheme     scheme.Scheme
	richardson bool
}

// methods returns all schemes, each without and with Richardson extrapolation.
func methods() []method {
	var ms []method
	for _, s := range scheme.Schemes() {
		ms = append(ms, method{s, false}, method{s, true})
	}
	return ms
}

// String returns the words of the tables.
func (m method) String() string {
	if m.richardson {
		return m.scheme.Name() + ", Richardson"
	}
	return m.scheme.Name()
}

// passes returns the applications of L per step.
func (m method) passes() float64 {
	if m.richardson {
		return 3 * m.scheme.Passes()
	}
	return m.scheme.Passes()
}
