package schedule_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/derived"
	"kolmo/langevin"
	"kolmo/law"
	"kolmo/momentum"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/schedule"
)

// lossOf returns an expected loss of parameters, xi one of two values.
func lossOf(t *testing.T, names []string, text string) *objective.Loss {
	t.Helper()
	e, err := expr.Parse(text, expr.Scope{Parameters: names, Variables: []string{"xi"}})
	if err != nil {
		t.Fatal(err)
	}
	samples, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {2}}, []float64{0.4, 0.6})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(names, e, samples)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// bases returns algorithms without a schedule.
func bases(t *testing.T) map[string]derived.Algorithm {
	t.Helper()
	one, two := []string{"x"}, []string{"x", "y"}
	line := lossOf(t, one, "x^2/2 + 0.3*cos(x) + xi*sin(x)/2")
	plane := lossOf(t, two, "x^2/2 + y^2 + 0.3*cos(x + 2*y) + xi*x*y/5")
	return map[string]derived.Algorithm{
		"sgd":      schedule.NewDescent(two, plane),
		"momentum": momentum.New(momentum.Name, one, line, 1.5),
		"nesterov": momentum.New(momentum.Nesterov, one, line, 1.5),
		"langevin": langevin.New(two, plane, 3, 2),
	}
}

var schedules = []schedule.Schedule{{Kind: schedule.Inverse, Rate: 1.5}, {Kind: schedule.Exponential, Rate: 0.7}}

// What is left of E Delta and E Delta Delta^T after the terms of order eta^2 falls like
// eta^3, in all coordinates, and s has its values in closed form.
func TestImagesHaveTheMoments(t *testing.T) {
	t.Parallel()
	for name, base := range bases(t) {
		for _, s := range schedules {
			a := schedule.New(base, s, 10)
			d := len(a.Names())
			z := []float64{0.4, -0.7, 0.6}[3-d:]
			var m derived.Moments
			a.NewMoments()(&m, z)
			var left [2]float64
			for i, eta := range []float64{1. / 64, 1. / 128} {
				step := a.Step(eta)
				weights, images := make([]float64, step.Images()), make([]float64, d*step.Images())
				if err := step.NewImager().ImagesTo(weights, images, z); err != nil {
					t.Fatal(err)
				}
				for k := range d {
					first := -eta*m.M12[k] - eta*eta*m.M14[k]
					for j, w := range weights {
						first += w * (images[j*d+k] - z[k])
					}
					left[i] = max(left[i], math.Abs(first))
					for l := range d {
						second := -eta*m.M22[k][l] - eta*eta*m.M24[k][l]
						for j, w := range weights {
							second += w * (images[j*d+k] - z[k]) * (images[j*d+l] - z[l])
						}
						left[i] = max(left[i], math.Abs(second))
					}
				}
			}
			if ratio := left[0] / left[1]; left[0] > 1e-14 && math.Abs(ratio-8) > 0.4 {
				t.Errorf("%s, %s: the rest falls from %.3g to %.3g, not by eight", name, s.Kind, left[0], left[1])
			}
		}
	}
}

// The Jacobian of m12 and L0 m22 are derivatives of the moments.
func TestDerivativesOfMoments(t *testing.T) {
	t.Parallel()
	const h = 1e-4
	for name, base := range bases(t) {
		for _, s := range schedules {
			a := schedule.New(base, s, 10)
			d := len(a.Names())
			z := []float64{0.4, -0.7, 0.6}[3-d:]
			moments := a.NewMoments()
			var m, up, down derived.Moments
			moments(&m, z)
			var flow derived.Matrix // m12.grad m22; M22 depends on s only
			for l := range d {
				y := append([]float64(nil), z...)
				y[l] = z[l] + h
				moments(&up, y)
				y[l] = z[l] - h
				moments(&down, y)
				for k := range d {
					if want := (up.M12[k] - down.M12[k]) / (2 * h); math.Abs(m.D12[k][l]-want) > 1e-6 {
						t.Errorf("%s, %s: d_%d m12_%d is %.8g, want %.8g", name, s.Kind, l, k, m.D12[k][l], want)
					}
					for n := range d {
						flow[k][n] += m.M12[l] * (up.M22[k][n] - down.M22[k][n]) / (2 * h)
					}
				}
			}
			for k := range d {
				for n := range d {
					if math.Abs(m.L22[k][n]-flow[k][n]) > 1e-6 {
						t.Errorf("%s, %s: L0 m22 is %.8g in entry (%d, %d), want %.8g", name, s.Kind, m.L22[k][n], k, n, flow[k][n])
					}
				}
			}
		}
	}
}

