package svag

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// of is the learning rate that is imitated.
const of = 0.5

// lossOf returns an expected loss of two parameters, xi one of the values.
func lossOf(t *testing.T, values []float64, probabilities []float64) *objective.Loss {
	t.Helper()
	names := []string{"x", "y"}
	e, err := expr.Parse("x^2/2 + y^2 + 0.3*cos(x + 2*y) + xi*x*y^2/5 + 0.1*x^3*y - xi*sin(x)", expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]float64, len(values))
	for i, v := range values {
		rows[i] = []float64{v}
	}
	samples, err := law.Discrete([]string{"xi"}, rows, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// skewed is it for a skewed law of mean 0.8, variance 2.16 and third central moment -1.296.
func skewed(t *testing.T) derived.Algorithm {
	t.Helper()
	a, err := New([]string{"x", "y"}, lossOf(t, []float64{-1, 2}, []float64{0.4, 0.6}), of)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const variance, third = 2.16, -1.296

// slopes returns the derivative of grad f(x;xi) in xi at (x, y).
func slopes(x, y float64) [2]float64 { return [2]float64{y*y/5 - math.Cos(x), 2 * x * y / 5} }

// The limit's diffusion is E Sigma, which varies with x; its drift's Jacobian is that of
// differences; and the first-order model has no term of order eta.
func TestFormulas(t *testing.T) {
	t.Parallel()
	moments := skewed(t).NewMoments()
	for _, z := range [][]float64{{0.4, -0.7}, {-1.3, 1.1}} {
		s := slopes(z[0], z[1])
		var m derived.Moments
		moments(&m, z)
		_, a := m.Diffusion(2, 1, 0.2)
		for k := range 2 {
			for l := range 2 {
				if want := of * variance * s[k] * s[l]; math.Abs(m.M22[k][l]-want) > 1e-13 || math.Abs(a[k][l]-want) > 1e-13 {
					t.Errorf("m22 = %v and a = %v at %v, want %v in entry (%d, %d)", m.M22, a, z, want, k, l)
				}
				const h = 1e-5
				var up, down derived.Moments
				z[l] += h
				moments(&up, z)
				z[l] -= 2 * h
				moments(&down, z)
				z[l] += h
				if d := (up.M12[k] - down.M12[k]) / (2 * h); math.Abs(m.D12[k][l]-d) > 1e-8 {
					t.Errorf("d m12 = %v at %v, want %v in entry (%d, %d)", m.D12, z, d, k, l)
				}
			}
		}
	}
}

// The images have the moments at every eta, exactly; where the noise ends what is left is the
// mean of two samples; and the third moment is what keeps the order at one.
func TestImages(t *testing.T) {
	t.Parallel()
	z := []float64{0.4, -0.7}
	s := slopes(z[0], z[1])
	full := skewed(t)
	var m derived.Moments
	full.NewMoments()(&m, z)
	for _, end := range []float64{1, 0.5, 0} {
		alg := full.(derived.Ending).Ends(func([]float64) float64 { return end })
		for _, eta := range []float64{of, 0.2, 1. / 16, 1. / 1024} {
			step := alg.Step(eta)
			weights, images := make([]float64, step.Images()), make([]float64, 2*step.Images())
			if err := step.NewImager().ImagesTo(weights, images, z); err != nil {
				t.Fatal(err)
			}
			total := 0.0
			for i, w := range weights {
				total += w
				images[2*i], images[2*i+1] = images[2*i]-z[0], images[2*i+1]-z[1]
			}
			mean, cov, cube := [2]float64{}, [2][2]float64{}, 0.0
			for k := range 2 {
				for i, w := range weights {
					mean[k] += w * images[2*i+k]
				}
			}
			for i, w := range weights {
				for k := range 2 {
					for l := range 2 {
						cov[k][l] += w * (images[2*i+k] - mean[k]) * (images[2*i+l] - mean[l])
					}
				}
				cube += w * math.Pow(images[2*i]-mean[0], 3)
			}
			if math.Abs(total-1) > 1e-13 {
				t.Errorf("the weights sum to %v", total)
			}
			share := end*end + (1-end*end)*eta/(2*of)
			for k := range 2 {
				if want := eta * m.M12[k]; math.Abs(mean[k]-want) > 1e-13 {
					t.Errorf("eta = %g: E Delta = %v in entry %d, want %v", eta, mean[k], k, want)
				}
				for l := range 2 {
					if want := share * eta * m.M22[k][l]; math.Abs(cov[k][l]-want) > 1e-12 {
						t.Errorf("eta = %g, end = %g: covariance %v in entry (%d, %d), want %v", eta, end, cov[k][l], k, l, want)
					}
				}
			}
			if want := -eta * eta * (3*of - eta) / 2 * third * s[0] * s[0] * s[0]; end == 1 && math.Abs(cube-want) > 1e-12 {
				t.Errorf("eta = %g: third central moment %v, want %v", eta, cube, want)
			}
		}
	}
}

// Let f be (x - xi)^2/2. The second-order diffusion of this noise has b = -(1 + eta/2) x and a = (1 + eta) E Var xi.
// Its order is 2 for x^2, 1 for x^3 if xi is skewed, and 1 for x^4 if it is not. It is none of the models.
func TestNoSecondOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values, probabilities []float64
		orders                [3]float64 // of E X^2, E X^3, E X^4 at t = 1 from 0; 0: nothing is off
	}{
		{[]float64{-1, 1}, []float64{0.5, 0.5}, [3]float64{2, 0, 1}},
		{[]float64{-0.6, 1.4}, []float64{0.7, 0.3}, [3]float64{2, 1, 1}},
	} {
		var before [3]float64
		for _, n := range []int{128, 256, 512} {
			eta, spread := 1/float64(n), 0.0
			for i, v := range c.values {
				spread += c.probabilities[i] * v * v
			}
			step := quadratic(t, c.values, c.probabilities).Step(eta)
			weights, images := make([]float64, step.Images()), make([]float64, step.Images())
			if err := step.NewImager().ImagesTo(weights, images, []float64{0}); err != nil {
				t.Fatal(err)
			}
			var one, sum [3]float64 // moments two to four of a step, and cumulants of X_n
			for i, w := range weights {
				for k := range one {
					one[k] += w * math.Pow(images[i], float64(k+2))
				}
			}
			one[2] -= 3 * one[0] * one[0]
			for range n {
				for k := range sum {
					sum[k] = math.Pow(1-eta, float64(k+2))*sum[k] + one[k]
				}
			}
			v := (1 + eta) * of * spread * (1 - math.Exp(-2-eta)) / (2 + eta)
			off := [3]float64{sum[0] - v, sum[1], sum[2] + 3*sum[0]*sum[0] - 3*v*v}
			for k, want := range c.orders {
				if order := math.Log2(math.Abs(before[k] / off[k])); n > 128 && want > 0 && math.Abs(order-want) > 0.05 {
					t.Errorf("xi in %v: E X^%d has the order %.3f, want %g", c.values, k+2, order, want)
				}
				if want == 0 && math.Abs(off[k]) > 1e-15 {
					t.Errorf("xi in %v: E X^%d is off by %g", c.values, k+2, off[k])
				}
			}
			before = off
		}
	}
	d, err := derived.New(skewed(t), []float64{0, 0}, nil, 1, [2]float64{2, 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range d.Diffusions() {
		if m.Order != 1 || m.Name != derived.FirstOrder && m.Name != derived.GradientFlow {
			t.Errorf("there is the model %s of order %d", m.Name, m.Order)
		}
	}
	if c := d.Limit(d.At([][]float64{{0.4, -0.7}}, 1)); c.A[0][0] == nil {
		t.Error("the limit has no noise")
	}
}

// quadratic is the algorithm for (x - xi)^2/2.
func quadratic(t *testing.T, values, probabilities []float64) derived.Algorithm {
	t.Helper()
	e, err := expr.Parse("(x - xi)^2/2", expr.Scope{Parameters: []string{"x"}, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{values[0]}, {values[1]}}, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New([]string{"x"}, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	a, err := New([]string{"x"}, l, of)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Random steps have the mean and the variance of the images, also where the noise ends from point
// to point.
func TestSampler(t *testing.T) {
	t.Parallel()
	const eta, n = 1. / 64, 200_000
	end := func(x []float64) float64 { return 1 / (1 + x[0]*x[0]) }
	alg := skewed(t).(derived.Ending).Ends(end)
	sampler, ok := alg.Step(eta).NewSampler(rand.New(rand.NewPCG(1, 2)))
	if !ok {
		t.Fatal("no sampler")
	}
	starts := [2][2]float64{{0.4, -0.7}, {-1.3, 1.1}}
	z := make([]float64, 4*n)
	for i := range 2 * n {
		copy(z[2*i:], starts[i%2][:])
	}
	sampler.Step(z)
	for at, start := range starts {
		var m derived.Moments
		alg.NewMoments()(&m, start[:])
		mean, square := 0.0, 0.0
		for i := at; i < 2*n; i += 2 {
			d := z[2*i] - start[0] - eta*m.M12[0]
			mean, square = mean+d/n, square+d*d/n
		}
		c := end(start[:])
		want := (c*c + (1-c*c)*eta/(2*of)) * eta * m.M22[0][0]
		if math.Abs(mean) > 5*math.Sqrt(want/n) || math.Abs(square/want-1) > 0.03 {
			t.Errorf("at %v draws have the mean %g and variance %g, want 0 and %g", start, mean, square, want)
		}
	}
}

// A law of few samples is all of them; more than can be paired are refused; and few stand for many.
func TestLaw(t *testing.T) {
	t.Parallel()
	if l := skewed(t).Law(); l.Images != 4 || l.Draws != 2 || !l.Exact {
		t.Errorf("%+v", l)
	}
	if _, ok := skewed(t).Refine(); ok {
		t.Error("values are refined")
	}
	values := make([]float64, 142)
	for i := range values {
		values[i] = float64(i)
	}
	many := func(n int) (derived.Algorithm, error) {
		return New([]string{"x", "y"}, lossOf(t, values[:n], nil), of)
	}
	if _, err := many(142); !errors.Is(err, objective.ErrPairs) {
		t.Errorf("142 samples: %v", err)
	}
	a, err := many(100)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Thinned(10_000); ok {
		t.Error("10000 pairs are more than 10000")
	}
	if few, ok := a.Thinned(400); !ok || few.Law().Images > 400 || few.Step(0.1).Images() != few.Law().Images {
		t.Errorf("thinned: %v", ok)
	}
}
