//go:build !race

package schedule_test

import (
	"fmt"
	"math"
	"testing"

	"kolmo/internal/slow"
	"kolmo/schedule"
)

const moving = `
name: moving
parameters: [x]
loss: (x - xi/2)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: %g}
observables: {square: x^2, cosine: cos(x + v_x)}
eta: [%s]
algorithm: {kind: %s, friction: 1.5}
schedule: {kind: %s, rate: %g}
models: [second-order, first-order]
horizon: %g
output: {fields: []}
`

// turning is heavy ball or Nesterov's step of f = (x - xi/2)^2/2, xi = -1 or 1, at the rates eta s, and a model of it:
// all is linear in z = (x, v).
type turning struct {
	schedule.Schedule
	eta, friction float64
	nesterov      bool
	order         int
}

type square [2][2]float64

// after returns a b, scaled c a, and plus a + b.
func (a square) after(b square) (c square) {
	for i := range 2 {
		for j := range 2 {
			c[i][j] = a[i][0]*b[0][j] + a[i][1]*b[1][j]
		}
	}
	return c
}

func (a square) scaled(c float64) square {
	return square{{c * a[0][0], c * a[0][1]}, {c * a[1][0], c * a[1][1]}}
}

func (a square) plus(b square) square {
	return square{{a[0][0] + b[0][0], a[0][1] + b[0][1]}, {a[1][0] + b[1][0], a[1][1] + b[1][1]}}
}

func (a square) transposed() square { return square{{a[0][0], a[1][0]}, {a[0][1], a[1][1]}} }

// step returns the chain's step z' = m z + xi w at s.
func (q turning) step(s float64) (m square, w [2]float64) {
	h := q.eta * s
	drag := 1 - h*q.friction
	if q.nesterov {
		drag -= h * h * (1 - h*q.friction) // grad f is taken h (1 - h gamma) v ahead
	}
	// v' = drag v - h x + h xi/2, x' = x + h v'.
	return square{{1 - h*h, h * drag}, {-h, drag}}, [2]float64{h * h / 2, h / 2}
}

// drift is the matrix of a model's drift at t. With A z the drift of the limit at s = 1 and G z the second moment m14
// there, that is s A, and of order two eta (s^2 G - (s^2 A^2 + s' A)/2) more.
func (q turning) drift(t float64) square {
	s, g := q.At(t), q.friction
	a := square{{0, 1}, {-1, -g}}
	b := a.scaled(s)
	if q.order == 1 {
		return b
	}
	slope := -q.Rate * s
	if q.Kind == schedule.Inverse {
		slope *= s
	}
	ahead := square{{-1, -g}, {0, 0}}
	if q.nesterov {
		ahead[1][1] = -1
	}
	more := ahead.scaled(s * s).plus(a.after(a).scaled(-s * s / 2)).plus(a.scaled(-slope / 2))
	return b.plus(more.scaled(q.eta))
}

