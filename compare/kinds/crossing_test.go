package kinds

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/crossing"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/process"
)

// crossingOf runs the crossing study of a problem.
func crossingOf(t *testing.T, p *compare.Problem, c *compare.Crossing, workers int) *compare.Result {
	t.Helper()
	p.Studies, p.Crossing = []compare.Study{compare.StudyCrossing}, c
	r, err := Run(context.Background(), p, &compare.Config{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// means are closed forms of E y^2 for a quadratic loss of curvature c with gradient noise of
// variance v, from y: of the chain a geometric sum over n steps, of a model at the time t.
type means struct{ c, v, y, eta float64 }

func (m means) chain(n int) float64 {
	g := math.Pow(1-m.eta*m.c, 2*float64(n))
	return m.y*m.y*g + m.eta*m.eta*m.v*(1-g)/(1-(1-m.eta*m.c)*(1-m.eta*m.c))
}

// crossing returns the time at which the mean reaches a level, and for the chain the step before.
func (m means) crossing(model string, level float64) (t float64, n int) {
	k, v := m.c, m.v
	switch model {
	case "sgd":
		above := m.y*m.y > level
		for m.chain(n+1) > level == above {
			n++
		}
		return m.eta * (float64(n) + (level-m.chain(n))/(m.chain(n+1)-m.chain(n))), n
	case "second-order", "modified":
		k = m.c * (1 + m.eta*m.c/2)
	case "gradient-flow":
		v = 0
	}
	limit := m.eta * v / (2 * k)
	return -math.Log((level-limit)/(m.y*m.y-limit)) / (2 * k), 0
}

// checkCrossing holds the rows of an observable to the closed form.
func checkCrossing(t *testing.T, rows []compare.CrossingRow, m means, level float64) (seen int) {
	t.Helper()
	for _, row := range rows {
		if row.Observable != "y2" {
			continue
		}
		seen++
		m.eta = row.Eta
		want, n := m.crossing(row.Model, level)
		// At eta = 1/64 S amplifies rounding beyond the ball to 1e-6 of t.
		if d := math.Abs(float64(row.T) - want); !(d <= float64(row.Error)) || d > 2e-6 || row.Error > 1e-4 {
			t.Errorf("%s, eta = %s: t = %.9g +- %.1e, want %.9g; %s", row.Model, row.EtaText, row.T, row.Error, want, text(row.Reason))
		}
		if row.Model == "sgd" && (row.N == nil || *row.N != n) {
			t.Errorf("%s, eta = %s: step %v, want %d", row.Model, row.EtaText, row.N, n)
		}
	}
	return seen
}

// The chain leaves the linear saddle (x^2 - y^2)/2 at the time that a geometric sum tells, from its rest and from beside
// it; nothing of it is certain, since it leaves the ball. Diffusions have no time: on polynomials of degree n the drift y has the
// eigenvalue n, so that fields, and rounding with them, truly grow like e^{nt} on n + 1 nodes.
func TestCrossingOfTheLinearSaddle(t *testing.T) {
	t.Parallel()
	linear := trial.Spec{Name: "linear", Parameters: []string{"x", "y"}, Variables: []string{"a", "b"}, Values: [][]float64{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}},
		Loss: "(x^2 - y^2)/2 + 0.5*a*x + 0.5*b*y", Observables: [][2]string{{"y2", "y^2"}}, R: 2, Etas: []int{4, 8, 16, 32, 64}}
	p := trial.Build(t, linear)
	p.Models = trial.ModelsOf(p, "second-order", "first-order", "gradient-flow")
	for _, y := range []float64{0, 0.1} {
		r := crossingOf(t, p, &compare.Crossing{Level: 0.2, X: []float64{0, y}}, 1)
		rows := slices.DeleteFunc(slices.Clone(r.Crossing), func(row compare.CrossingRow) bool {
			noisy := row.Model == "second-order" || row.Model == "first-order"
			if noisy && (row.T == row.T || !strings.HasPrefix(text(row.Reason), "unstable") || !strings.Contains(text(row.Reason), "the drift leads out")) {
				t.Errorf("%s, eta = %s: %g, %s", row.Model, row.EtaText, row.T, text(row.Reason))
			}
			return noisy || y == 0 && row.Model == "gradient-flow" // which rests there
		})
		if got := checkCrossing(t, rows, means{c: -1, v: 0.25, y: y}, 0.2); got != len(rows) {
			t.Errorf("%d rows, want %d", got, len(rows))
		}
		for _, row := range r.Crossing {
			if row.Certified || row.Reason == nil {
				t.Errorf("%s, eta = %s: certified, although everything leaves the ball", row.Model, row.EtaText)
			}
		}
		for _, c := range r.CrossingSlope {
			if c.Slope == c.Slope || c.Theory != 0.5 && y == 0 {
				t.Errorf("%+v: there is no certified time", c)
			}
		}
	}
}

// On the way down a parabola the times of the chain and of all models are known.
func TestCrossingAgainstClosedForm(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "line", Parameters: []string{"y"}, Variables: []string{"a"}, Values: [][]float64{{-1}, {1}},
		Loss: "y^2 + 0.5*a*y", Observables: [][2]string{{"y2", "y^2"}}, R: 2, Etas: []int{4, 8, 16, 32}})
	r := crossingOf(t, p, &compare.Crossing{Level: 0.2, X: []float64{1.5}}, 1)
	if got, want := checkCrossing(t, r.Crossing, means{c: 2, v: 0.25, y: 1.5}, 0.2), len(p.Etas)*(1+len(p.Models)); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
	for i, row := range r.Crossing {
		if !row.Certified {
			t.Errorf("%s, eta = %s: %s", row.Model, row.EtaText, text(row.Reason))
		}
		if own := r.Crossing[i%len(p.Etas)]; row.Model != "sgd" && math.Abs(float64(row.Difference-(row.OnSteps-own.T))) > 1e-14 {
			t.Errorf("%s, eta = %s: difference %g", row.Model, row.EtaText, row.Difference)
		}
	}
}

