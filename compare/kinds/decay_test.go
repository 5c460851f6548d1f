package kinds

import (
	"fmt"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/trial"
	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// Proposition 1 holds up to some eta0(J) only: the fourth derivative of u for f = x^2/2 +
// 2 xi cos x grows at the origin at eta = 1/4, by the rate 24 eta - 4 (1 + eta/2) = 1.5,
// and decays at smaller learning rates.
func TestFourthDerivativeGrowsAtLargeLearningRates(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := decayOf(t, trial.Spec{Name: "trig1d", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^2/2 + 2*xi*cos(x)", Observables: [][2]string{{"gauss", "exp(-x^2/2)"}}, R: 5, Etas: []int{4, 16}}, sgd.Modified)
	for _, d := range r.Decay {
		if d.Eta == 0.25 && d.J[0] == 3 {
			// Its layer at the origin narrows like e^{-1.375 t}; the rate is 0.375.
			if d.Verdict == compare.DecayPass && !(d.Low <= 0.375 && 0.375 <= d.High) || d.Verdict == compare.DecayFail {
				t.Errorf("J = [3]: %s, %.4g in [%.4g, %.4g], want 0.375 or not-resolved", d.Verdict, float64(d.Gamma), float64(d.Low), float64(d.High))
			}
			continue
		}
		want := compare.DecayPass
		switch {
		case d.Eta == 0.25 && d.J[0] == 4:
			want = compare.DecayFail
			if math.Abs(float64(d.Gamma)+1.5) > 1e-3 {
				t.Errorf("gamma %.6g, want -1.5", float64(d.Gamma))
			}
		case d.J[0] == 2:
			// d^2 u(0,t) = -e^{-(2 - 3 eta) t}, and nowhere more.
			if rate := compare.Number(2 - 3*d.Eta); !(d.Low <= rate && rate <= d.High) || d.High-d.Low > 0.01 {
				t.Errorf("eta = %s, J = [2]: [%.6g, %.6g], want %.6g", d.EtaText, float64(d.Low), float64(d.High), float64(rate))
			}
		}
		if d.Verdict != want {
			t.Errorf("eta = %s, J = %v: %s (%s), want %s", d.EtaText, d.J, d.Verdict, d.Reason, want)
		}
	}
	for _, m := range r.Moments {
		if math.Abs(float64(m.Limit)) > float64(m.Error) || m.Error > 1e-4 {
			t.Errorf("m = %d, eta = %s: limit %.3g +- %.2g, want 0", m.M, m.EtaText, float64(m.Limit), float64(m.Error))
		}
	}
	for _, l := range r.DecayLimits {
		want := 0.25
		switch fmt.Sprint(l.J) {
		case "[3]":
			continue
		case "[4]":
			want = 1. / 16
		}
		if l.Eta0 == nil || *l.Eta0 != want {
			t.Errorf("eta0(%v) = %v, want %v", l.J, l.Eta0, want)
		}
	}
}

// The derivatives of u for a quadratic f with mu_f = b decay like e^{-k b t}, k whole: x^2,
// x^3 and cos 2x about a minimizer that is not the origin have all k up to four. The intervals
// hold the rates and are narrow, C bounds at all times, and what is zero is called zero.
func TestDecayIntervalsHoldTheRates(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -0.9, High: 0.9}}}, 8)
	if err != nil {
		t.Fatal(err)
	}
	r := decayOf(t, trial.Spec{Name: "shifted", Parameters: []string{"x"}, Variables: []string{"xi"}, Law: xi, Loss: "0.75*(x - xi)^2",
		Observables: [][2]string{{"square", "(x+1.3)^2"}, {"cube", "(x+1.3)^3"}, {"cosine", "cos(2*x+2.6)"}, {"moment", "x^2"}, {"one", "1 + 0*x"}},
		R:           1.7, Etas: []int{4, 64}}, sgd.SecondOrder)
	multiples := map[string][4]float64{"square": {1, 2}, "cube": {1, 2, 3}, "cosine": {1, 2, 3, 4}, "moment": {2, 2}, "one": {}}
	for i, d := range r.Decay {
		rate := compare.Number(multiples[d.Observable][d.J[0]-1] * 1.5 * (1 + 0.75*d.Eta))
		if rate == 0 {
			if d.Verdict != compare.DecayZero {
				t.Errorf("%s, eta = %s, J = %v: %s (%s), want zero", d.Observable, d.EtaText, d.J, d.Verdict, d.Reason)
			}
			continue
		}
		if d.Verdict != compare.DecayPass || !(d.Low <= rate && rate <= d.High) || d.High-d.Low > 0.1*rate {
			t.Errorf("%s, eta = %s, J = %v: %s, %.5g in [%.5g, %.5g], want %.5g", d.Observable, d.EtaText, d.J, d.Verdict, float64(d.Gamma), float64(d.Low), float64(d.High), float64(rate))
		}
		c := r.DecayCurves[i]
		for k, v := range c.Sup {
			if bound := float64(d.C)*math.Exp(-float64(d.Gamma)*c.T[k]) + float64(d.Floor); v > bound*(1+1e-9) {
				t.Errorf("%s, eta = %s, J = %v: %.4g at t = %.3g, above the bound %.4g", d.Observable, d.EtaText, d.J, v, c.T[k], bound)
				break
			}
		}
	}
}

