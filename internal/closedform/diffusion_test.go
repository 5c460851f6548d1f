package closedform

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
)

// central8 are the weights of the eighth-order central first derivative at the
// offsets 1 to 4; the offsets -1 to -4 carry the opposite sign.
var central8 = [4]float64{4. / 5, -1. / 5, 4. / 105, -1. / 280}

// slope returns f'(0) with error O(h^8).
func slope(f func(float64) float64, h float64) float64 {
	sum := 0.0
	for k, w := range central8 {
		s := float64(k+1) * h
		sum += w * (f(s) - f(-s))
	}
	return sum / h
}

func TestKolmogorovEquation(t *testing.T) {
	t.Parallel()
	const h = 0.02 // h^8 = 3e-14, rounding 1e-16/h^2
	rnd := rand.New(rand.NewPCG(4, 1))
	for i, p := range problems(t) {
		d := p.Dim()
		cov := square(d)
		for k, z := range p.law.Nodes {
			for r := range d {
				for c := range d {
					cov[r][c] += p.law.Weights[k] * z[r] * z[c]
				}
			}
		}
		for _, m := range Models() {
			for _, eta := range []float64{0.25, 0.0625} {
				x, tm := point(rnd, d), 0.5+2*rnd.Float64()
				u := func(x []float64, t float64) float64 { return p.Diffusion(m, eta, t, x) }
				shifted := func(x []float64, i int, s float64) []float64 {
					y := append([]float64(nil), x...)
					y[i] += s
					return y
				}
				// b and a from the table of models, not from the package.
				ax := make([]float64, d)
				for r := range d {
					ax[r] = dot(p.law.A[r], x)
				}
				b := make([]float64, d)
				noise := eta
				for r := range d {
					b[r] = -ax[r]
					if m == SecondOrder || m == Modified {
						b[r] -= eta / 2 * dot(p.law.A[r], ax)
					}
				}
				if m == GradientFlow {
					noise = 0
				}
				left := slope(func(s float64) float64 { return u(x, tm+s) }, h)
				right := 0.0
				for r := range d {
					right += b[r] * slope(func(s float64) float64 { return u(shifted(x, r, s), tm) }, h)
					for c := range d {
						second := slope(func(s float64) float64 {
							y := shifted(x, r, s)
							return slope(func(q float64) float64 { return u(shifted(y, c, q), tm) }, h)
						}, h)
						right += noise / 2 * cov[r][c] * second
					}
				}
				if math.Abs(left-right) > 1e-9 {
					t.Errorf("problem %d, %s, eta %g: u_t = %.12g, L u = %.12g", i, m, eta, left, right)
				}
				if got := u(x, 0); math.Abs(got-p.value(x)) > 1e-13*(1+math.Abs(got)) {
					t.Errorf("problem %d, %s: u(x,0) = %g, phi = %g", i, m, got, p.value(x))
				}
			}
		}
	}
}

// The semigroup in one dimension: u(x,t+s) is the mean of u(.,t) over the
// Gaussian law of X_s, whose moments are integrated here by Runge-Kutta.
func TestDiffusionSemigroup(t *testing.T) {
	t.Parallel()
	const eta, s, tm, x0 = 0.25, 0.6, 0.9, 1.3
	for i, p := range problems(t) {
		if p.Dim() != 1 {
			continue
		}
		a := p.law.A[0][0]
		c := 0.0
		for k, z := range p.law.Nodes {
			c += p.law.Weights[k] * z[0] * z[0]
		}
		for _, m := range []Model{FirstOrder, SecondOrder} {
			b := a
			if m == SecondOrder {
				b += eta / 2 * a * a
			}
			mean, variance := x0, 0.0
			const steps = 2000
			for range steps {
				h := s / steps
				rk4 := func(y float64, f func(float64) float64) float64 {
					k1 := f(y)
					k2 := f(y + h/2*k1)
					k3 := f(y + h/2*k2)
					return y + h/6*(k1+2*k2+2*k3+f(y+h*k3))
				}
				mean = rk4(mean, func(y float64) float64 { return -b * y })
				variance = rk4(variance, func(y float64) float64 { return eta*c - 2*b*y })
			}
			nodes, weights := make([]float64, 40), make([]float64, 40)
			quad.Hermite{}.FixedLocations(nodes, weights, math.Inf(-1), math.Inf(1))
			sum := 0.0
			for k, z := range nodes {
				w := weights[k] // of the weight exp(-z^2)
				sum += w * p.Diffusion(m, eta, tm, []float64{mean + math.Sqrt(2*variance)*z}) / math.SqrtPi
			}
			if want := p.Diffusion(m, eta, s+tm, []float64{x0}); math.Abs(sum-want) > 1e-12 {
				t.Errorf("problem %d, %s: composed %.15g, direct %.15g", i, m, sum, want)
			}
		}
	}
}
