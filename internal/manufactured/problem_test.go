package manufactured

import (
	"math"
	"math/rand/v2"
	"testing"
)

// each calls test for problems of every kind at random points.
func each(t *testing.T, test func(p *Problem, x []float64)) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for d := 1; d <= MaxDim; d++ {
		for _, tapered := range []bool{false, true} {
			for _, frequency := range []float64{1, 2} {
				p := New(d, 0.05, frequency, tapered)
				for range 200 {
					x := make([]float64, d)
					for k := range x {
						x[k] = 2*rnd.Float64() - 1
					}
					test(p, x)
				}
			}
		}
	}
}

// u_t = L u with derivatives by differences of Solution, which share nothing with
// the formulas of the drift.
func TestSolutionSatisfiesTheEquation(t *testing.T) {
	t.Parallel()
	each(t, func(p *Problem, x []float64) {
		const h, time = 2e-3, 0.3
		at := func(k, l int, dk, dl float64) float64 {
			y := append([]float64(nil), x...)
			y[k] += dk
			y[l] += dl
			return p.Solution(y, time)
		}
		// Central differences of order 4.
		points, first := []float64{-2, -1, 1, 2}, []float64{1. / 12, -2. / 3, 2. / 3, -1. / 12}
		sum := 0.0
		for k := range p.Dim() {
			for i, s := range points {
				sum += p.Drift(k, x) * first[i] / h * at(k, k, s*h, 0)
			}
			for l := range p.Dim() {
				a := p.Diffusion(k, l, x)
				if k == l {
					sum += 0.5 * a / (h * h) * (-2.5 * at(k, k, 0, 0))
					for i, s := range points {
						sum += 0.5 * a / (h * h) * []float64{-1. / 12, 4. / 3, 4. / 3, -1. / 12}[i] * at(k, k, s*h, 0)
					}
					continue
				}
				for i, s := range points {
					for j, r := range points {
						sum += 0.5 * a * first[i] * first[j] / (h * h) * at(k, l, s*h, r*h)
					}
				}
			}
		}
		if want := -Rate * p.Solution(x, time); math.Abs(sum-want) > 1e-8 {
			t.Fatalf("d=%d: L u = %v, u_t = %v at %v", p.Dim(), sum, want, x)
		}
	})
}

// The diffusion is symmetric and positive semidefinite, with mixed entries, and
// varies; tapered, its normal component vanishes on the faces.
func TestDiffusion(t *testing.T) {
	t.Parallel()
	each(t, func(p *Problem, x []float64) {
		z := []float64{0.7, -1.1, 0.4}
		form := 0.0
		for k := range p.Dim() {
			for l := range p.Dim() {
				a := p.Diffusion(k, l, x)
				form += z[k] * a * z[l]
				if a != p.Diffusion(l, k, x) {
					t.Fatalf("a is not symmetric at %v", x)
				}
				if k != l && a == 0 || a == p.Diffusion(k, l, make([]float64, p.Dim())) {
					t.Fatalf("a_%d%d = %v at %v", k+1, l+1, a, x)
				}
			}
		}
		if form < 0 {
			t.Fatalf("z.a z = %v at %v", form, x)
		}
		if p.tapered {
			for k := range p.Dim() {
				y := append([]float64(nil), x...)
				y[k] = 1
				if a := p.Diffusion(k, k, y); a != 0 {
					t.Fatalf("a_%d%d = %v on the face", k+1, k+1, a)
				}
			}
		}
	})
}

// The drift points inward on the faces.
func TestDriftPointsInward(t *testing.T) {
	t.Parallel()
	each(t, func(p *Problem, x []float64) {
		for k := range p.Dim() {
			for _, face := range []float64{-1, 1} {
				y := append([]float64(nil), x...)
				y[k] = face
				if b := p.Drift(k, y); !(b*face < -0.1) {
					t.Fatalf("d=%d: b_%d = %v at %v", p.Dim(), k+1, b, y)
				}
			}
		}
	})
}

// What New cannot make it refuses.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d                int
		noise, frequency float64
	}{{0, 0.1, 1}, {4, 0.1, 1}, {2, -0.1, 1}, {2, 0.2, 1}, {1, math.NaN(), 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("New(%v) does not panic", c)
				}
			}()
			New(c.d, c.noise, c.frequency, true)
		}()
	}
}
