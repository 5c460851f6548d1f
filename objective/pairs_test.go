package objective

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/law"
)

// The first three moments of the gradient of pairs against those of samples: the same mean,
// l times the covariance, (3 l - 1)/2 times the third central moment; and of draws.
func TestPairsMoments(t *testing.T) {
	t.Parallel()
	xi, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {0.5}, {2}}, []float64{0.5, 0.25, 0.25})
	loss := build(t, 1, "x^2/2 + xi*sin(x) + xi^2*x/3", xi, err)
	w := loss.Law().Weights
	one := make([]float64, len(w))
	x := []float64{0.7}
	loss.NewEvaluator().GradsTo(one, x)
	mean, second, third := central(w, one)
	for _, l := range []float64{1, 1.5, 4, 16} {
		p, err := NewPairs(loss, l)
		if err != nil {
			t.Fatal(err)
		}
		pw := make([]float64, p.Law().Len())
		g := make([]float64, len(pw))
		p.NewEvaluator().NodesTo(pw, g, x)
		m, s, c := central(pw, g)
		if math.Abs(m-mean) > 1e-12 || math.Abs(s-l*second) > 1e-11 || math.Abs(c-(3*l-1)/2*third) > 1e-10 {
			t.Errorf("l = %g: %g, %g, %g, want %g, %g, %g", l, m, s, c, mean, l*second, (3*l-1)/2*third)
		}
		var mo Moments
		p.NewEvaluator().MomentsTo(&mo, x)
		if math.Abs(mo.Grad[0]-mean) > 1e-12 || math.Abs(mo.Sigma[0][0]-s) > 1e-11 {
			t.Errorf("l = %g: moments %g and %g, want %g and %g", l, mo.Grad[0], mo.Sigma[0][0], mean, s)
		}
		const n = 200_000
		at, drawn, equal := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range at {
			at[i], equal[i] = x[0], 1.0/n
		}
		p.NewSampler(rand.New(rand.NewPCG(1, 2))).DrawGradsTo(drawn, at)
		m, s, _ = central(equal, drawn)
		if math.Abs(m-mean) > 5*math.Sqrt(l*second/n) || math.Abs(s/(l*second)-1) > 0.03 {
			t.Errorf("l = %g: draws have the mean %g and variance %g, want %g and %g", l, m, s, mean, l*second)
		}
	}
}

// central returns the mean and the second and third central moments.
func central(w, g []float64) (mean, second, third float64) {
	for k, v := range g {
		mean += w[k] * v
	}
	for k, v := range g {
		second += w[k] * (v - mean) * (v - mean)
		third += w[k] * (v - mean) * (v - mean) * (v - mean)
	}
	return mean, second, third
}
