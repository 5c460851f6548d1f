package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"strconv"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/closedform"
	"kolmo/kolmogorov"
)

// The Ornstein-Uhlenbeck problem OU2D: u_t = -(B x).grad u + (eta/2) Sigma:hess u
// with B = (I + (eta/2) A) A and phi = cos(k.x), to t = 1.
const (
	ouEta    = 0.1
	ouTime   = 1.0
	ouHalf   = 3.0
	ouRadius = 2.0 // of the ball in which the error is taken
)

var (
	ouA     = [2][2]float64{{1, 0.3}, {0.3, 2}}
	ouSigma = [2][2]float64{{1, 0.4}, {0.4, 0.5}}
)

// ouEquation returns the equation.
func ouEquation() equation {
	return equation{
		d: 2, half: ouHalf, mixed: true,
		drift: func(k int, x []float64) float64 {
			sum := 0.0
			for l := range 2 {
				b := ouA[k][l]
				for m := range 2 {
					b += ouEta / 2 * ouA[k][m] * ouA[m][l]
				}
				sum -= b * x[l]
			}
			return sum
		},
		diffusion: func(k, l int, _ []float64) float64 { return ouEta * ouSigma[k][l] },
	}
}

// ouExact returns x -> u(x, ouTime) for phi = cos(k.x), from the closed form of
// SGD with linear gradients whose samples have the covariance Sigma.
func ouExact(k []float64) field {
	// Sigma is the sum of s s^T over the columns s of its Cholesky factor.
	c := math.Sqrt(ouSigma[0][0])
	s := [2][2]float64{{c, ouSigma[0][1] / c}, {0, math.Sqrt(ouSigma[1][1] - ouSigma[0][1]*ouSigma[0][1]/ouSigma[0][0])}}
	l := closedform.Linear{A: [][]float64{ouA[0][:], ouA[1][:]}}
	for _, v := range s {
		for _, sign := range []float64{1, -1} {
			l.Nodes = append(l.Nodes, []float64{sign * math.Sqrt2 * v[0], sign * math.Sqrt2 * v[1]})
			l.Weights = append(l.Weights, 0.25)
		}
	}
	r := must(closedform.New("OU2D", l, closedform.Cosine{K: k}))
	return func(x []float64) float64 { return r.Diffusion(closedform.SecondOrder, ouEta, ouTime, x) }
}

// ouProblem is OU2D with one observable.
type ouProblem struct {
	name  string
	k     []float64
	exact field
}

func ouProblems() []ouProblem {
	var ps []ouProblem
	for _, p := range []ouProblem{{name: "easy", k: []float64{1, 0.5}}, {name: "hard", k: []float64{8, 4}}} {
		p.exact = ouExact(p.k)
		ps = append(ps, p)
	}
	return ps
}

// phi returns the observable.
func (p ouProblem) phi(x []float64) float64 { return math.Cos(p.k[0]*x[0] + p.k[1]*x[1]) }

// error returns the largest error at the nodes in the ball.
func (p ouProblem) error(g *grid.Grid, u []float64) float64 {
	x, worst := make([]float64, 2), 0.0
	for i, v := range u {
		if g.PointTo(x, i); math.Hypot(x[0], x[1]) <= ouRadius {
			e := math.Abs(v - p.exact(x))
			if math.IsNaN(e) {
				return math.Inf(1)
			}
			worst = max(worst, e)
		}
	}
	return worst
}

// found is the cheapest solution found for an accuracy, or the best one.
type found struct {
	nodes, steps int
	error        float64
	work         float64 // applications of L
	reached      bool
}

// String returns the cell of the table.
func (f found) String() string {
	s := strconv.Itoa(f.nodes)
	if f.steps > 0 {
		s += fmt.Sprintf(" x %d", f.steps)
	}
	s += fmt.Sprintf(": %s, %.0f", three(f.error), f.work)
	if !f.reached {
		s = "not reached; " + s
	}
	return s
}

// ouTolerances are the accuracies asked for.
var ouTolerances = []float64{1e-4, 1e-6, 1e-8}

const (
	// ouNodes and ouSteps are where a search ends.
	ouNodes, ouSteps = 512, 4096
	// ouShare is the share of the accuracy that the error in space may take where
	// steps are searched.
	ouShare = 0.5
)

// polynomial returns the error on a grid without error in time, and the work.
func (p ouProblem) polynomial(s space, n int) (float64, int) {
	op := ouEquation().operator(s, n)
	prop := kolmogorov.NewPolynomial(op, ouTime)
	u, err := run(prop, sample(op.Grid(), p.phi), 1)
	if err != nil {
		return math.Inf(1), prop.Applications()
	}
	return p.error(op.Grid(), u), prop.Applications()
}

// fewestNodes returns the fewest nodes per axis, an even number from least, with
// which the error in space is at most tol.
func (p ouProblem) fewestNodes(s space, least int, tol float64) found {
	best := found{error: math.Inf(1)}
	for n := max(least, s.order+2, 8); n <= ouNodes; n += 2 {
		e, work := p.polynomial(s, n)
		if e < best.error {
			best = found{nodes: n, error: e, work: float64(work), reached: e <= tol}
		}
		if best.reached || math.IsInf(e, 0) || e > 1e3*best.error {
			return best
		}
	}
	return best
}

