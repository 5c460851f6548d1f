//go:build !race

package schedule_test

import (
	"fmt"
	"math"
	"os"
	"strings"
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

// parts is the number of parts of a step.
const parts = 256

// step advances m and v by eta.
func (m model) step(t, mean, v float64) (float64, float64) { return m.over(parts, t, mean, v) }

// over advances m and v by some parts of a step with the classical Runge-Kutta scheme.
func (m model) over(some int, t, mean, v float64) (float64, float64) {
	h := m.eta / parts
	slope := func(t, mean, v float64) (float64, float64) {
		b, a := m.rates(t)
		return -b * mean, -2*b*v + a
	}
	for i := range some {
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

// crossingTime returns when values at the steps n eta first cross a level, on the line between two of them.
func crossingTime(level, eta, at float64, next func() float64) float64 {
	for n, above := 0, at > level; ; n++ {
		v := next()
		if v > level != above {
			return eta * (float64(n) + (level-at)/(v-at))
		}
		at = v
	}
}

const downhill = `
name: downhill
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/8, 1/16, 1/32]
schedule: {kind: %s, rate: %g}
models: [second-order, first-order, gradient-flow]
studies: [crossing]
crossing: {level: 0.5, x: [1.5]}
horizon: 4
`

// The times at which x^2 falls to 1/2 from x = 1.5 and s = 1 are those of the moments' recursions and equations.
func TestCrossing(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, s := range []schedule.Schedule{{Kind: schedule.Inverse, Rate: 1}, {Kind: schedule.Exponential, Rate: 0.3}} {
		_, res := solved.Run(t, fmt.Sprintf(downhill, s.Kind, s.Rate))
		if len(res.Crossing) != 12 {
			t.Fatalf("%d rows", len(res.Crossing))
		}
		for _, row := range res.Crossing {
			m := model{Schedule: s, name: row.Model, eta: row.Eta}
			mean, v, at := 1.5, 0.0, 0.0
			want := crossingTime(0.5, row.Eta, mean*mean, func() float64 {
				step := s.At(at) * row.Eta
				mean, v, at = (1-step)*mean, (1-step)*(1-step)*v+step*step, at+row.Eta
				return mean*mean + v
			})
			if row.Model != "sgd" {
				mean, v, at = 1.5, 0, 0
				want = crossingTime(0.5, row.Eta/parts, mean*mean, func() float64 {
					mean, v = m.over(1, at, mean, v)
					at += row.Eta / parts
					return mean*mean + v
				})
			}
			if off := math.Abs(float64(row.T) - want); !row.Certified || !(off <= float64(row.Error)+1e-6) || row.Error > 1e-4 || len(row.X) != 1 {
				t.Errorf("%s, %s, eta = %s from %v: t = %.9g +- %.1e, want %.9g", s.Kind, row.Model, row.EtaText, row.X, row.T, row.Error, want)
			}
		}
		for _, c := range res.CrossingSlope {
			if c.Theory == c.Theory || c.Verdict != "theory says nothing: a coordinate with a range moves on from there, as a step size that falls" {
				t.Errorf("%+v", c)
			}
		}
	}
}

const uphill = `
name: uphill
parameters: [x]
loss: %s + 0.5*xi*x
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 1.75}
observables: {square: x^2}
eta: [1/4, 1/8]
schedule: {kind: inverse, rate: 0.5}
models: [gradient-flow]
studies: [crossing]
crossing: {level: 0.25, x: [0]}
horizon: 8
`

// From the top of -x^2/2 the chain's time is that of its variance, which nothing bounds, and from between two wells that of
// its law, pushed on by steps of a list of 35001 masses; the flow rests there whatever the step.
func TestCrossingFromTheTop(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := schedule.Schedule{Kind: schedule.Inverse, Rate: 0.5}
	for loss, keeps := range map[string]bool{"-x^2/2": false, "x^4/4 - x^2/2": true} {
		_, res := solved.Run(t, fmt.Sprintf(uphill, loss))
		for _, row := range res.Crossing {
			if row.Model == "gradient-flow" {
				if row.Certified || row.Reason == nil || !strings.HasPrefix(*row.Reason, "the process rests there") {
					t.Errorf("%s, eta = %s: %+v", loss, row.EtaText, row)
				}
				continue
			}
			v, at, law := 0.0, 0.0, newMasses(35001, 1.75)
			want := crossingTime(0.25, row.Eta, 0, func() float64 {
				step := s.At(at) * row.Eta
				at += row.Eta
				if keeps {
					return law.push(func(x float64) [2]float64 {
						drift := x + step*(x-x*x*x)
						return [2]float64{drift - step/2, drift + step/2}
					})
				}
				v = (1+step)*(1+step)*v + step*step/4
				return v
			})
			if off := math.Abs(float64(row.T) - want); row.Certified != keeps || !(off <= float64(row.Error)+1e-5) || row.Error > 1e-3 {
				t.Errorf("%s, eta = %s: t = %.9g +- %.1e, want %.9g", loss, row.EtaText, row.T, row.Error, want)
			}
		}
	}
}

// masses is a law on equally spaced points of |x| <= R.
type masses struct {
	at []float64
	R  float64
}

// newMasses returns all mass in the middle.
func newMasses(n int, R float64) *masses {
	m := &masses{make([]float64, n), R}
	m.at[n/2] = 1
	return m
}

// push moves every mass to two images in equal shares, each shared by its two neighbours so that means stay, and returns the
// mean of x^2.
func (m *masses) push(images func(x float64) [2]float64) (square float64) {
	h, next := 2*m.R/float64(len(m.at)-1), make([]float64, len(m.at))
	for i, v := range m.at {
		if v == 0 {
			continue
		}
		for _, y := range images(float64(i)*h - m.R) {
			k, share := math.Modf((y + m.R) / h)
			next[int(k)] += v / 2 * (1 - share)
			next[min(int(k)+1, len(next)-1)] += v / 2 * share
			square += v / 2 * y * y
		}
	}
	m.at = next
	return square
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
