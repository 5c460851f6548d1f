package custom

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"kolmo/derived"
	"kolmo/langevin"
	"kolmo/law"
	"kolmo/momentum"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// lossOf returns the expected loss of a formula in parameters and xi, one of three values.
func lossOf(t *testing.T, formula string, parameters ...string) *objective.Loss {
	t.Helper()
	e, err := expr.Parse(formula, expr.Scope{Parameters: parameters, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1.2}, {0.3}, {2}}, []float64{0.5, 0.2, 0.3})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(parameters, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const (
	inOne = "x^2/2 + 0.3*cos(x - xi) + 0.2*xi*x^3 + exp(xi*x/3)"
	inTwo = "x^2/2 + y^2 + 0.3*cos(x + 2*y) + xi*x*y^2/5 + 0.1*x^3*y + softplus(xi*(x - y))"
)

// of returns an algorithm by updates, "" for none.
func of(t *testing.T, o objective.Objective, n Names, updates ...string) derived.Algorithm {
	t.Helper()
	if n.Size == 0 {
		n.Size = 1
	}
	formulas := make([]*Formula, len(n.State))
	for k, text := range updates {
		if text == "" {
			continue
		}
		var err error
		if formulas[k], err = Parse(text, n); err != nil {
			t.Fatal(err)
		}
	}
	a, err := New(n, formulas, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// same holds moments to each other.
func same(t *testing.T, what string, got, want *derived.Moments, tol float64) {
	t.Helper()
	for k := range got.M12 {
		for name, v := range map[string][2]float64{
			"m12": {got.M12[k], want.M12[k]}, "m14": {got.M14[k], want.M14[k]}, "(1/2) m22:hess m12": {got.L12[k], want.L12[k]},
		} {
			if !(math.Abs(v[0]-v[1]) <= tol*(1+math.Abs(v[1]))) {
				t.Errorf("%s: %s has %v in entry %d, want %v", what, name, v[0], k, v[1])
			}
		}
		for l := range got.M12 {
			for name, v := range map[string][2]float64{
				"m22": {got.M22[k][l], want.M22[k][l]}, "m24": {got.M24[k][l], want.M24[k][l]},
				"D m12": {got.D12[k][l], want.D12[k][l]}, "L0 m22": {got.L22[k][l], want.L22[k][l]},
			} {
				if !(math.Abs(v[0]-v[1]) <= tol*(1+math.Abs(v[1]))) {
					t.Errorf("%s: %s has %v in entry (%d, %d), want %v", what, name, v[0], k, l, v[1])
				}
			}
		}
	}
}

// normal is noise of the name z.
var normal = []law.Variable{{Name: "z", Law: law.Normal{Std: 1}}}

// The moments of the algorithms that are built in, written as formulas, are theirs.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	one, two := lossOf(t, inOne, "x"), lossOf(t, inTwo, "x", "y")
	state := Names{Loss: one, State: []string{"x", "v"}}
	two2 := []law.Variable{{Name: "z", Law: law.Normal{Std: 1}}, {Name: "w", Law: law.Normal{Std: 1}}}
	for _, c := range []struct {
		what      string
		got, want derived.Algorithm
		tol       float64
	}{
		{"momentum", of(t, one, state, "x + eta*(v - eta*(1.3*v + grad(x)))", "v - eta*(1.3*v + grad(x))"), momentum.New(momentum.Name, []string{"x"}, one, 1.3), 1e-13},
		{"nesterov", of(t, one, state, "x + eta*(v - eta*(1.3*v + grad(x; x = x + eta*(1 - 1.3*eta)*v)))", "v - eta*(1.3*v + grad(x; x = x + eta*(1 - 1.3*eta)*v))"),
			momentum.New(momentum.Nesterov, []string{"x"}, one, 1.3), 1e-13},
		{"langevin", of(t, two, Names{Loss: two, State: []string{"x", "y"}, Noise: two2}, "x - eta*grad(x) + sqrt(2*eta/3)*z", "y - eta*grad(y) + sqrt(2*eta/3)*w"),
			langevin.New([]string{"x", "y"}, two, 3, 2), 1e-9},
	} {
		if c.got.Noisy() != c.want.Noisy() {
			t.Errorf("%s is noisy: %v", c.what, c.got.Noisy())
		}
		got, want := c.got.NewMoments(), c.want.NewMoments()
		for _, z := range [][]float64{{0.3, -1.1}, {-1.4, 0.2}, {0.9, 0.7}} {
			var m, w derived.Moments
			got(&m, z)
			want(&w, z)
			same(t, c.what, &m, &w, c.tol)
			const eta = 0.2
			a, b := c.got.Step(eta), c.want.Step(eta)
			if a.Images() != b.Images() {
				t.Fatalf("%s: %d images, want %d", c.what, a.Images(), b.Images())
			}
			mean := func(s derived.Step) (sum [5]float64) {
				weights, images := make([]float64, s.Images()), make([]float64, 2*s.Images())
				if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
					t.Fatal(err)
				}
				for i, w := range weights {
					x, y := images[2*i], images[2*i+1]
					for k, v := range [5]float64{1, x, y * y, x * y * y, math.Sin(x + 2*y)} {
						sum[k] += w * v
					}
				}
				return sum
			}
			x, y := mean(a), mean(b)
			for k := range x {
				if math.Abs(x[k]-y[k]) > 1e-13*(1+math.Abs(y[k])) {
					t.Errorf("%s: the images' mean %d is %v, want %v", c.what, k, x[k], y[k])
				}
			}
		}
	}
}

// SAM by hand: m12 = -E g(x + rho g) and D m12 = -E H(x + rho g) (I + rho H), and Cov g there.
func TestSharpness(t *testing.T) {
	t.Parallel()
	const rho = 0.3
	l := lossOf(t, inTwo, "x", "y")
	ahead := "; x = x + 0.3*grad(x), y = y + 0.3*grad(y))"
	alg := of(t, l, Names{Loss: l, State: []string{"x", "y"}}, "x - eta*grad(x"+ahead, "y - eta*grad(y"+ahead)
	z := []float64{0.4, -0.7}
	var m, want derived.Moments
	alg.NewMoments()(&m, z)
	here, there := l.NewMachine(), l.NewMachine()
	weights := l.Law().Weights
	for k, w := range weights {
		here.Point(z, nil, 2)
		here.Block(0)
		at := []float64{z[0] + rho*here.Grad(0)[k], z[1] + rho*here.Grad(1)[k]}
		there.Point(at, nil, 2)
		there.Block(0)
		for i := range 2 {
			want.M12[i] -= w * there.Grad(i)[k]
			for j := range 2 {
				want.M24[i][j] += w * there.Grad(i)[k] * there.Grad(j)[k]
				want.D12[i][j] -= w * (there.Hess(i, j)[k] + rho*(there.Hess(i, 0)[k]*here.Hess(0, j)[k]+there.Hess(i, 1)[k]*here.Hess(1, j)[k]))
			}
		}
	}
	same(t, "sam", &m, &want, 1e-12)
}

// mixed has noise of order sqrt(eta) that depends on the state, beside other terms.
func mixed(t *testing.T) derived.Algorithm {
	l := lossOf(t, inTwo, "x", "y")
	n := Names{Loss: l, State: []string{"x", "y"}, Noise: normal}
	return of(t, l, n,
		"x - eta*grad(x; y = y + sqrt(eta)*z/4) + sqrt(eta/2)*(1 + x*y/4)*z",
		"y*exp(-eta) - eta*sin(x)*y^2/3 + sqrt(eta)*tanh(z*(2 + x^2)/5)")
}

// The moments are those of the images: what is left of E Delta and E Delta Delta^T after the
// terms of order eta^2 falls like eta^3.
func TestMomentsOfImages(t *testing.T) {
	t.Parallel()
	alg := mixed(t)
	z := []float64{0.8, -0.6}
	var m derived.Moments
	alg.NewMoments()(&m, z)
	left := func(eta float64) float64 {
		s := alg.Step(eta)
		weights, images := make([]float64, s.Images()), make([]float64, 2*s.Images())
		if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
			t.Fatal(err)
		}
		most := 0.0
		for k := range 2 {
			mean := 0.0
			for i, w := range weights {
				mean += w * (images[2*i+k] - z[k])
			}
			most = max(most, math.Abs(mean-eta*m.M12[k]-eta*eta*m.M14[k]))
			for l := range 2 {
				second := 0.0
				for i, w := range weights {
					second += w * (images[2*i+k] - z[k]) * (images[2*i+l] - z[l])
				}
				most = max(most, math.Abs(second-eta*m.M22[k][l]-eta*eta*m.M24[k][l]))
			}
		}
		return most
	}
	if order := math.Log2(left(1e-2) / left(5e-3)); !(math.Abs(order-3) < 0.1) {
		t.Errorf("what is left is of order %.3f, want 3", order)
	}
}

