//go:build !race

package schedule_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
	"kolmo/internal/solved"
	"kolmo/schedule"
)

const linear = `
name: linear
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {mean: x, square: x^2, cosine: cos(x)}
eta: [1/8, 1/16, 1/32, 1/64]
schedule: {kind: %s, rate: %g}
models: [second-order, first-order, gradient-flow]
horizon: 4
`

// model is a diffusion of f = (x - xi)^2/2, xi = -1 or 1, as an equation for the mean m x and
// the variance v: m' = -b(t) m, v' = -2 b(t) v + a(t).
type model struct {
	schedule.Schedule
	name  string
	eta   float64
	noise func(s float64) float64 // a; nil: that of gradient descent
}

// rates returns b and a at t. In the second-order model x moves by -s x with half the
// square of that, s^2 x, and half of what the fall of s does to it, -x ds/dt.
func (m model) rates(t float64) (b, a float64) {
	s := m.At(t)
	b, a = s, m.eta*s*s
	switch m.name {
	case "gradient-flow":
		a = 0
	case "second-order":
		fall := m.Rate * s * s
		if m.Kind == schedule.Exponential {
			fall = m.Rate * s
		}
		b += m.eta / 2 * (s*s + fall)
	}
	if m.noise != nil {
		a = m.noise(s)
	}
	return b, a
}

// step advances m and v by eta with the classical Runge-Kutta scheme.
func (m model) step(t, mean, v float64) (float64, float64) {
	const parts = 256
	h := m.eta / parts
	slope := func(t, mean, v float64) (float64, float64) {
		b, a := m.rates(t)
		return -b * mean, -2*b*v + a
	}
	for i := range parts {
		at := t + float64(i)*h
		m1, v1 := slope(at, mean, v)
		m2, v2 := slope(at+h/2, mean+h/2*m1, v+h/2*v1)
		m3, v3 := slope(at+h/2, mean+h/2*m2, v+h/2*v2)
		m4, v4 := slope(at+h, mean+h*m3, v+h*v3)
		mean, v = mean+h/6*(m1+2*m2+2*m3+m4), v+h/6*(v1+2*v2+2*v3+v4)
	}
	return mean, v
}

// gaps returns the suprema over |x| <= R and n eta <= end by observable.
func (m model) gaps(R, end float64) map[string]float64 {
	best := map[string]float64{}
	mean, spread := 1.0, 0.0 // of the chain
	var kicks []float64      // what every xi so far has become
	flow, v := 1.0, 0.0      // of the diffusion
	for n := 0; float64(n+1)*m.eta <= end*(1+1e-12); n++ {
		t := float64(n) * m.eta
		s := m.At(t)
		mean, spread = (1-m.eta*s)*mean, (1-m.eta*s)*(1-m.eta*s)*spread+m.eta*m.eta*s*s
		for i := range kicks {
			kicks[i] *= 1 - m.eta*s
		}
		kicks = append(kicks, m.eta*s)
		flow, v = m.step(t, flow, v)
		fade := 1.0
		for _, k := range kicks {
			fade *= math.Cos(k)
		}
		best["mean"] = max(best["mean"], R*math.Abs(mean-flow))
		best["square"] = max(best["square"], math.Abs(spread-v), math.Abs((mean*mean-flow*flow)*R*R+spread-v))
		best["cosine"] = max(best["cosine"], largest(R, func(x float64) float64 {
			return math.Abs(math.Cos(mean*x)*fade - math.Cos(flow*x)*math.Exp(-v/2))
		}))
	}
	return best
}

// largest maximises an even function over |x| <= R.
func largest(R float64, f func(x float64) float64) float64 {
	const points = 512
	at, best := 0.0, f(0)
	for i := range points + 1 {
		if x := R * float64(i) / points; f(x) > best {
			at, best = x, f(x)
		}
	}
	for h := R / points; h > 1e-9; h /= 2 {
		for _, x := range []float64{at - h, min(at+h, R)} {
			if f(x) > best {
				at, best = x, f(x)
			}
		}
	}
	return best
}

// run runs a study's text, all of whose rows say that they are over t <= horizon.
func run(t *testing.T, text string) *compare.Result {
	t.Helper()
	p, res := solved.Run(t, text)
	for _, row := range res.Gap {
		if row.ClosedBy == nil || *row.ClosedBy != "horizon" || row.Horizon == nil || *row.Horizon != p.Horizon {
			t.Errorf("%s, %s, eta = %s does not say that it is over t <= %g", row.Observable, row.Model, row.EtaText, p.Horizon)
		}
	}
	return res
}

// solve is run where rows are certified and orders are 2 and 1.
func solve(t *testing.T, text string) *compare.Result {
	t.Helper()
	res := run(t, text)
	solved.Holds(t, res, "second-order")
	return res
}

// Gaps are the closed forms' within their errors and 1 %.
func TestClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, s := range []schedule.Schedule{{Kind: schedule.Inverse, Rate: 1}, {Kind: schedule.Exponential, Rate: 0.5}} {
		t.Run(string(s.Kind), func(t *testing.T) {
			t.Parallel()
			for _, row := range solve(t, fmt.Sprintf(linear, s.Kind, s.Rate)).Gap {
				want := model{Schedule: s, name: row.Model, eta: row.Eta}.gaps(2, 4)[row.Observable]
				off := math.Abs(float64(row.Gap) - want)
				if !(off <= float64(row.Error)+1e-13 && off <= 0.01*want) {
					t.Errorf("%s, %s, eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.Observable, row.Model, row.EtaText, row.Gap, want, off, row.Error)
				}
			}
		})
	}
}

const warm = `
name: warm
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8, 1/16]
algorithm: {kind: langevin, beta: 4}
schedule: {kind: inverse, rate: 1}
models: [second-order]
horizon: 1
`

// So are those of Langevin dynamics, whose second-order model has the diffusion
// 2 s/beta + eta (s^2 + 2 s^2/beta + rate s^2/beta).
func TestClosedFormWithNoise(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const beta, R = 4.0, 2.0
	s := schedule.Schedule{Kind: schedule.Inverse, Rate: 1}
	for _, row := range run(t, warm).Gap {
		m := model{Schedule: s, name: row.Model, eta: row.Eta}
		mean, spread, flow, v, want := 1.0, 0.0, 1.0, 0.0, 0.0
		m.noise = func(v float64) float64 {
			return 2*v/beta + row.Eta*v*v*(1+(2+s.Rate)/beta)
		}
		for n := 0; float64(n+1)*row.Eta <= 1; n++ {
			t := float64(n) * row.Eta
			v1 := s.At(t)
			mean, spread = (1-row.Eta*v1)*mean, (1-row.Eta*v1)*(1-row.Eta*v1)*spread+row.Eta*row.Eta*v1*v1+2*row.Eta*v1/beta
			flow, v = m.step(t, flow, v)
			want = max(want, math.Abs(spread-v), math.Abs((mean*mean-flow*flow)*R*R+spread-v))
		}
		if off := math.Abs(float64(row.Gap) - want); !row.Certified || !(off <= float64(row.Error)) {
			t.Errorf("eta = %s: gap %.8g, closed form %.8g, off by %.2g and the error is %.2g", row.EtaText, row.Gap, want, off, row.Error)
		}
	}
}

// The shipped study has its orders.
func TestShipped(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text, err := os.ReadFile("../studies/falling.yaml")
	if err != nil {
		t.Fatal(err)
	}
	solve(t, string(text))
}