// A flow at rest and a mean that begins at the level have no time, and the reason says which it is.
func TestCrossingFromRestAndFromTheLevel(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "line", Parameters: []string{"y"}, Variables: []string{"a"}, Values: [][]float64{{-1}, {1}},
		Loss: "y^2 + 0.5*a*y", Observables: [][2]string{{"y2", "y^2"}}, R: 2, Etas: []int{4, 8}})
	for _, y := range []float64{0, 0.1, 1.5} {
		for _, row := range crossingOf(t, p, &compare.Crossing{Level: y * y, X: []float64{y}}, 1).Crossing {
			want := "the mean begins at the level, "
			if y == 0 && row.Model == "gradient-flow" {
				want = "the process rests there, "
			}
			if row.Certified || row.T == row.T || !strings.HasPrefix(text(row.Reason), want) {
				t.Errorf("from %g, %s, eta = %s: %g, %s", y, row.Model, row.EtaText, row.T, text(row.Reason))
			}
		}
	}
}

// firstTime returns when a function first crosses a level, by looks 1e-5 apart; NaN if it does not up to an end.
func firstTime(u func(t float64) float64, level, end float64) float64 {
	const look = 1e-5
	above := u(0) > level
	for t := 0.0; t < end; t += look {
		if u(t+look) > level == above {
			continue
		}
		lo, hi := t, t+look
		for range 60 {
			if mid := (lo + hi) / 2; u(mid) > level == above {
				lo = mid
			} else {
				hi = mid
			}
		}
		return hi
	}
	return math.NaN()
}