// Derivatives of moments in the state are differences of them.
func TestDerivativesOfMoments(t *testing.T) {
	t.Parallel()
	moments := mixed(t).NewMoments()
	z := []float64{0.8, -0.6}
	at := func(i, j int, s, r float64) *derived.Moments {
		const h = 1e-3
		y := []float64{z[0], z[1]}
		y[i] += s * h
		y[j] += r * h
		m := new(derived.Moments)
		moments(m, y)
		return m
	}
	const h = 1e-3
	m := at(0, 0, 0, 0)
	for k := range 2 {
		half := 0.0
		for i := range 2 {
			if want := (at(i, i, 1, 0).M12[k] - at(i, i, -1, 0).M12[k]) / (2 * h); math.Abs(m.D12[k][i]-want) > 1e-5 {
				t.Errorf("D m12 has %v in (%d, %d), want %v", m.D12[k][i], k, i, want)
			}
			for j := range 2 {
				second := (at(i, j, 1, 1).M12[k] - at(i, j, 1, -1).M12[k] - at(i, j, -1, 1).M12[k] + at(i, j, -1, -1).M12[k]) / (4 * h * h)
				half += m.M22[i][j] * second / 2
			}
		}
		if math.Abs(m.L12[k]-half) > 1e-4 {
			t.Errorf("(1/2) m22:hess m12 has %v in %d, want %v", m.L12[k], k, half)
		}
		for l := range 2 {
			want := 0.0
			for i := range 2 {
				want += m.M12[i] * (at(i, i, 1, 0).M22[k][l] - at(i, i, -1, 0).M22[k][l]) / (2 * h)
				for j := range 2 {
					second := (at(i, j, 1, 1).M22[k][l] - at(i, j, 1, -1).M22[k][l] - at(i, j, -1, 1).M22[k][l] + at(i, j, -1, -1).M22[k][l]) / (4 * h * h)
					want += m.M22[i][j] * second / 2
				}
			}
			if math.Abs(m.L22[k][l]-want) > 1e-4 {
				t.Errorf("L0 m22 has %v in (%d, %d), want %v", m.L22[k][l], k, l, want)
			}
		}
	}
}

