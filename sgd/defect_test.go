package sgd

import (
	"math"
	"testing"

	"kolmo/grid"
	"kolmo/kolmogorov"
)

// f(x;xi) = (x-xi)^2/2, xi = +-1, has D u = -(x/3) u' + (1/2) u” for the models of
// order two and closed forms of e for phi = x^2 and cos x.
func TestCorrectionAgainstClosedForm(t *testing.T) {
	t.Parallel()
	l := lossOf(t, 1, "(x1-xi)^2/2", []float64{1, -1}, nil)
	g := box(t, grid.KindChebyshev, 1, 2, 24)
	at, err := FieldsOn(g, l, 1)
	if err != nil {
		t.Fatal(err)
	}
	square := func(x []float64) float64 { return x[0] * x[0] }
	cosine := func(x []float64) float64 { return math.Cos(x[0]) }
	for _, c := range []struct {
		name  string
		model int // of named
		phi   func([]float64) float64
		e     func(x, t float64) float64
	}{
		{"square", 1, square, func(x, t float64) float64 {
			return -2./3*t*x*x*math.Exp(-2*t) + (1-math.Exp(-2*t))/2
		}},
		{"cosine", 0, cosine, func(x, t float64) float64 {
			z := x * math.Exp(-t)
			return t/3*z*math.Sin(z) - (1-math.Exp(-2*t))/4*math.Cos(z)
		}},
		{"square", 2, square, func(x, t float64) float64 { return -t * x * x * math.Exp(-2*t) }},
		{"square", 3, square, func(x, t float64) float64 {
			return -t*x*x*math.Exp(-2*t) + (1-math.Exp(-2*t))/2
		}},
	} {
		df, err := named[c.model].newDefect(at, 1)
		if err != nil {
			t.Fatal(err)
		}
		flow := newOperator(t, g, gradientFlow.coefficients(at, 0, Cutoff{}), 0)
		cor := kolmogorov.NewCorrection(flow, df, sample(g, c.phi))
		worst := 0.0
		for range 16 {
			if err := cor.Advance(0.25); err != nil {
				t.Fatal(err)
			}
			for i, v := range cor.E() {
				worst = max(worst, math.Abs(v-c.e(g.Axis(0).Node(i), cor.Time())))
			}
		}
		// The same from a basis, and by a polynomial between its steps.
		cor = kolmogorov.NewCorrection(flow, df, sample(g, c.phi))
		if !cor.UseBasis(0.25, 16) {
			t.Fatalf("%s, %s: no basis serves", c.name, named[c.model].name)
		}
		byBasis := 0.0
		for n := range 20 {
			dt := 0.25
			if n == 12 {
				dt = 0.1
			}
			at := cor
			if dt < 0.25 {
				at = cor.Clone()
			}
			if err := at.Advance(dt); err != nil {
				t.Fatal(err)
			}
			for i, v := range at.E() {
				byBasis = max(byBasis, math.Abs(v-c.e(g.Axis(0).Node(i), at.Time())))
			}
		}
		if byBasis > 1e-7 {
			t.Errorf("%s, %s: e is wrong by %.3g from a basis", c.name, named[c.model].name, byBasis)
		}
		t.Logf("%s, %s: %.2g, by a basis %.2g", c.name, named[c.model].name, worst, byBasis)
		if worst > 1e-9 {
			t.Errorf("%s, %s: e is wrong by %.3g", c.name, named[c.model].name, worst)
		}
	}
}

// The one-step defect over eta^{k+1} tends to D u, at first order in eta: a loss with
// third derivatives, noise that depends on x and has a third moment, in one to three
// dimensions. S u is summed over the samples from the function itself.
func TestDefectIsTheLimitOfTheOneStepError(t *testing.T) {
	t.Parallel()
	formulas := []string{
		"",
		"x1^2/2 + 0.1*x1^4 + xi*sin(x1) + 0.3*xi^2*x1",
		"x1^2/2 + x2^2 + 0.3*x1*x2 + 0.1*x1^3*x2 + xi*sin(x1 + 0.5*x2) + 0.4*xi^2*x2^2",
		"x1^2/2 + x2^2 + 0.8*x3^2 + 0.3*x1*x2*x3 + xi*sin(x1 + 0.5*x2 - 0.4*x3) + 0.4*xi^2*x2*x3",
	}
	u := func(x []float64) float64 {
		s := math.Sin(0.7*x[0]) + 0.3*x[0]*x[0]
		if len(x) > 1 {
			s += math.Cos(0.5*x[0] + x[1])
		}
		if len(x) > 2 {
			s += x[2] * math.Sin(x[1]-0.5*x[2])
		}
		return s
	}
	for d := 1; d <= 3; d++ {
		l := lossOf(t, d, formulas[d], []float64{1, -0.5}, []float64{1. / 3, 2. / 3})
		n := 24
		if d == 3 {
			n = 16
		}
		g := box(t, grid.KindChebyshev, d, 1, n)
		at, err := FieldsOn(g, l, 0)
		if err != nil {
			t.Fatal(err)
		}
		phi := sample(g, u)
		for _, m := range named[1:] {
			df, err := m.newDefect(at, 0)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]float64, g.Len())
			df.AddTo(want, 1, phi)
			inner := grid.Ball{Center: make([]float64, d), R: 0.7}
			size := 0.0
			x := make([]float64, d)
			for i, v := range want {
				if g.PointTo(x, i); inner.Contains(x) {
					size = max(size, math.Abs(v))
				}
			}
			var etas, errs []float64
			for _, eta := range []float64{1. / 16, 1. / 32, 1. / 64, 1. / 128} {
				out := [][][]float64{{make([]float64, g.Len())}}
				op := newOperator(t, g, m.coefficients(at, eta, Cutoff{}), 0)
				p := kolmogorov.NewPolynomial(op, eta)
				p.Start([][]float64{phi})
				if err := p.Advance(out); err != nil {
					t.Fatal(err)
				}
				ev := l.NewEvaluator()
				prob, grads := make([]float64, 2), make([]float64, 2*d)
				y, worst := make([]float64, d), 0.0
				for i, v := range out[0][0] {
					if g.PointTo(x, i); !inner.Contains(x) {
						continue
					}
					ev.NodesTo(prob, grads, x)
					su := 0.0
					for s, w := range prob {
						for k := range d {
							y[k] = x[k] - eta*grads[s*d+k]
						}
						su += w * u(y)
					}
					worst = max(worst, math.Abs((su-v)/math.Pow(eta, float64(m.order()+1))-want[i]))
				}
				etas, errs = append(etas, eta), append(errs, worst/size)
			}
			p := slope(etas, errs)
			t.Logf("d = %d, %s: order %.3f, relative differences %.3g", d, m.name, p, errs)
			if math.Abs(p-1) > 0.15 || errs[3] > 0.1 {
				t.Errorf("d = %d, %s: order %.3f, want 1; relative differences %.3g", d, m.name, p, errs)
			}
		}
	}
}