// Means that cross and return within a step, once or often, have the time of a closed form at all learning rates, and
// those that come near have none: from x = 1 the flow of x^2/2 is e^{-t}, second-order's noise Gaussian.
func TestCrossingWithinAStep(t *testing.T) {
	t.Parallel()
	of := map[string]func(m, v float64) float64{
		"p": func(m, v float64) float64 { return 1 - ((m-0.9)*(m-0.9)+v)/(0.08*0.08) },
		"c": func(m, v float64) float64 { return math.Cos(20*m) * math.Exp(-200*v) },
	}
	seen, later := 0, 0
	problem := func(name, phi string, models ...string) *compare.Problem {
		p := trial.Build(t, trial.Spec{Name: "line", Parameters: []string{"x"}, Variables: []string{"a"}, Values: [][]float64{{-1}, {1}},
			Loss: "x^2/2 + 0.3*a*x", Observables: [][2]string{{name, phi}}, R: 1, Etas: []int{2, 4, 8}})
		p.Models = trial.ModelsOf(p, models...)
		return p
	}
	problems := []*compare.Problem{problem("p", "1 - ((x - 0.9)/0.08)^2", "gradient-flow", "second-order"), problem("c", "cos(20*x)", "gradient-flow")}
	for i, level := range []float64{-0.3, 0.5, 0.95, 0.99999, 1, 1.0001, -0.3, 0.5, 0.95, 0.99999, 1, 1.0001} {
		p := problems[i/6]
		for _, row := range crossingOf(t, p, &compare.Crossing{Level: level, X: []float64{1}}, 1).Crossing[len(p.Etas):] {
			k, s := 1.0, 0.0
			if row.Model == "second-order" {
				k, s = 1+row.Eta/2, row.Eta*0.09
			}
			want := firstTime(func(t float64) float64 {
				return of[row.Observable](math.Exp(-k*t), s*-math.Expm1(-2*k*t)/(2*k))
			}, level, 10)
			off, reason := math.Abs(float64(row.T)-want), text(row.Reason)
			switch {
			case level == 1 && row.Model == "gradient-flow": // it is touched
				at := -math.Log(map[string]float64{"p": 0.9, "c": 6 * math.Pi / 20}[row.Observable])
				if row.Certified && !(math.Abs(float64(row.T)-at) <= float64(row.Error)) || !row.Certified && !strings.HasPrefix(reason, "not resolved") {
					t.Errorf("%s touches %g at t = %.12g, eta = %s: %.12g +- %.1e, %s", row.Observable, level, at, row.EtaText, row.T, row.Error, reason)
				}
			case want != want:
				if row.T == row.T || !strings.Contains(reason, "does not cross the level up to t = 10") {
					t.Errorf("%s, %g, %s, eta = %s: %g, want none; %s", row.Observable, level, row.Model, row.EtaText, row.T, reason)
				}
			default:
				seen++
				if row.OnSteps != row.OnSteps || row.OnSteps > row.T+compare.Number(row.Eta) {
					later++
				}
				if !row.Certified || !(off <= float64(row.Error)+1e-13) || row.Error > 1e-5 || *row.N != int(want/row.Eta) {
					t.Errorf("%s, %g, %s, eta = %s: %.10g +- %.1e in step %v, want %.10g; %s", row.Observable, level, row.Model, row.EtaText, row.T, row.Error, row.N, want, reason)
				}
			}
		}
	}
	if seen < 18 || later < 9 {
		t.Errorf("%d times, of which %d are later on steps", seen, later)
	}
}

// wells is a loss with two wells that keep the chain, and in the plane a saddle between them.
func wells(plane bool, etas ...int) trial.Spec {
	s := trial.Spec{Name: "saddle", Parameters: []string{"y"}, Variables: []string{"b"}, Values: [][]float64{{-1}, {1}},
		Loss: "y^4/4 - y^2/2 + 0.5*b*y", Observables: [][2]string{{"y2", "y^2"}, {"y", "y"}}, R: 1.75, Etas: etas}
	if plane {
		s.Parameters, s.Variables, s.Values = []string{"x", "y"}, []string{"a", "b"}, [][]float64{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}}
		s.Loss += " + x^2/2 + 0.5*a*x"
	}
	return s
}