// C has an error that holds the largest sup |d^J u| e^{gamma t} over the times up to the end
// of the window, which has a closed form for a quadratic f, and is no wider than a thousandth.
func TestDecayConstantsHaveErrors(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -0.9, High: 0.9}}}, 8)
	if err != nil {
		t.Fatal(err)
	}
	r := decayOf(t, trial.Spec{Name: "constants", Parameters: []string{"x"}, Variables: []string{"xi"}, Law: xi, Loss: "0.75*(x - xi)^2",
		Observables: [][2]string{{"cosine", "cos(2*x+2.6)"}}, R: 1.7, Etas: []int{4, 64}}, sgd.SecondOrder)
	for _, d := range r.Decay {
		beta := 1.5 * (1 + 0.75*d.Eta)
		sup := func(t float64) float64 {
			e := math.Exp(-beta * t)
			variance := d.Eta * 1.5 * 1.5 * 0.27 * (1 - e*e) / (2 * beta)
			most := 0.0
			for i := range 4001 {
				z := 2*(float64(i)/2000-1)*1.7*e + 2.6
				most = max(most, math.Abs([]float64{math.Sin(z), math.Cos(z)}[(d.J[0]+1)%2]))
			}
			return math.Pow(2*e, float64(d.J[0])) * math.Exp(-2*variance) * most
		}
		want := 0.0
		for i := range 2000 {
			t := float64(d.Window[1]) * float64(i) / 1999
			want = max(want, sup(t)*math.Exp(float64(d.Gamma)*t))
		}
		if off := math.Abs(float64(d.C) - want); off > float64(d.CError)+1e-6*want || float64(d.CError) > 1e-3*want {
			t.Errorf("eta = %s, J = %v: C = %.9g +- %.2g, want %.9g", d.EtaText, d.J, float64(d.C), float64(d.CError), want)
		}
		t.Logf("eta = %s, J = %v: C = %.9g +- %.2g, want %.9g", d.EtaText, d.J, float64(d.C), float64(d.CError), want)
	}
	for _, m := range r.Moments {
		beta := 1.5 * (1 + 0.75*m.Eta)
		moment := func(x, t float64) float64 {
			e := math.Exp(-beta * t)
			v, y := m.Eta*1.5*1.5*0.27*(1-e*e)/(2*beta), x*x*e*e
			return []float64{y + v, y*y + 6*y*v + 3*v*v, y*y*y + 15*y*y*v + 45*y*v*v + 15*v*v*v}[m.M-1]
		}
		want := 0.0
		for i := range 400 {
			t := 12 / 1.5 * float64(i) / 399
			for k := range 401 {
				x := 1.7 * float64(k) / 400
				want = max(want, moment(x, t)/(1+math.Pow(x, float64(2*m.M))*math.Exp(-float64(m.Gamma)*t)))
			}
		}
		if off := math.Abs(float64(m.C) - want); off > float64(m.CError)+1e-4*want || float64(m.CError) > 1e-3*want {
			t.Errorf("eta = %s, m = %d: C = %.9g +- %.2g, want %.9g", m.EtaText, m.M, float64(m.C), float64(m.CError), want)
		}
	}
}

