package main

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// march is a function per observable on an axis that a matrix advances by one step of SGD.
type march struct {
	axis *axis
	step *mat.Dense
	u    *mat.Dense // points x observables
	next *mat.Dense
	// first is U^1 where it is known without an interpolant of phi; nil otherwise.
	first *mat.Dense
}

func newMarch(a *axis, step *mat.Dense, phi []observable) *march {
	m := &march{axis: a, step: step, u: mat.NewDense(len(a.x), len(phi), nil), next: mat.NewDense(len(a.x), len(phi), nil)}
	for i, x := range a.x {
		for k, o := range phi {
			m.u.Set(i, k, o.at(x))
		}
	}
	return m
}

func (m *march) advance() {
	if m.first != nil {
		m.u, m.first = m.first, nil
		return
	}
	m.next.Mul(m.step, m.u)
	m.u, m.next = m.next, m.u
}

// resolution is how finely a reference is computed.
type resolution struct {
	sgd, diffusion int     // points
	law            int     // Gauss points per panel
	exponent       float64 // of the probability to leave the interval
	halvings       int     // of a step in time, added to what the fastest rate asks for
}

// ladder returns the resolutions of a reference, the coarsest first.
func ladder() []resolution {
	var r []resolution
	n := 40.0
	for i := range 9 {
		r = append(r, resolution{sgd: int(n), diffusion: int(1.3 * n), law: 24 + 12*i, exponent: 30 + 2*float64(i), halvings: i / 2})
		n *= 1.35
	}
	return r
}

// errOutOfReach is returned where a diffusion does not stay within any interval.
var errOutOfReach = errors.New("the diffusion has no interval that it stays in")

// newSGD returns S on the ball, interpolated through all points, one step ahead: U^1 is the mean of phi
// itself and not of an interpolant.
func newSGD(p *process, eta float64, r resolution, phi []observable) *march {
	a := newAxis(r.sgd, p.center-p.radius, p.center+p.radius, nil)
	nodes, weights := p.law.rule(r.law)
	step := mat.NewDense(r.sgd, r.sgd, nil)
	first := mat.NewDense(r.sgd, len(phi), nil)
	for i, x := range a.x {
		row := step.RawRowView(i)
		for k, s := range nodes {
			y := x - eta*p.loss.grad(x, s)
			a.add(row, weights[k], min(max(y, a.low), a.high))
			for j, o := range phi {
				first.Set(i, j, first.At(i, j)+weights[k]*o.at(y))
			}
		}
	}
	m := newMarch(a, step, phi)
	m.first = first
	return m
}

// newDiffusion returns the semigroup of a model over one step of SGD.
func newDiffusion(p *process, model string, eta float64, r resolution, phi []observable) (*march, error) {
	nodes, weights := p.law.rule(r.law)
	at := p.field(nodes, weights)
	if model == "gradient-flow" {
		return newFlow(p, eta, r, at, phi), nil
	}
	var a *axis
	noise := func(x float64, m moments) float64 { return 0 }
	if model == "modified" {
		mid, width := (p.radius+p.outer)/2, max((p.outer-p.radius)/2, 1e-6*p.radius)
		a = newAxis(r.diffusion, p.center-p.outer, p.center+p.outer, []layer{{p.center - mid, width}, {p.center + mid, width}})
		noise = func(x float64, m moments) float64 {
			chi := cutoff(math.Abs(x-p.center), p.radius, p.outer)
			return eta * chi * chi * m.noise
		}
	} else {
		low, high, ok := p.reach(model, eta, r.exponent)
		if !ok {
			return nil, errOutOfReach
		}
		// Beyond what paths reach the noise fades to zero, so that the ends need no condition.
		const fade = 1.7
		a = newAxis(r.diffusion, p.center-fade*low, p.center+fade*high, []layer{{p.center, p.radius}})
		noise = func(x float64, m moments) float64 {
			d, w := x-p.center, high
			if d < 0 {
				d, w = -d, low
			}
			s := (d/w - 1) / (fade - 1)
			return eta * m.noise * math.Erfc(4.5*(2*s-1)) / 2
		}
	}
	fastest := 0.0
	for _, x := range a.x {
		m := at(x)
		if b := drift(model, eta, m); x < p.center-p.radius && b < 0 || x > p.center+p.radius && b > 0 {
			return nil, fmt.Errorf("%w: the drift at %g points outward", errOutOfReach, x)
		}
		fastest = max(fastest, math.Abs(m.hess)*(1+eta*math.Abs(m.hess)))
	}
	l := generator(a, func(x float64) (b, c float64) {
		m := at(x)
		return drift(model, eta, m), noise(x, m) / 2
	})
	return newMarch(a, exponential(l, eta, halvings(eta*fastest)+r.halvings), phi), nil
}

// halvings returns into how many steps, as a power of two, the exponential of a flow of that rate is cut for
// functions that vary over a tenth of the radius.
func halvings(rate float64) int { return max(2, int(math.Ceil(math.Log2(20*rate)))) }

// generator returns the matrix of b d/dx + c d^2/dx^2, whose rows sum to zero.
func generator(a *axis, coefficients func(x float64) (b, c float64)) *mat.Dense {
	n := len(a.x)
	d := a.derivative()
	var dd mat.Dense
	dd.Mul(d, d)
	l := mat.NewDense(n, n, nil)
	for i, x := range a.x {
		b, c := coefficients(x)
		row := l.RawRowView(i)
		sum := 0.0
		for j := range row {
			row[j] = b*d.At(i, j) + c*dd.At(i, j)
			if j != i {
				sum += row[j]
			}
		}
		row[i] = -sum
	}
	return l
}

// newFlow returns the semigroup of the gradient flow: u(x, t+eta) = u(F(x), t), F the flow over eta by the
// extrapolated midpoint rule of Gragg, Bulirsch and Stoer.
func newFlow(p *process, eta float64, r resolution, at func(x float64) moments, phi []observable) *march {
	a := newAxis(r.diffusion, p.center-p.radius, p.center+p.radius, nil)
	step := mat.NewDense(r.diffusion, r.diffusion, nil)
	first := mat.NewDense(r.diffusion, len(phi), nil)
	velocity := func(x float64) float64 { return -at(x).grad }
	fastest := 0.0
	for _, x := range a.x {
		fastest = max(fastest, math.Abs(at(x).hess))
	}
	pieces := 1 + int(2*eta*fastest) + r.halvings
	for i, x := range a.x {
		y := x
		for range pieces {
			y = gragg(velocity, y, eta/float64(pieces))
		}
		a.row(step.RawRowView(i), y)
		for j, o := range phi {
			first.Set(i, j, o.at(y))
		}
	}
	m := newMarch(a, step, phi)
	m.first = first
	return m
}

// gragg moves y along the velocity over time h: the midpoint rule with 2, 4, .., 14 steps, extrapolated in the
// square of the step (Gragg 1965).
func gragg(velocity func(float64) float64, y, h float64) float64 {
	const rows = 7
	var above, row [rows]float64
	for i := range rows {
		n := 2 * (i + 1)
		k := h / float64(n)
		before, now := y, y+k*velocity(y)
		for range n - 1 {
			before, now = now, before+2*k*velocity(now)
		}
		row[0] = (now + before + k*velocity(now)) / 2
		for j := 1; j <= i; j++ {
			ratio := float64(i+1) / float64(i+1-j)
			row[j] = row[j-1] + (row[j-1]-above[j-1])/(ratio*ratio-1)
		}
		above = row
	}
	return row[rows-1]
}
