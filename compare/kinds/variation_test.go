package kinds

import (
	"context"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/compare/variation"
	"kolmo/internal/slow"
	"kolmo/kolmogorov"
	"kolmo/process"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// multiplicative has a random curvature: a first variation is multiplied by 1 - eta a a step.
var multiplicative = trial.Spec{Name: "multiplicative", Parameters: []string{"x"}, Variables: []string{"a", "b"}, Values: [][]float64{{0.5, 1}, {0.5, -1}, {1.5, 0.5}, {1.5, -0.5}},
	Loss: "a*x^2/2 + 0.1*b*x", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{4, 8, 32}}

// The rates and constants of a random curvature are known: of the chain by E|1 - eta a|^p, of a
// model by a geometric Brownian motion.
func TestVariationAgainstClosedForm(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, multiplicative)
	p.Studies = []compare.Study{compare.StudyVariation}
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * len(p.Etas) * (1 + len(p.Models)); len(r.Variation) != want {
		t.Fatalf("%d rows, want %d", len(r.Variation), want)
	}
	for _, row := range r.Variation {
		eta, q := row.Eta, float64(row.P)
		b, noise := 1.0, eta*0.25
		var want float64
		switch row.Model {
		case "sgd":
			want = -math.Log((math.Pow(1-eta*0.5, q)+math.Pow(1-eta*1.5, q))/2) / eta
		case "gradient-flow":
			noise = 0
		case "second-order", "modified":
			b += eta / 2
		}
		if row.Model != "sgd" {
			want = q*b - q*(q-1)/2*noise
		}
		// The cutoff bends what begins near the sphere.
		near := 1e-5
		if row.Model == "modified" {
			near = 0.05
		}
		if d := math.Abs(float64(row.Rate) - want); row.Verdict != compare.DecayPass || !(row.Low <= row.Rate && row.Rate <= row.High) || d > near*want || row.Model != "modified" && !(float64(row.Low) <= want && want <= float64(row.High)) {
			t.Errorf("%s, eta = %s, p = %d: rate %.9g in [%.9g, %.9g], want %.9g; %s, %s", row.Model, row.EtaText, row.P, row.Rate, row.Low, row.High, want, row.Verdict, row.Reason)
		}
		if row.Model != "modified" && math.Abs(float64(row.C)-1) > 1e-4 {
			t.Errorf("%s, eta = %s, p = %d: C = %.9g, want 1", row.Model, row.EtaText, row.P, row.C)
		}
		if noisy := row.Model != "sgd" && row.Model != "gradient-flow"; noisy != (row.Root != "") {
			t.Errorf("%s: root %q", row.Model, row.Root)
		}
		if math.Abs(float64(row.PMu)-q) > 1e-9 {
			t.Errorf("p mu = %g, want %g", row.PMu, q)
		}
	}
}

