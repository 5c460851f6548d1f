package kinds

import (
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// A rate is fitted only where values stand above their errors.
func TestLateRate(t *testing.T) {
	t.Parallel()
	var x, y, e []float64
	for i := range 100 {
		x = append(x, 0.1*float64(i))
		y = append(y, 3*math.Exp(-0.7*x[i])+5*math.Exp(-4*x[i])+1e-6)
		e = append(e, 1e-5)
	}
	if d := fit.LateRate(x, y, e); math.Abs(d.Rate-0.7) > 0.01 || !(d.Low <= d.Rate && d.Rate <= d.High) || d.To > 14 || d.From < 2 || d.High-d.Low > 0.1 {
		t.Errorf("%+v, want 0.7", d)
	}
	for i := range e {
		e[i] = 10
	}
	if d := fit.LateRate(x, y, e); d.Rate == d.Rate {
		t.Errorf("%+v from values below their errors", d)
	}
}

// A slower mode that is small at first, and a power of t, are within the interval.
func TestLateRateOfTransients(t *testing.T) {
	t.Parallel()
	var x, slow, power, zero []float64
	for i := 1; i <= 120; i++ {
		s := 0.1 * float64(i)
		x, zero = append(x, s), append(zero, 0)
		slow = append(slow, math.Exp(-2*s)+1e-3*math.Exp(-s))
		power = append(power, math.Exp(-s)*math.Pow(s, -1.5))
	}
	for name, v := range map[string][]float64{"slow mode": slow, "power": power} {
		if d := fit.LateRate(x, v, zero); !(d.Low <= 1 && 1 <= d.High) {
			t.Errorf("%s: %+v, want 1", name, d)
		}
	}
}

// The one-step error is followed until its rate is that of the slowest mode, long after
// the gap is closed: for a cube about another point the modes are b, 2b, 3b. The gap in the
// curve is that of the closed form, and ends.
func TestLocalRateIsTheSlowest(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "shifted", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-0.8}, {0.8}},
		Loss: "0.75*(x - xi)^2", Observables: [][2]string{{"cube", "(x+1.3)^3"}}, R: 1.7, Etas: []int{64}})
	p.Studies, p.Models = []compare.Study{compare.StudyLocalError}, trial.ModelsOf(p, sgd.SecondOrder)
	r := run(t, p, nil)
	row := r.LocalError[0]
	if want := compare.Number(1.5 * (1 + 0.75/64)); !(row.Low <= want && want <= row.High) || row.High-row.Low > 0.12*want {
		t.Errorf("rate %.5g in [%.5g, %.5g], want %.5g", float64(row.Rate), float64(row.Low), float64(row.High), float64(want))
	}
	// The curve has the gap as long as that is followed, and nothing afterwards.
	const b, variance, eta = 1.5, 0.64, 1. / 64
	followed, curve := 0, &r.LocalCurves[0]
	for k, g := range curve.Gap {
		if g != g {
			continue
		}
		followed++
		n, rate := curve.T[k]/eta, b*(1+b*eta/2)
		q, e := math.Pow(1-b*eta, n), math.Exp(-rate*curve.T[k])
		v, w := eta*b*variance*(1-q*q)/(2-b*eta), eta*b*b*variance*(1-e*e)/(2*rate)
		want := 0.0
		for i := -200; i <= 200; i++ {
			x := p.Ball.R * float64(i) / 200
			y, z := q*x+1.3, e*x+1.3
			want = max(want, math.Abs(y*y*y+3*y*v-z*z*z-3*z*w))
		}
		if followed != k+1 || math.Abs(g-want) > 1e-3*want+1e-10 {
			t.Errorf("t = %g: gap %.9g, want %.9g", curve.T[k], g, want)
		}
	}
	if followed == 0 || followed == len(curve.T) {
		t.Errorf("the gap is there at %d of %d steps", followed, len(curve.T))
	}
}

// What the closures of a low order do is within the error: cos 6x under an
// Ornstein-Uhlenbeck process whose noise does not vanish at the ends of the box.
func TestLocalErrorSeesClosures(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"c6", "cos(6*x)"}}, []int{4, 8}
	p := trial.Build(t, s)
	p.Studies, p.Models = []compare.Study{compare.StudyLocalError}, trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	p.Solver.Space, p.Solver.Order = compare.SpaceUniform, 4
	for _, row := range run(t, p, nil).LocalError {
		b := 1 + row.Eta/2
		if row.Model == sgd.FirstOrder {
			b = 1
		}
		u := func(t, x, rest float64) float64 {
			e := math.Exp(-b * t)
			return math.Exp(-18*row.Eta*(1-e*e)/(2*b)) * math.Cos(6*e*rest) * math.Cos(6*e*x)
		}
		want, sum := 0.0, 0.0
		for j := 1; float64(j)*row.Eta < 12; j++ {
			rho := 0.0
			for i := range 2001 {
				x := float64(i) / 1000
				rho = max(rho, math.Abs(u(float64(j-1)*row.Eta, (1-row.Eta)*x, row.Eta)-u(float64(j)*row.Eta, x, 0)))
			}
			want, sum = max(want, rho), sum+rho
		}
		if d := math.Abs(float64(row.Rho) - want); d > float64(row.Error)+1e-6*want {
			t.Errorf("%s, eta = %s: rho %.9g +- %.2g, want %.9g", row.Model, row.EtaText, float64(row.Rho), float64(row.Error), want)
		}
		if d := math.Abs(float64(row.Sum) - sum); d > float64(row.SumError)+1e-6*sum {
			t.Errorf("%s, eta = %s: sum %.9g +- %.2g, want %.9g", row.Model, row.EtaText, float64(row.Sum), float64(row.SumError), sum)
		}
	}
}

