package main

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/manufactured"
	"kolmo/kolmogorov"
)

// field is a function of the point.
type field func(x []float64) float64

// equation is u_t = b.grad u + (1/2) a:hess u on the box [-half, half]^d.
type equation struct {
	d         int
	half      float64
	drift     func(k int, x []float64) float64
	diffusion func(k, l int, x []float64) float64
	mixed     bool // false drops the mixed entries of the diffusion
}

// space is a discretisation in space: the kind of axes and the order.
type space struct {
	kind  grid.Kind
	order int
}

// String returns the words of the tables.
func (s space) String() string {
	if s.order == fd.FullWidth {
		return fmt.Sprintf("%v collocation", s.kind)
	}
	return fmt.Sprintf("%v, order %d", s.kind, s.order)
}

// manufacturedEquation returns the equation of a manufactured problem.
func manufacturedEquation(p *manufactured.Problem) equation {
	return equation{d: p.Dim(), half: 1, drift: p.Drift, diffusion: p.Diffusion, mixed: true}
}

// Where the sinh axes cluster and how much, in half-widths of the box.
const (
	sinhAt       = 0.2
	sinhStrength = 1
)

// axis returns an axis of n nodes from -half to half.
func axis(kind grid.Kind, k, n int, half float64) (*grid.Axis, error) {
	name := fmt.Sprintf("x%d", k+1)
	switch kind {
	case grid.KindSinh:
		return grid.Sinh(name, n, -half, half, sinhAt*half, sinhStrength*half)
	case grid.KindChebyshev:
		return grid.Chebyshev(name, n, -half, half)
	}
	return grid.Uniform(name, n, -half, half)
}

// operator returns the generator of the equation with n nodes along every axis.
// Problems are constants of this program: what cannot be built is a mistake in it.
func (e equation) operator(s space, n int) *kolmogorov.Operator {
	axes := make([]*grid.Axis, e.d)
	for k := range axes {
		axes[k] = must(axis(s.kind, k, n, e.half))
	}
	g := must(grid.New(axes...))
	c := new(kolmogorov.Coefficients)
	for k := range e.d {
		c.B[k] = sample(g, func(x []float64) float64 { return e.drift(k, x) })
		for l := k; l < e.d; l++ {
			if k == l || e.mixed {
				c.A[k][l] = sample(g, func(x []float64) float64 { return e.diffusion(k, l, x) })
			}
		}
	}
	return must(kolmogorov.NewOperator(g, c, s.order))
}

// must returns v and panics on an error.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// sample returns the values at the nodes.
func sample(g *grid.Grid, f field) []float64 {
	u, x := make([]float64, g.Len()), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	return u
}

// run advances phi by the given number of SGD steps and returns the last field.
func run(p kolmogorov.Propagator, phi []float64, steps int) ([]float64, error) {
	u := phi
	p.Start([][]float64{phi})
	for range steps {
		u = make([]float64, len(phi))
		if err := p.Advance([][][]float64{{u}}); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// norms are the norms of an error: the largest value at the nodes and the root of
// the mean square over the box, by the trapezoidal rule.
type norms struct{ sup, l2 float64 }

// distance returns the norms of u - v.
func distance(g *grid.Grid, u, v []float64) norms {
	var n norms
	volume := 0.0
	for i := range u {
		w := 1.0
		for k := range g.Dim() {
			a, j := g.Axis(k), g.Index(i, k)
			w *= a.Node(min(j+1, a.Len()-1)) - a.Node(max(j-1, 0))
		}
		e := math.Abs(u[i] - v[i])
		if math.IsNaN(e) {
			e = math.Inf(1)
		}
		n.sup, n.l2, volume = max(n.sup, e), n.l2+w*e*e, volume+w
	}
	n.l2 = math.Sqrt(n.l2 / volume)
	return n
}

// slopes fits the orders p of the errors ~ h^p in both norms by least squares in
// logarithms.
func slopes(h []float64, errs []norms) norms {
	fit := func(of func(n norms) float64) float64 {
		var sx, sy, sxx, sxy float64
		for i := range h {
			x, y := math.Log(h[i]), math.Log(of(errs[i]))
			sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
		}
		n := float64(len(h))
		return (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
	return norms{fit(func(n norms) float64 { return n.sup }), fit(func(n norms) float64 { return n.l2 })}
}