// In the plane with random Hessians M is the same everywhere, a power of a small matrix for the chain
// and an exponential for a model, here by many small steps of Heun's method.
func TestVariationInThePlane(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	values := [][]float64{{1, 0.3, 0.8}, {1.6, -0.5, 1.2}, {0.9, 0.4, 1.5}}
	p := trial.Build(t, trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"a", "c", "b"}, Values: values,
		Loss: "(a*x^2 + 2*c*x*y + b*y^2)/2 + 0.2*c*x - 0.1*b*y", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{8}})
	var err error
	if p.Models, err = process.Named(p.Dynamics, "second-order"); err != nil {
		t.Fatal(err)
	}
	p.Studies = []compare.Study{compare.StudyVariation}
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	type square [2][2]float64
	times := func(a, b square) (c square) {
		for i := range c {
			for j := range c {
				c[i][j] = a[i][0]*b[0][j] + a[i][1]*b[1][j]
			}
		}
		return c
	}
	sum := func(a square, s float64, b square) square {
		for i := range a {
			for j := range a {
				a[i][j] += s * b[i][j]
			}
		}
		return a
	}
	var hess []square
	var mean square
	for _, v := range values {
		h := square{{v[0], v[1]}, {v[1], v[2]}}
		hess, mean = append(hess, h), sum(mean, 1./3, h)
	}
	eye := square{{1, 0}, {0, 1}}
	const eta = 0.125
	drift := sum(sum(square{}, -1, mean), -eta/2, times(mean, mean))
	advance := map[string]func(m square) square{
		"sgd": func(m square) (out square) {
			for _, h := range hess {
				f := sum(eye, -eta, h)
				out = sum(out, 1./3, times(times(f, m), f))
			}
			return out
		},
		"second-order": func(m square) square {
			rate := func(m square) square {
				out := sum(times(drift, m), 1, times(m, drift))
				for _, h := range hess {
					n := sum(h, -1, mean)
					out = sum(out, eta/3, times(times(n, m), n))
				}
				return out
			}
			const parts = 2000
			for range parts {
				k := rate(m)
				l := rate(sum(m, eta/parts, k))
				m = sum(sum(m, eta/parts/2, k), eta/parts/2, l)
			}
			return m
		},
	}
	seen := 0
	for _, c := range r.VariationCurves {
		m, at := eye, 0.0
		for n, time := range c.T {
			for at < time-1e-9 {
				m, at = advance[c.Model](m), at+eta
			}
			if k := c.Direction - 1; math.Abs(c.Sup[n]-m[k][k]) > 1e-7*m[k][k] {
				t.Fatalf("%s, direction %d, t = %g: %.12g, want %.12g", c.Model, c.Direction, time, c.Sup[n], m[k][k])
			}
			seen++
		}
	}
	if seen < 100 {
		t.Errorf("%d values were compared", seen)
	}
	for _, row := range r.Variation {
		if row.Verdict != compare.DecayPass || row.P != 2 {
			t.Errorf("%+v", row)
		}
	}
}

// wavy has a curvature and noise that depend on x.
var wavy = trial.Spec{Name: "wavy", Parameters: []string{"x"}, Variables: []string{"a", "b"}, Values: [][]float64{{-1, 0.5}, {1, -0.5}, {0.5, 1}},
	Loss: "x^2/2 + 0.2*sin(x) + 0.3*a*cos(x) + 0.3*b*x^2/2", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{4}}