// gaps returns the suprema over z.P z <= R^2 and n eta <= end of x^2 and cos(x + v).
func (q turning) gaps(R, end float64) map[string]float64 {
	// P of the Lyapunov metric at the curvature 1.
	off, last := 0.5, 1/q.friction
	p := square{{q.friction*off + last, off}, {off, last}}
	const parts = 64
	h := q.eta / parts
	one := square{{1, 0}, {0, 1}}
	type law struct{ mean, cov square }
	chain, model := law{mean: one}, law{mean: one}
	fade := 1.0 // of the waves, by all kicks so far
	best := map[string]float64{}
	for n := 1; float64(n)*q.eta <= end*(1+1e-12); n++ {
		t := float64(n-1) * q.eta
		m, w := q.step(q.At(t))
		chain.mean = m.after(chain.mean)
		chain.cov = m.after(chain.cov).after(m.transposed()).plus(square{{w[0] * w[0], w[0] * w[1]}, {w[0] * w[1], w[1] * w[1]}})
		slope := func(t float64, l law) law {
			b, s := q.drift(t), q.At(t)
			c := b.after(l.cov)
			return law{b.after(l.mean), c.plus(c.transposed()).plus(square{1: {0, q.eta * s * s / 4}})}
		}
		add := func(l, d law, h float64) law { return law{l.mean.plus(d.mean.scaled(h)), l.cov.plus(d.cov.scaled(h))} }
		for i := range parts {
			at := t + float64(i)*h
			k1 := slope(at, model)
			k2 := slope(at+h/2, add(model, k1, h/2))
			k3 := slope(at+h/2, add(model, k2, h/2))
			k4 := slope(at+h, add(model, k3, h))
			model = add(add(add(add(model, k1, h/6), k2, h/3), k3, h/3), k4, h/6)
		}
		// What the kicks so far have become is seen from the last one backwards.
		fade = 1
		back := [2]float64{1, 1} // of x + v
		for k := n - 1; k >= 0; k-- {
			m, w := q.step(q.At(float64(k) * q.eta))
			fade *= math.Cos(back[0]*w[0] + back[1]*w[1])
			back = [2]float64{back[0]*m[0][0] + back[1]*m[1][0], back[0]*m[0][1] + back[1]*m[1][1]}
		}
		dim := math.Exp(-(model.cov[0][0] + 2*model.cov[0][1] + model.cov[1][1]) / 2)
		row := func(l law) (x, wave [2]float64) {
			return l.mean[0], [2]float64{l.mean[0][0] + l.mean[1][0], l.mean[0][1] + l.mean[1][1]}
		}
		x, wave := row(chain)
		y, ripple := row(model)
		at := func(v [2]float64, z [2]float64) float64 { return v[0]*z[0] + v[1]*z[1] }
		best["square"] = max(best["square"], inEllipse(p, R, func(z [2]float64) float64 {
			return math.Abs(at(x, z)*at(x, z) - at(y, z)*at(y, z) + chain.cov[0][0] - model.cov[0][0])
		}))
		best["cosine"] = max(best["cosine"], inEllipse(p, R, func(z [2]float64) float64 {
			return math.Abs(math.Cos(at(wave, z))*fade - math.Cos(at(ripple, z))*dim)
		}))
	}
	return best
}

// inEllipse maximises an even function over z.P z <= R^2.
func inEllipse(p square, R float64, f func(z [2]float64) float64) float64 {
	// P = C^T C.
	c := math.Sqrt(p[0][0])
	e := p[0][1] / c
	g := math.Sqrt(p[1][1] - e*e)
	value := func(r, angle float64) float64 {
		v := r * math.Sin(angle) / g
		return f([2]float64{(r*math.Cos(angle) - e*v) / c, v})
	}
	const shells, rays = 24, 48
	best, r, angle := 0.0, 0.0, 0.0
	for i := range shells + 1 {
		for j := range rays {
			if v := value(R*float64(i)/shells, math.Pi*float64(j)/rays); v > best {
				best, r, angle = v, R*float64(i)/shells, math.Pi*float64(j)/rays
			}
		}
	}
	for step := 1.0; step > 1e-9; {
		better := false
		for _, d := range [][2]float64{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {1, -1}, {-1, 1}, {-1, -1}} {
			to, turn := min(max(r+d[0]*step*R/shells, 0), R), angle+d[1]*step*math.Pi/rays
			if v := value(to, turn); v > best {
				best, r, angle, better = v, to, turn, true
			}
		}
		if !better {
			step /= 2
		}
	}
	return best
}

// Heavy ball and Nesterov's step with step sizes that fall have the gaps of the closed form within their errors and
// 1 %, at the orders 2 and 1.
func TestVelocitiesClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const R = 2.0
	for _, c := range []struct {
		algorithm string
		schedule.Schedule
		etas string
		end  float64
	}{
		{"momentum", schedule.Schedule{Kind: schedule.Inverse, Rate: 1}, "1/8, 1/16, 1/32", 2},
		{"nesterov", schedule.Schedule{Kind: schedule.Exponential, Rate: 0.5}, "1/8, 1/16, 1/32", 1},
	} {
		t.Run(c.algorithm, func(t *testing.T) {
			t.Parallel()
			for _, row := range solve(t, fmt.Sprintf(moving, R, c.etas, c.algorithm, c.Kind, c.Rate, c.end)).Gap {
				q := turning{Schedule: c.Schedule, eta: row.Eta, friction: 1.5, nesterov: c.algorithm == "nesterov", order: 1}
				if row.Model == "second-order" {
					q.order = 2
				}
				want := q.gaps(R, c.end)[row.Observable]
				if off := math.Abs(float64(row.Gap) - want); !(off <= float64(row.Error) && off <= 0.01*want) {
					t.Errorf("%s, %s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
				}
			}
		})
	}
}