// With the modified model the third and fourth derivatives of x^2 are not zero, but
// exponentially small in 1/eta: at small rates they are zero to an error that only fine grids
// have, since the differences next to the sphere reach into the cutoff.
func TestDecayZeroBesideTheCutoff(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = s.Observables[:1], []int{64, 128}
	for _, d := range decayOf(t, s, sgd.Modified).Decay {
		want := compare.DecayPass
		if d.J[0] > 2 {
			want = compare.DecayZero
		}
		if d.Verdict != want {
			t.Errorf("eta = %s, J = %v: %s (%s), want %s", d.EtaText, d.J, d.Verdict, d.Reason, want)
		}
	}
}

// Third and fourth derivatives of |x|^2 are zero for a quadratic in the plane, at any
// learning rate.
func TestDecayZeroInThePlane(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := decayOf(t, trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"s", "r"}, Values: [][]float64{{1, 0.2}, {-0.5, 0.7}, {-0.5, -0.9}},
		Loss: "x^2 + 0.4*x*y + 0.35*y^2 - s*x - r*y", Observables: [][2]string{{"square", "x^2 + y^2"}}, R: 2, Etas: []int{8}}, sgd.SecondOrder)
	if len(r.Decay) != 14 {
		t.Fatalf("%d rows", len(r.Decay))
	}
	for _, d := range r.Decay {
		want := compare.DecayPass
		if look.OrderOf(d.J) > 2 {
			want = compare.DecayZero
		}
		if d.Verdict != want {
			t.Errorf("J = %v: %s (%s), want %s", d.J, d.Verdict, d.Reason, want)
		}
	}
}

// The jets of a function are its derivatives, at the points and in between.
func TestJets(t *testing.T) {
	t.Parallel()
	k := []float64{0.9, -0.6, 0.4}
	for d := 1; d <= 3; d++ {
		for _, kind := range []grid.Kind{grid.KindUniform, grid.KindChebyshev} {
			width, n := 12, 30
			if kind == grid.KindChebyshev {
				width, n = 0, 18
			}
			nodes := make([]int, d)
			for i := range nodes {
				nodes[i] = n
			}
			center := []float64{0.1, -0.2, 0.3}[:d]
			g, err := grid.Box(kind, nodes, center, 1.5)
			if err != nil {
				t.Fatal(err)
			}
			x := make([]float64, d)
			phase := func(x []float64) float64 {
				s := 0.3
				for i := range x {
					s += k[i] * x[i]
				}
				return s
			}
			u := make([]float64, g.Len())
			for i := range u {
				g.PointTo(x, i)
				u[i] = math.Sin(phase(x))
			}
			q := look.NewPoints(grid.Ball{Center: center, R: 1}, 4)
			js := look.MultiIndices(d)
			s := look.NewJets(g, width, q, js)
			got := make([][]float64, len(js))
			for i := range got {
				got[i] = make([]float64, len(q.X))
			}
			s.SampleTo(got, u)
			for i, j := range js {
				factor := 1.0
				for a := range j {
					factor *= math.Pow(k[a], float64(j[a]))
				}
				for p, x := range q.X {
					want := factor * math.Sin(phase(x)+math.Pi/2*float64(look.OrderOf(j)))
					if e := math.Abs(got[i][p] - want); e > 1e-6 {
						t.Fatalf("d = %d, %s, J = %v at %v: off by %.2g", d, kind, j, x, e)
					}
					if e := math.Abs(s.Value(u, i, x) - got[i][p]); e > 1e-8 {
						t.Fatalf("d = %d, %s, J = %v at %v: value and sample differ by %.2g", d, kind, j, x, e)
					}
				}
			}
		}
	}
	// The largest |d^J u| lies between the points.
	g, err := grid.Box(grid.KindChebyshev, []int{24}, []float64{0}, 1.5)
	if err != nil {
		t.Fatal(err)
	}
	u := make([]float64, 24)
	for i := range u {
		u[i] = math.Cos(2 * (g.Axis(0).Node(i) - 0.123))
	}
	s := look.NewJets(g, 0, look.NewPoints(grid.Ball{Center: []float64{0}, R: 1}, 4), look.MultiIndices(1))
	samples, place := make([][]float64, 4), []float64{0}
	for i := range samples {
		samples[i] = make([]float64, len(s.Q.X))
	}
	s.SampleTo(samples, u)
	if v, left := s.Largest(u, 1, samples[1], place); math.Abs(v-4) > left+1e-9 || left > 5e-4 || math.Abs(place[0]-0.123) > 0.01 {
		t.Errorf("sup %.9g +- %.1e at %.4g, want 4 at 0.123", v, left, place[0])
	}
}