// For p = 1 and a first variation that stays positive the moment is the derivative of E X, which
// two other solvers know; and it takes all terms of the equation.
func TestVariationIsTheDerivativeOfTheMean(t *testing.T) {
	t.Parallel()
	const eta, steps = 0.25, 6
	p := trial.Build(t, wavy)
	s := &variation.Kind{Setup: newTestSetup(t, p, &compare.Config{})}
	l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{40}}
	data, err := s.Cache.Get(l, p.Ball.R)
	if err != nil {
		t.Fatal(err)
	}
	d, err := kolmogorov.NewDerivative(data.Grid, []int{1}, l.Order)
	if err != nil {
		t.Fatal(err)
	}
	compare := func(name string, u, m []float64) {
		t.Helper()
		want := make([]float64, len(u))
		d.ApplyTo(want, u)
		x := make([]float64, 1)
		for i := range want {
			if data.Grid.PointTo(x, i); math.Abs(x[0]) < 1.5 && math.Abs(want[i]-m[i]) > 1e-7 {
				t.Errorf("%s: %.10g at %.3g, want %.10g", name, m[i], x[0], want[i])
			}
		}
	}
	dynamics := p.Dynamics.(process.Varied)
	step, err := dynamics.StepVariation(eta)
	if err != nil {
		t.Fatal(err)
	}
	c, err := variation.NewChain(data.Grid, 0, step, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	op, err := sgdop.Assemble(context.Background(), data.Grid, p.Dynamics.Chain(eta), nil)
	if err != nil {
		t.Fatal(err)
	}
	u, su := look.CopyFields(data.Phi)[0], look.CopyFields(data.Phi)[0]
	for range steps {
		c.Step()
		op.ApplyTo(su, u)
		u, su = su, u
	}
	compare("sgd", u, c.Fields[0])
	for _, name := range []string{sgd.SecondOrder, sgd.FirstOrder} {
		list, err := process.Named(p.Dynamics, name)
		if err != nil {
			t.Fatal(err)
		}
		op, _, err := survey.Equation(data.Fields, list[0], eta, l.Order)
		if err != nil {
			t.Fatal(err)
		}
		root, err := dynamics.RootVariation(list[0], eta)
		if err != nil {
			t.Fatal(err)
		}
		m, err := variation.NewModel(op, list[0].Coefficients(data.Fields, eta), l.Order, root, nil, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Advance(steps * eta); err != nil {
			t.Fatal(err)
		}
		prop, out := kolmogorov.NewPolynomial(op, eta), look.NewBlock(steps, 1, data.Grid.Len())
		prop.Start(data.Phi)
		if err := prop.Advance(out); err != nil {
			t.Fatal(err)
		}
		compare(name, out[steps-1][0], m.Fields[0])
	}
}

// A plane with two independent directions has the moments of a line in each, also where
// curvature and noise depend on x.
func TestVariationOfAProduct(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	line := wavy
	plane := wavy
	plane.Parameters, plane.Loss, plane.Variables = []string{"x", "y"}, wavy.Loss+" + y^2 + 0.3*c*y", []string{"a", "b", "c"}
	plane.Values = nil
	for _, v := range wavy.Values {
		for _, c := range []float64{-1, 1} {
			plane.Values = append(plane.Values, append(append([]float64{}, v...), c))
		}
	}
	sup := map[string][]float64{}
	for k, sp := range []trial.Spec{line, plane} {
		p := trial.Build(t, sp)
		p.Studies = []compare.Study{compare.StudyVariation}
		var err error
		if p.Models, err = process.Named(p.Dynamics, "second-order", "first-order"); err != nil {
			t.Fatal(err)
		}
		p.Horizon = 4
		r, err := Run(context.Background(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.VariationCurves {
			if c.P != 2 || c.Direction != 1 {
				continue
			}
			if k == 0 {
				sup[c.Model] = c.Sup
				continue
			}
			// Suprema are over points of the ball, which the line's are more dense in.
			for n := range min(len(c.Sup), len(sup[c.Model]), 20) {
				if want := sup[c.Model][n]; math.Abs(c.Sup[n]-want) > 5e-3*want {
					t.Errorf("%s, t = %g: %g in the plane, %g on the line", c.Model, c.T[n], c.Sup[n], want)
				}
			}
		}
	}
}

// Dynamics of which first variations are not known say so.
func TestVariationOfOthers(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, multiplicative)
	p.Studies, p.Etas = []compare.Study{compare.StudyVariation}, p.Etas[:1]
	p.Dynamics = struct{ process.Dynamics }{p.Dynamics}
	r, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Variation {
		if row.Verdict != compare.DecayNotResolved || row.Reason != "the Jacobians of the images of a step are not known" {
			t.Errorf("%+v", row)
		}
	}
}

// Moments of the chain whose supremum is at the center, where no sample point lies, are those of the
// recursion v <- E (1 - eta f”)^2 v(x - eta f') on fine cells, and C with them.
func TestVariationLargestAtTheCenter(t *testing.T) {
	t.Parallel()
	const eta, r, cells = 1. / 4, 3, 6000
	p := trial.Build(t, trial.Spec{Name: "center", Parameters: []string{"x"}, Variables: []string{"a", "b"}, Values: [][]float64{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}},
		Loss: "x^4/36 - 0.383*x^2/2 + 0.181*a*x^2/2 + 0.471*b*x", Observables: [][2]string{{"x", "x"}}, R: r, Etas: []int{1 / eta}})
	p.Models, p.Studies = trial.ModelsOf(p, sgd.SecondOrder), []compare.Study{compare.StudyVariation}
	res, err := Run(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	row := res.Variation[0]
	if row.Model != "sgd" || row.P != 2 {
		t.Fatalf("the first row is of %s, p = %d", row.Model, row.P)
	}
	v, next, c := make([]float64, cells+1), make([]float64, cells+1), 0.0
	for i := range v {
		v[i] = 1
	}
	for n := 0; float64(n)*eta <= float64(row.Window[1])+eta/2; n++ {
		c = max(c, slices.Max(v)*math.Exp(float64(row.Rate)*float64(n)*eta))
		for i := range v {
			x, sum := r*(2*float64(i)/cells-1), 0.0
			for _, s := range [][2]float64{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}} {
				h := x*x/3 - 0.383 + 0.181*s[0]
				y := x - eta*(x*x*x/9-0.383*x+0.181*s[0]*x+0.471*s[1])
				at := min(max((y/r+1)/2*cells, 0), cells-1e-9)
				k := int(at)
				sum += 0.25 * (1 - eta*h) * (1 - eta*h) * (v[k] + (at-float64(k))*(v[k+1]-v[k]))
			}
			next[i] = sum
		}
		v, next = next, v
	}
	if math.Abs(float64(row.C)-c) > float64(row.CError)+2e-5*c || !(row.CError < 1e-3) {
		t.Errorf("C = %.7g +- %.2g, want %.7g", float64(row.C), float64(row.CError), c)
	}
}

// Of a quadratic loss in the plane the rates are those of the largest eigenvalue of M -> E (I - eta H) M (I - eta H), however
// small the weight of that mode is in a direction; a direction that is coupled to no slower one keeps its own.
func TestVariationMissesNoSlowMode(t *testing.T) {
	t.Parallel()
	const eta = 1. / 8
	rnd := rand.New(rand.NewPCG(3, 5))
	planes := [][][]float64{ // a, c, b of samples: x^2, xy, y^2
		{{3, 0, 0.9}, {2, 0, 1.1}},
		{{3, 1e-5, 0.9}, {2, -2e-5, 1.1}},
	}
	for range 22 {
		slow, fast, turn := 0.4+0.4*rnd.Float64(), 1.5+rnd.Float64(), rnd.NormFloat64()*0.1
		var values [][]float64
		for range 3 {
			a, b, r := fast+0.4*rnd.NormFloat64(), slow+0.1*rnd.NormFloat64(), turn+0.05*rnd.NormFloat64()
			c, s := math.Cos(r), math.Sin(r)
			values = append(values, []float64{a*c*c + b*s*s, (a - b) * c * s, a*s*s + b*c*c})
		}
		planes = append(planes, values)
	}
	for i, values := range planes {
		p := trial.Build(t, trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"a", "c", "b"}, Values: values,
			Loss: "(a*x^2 + 2*c*x*y + b*y^2)/2", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{1 / eta}})
		p.Models, p.Studies, p.Solver.Nodes = trial.ModelsOf(p, sgd.GradientFlow), []compare.Study{compare.StudyVariation}, []int{8, 8}
		r, err := Run(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		step := mat.NewDense(3, 3, nil) // on M11, M12, M22
		own := 0.0
		for _, v := range values {
			w, f := 1/float64(len(values)), [2][2]float64{{1 - eta*v[0], -eta * v[1]}, {-eta * v[1], 1 - eta*v[2]}}
			own += w * f[0][0] * f[0][0]
			for row, kl := range [][2]int{{0, 0}, {0, 1}, {1, 1}} {
				for a := range 2 {
					for b := range 2 {
						step.Set(row, a+b, step.At(row, a+b)+w*f[a][kl[0]]*f[b][kl[1]])
					}
				}
			}
		}
		var eig mat.Eigen
		eig.Factorize(step, mat.EigenNone)
		largest := 0.0
		for _, v := range eig.Values(nil) {
			largest = max(largest, cmplx.Abs(v))
		}
		for _, row := range r.Variation[:2] {
			want := -math.Log(largest) / eta
			if i == 0 && row.Direction == 1 {
				want = -math.Log(own) / eta
			}
			if row.Model != "sgd" || !(math.Abs(float64(row.Rate)-want) <= 1e-7*want) || !(float64(row.Low) <= want && want <= float64(row.High)) {
				t.Errorf("plane %d, %s, direction %d: rate %.10g in [%.10g, %.10g], want %.10g", i, row.Model, row.Direction, row.Rate, row.Low, row.High, want)
			}
		}
	}
}
