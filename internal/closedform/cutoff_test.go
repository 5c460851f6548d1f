package closedform

import (
	"math"
	"testing"
)

// standard is the cutoff of the studies: SmoothStep between R and R2 = 1.5 R.
func standard(r float64) float64 { return SmoothStep((r - Radius) / (Radius / 2)) }

// With chi constant the modified model is an Ornstein-Uhlenbeck process with
// the noise chi^2 C, and e has a closed form.
func TestCutoffEffectForConstantChi(t *testing.T) {
	t.Parallel()
	const eta, chi = 0.25, 0.8
	cfg := &CutoffConfig{Nodes: 16, Angles: 12, Substeps: 64}
	for i, p := range problems(t) {
		if p.Dim() > 2 {
			continue
		}
		law := Linear{A: p.law.A, Weights: p.law.Weights}
		for _, z := range p.law.Nodes {
			scaled := make([]float64, len(z))
			for k := range z {
				scaled[k] = chi * z[k]
			}
			law.Nodes = append(law.Nodes, scaled)
		}
		weak, err := New(p.Name(), law, p.phi)
		if err != nil {
			t.Fatal(err)
		}
		f := p.NewCutoffEffect(eta, 3, func(float64) float64 { return chi }, cfg)
		for range 4 {
			f.Advance()
			tm := float64(f.N()) * eta
			for _, x := range [][]float64{{0, 0}, {1.2, -0.7}, {-0.3, 1.9}, {2, 0}} {
				x = x[:p.Dim()]
				want := weak.Diffusion(Modified, eta, tm, x) - p.Diffusion(Modified, eta, tm, x)
				if got := f.At(x); math.Abs(got-want) > 1e-6 {
					t.Errorf("problem %d, n %d, x %v: e = %.9g, closed form %.9g", i, f.N(), x, got, want)
				}
			}
		}
	}
}

// What replacing the modified model by the whole-space second-order closed
// form does to the gap: in every row the effect at the argmax is below 1e-6 of
// the gap, and where e is larger (at |x| = R in the first steps) the field is
// so far below the gap that the supremum does not move there.
func TestCutoffEffectOnGap(t *testing.T) {
	t.Parallel()
	const bound = 1e-6
	type row struct {
		ref    *Reference
		eta    float64
		cfg    CutoffConfig
		sphere float64 // greatest |e| over |x| = R, by the gap
	}
	fine := CutoffConfig{Nodes: 160, Substeps: 8}
	polar := CutoffConfig{Nodes: 72, Angles: 10, Substeps: 8}
	q1, q2 := Quad1D(), Quad2D()
	rows := []row{
		{q1[0], 1. / 4, fine, 4.4e-4}, {q1[1], 1. / 4, fine, 1.7e-4},
		{q1[0], 1. / 8, fine, 2.8e-5}, {q1[1], 1. / 8, fine, 1.2e-5},
		{q1[0], 1. / 16, fine, 4e-7}, {q1[1], 1. / 16, fine, 2e-7},
		{q1[0], 1. / 32, fine, 1e-7}, {q1[1], 1. / 32, fine, 1e-7},
		{q2[0], 1. / 4, polar, 3e-6}, {q2[1], 1. / 4, polar, 1e-6},
	}
	for _, c := range rows {
		gap, n, x, attained := c.ref.Gap(Modified, c.eta, Radius)
		last := n
		if !attained {
			last = int(5 / c.eta) // e^{-2t} = 5e-5: e is stationary
		}
		f := c.ref.NewCutoffEffect(c.eta, 1.5*Radius, standard, &c.cfg)
		var sphere, elsewhere float64
		for range max(last, int(1/c.eta)) {
			f.Advance()
			if f.N() == last {
				if e := math.Abs(f.At(x)); e > bound*gap {
					t.Errorf("%s, eta %g: e = %.3g of the gap at the argmax", c.ref.Name(), c.eta, e/gap)
				}
				t.Logf("%-15s eta 1/%-4.0f e at the argmax %.1e of the gap", c.ref.Name(), 1/c.eta, math.Abs(f.At(x))/gap)
			}
			for a := range 12 {
				s, cos := math.Sincos(math.Pi * float64(a) / 12)
				y := []float64{Radius * cos, Radius * s}[:c.ref.Dim()]
				e := math.Abs(f.At(y))
				sphere = max(sphere, e)
				if e > bound*gap {
					d := math.Abs(c.ref.Difference(Modified, c.eta, f.N(), y))
					elsewhere = max(elsewhere, d+e)
				}
			}
		}
		t.Logf("%-15s eta 1/%-4.0f e on |x| = R up to %.1e of the gap, |U-u|+|e| there up to %.6f of it",
			c.ref.Name(), 1/c.eta, sphere/gap, elsewhere/gap)
		if sphere > c.sphere*gap {
			t.Errorf("%s, eta %g: |e| on |x| = R is %.3g of the gap, documented %.3g", c.ref.Name(), c.eta, sphere/gap, c.sphere)
		}
		if elsewhere >= gap {
			t.Errorf("%s, eta %g: |U - u| + |e| reaches %.3g of the gap where e matters", c.ref.Name(), c.eta, elsewhere/gap)
		}
	}
}

func TestCutoffConfigDefaults(t *testing.T) {
	t.Parallel()
	r := Quad1D()[0]
	a := r.NewCutoffEffect(0.25, 1.5*Radius, standard, nil)
	b := r.NewCutoffEffect(0.25, 1.5*Radius, standard, &CutoffConfig{})
	a.Advance()
	b.Advance()
	if x := []float64{2}; a.At(x) != b.At(x) {
		t.Errorf("nil gives %g, the zero value %g", a.At(x), b.At(x))
	}
}

func TestSmoothStep(t *testing.T) {
	t.Parallel()
	last := 1.0
	for k := -2; k <= 12; k++ {
		s := float64(k) / 10
		v := SmoothStep(s)
		if v > last || v < 0 || math.Abs(v+SmoothStep(1-s)-1) > 1e-15 {
			t.Errorf("SmoothStep(%g) = %g", s, v)
		}
		last = v
	}
}