// From between two wells the time rises by half of ln(1/eta), for the chain and for all that have noise, and every three
// and four rates hold that; what never crosses says so, and the workers do not matter.
func TestCrossingFromBetweenWells(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, wells(false, 4, 8, 12, 16, 24, 32, 64, 128))
	r := crossingOf(t, p, &compare.Crossing{Level: 0.25}, 2)
	of := map[string][]compare.CrossingRow{}
	for _, row := range r.Crossing {
		moves := row.Observable == "y2" && row.Model != "gradient-flow"
		why := "the mean does not cross the level up to t = 10"
		if row.Model == "gradient-flow" {
			why = "the process rests there, and its mean does not change"
		}
		if row.Certified != moves || moves && row.Error > 1e-4 || !moves && (text(row.Reason) != why || row.T == row.T) {
			t.Errorf("%s, %s, eta = %s: certified is %v, %.6g +- %.1e: %s", row.Observable, row.Model, row.EtaText, row.Certified, row.T, row.Error, text(row.Reason))
		}
		if moves {
			of[row.Model] = append(of[row.Model], row)
		}
	}
	for _, row := range r.CrossingSlope {
		if row.Observable == "y2" && row.Model != "gradient-flow" && !(row.Low <= 0.5 && 0.5 <= row.High && row.High-row.Low < 0.05 && math.Abs(float64(row.Theory-0.5)) < 1e-12) {
			t.Errorf("%+v", row)
		}
	}
	checkWindows(t, of)
	p.Etas = p.Etas[1:2]
	other := crossingOf(t, p, &compare.Crossing{Level: 0.25}, 1)
	for _, row := range other.Crossing {
		if k := slices.IndexFunc(r.Crossing, func(v compare.CrossingRow) bool { return v.Key == row.Key }); asText(t, r.Crossing[k]) != asText(t, row) {
			t.Errorf("%s, %s: the workers matter", row.Observable, row.Model)
		}
	}
}

// meanBetweenWalls returns E y^2 from y = 0 at the times k dt <= 4 of a diffusion that walls at the ends of |y| <= 1.75
// reflect, by central differences and Crank-Nicolson's rule: a second method, of order 2 in both.
func meanBetweenWalls(b, a func(y float64) float64, cells int, dt float64) []float64 {
	h := 3.5 / float64(cells)
	n := cells + 1
	lower, upper, u := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range u {
		y := -1.75 + float64(i)*h
		u[i] = y * y
		lower[i], upper[i] = a(y)/(2*h*h)-b(y)/(2*h), a(y)/(2*h*h)+b(y)/(2*h)
		switch i {
		case 0:
			lower[i], upper[i] = 0, a(y)/(h*h)
		case n - 1:
			lower[i], upper[i] = a(y)/(h*h), 0
		}
	}
	at := []float64{u[cells/2]}
	right, ratio := make([]float64, n), make([]float64, n)
	for len(at) <= int(math.Round(4/dt)) {
		for i := range u {
			right[i] = u[i]
			if i > 0 {
				right[i] += dt / 2 * lower[i] * (u[i-1] - u[i])
			}
			if i < n-1 {
				right[i] += dt / 2 * upper[i] * (u[i+1] - u[i])
			}
		}
		for i := range u { // elimination
			pivot := 1 + dt/2*(lower[i]+upper[i])
			if i > 0 {
				pivot -= dt / 2 * lower[i] * ratio[i-1]
				right[i] += dt / 2 * lower[i] * right[i-1]
			}
			ratio[i] = dt / 2 * upper[i] / pivot
			right[i] /= pivot
		}
		u[n-1] = right[n-1]
		for i := n - 2; i >= 0; i-- {
			u[i] = right[i] + ratio[i]*u[i+1]
		}
		at = append(at, u[cells/2])
	}
	return at
}

// The times of diffusions from between two wells are those of a second method, extrapolated from two steps.
func TestCrossingAgainstAnotherMethod(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, wells(false, 8))
	p.Observables, p.Models = p.Observables[:1], trial.ModelsOf(p, "second-order", "first-order")
	for _, row := range crossingOf(t, p, &compare.Crossing{Level: 0.25}, 1).Crossing[1:] {
		b := func(y float64) float64 { return y - y*y*y }
		if row.Model == "second-order" {
			b = func(y float64) float64 { return (y - y*y*y) * (1 + row.Eta/2*(3*y*y-1)) }
		}
		var at [2]float64
		for i := range at {
			dt := 1e-3 / float64(1+i)
			u := meanBetweenWalls(b, func(float64) float64 { return row.Eta / 4 }, 700*(1+i), dt)
			k := slices.IndexFunc(u, func(v float64) bool { return v >= 0.25 })
			at[i] = dt * (float64(k-1) + (0.25-u[k-1])/(u[k]-u[k-1]))
		}
		if want := (4*at[1] - at[0]) / 3; !row.Certified || !(math.Abs(float64(row.T)-want) <= float64(row.Error)+1e-6) || row.Error > 1e-4 {
			t.Errorf("%s: %.9g +- %.1e, want %.9g", row.Model, row.T, row.Error, want)
		}
	}
}