// A gap that is below its error, or that could not be told, decides nothing about the bound.
func TestLocalBoundUndecided(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "concave", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "-x^2/2 + xi*x", Observables: [][2]string{{"square", "x^2"}}, R: 2, Etas: []int{4}})
	p.Studies, p.Models, p.Horizon = []compare.Study{compare.StudyLocalError}, trial.ModelsOf(p, sgd.SecondOrder), 2
	row := run(t, p, nil).LocalError[0]
	if known := row.GapError <= row.Gap && row.SumError <= row.Sum; known == (row.Holds == nil) {
		t.Errorf("gap %.3g +- %.2g, sum %.3g +- %.2g: holds %v", float64(row.Gap), float64(row.GapError), float64(row.Sum), float64(row.SumError), row.Holds)
	}
	if row.Holds != nil {
		t.Errorf("the gap %.3g +- %.2g was expected to be undecided", float64(row.Gap), float64(row.GapError))
	}
}

// The expected loss is nearly quadratic about its minimum: its one-step error falls at about
// twice the slowest rate until t = 10, and then at that rate, 0.6888, which that of x^2 shows
// at once.
func TestLocalRateBelowAFastMode(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "logcosh", Parameters: []string{"x"}, Variables: []string{"xi"},
		Values: [][]float64{{-1}, {-1}, {-1}, {0.5}, {0.5}, {0.5}, {0.5}, {2}, {2}, {2}}, Loss: "log(cosh(x - xi)) + 0.1*x^2", R: 3, Etas: []int{4},
		Observables: [][2]string{{"loss", "0.3*log(cosh(x + 1)) + 0.4*log(cosh(x - 0.5)) + 0.3*log(cosh(x - 2)) + 0.1*x^2"}, {"square", "x^2"}}})
	p.Studies, p.Models = []compare.Study{compare.StudyLocalError}, trial.ModelsOf(p, sgd.FirstOrder)
	for _, row := range run(t, p, nil).LocalError {
		if want := 0.6888; !(float64(row.Low) <= want && want <= float64(row.High)) || !(row.Rate > 0) {
			t.Errorf("%s: rate %.4f in [%.4f, %.4f], window %v, want %.4f", row.Observable, row.Rate, row.Low, row.High, row.Window, want)
		}
	}
}

// The slow mode of x or x^3 lies far below the fast one of x^2 or cos, above rounding or not: the rate as j grows is its
// own, lambda or lambda (1 + lambda eta/2), and within the interval. Without it the interval is narrow, also where no such
// mode could be told from one below the errors: the other parity has none.
func TestLocalRateHoldsModesThatHide(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lambda, noise string
		observable    string
		eta           int
		model         string
		want, wide    float64
	}{
		{"1", "0.6*xi*x", "x^2 + 0.003*x", 8, sgd.FirstOrder, 1, 0.6},
		{"0.8", "0.6*xi*x", "x^2 + 0.001*x", 8, sgd.FirstOrder, 0.8, 1.2},
		{"1.2", "0.6*xi*x", "x^2 + 0.0006*x", 16, sgd.SecondOrder, 1.245, 1.8},
		{"0.8", "0.6*xi*x", "cos(1.3*x) + 0.0001*x", 32, sgd.SecondOrder, 0.81, 0.9},
		{"1.2437306552931982", "0.8732780755937134*xi*x", "cos(1.3*x) + 0.0006234584397343828*x", 16, sgd.FirstOrder, 1.2437306552931982, 2},
		{"1", "0.6*xi*x", "x^2 + 1e-8*x", 8, sgd.SecondOrder, 1.0625, 1.1},
		{"1", "0.6*xi*x", "x^2", 8, sgd.SecondOrder, 2.125, 0.01},
		{"0.8", "0.6*xi*x", "cos(1.3*x)", 32, sgd.SecondOrder, 1.62, 0.05},
	} {
		p := trial.Build(t, trial.Spec{Name: "hidden", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
			Loss: c.lambda + "*x^2/2 - " + c.noise, Observables: [][2]string{{"phi", c.observable}}, R: 1.4, Etas: []int{c.eta}})
		p.Studies, p.Models = []compare.Study{compare.StudyLocalError}, trial.ModelsOf(p, c.model)
		row := run(t, p, nil).LocalError[0]
		if low, high := float64(row.Low), float64(row.High); !(low <= c.want*(1+1e-9) && c.want <= high && high-low <= c.wide) || !(row.Low <= row.Rate && row.Rate <= row.High) {
			t.Errorf("%s, %s: rate %.4f in [%.4f, %.4f], window %v, want %.4f and no wider than %g", c.observable, c.model, row.Rate, low, high, row.Window, c.want, c.wide)
		}
	}
}