// fewestSteps returns the fewest steps of ouLadder with which the error is at most
// tol on the given grid, or the best of them.
func (p ouProblem) fewestSteps(s space, nodes int, m method, tol float64) found {
	op := ouEquation().operator(s, nodes)
	phi := sample(op.Grid(), p.phi)
	try := func(steps int) found {
		f := found{nodes: nodes, steps: steps, error: math.Inf(1), work: m.passes() * float64(steps)}
		prop, err := kolmogorov.NewStepping(op, m.scheme, ouTime, steps, &kolmogorov.SteppingConfig{Richardson: m.richardson})
		if err != nil {
			return f // an explicit scheme that needs more steps
		}
		if u, err := run(prop, phi, 1); err == nil {
			f.error = p.error(op.Grid(), u)
		}
		f.reached = f.error <= tol
		return f
	}
	ladder := ouLadder()
	best, last := found{error: math.Inf(1)}, found{error: math.Inf(1)}
	tried := -1
	for i := 0; i < len(ladder); {
		f := try(ladder[i])
		if f.reached {
			// Steps that were left out on the way may do as well.
			for i--; i > tried; i-- {
				g := try(ladder[i])
				if !g.reached {
					break
				}
				f = g
			}
			return f
		}
		if f.error < best.error {
			best = f
		}
		// Leave out what the scheme's order, or a higher one if seen, says will not do.
		least := 0.0
		if f.error < last.error && !math.IsInf(last.error, 1) {
			order := max(math.Log(last.error/f.error)/math.Log(float64(f.steps)/float64(last.steps)), float64(theory(m, op)))
			least = float64(f.steps) * math.Pow(f.error/tol, 1/order)
		}
		last, tried = f, i
		for i++; i+1 < len(ladder) && float64(ladder[i+1]) < least; i++ {
		}
	}
	return best
}

// ouLadder returns 1, 2, 3, 4, 6, 8, 12, 16, .., ouSteps.
func ouLadder() []int {
	steps := []int{1, 2, 3}
	for n := 4; n < ouSteps; n *= 2 {
		steps = append(steps, n, n/2*3)
	}
	return append(steps, ouSteps)
}

// ouSpaces are the discretisations; the first is for the polynomial only, since
// its line solves are full.
var ouSpaces = []space{{grid.KindChebyshev, fd.FullWidth}, {grid.KindUniform, 8}, {grid.KindUniform, 10}}

// writeOU2D writes what each accuracy of OU2D takes.
func writeOU2D(w io.Writer) {
	fmt.Fprintf(w, `## Ornstein-Uhlenbeck in two dimensions

Solved: u_t = -(B x).grad u + (eta/2) Sigma:hess u with B = (I + (eta/2) A) A, eta = %v, A = [[1,.3],[.3,2]], Sigma = [[1,.4],[.4,.5]] and phi = cos(k.x) on [-3,3]^2, whose solution is known
(doc/dev/closed-forms.md); the error is the largest at the nodes with abs(x) <= 2 at t = 1. A cell says with how few nodes per axis, and how few steps, the accuracy was reached: nodes x steps: the
error, the work in applications of L per field. A solve along all axes counts as one application. The polynomial propagator chooses its steps itself; its nodes are the fewest even number from 8
(at most %d). The schemes by steps run on the fewest nodes that leave half of the accuracy for the error in time, with the fewest of 1, 2, 3, 4, 6, 8, 12, .., %d steps; *not reached* gives
the best of these.

`, ouEta, ouNodes, ouSteps)
	problems, ms := ouProblems(), methods()
	// The grids first: they do not depend on the scheme.
	type key struct{ problem, space, tol int }
	type grids struct{ whole, share found }
	found := make([]map[key]grids, len(problems)*len(ouSpaces))
	var search table
	search.fill(len(found), func(i int) []string {
		// The hard problem first, which takes longest.
		p, s := len(problems)-1-i/len(ouSpaces), i%len(ouSpaces)
		found[i] = map[key]grids{}
		least := 0
		for j, tol := range ouTolerances {
			var g grids
			g.whole = problems[p].fewestNodes(ouSpaces[s], least, tol)
			g.share = problems[p].fewestNodes(ouSpaces[s], g.whole.nodes, ouShare*tol)
			least = g.whole.nodes
			found[i][key{p, s, j}] = g
		}
		return nil
	})
	at := map[key]grids{}
	for _, f := range found {
		maps.Copy(at, f)
	}
	for i := range problems {
		p := problems[i]
		fmt.Fprintf(w, "The %s observable, k = (%v, %v):\n\n", p.name, p.k[0], p.k[1])
		t := table{header: []string{"propagator", "axes"}}
		for _, tol := range ouTolerances {
			t.header = append(t.header, fmt.Sprintf("to %.0e", tol))
		}
		for s, sp := range ouSpaces {
			row := []string{"polynomial", sp.String()}
			for j := range ouTolerances {
				row = append(row, at[key{i, s, j}].whole.String())
			}
			t.rows = append(t.rows, row)
		}
		t.fill(2*len(ms), func(r int) []string {
			m, s := ms[r/2], 1+r%2
			row := []string{m.String(), ouSpaces[s].String()}
			for j, tol := range ouTolerances {
				row = append(row, p.fewestSteps(ouSpaces[s], at[key{i, s, j}].share.nodes, m, tol).String())
			}
			return row
		})
		t.writeTo(w)
	}
	fmt.Fprint(w, `All three accuracies are reached by the polynomial propagator, with the fewest nodes on Chebyshev axes, and by RK4 and every scheme of second order with Richardson extrapolation.
Without it the second-order schemes need a thousand steps and more for 1e-6 with short waves, and more than the limit for 1e-8; Douglas, of first order with a mixed term, does not get
beyond 1e-4 by itself. The noise is small here, so that explicit methods are not bound by stability: to 1e-6 and 1e-8 RK4 or the polynomial take the least work, and to 1e-4
Craig-Sneyd with Richardson extrapolation takes as little.

`)
}