// A constant of a bound holds at every time, also after the window.
func TestBoundConstant(t *testing.T) {
	t.Parallel()
	x, v, e := []float64{0, 1, 2}, []float64{1, 0.5, 0.4}, []float64{0, 0, 0.39}
	if c, _ := fit.BoundConstant(x, v, e, 1); math.Abs(c-0.5*math.E) > 1e-12 {
		t.Errorf("C = %.4g, want e/2: the last value is not above its error", c)
	}
	e[2] = 0.1 // it is not above ten of these, and leaves at least 0.3 e^2
	if c, err := fit.BoundConstant(x, v, e, 1); math.Abs(c-0.5*math.E) > 1e-12 || !(err >= 0.3*math.Exp(2)-c) {
		t.Errorf("C = %.4g +- %.2g, want e/2 and an error up to 0.3 e^2", c, err)
	}
	e[2] = 0.01
	if c, err := fit.BoundConstant(x, v, e, 1); math.Abs(c-0.4*math.Exp(2)) > 1e-12 || math.Abs(err-0.01*math.Exp(2)) > 1e-12 {
		t.Errorf("C = %.4g +- %.2g, want 0.4 e^2 and 0.01 e^2", c, err)
	}
	// Noise that is larger than its error says no more of C than an error: v = e^{-t} and late values of 2e-9 +- 1e-9.
	x, v, e = nil, nil, nil
	for n := range 30 {
		at := float64(n)
		x, v, e = append(x, at), append(v, max(math.Exp(-at), 2e-9)), append(e, 1e-9)
	}
	if c, err := fit.BoundConstant(x, v, e, 1); math.Abs(c-1) > err || math.Abs(c-1) > 0.1 {
		t.Errorf("C = %.4g +- %.2g, want 1", c, err)
	}
}

// In space, for a quadratic whose axes are turned against the grid's: |x|^2 has the rate of
// twice the slowest mode in all first and second derivatives, and no others.
func TestDecayInSpace(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "space", Parameters: []string{"x", "y", "z"}, Variables: []string{"p", "q", "r"},
		Values: [][]float64{{0.8, 0.2, 0}, {-0.8, -0.2, 0}, {0, 0.6, -0.3}, {0, -0.6, 0.3}, {0.2, 0, 0.7}, {-0.2, 0, -0.7}},
		Loss:   "(x^2 + 1.5*y^2 + 1.5*z^2)/2 + 0.5*y*z - p*x - q*y - r*z", Observables: [][2]string{{"square", "x^2 + 2*y^2 + z^2"}}, R: 1.5, Etas: []int{8}})
	p.Models, p.Studies = trial.ModelsOf(p, sgd.SecondOrder), []compare.Study{compare.StudyDecay}
	p.Solver.Nodes = []int{13}
	r := run(t, p, nil)
	if len(r.Decay) != 34 {
		t.Fatalf("%d rows", len(r.Decay))
	}
	// The Hessian's eigenvalues are 1, twice (along x and along (y,-z)), and 2.
	slowest := compare.Number(1 + 1./16)
	for _, d := range r.Decay {
		if e := math.Abs(float64(d.SpectralGap - slowest)); !(e <= float64(d.SpectralGapError)+1e-8) {
			t.Fatalf("spectral gap %.9g, want %.9g", float64(d.SpectralGap), float64(slowest))
		}
		mixed := d.J[0] > 0 && d.J[1]+d.J[2] > 0
		switch {
		case look.OrderOf(d.J) > 2 || mixed:
			if d.Verdict != compare.DecayZero {
				t.Errorf("J = %v: %s (%s), want zero", d.J, d.Verdict, d.Reason)
			}
		case d.Verdict != compare.DecayPass || !(d.Low <= 2*slowest && 2*slowest <= d.High) || d.High-d.Low > 0.08*slowest:
			t.Errorf("J = %v: %s, %.6g in [%.6g, %.6g], want %.6g", d.J, d.Verdict, float64(d.Gamma), float64(d.Low), float64(d.High), float64(2*slowest))
		}
	}
}