// A batch's step is the mean over its samples, and nested gradients are the batch's own.
func TestBatch(t *testing.T) {
	t.Parallel()
	l := lossOf(t, inTwo, "x", "y")
	for _, replacement := range []bool{true, false} {
		samples, err := law.Data([]string{"xi"}, [][]float64{{-1, 0.5, 0.5, 2}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := objective.New([]string{"x", "y"}, l.Expr(), samples)
		if err != nil {
			t.Fatal(err)
		}
		b, err := objective.NewBatch(rows, 3, replacement)
		if err != nil {
			t.Fatal(err)
		}
		n := Names{Loss: rows, State: []string{"x", "y"}, Size: 3}
		alg := of(t, b, n, "x - eta*grad(x)", "y - eta*grad(y)")
		z := []float64{0.4, -0.7}
		var m derived.Moments
		alg.NewMoments()(&m, z)
		var want objective.Moments
		b.NewEvaluator().MomentsTo(&want, z)
		for k := range 2 {
			for l := range 2 {
				if got := m.M24[k][l] - m.M12[k]*m.M12[l]; math.Abs(got-want.Sigma[k][l]) > 1e-13 {
					t.Errorf("the covariance of a batch's gradient is %v, want %v", got, want.Sigma[k][l])
				}
			}
			if math.Abs(m.M12[k]+want.Grad[k]) > 1e-13 {
				t.Errorf("m12 is %v, want %v", m.M12[k], -want.Grad[k])
			}
		}
		grads, weights := make([]float64, 2*b.Law().Len()), make([]float64, b.Law().Len())
		b.NewEvaluator().NodesTo(weights, grads, z)
		s := alg.Step(0.5)
		images := make([]float64, 2*s.Images())
		if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
			t.Fatal(err)
		}
		for i := range images {
			if want := z[i%2] - 0.5*grads[i]; math.Abs(images[i]-want) > 1e-14 {
				t.Errorf("image %d is %v, want %v", i/2, images[i], want)
			}
		}
		sampled(t, of(t, b, n, "x - eta*grad(x; y = y - grad(y)/4)", "y"), z)
	}
}

// sampled holds the means over random steps to those over images.
func sampled(t *testing.T, alg derived.Algorithm, z []float64) {
	t.Helper()
	const paths, eta = 20000, 0.3
	s := alg.Step(eta)
	draw, ok := s.NewSampler(rand.New(rand.NewPCG(7, 9)))
	if !ok {
		t.Fatal("no sampler")
	}
	d := len(z)
	points := make([]float64, 0, paths*d)
	for range paths {
		points = append(points, z...)
	}
	draw.Step(points)
	weights, images := make([]float64, s.Images()), make([]float64, d*s.Images())
	if err := s.NewImager().ImagesTo(weights, images, z); err != nil {
		t.Fatal(err)
	}
	for k := range d {
		var mean, square, got float64
		for i, w := range weights {
			mean += w * images[i*d+k]
			square += w * images[i*d+k] * images[i*d+k]
		}
		for p := range paths {
			got += points[p*d+k] / paths
		}
		if sigma := math.Sqrt(max(square-mean*mean, 0)/paths) + 1e-12; math.Abs(got-mean) > 5*sigma {
			t.Errorf("coordinate %d: the mean of paths is %v, of images %v, sigma %v", k, got, mean, sigma)
		}
	}
}

// Random steps have the images' means, with noise as well.
func TestSampler(t *testing.T) {
	t.Parallel()
	sampled(t, mixed(t), []float64{0.8, -0.6})
	sampled(t, mixed(t).(derived.Ending).Ends(func(z []float64) float64 { return 0.4 }), []float64{0.8, -0.6})
}

// Faults of formulas say what is wrong.
func TestFaults(t *testing.T) {
	t.Parallel()
	l := lossOf(t, inOne, "x")
	n := Names{Loss: l, State: []string{"x", "v"}, Noise: normal, Size: 1}
	for text, want := range map[string]string{
		"x - eta*grad(v)":                "with respect to a parameter, not to v",
		"x - eta*grad(x; v = 1)":         "the loss is not a function of v",
		"x - eta*grad(x; x)":             "behind ; a name, = and an expression are expected",
		"x - eta*grad(x; x = 1, x = 2)":  "x is set twice",
		"x - eta*grad(x, x = 1)":         "unexpected =",
		"x - eta*grad(x; x = 1; x = 2)":  "unexpected ;",
		"x - eta*grad(x; x == 1)":        "behind ; a name, = and an expression",
		"x - eta*grad(x; x = y)":         "unknown name y",
		"x - eta*grd(x)":                 "unknown function grd; did you mean grad?",
		"x; v":                           "unexpected ;",
		"x - eta*grad(x < 1)":            "unexpected <",
		"x - eta*grad(x; x = 1 < 2)":     "unexpected <",
		"x - eta*grad()":                 "grad takes 1 argument, not 0",
		"x - eta*grad(x; x = sin(x; x))": "unexpected ;",
	} {
		if _, err := Parse(text, n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"x/2 - eta*grad(x)":                         "moves it at eta = 0",
		"x - eta*grad(x)/x":                         "is not finite at x = 0",
		"x - eta*grad(x) + sqrt(eta)*xi":            "without a noise variable",
		"x - eta*grad(x) + sqrt(eta)*(z^2 + z)":     "odd powers",
		"x - eta*(grad(x) + z^2) + sqrt(eta)*z":     "",
		"x - eta*grad(x) + eta*z^3 + sqrt(eta)*z":   "product with the move of x",
		"x + log(eta)*eta":                          "has no expansion",
		"x - eta*grad(x) + eta*sqrt(eta)*z":         "",
		"x - eta*grad(x) + eta*sqrt(eta)*(1 + z)":   "odd powers",
		"x - eta*grad(x; x = x + eta*grad(x))":      "",
		"x - eta/(1 + eta)*grad(x) + 0*sqrt(eta*v)": "",
	} {
		f, err := Parse(text, n)
		if err != nil {
			t.Fatal(err)
		}
		alg, err := New(n, []*Formula{f, nil}, l)
		if err != nil {
			t.Fatal(err)
		}
		err = Check(alg, []float64{0.5, 0.1}, [][]float64{{0, 1}, {0.4, 0.3}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// Noise of order sqrt(eta) with a third moment, alone or with that of another coordinate, is refused.
func TestSkewedNoiseIsRefused(t *testing.T) {
	t.Parallel()
	o := lossOf(t, "x^2/2 + xi*x", "x")
	n := Names{State: []string{"x"}, Loss: o}
	for _, name := range []string{"z", "w"} {
		n.Noise = append(n.Noise, law.Variable{Name: name, Law: law.Rademacher{}})
	}
	for step, refused := range map[string]bool{"x - eta*grad(x) + sqrt(eta)*(z + w)/4": false, "x - eta*grad(x) + sqrt(eta)*(z + w + z*w)/4": true} {
		err := Check(of(t, o, n, step), []float64{0.1}, [][]float64{{0}, {0.7}})
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "third moment") {
			t.Errorf("%s: %v", step, err)
		}
	}
}