// checkWindows holds the interval of every three and four rates, neighbours at most 3 times apart, to 1/2.
func checkWindows(t *testing.T, of map[string][]compare.CrossingRow) {
	t.Helper()
	seen := 0
	for model, rows := range of {
		for set := range 1 << len(rows) {
			var some []compare.CrossingRow
			near := true
			for i, row := range rows {
				if set>>i&1 == 0 {
					continue
				}
				near = near && (len(some) == 0 || some[len(some)-1].Eta <= 3*row.Eta)
				some = append(some, row)
			}
			if n := len(some); n != 3 && n != 4 || !near {
				continue
			}
			seen++
			v, last := crossing.Slope("y2", model, some, 1, 0.5, ""), some[len(some)-1].Eta
			if width := float64(v.High - v.Low); !(v.Low <= 0.5 && 0.5 <= v.High) || !strings.HasSuffix(v.Verdict, "lies in the interval") {
				t.Errorf("%s, %v: %.4f to %.4f", model, v.Etas, v.Low, v.High)
			} else if width > 6*last {
				t.Errorf("%s, %v: the interval is %.4f wide", model, v.Etas, width)
			}
		}
	}
	if seen < 100 {
		t.Errorf("%d windows", seen)
	}
}

// Nothing smooths the fields of a flow: near the unstable point they have a layer like e^{-t}, which grids miss alike. With
// x/sqrt(1 - x^2) growing like e^t the time is known.
func TestCrossingWithoutNoise(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	g := func(x float64) float64 { return x / math.Sqrt(1-x*x) }
	seen := 0
	for _, r := range []float64{1.1, 1.2, 1.3, 1.5, 1.7, 2} {
		for _, x := range []float64{0.02, 0.007, 0.003} {
			s := wellsSpec(8)
			s.R, s.Values = r, [][]float64{{-0.01}, {0.01}}
			p := trial.Build(t, s)
			p.Models, p.Horizon = trial.ModelsOf(p, "gradient-flow"), 20
			want := math.Log(g(0.5) / g(x))
			for _, row := range crossingOf(t, p, &compare.Crossing{Level: 0.5, X: []float64{x}}, 1).Crossing {
				if row.Model != "gradient-flow" || !row.Certified {
					continue
				}
				seen++
				if off := math.Abs(float64(row.T) - want); !(off <= float64(row.Error)) {
					t.Errorf("R = %g, x = %g: %.6g +- %.1e, want %.6g", r, x, row.T, row.Error, want)
				}
			}
		}
	}
	if seen < 4 {
		t.Errorf("%d times are certified", seen)
	}
}

// In the plane, with another direction beside it, the times are the same within their errors.
func TestCrossingInThePlane(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	rows := map[bool][]compare.CrossingRow{}
	for _, plane := range []bool{false, true} {
		p := trial.Build(t, wells(plane, 16))
		p.Observables = p.Observables[:1]
		var err error
		if p.Models, err = process.Named(p.Dynamics, "second-order"); err != nil {
			t.Fatal(err)
		}
		rows[plane] = crossingOf(t, p, &compare.Crossing{Level: 0.25}, 2).Crossing
	}
	for i, row := range rows[true] {
		line := rows[false][i]
		if d := math.Abs(float64(row.T - line.T)); !row.Certified || !(d <= float64(row.Error+line.Error)) || row.Error > 1e-3 {
			t.Errorf("%s: %.8g +- %.1e in the plane, %.8g +- %.1e on the line", row.Model, row.T, row.Error, line.T, line.Error)
		}
	}
}

// asText returns rows as results.json has them.
func asText(t *testing.T, rows any) string {
	t.Helper()
	b, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