// The second-order model of gradient descent is
// b = (-s g - (eta/2)(s^2 H g - s' g), s'), a = eta s^2 Sigma, s' the time derivative.
func TestFormulas(t *testing.T) {
	t.Parallel()
	const eta = 0.2
	names := []string{"x", "y"}
	o := lossOf(t, names, "x^2/2 + y^2 + 0.3*cos(x + 2*y) + xi*x*y/5")
	z := []float64{0.4, -0.7, 0.6}
	var at objective.Moments
	o.NewEvaluator().MomentsTo(&at, z[:2])
	for _, c := range schedules {
		v := z[2]
		fall := -c.Rate * v
		if c.Kind == schedule.Inverse {
			fall *= v
		}
		var m derived.Moments
		schedule.New(schedule.NewDescent(names, o), c, 10).NewMoments()(&m, z)
		b, a := m.Diffusion(3, 2, eta)
		if math.Abs(b[2]-fall) > 1e-15 {
			t.Errorf("%s: s moves at %.6g, want %.6g", c.Kind, b[2], fall)
		}
		for k := range 2 {
			want := -v*at.Grad[k] + eta/2*fall*at.Grad[k]
			for l := range 2 {
				want -= eta / 2 * v * v * at.Hess[k][l] * at.Grad[l]
				if got, want := a[k][l], eta*v*v*at.Sigma[k][l]; math.Abs(got-want) > 1e-14 {
					t.Errorf("%s: a = %.6g in entry (%d, %d), want %.6g", c.Kind, got, k, l, want)
				}
			}
			if math.Abs(b[k]-want) > 1e-14 {
				t.Errorf("%s: b = %.6g in entry %d, want %.6g", c.Kind, b[k], k, want)
			}
			if a[k][2] != 0 || a[2][2] != 0 {
				t.Errorf("%s: s has noise, %v", c.Kind, a)
			}
		}
	}
}

// Random steps from several s at once are among the images, and s follows its closed form.
func TestSamplerTakesImages(t *testing.T) {
	t.Parallel()
	const eta, steps = 0.125, 12
	o := lossOf(t, []string{"x"}, "x^2/2 + xi*sin(x)/2")
	for _, c := range schedules {
		step := schedule.New(schedule.NewDescent([]string{"x"}, o), c, 10).Step(eta)
		sampler, ok := step.NewSampler(rand.New(rand.NewPCG(1, 2)))
		if !ok {
			t.Fatal("no sampler")
		}
		im := step.NewImager()
		weights, images := make([]float64, step.Images()), make([]float64, 2*step.Images())
		z := []float64{0.5, 1, -1, 1, 2, c.At(1), 0, 1}
		for n := 1; n <= steps; n++ {
			before := append([]float64(nil), z...)
			sampler.Step(z)
			for p := 0; p < len(z); p += 2 {
				if err := im.ImagesTo(weights, images, before[p:p+2]); err != nil {
					t.Fatal(err)
				}
				found := false
				for m := range weights {
					found = found || math.Abs(images[2*m]-z[p])+math.Abs(images[2*m+1]-z[p+1]) < 1e-14
				}
				if !found {
					t.Errorf("%s: a step from %v to %v is none of %v", c.Kind, before[p:p+2], z[p:p+2], images)
				}
				start := 0.0
				if p == 4 {
					start = 1
				}
				if want := c.At(start + float64(n)*eta); math.Abs(z[p+1]-want) > 1e-13 {
					t.Errorf("%s: s = %.15g after %d steps, want %.15g", c.Kind, z[p+1], n, want)
				}
			}
		}
	}
}
