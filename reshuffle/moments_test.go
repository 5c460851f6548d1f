package reshuffle

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"kolmo/derived"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

// lossOf returns a loss of x and y over values of xi.
func lossOf(t *testing.T, values [][]float64, probabilities []float64) *objective.Loss {
	t.Helper()
	return parsed(t, []string{"x", "y"}, "x^2/2 + y^2 + 0.3*cos(xi*x + 2*y) + xi*x*y/5 + xi*x/2", values, probabilities)
}

// parsed returns a loss of an expression over values of xi.
func parsed(t *testing.T, names []string, source string, values [][]float64, probabilities []float64) *objective.Loss {
	t.Helper()
	e, err := expr.Parse(source, expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, values, probabilities)
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// epochOf returns the algorithm of values.
func epochOf(t *testing.T, values ...float64) derived.Algorithm {
	t.Helper()
	var rows [][]float64
	for _, v := range values {
		rows = append(rows, []float64{v})
	}
	e, err := NewEpoch(lossOf(t, rows, nil), len(rows))
	if err != nil {
		t.Fatal(err)
	}
	return New([]string{"x", "y"}, e)
}

// What is left of E Delta and E Delta Delta^T after the terms of order eta^2 falls like
// eta^3, and the covariance like eta^4. D12 is the Jacobian of m12.
func TestImagesHaveTheMoments(t *testing.T) {
	t.Parallel()
	z := []float64{0.4, -0.7}
	for _, values := range [][]float64{{-1, 2}, {-1, 0.5, 2}, {-1, -1, 2, 1}, {-0.2, 0.2, -0.15, 0.14, -0.1, 0.1, 0.05, -0.05, 0.3, -0.3}} {
		a := epochOf(t, values...)
		moments := a.NewMoments()
		var m derived.Moments
		moments(&m, z)
		var left, spread [2]float64
		for i, eta := range []float64{1. / 256, 1. / 512} {
			step := a.Step(eta)
			weights, images := make([]float64, step.Images()), make([]float64, 2*step.Images())
			if err := step.NewImager().ImagesTo(weights, images, z); err != nil {
				t.Fatal(err)
			}
			for k := range 2 {
				var mean [2]float64
				for j, w := range weights {
					mean[0] += w * (images[2*j] - z[0])
					mean[1] += w * (images[2*j+1] - z[1])
				}
				left[i] = max(left[i], math.Abs(mean[k]-eta*m.M12[k]-eta*eta*m.M14[k]))
				for l := range 2 {
					second := 0.0
					for j, w := range weights {
						second += w * (images[2*j+k] - z[k]) * (images[2*j+l] - z[l])
					}
					left[i] = max(left[i], math.Abs(second-eta*eta*m.M24[k][l]))
					spread[i] = max(spread[i], math.Abs(second-mean[k]*mean[l]))
				}
			}
		}
		if ratio := left[0] / left[1]; math.Abs(ratio-8) > 0.6 {
			t.Errorf("%v: the rest falls from %.3g to %.3g, not by eight", values, left[0], left[1])
		}
		if ratio := spread[0] / spread[1]; math.Abs(ratio-16) > 1 {
			t.Errorf("%v: the covariance falls from %.3g to %.3g, not by sixteen", values, spread[0], spread[1])
		}
		const h = 1e-4
		for l := range 2 {
			var up, down derived.Moments
			y := append([]float64(nil), z...)
			y[l] = z[l] + h
			moments(&up, y)
			y[l] = z[l] - h
			moments(&down, y)
			for k := range 2 {
				if want := (up.M12[k] - down.M12[k]) / (2 * h); math.Abs(m.D12[k][l]-want) > 1e-6 {
					t.Errorf("%v: d_%d m12_%d is %.8g, want %.8g", values, l, k, m.D12[k][l], want)
				}
			}
		}
	}
}

// The second-order drift is that of f + (eta/4) mean |g_i|^2, in time units of N eta.
func TestFormula(t *testing.T) {
	t.Parallel()
	const eta, h = 0.1, 1e-4
	values := []float64{-1, 0.5, 2, 2}
	rows := [][]float64{}
	for _, v := range values {
		rows = append(rows, []float64{v})
	}
	l := lossOf(t, rows, nil)
	ev, grads := l.NewEvaluator(), make([]float64, 2*l.Law().Len())
	penalty := func(x []float64) float64 {
		ev.GradsTo(grads, x)
		sum := 0.0
		for i, g := range grads {
			sum += l.Law().Weights[i/2] * g * g
		}
		return sum
	}
	z := []float64{0.4, -0.7}
	var at objective.Moments
	ev.MomentsTo(&at, z)
	var m derived.Moments
	epochOf(t, values...).NewMoments()(&m, z)
	b, a := m.Diffusion(2, 2, eta)
	for k := range 2 {
		y := append([]float64(nil), z...)
		y[k] = z[k] + h
		up := penalty(y)
		y[k] = z[k] - h
		want := -at.Grad[k] - eta/4*(up-penalty(y))/(2*h)
		if got := b[k] / 4; math.Abs(got-want) > 1e-7 {
			t.Errorf("b = %.9g in entry %d, want %.9g", got, k, want)
		}
		for n := range 2 {
			if math.Abs(a[k][n]) > 1e-14 {
				t.Errorf("a = %v, want none", a)
			}
		}
	}
}

// Random epochs are among the images, each about equally often, and equal samples make one
// order of several.
func TestSamplerTakesOrders(t *testing.T) {
	t.Parallel()
	step := epochOf(t, -1, -1, 2, 0.5).Step(0.1)
	if step.Images() != 12 {
		t.Fatalf("%d orders, want 12", step.Images())
	}
	z := []float64{0.4, -0.7}
	weights, images := make([]float64, 12), make([]float64, 24)
	if err := step.NewImager().ImagesTo(weights, images, z); err != nil {
		t.Fatal(err)
	}
	const paths = 24_000
	all := make([]float64, 0, 2*paths)
	for range paths {
		all = append(all, z...)
	}
	sampler, ok := step.NewSampler(rand.New(rand.NewPCG(1, 2)))
	if !ok {
		t.Fatal("no sampler")
	}
	sampler.Step(all)
	counts := make([]int, 12)
	for p := range paths {
		found := false
		for m := range counts {
			if math.Abs(images[2*m]-all[2*p])+math.Abs(images[2*m+1]-all[2*p+1]) < 1e-14 {
				counts[m]++
				found = true
				break
			}
		}
		if !found {
			t.Fatalf("an epoch ends at %v, which is none of %v", all[2*p:2*p+2], images)
		}
	}
	for m, c := range counts {
		// Six standard deviations of a binomial law.
		if math.Abs(float64(c)-paths/12) > 6*math.Sqrt(paths/12) {
			t.Errorf("order %d came %d times of %d", m, c, paths)
		}
	}
}

// Epochs that are too long, or whose samples are not equally likely, are refused.
func TestEpochErrors(t *testing.T) {
	t.Parallel()
	many := [][]float64{}
	for i := range 11 {
		many = append(many, []float64{float64(i % 2)})
	}
	for _, c := range []struct {
		values        [][]float64
		probabilities []float64
		want          string
	}{
		{many, nil, "an epoch of 11 samples is too long; at most 10 samples are possible"},
		{[][]float64{{1}, {2}}, []float64{0.25, 0.75}, "an epoch is of equally likely samples, and one has the probability 0.25"},
	} {
		if _, err := NewEpoch(lossOf(t, c.values, c.probabilities), len(c.values)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if e, err := NewEpoch(lossOf(t, many[:10], nil), 10); err != nil || e.orders != 252 {
		t.Errorf("ten samples of two values: %v", err)
	}
}
