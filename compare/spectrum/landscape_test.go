package spectrum

import (
	"math"
	"testing"
)

// The exponents of chains are those of closed forms: of steps -m + s and -m - s with equal
// chances ln cosh(q s) = q m, and of normal steps, here by many points, 2 m/s^2.
func TestCramer(t *testing.T) {
	t.Parallel()
	for _, q := range []float64{1e-3, 0.5, 3, 40} {
		m := math.Log(math.Cosh(q)) / q
		for _, sign := range []float64{1, -1} {
			if got := cramer([]float64{sign * (1 - m), sign * (-1 - m)}, []float64{0.5, 0.5}); math.Abs(got-sign*q) > 1e-9*q*math.Cosh(q)/math.Sinh(q)/min(1, q) {
				t.Errorf("mean %g: %.12g, want %g", -sign*m, got, sign*q)
			}
		}
	}
	var steps, weights []float64
	for i := -400; i <= 400; i++ {
		x := float64(i) / 40
		steps, weights = append(steps, -0.3+0.5*x), append(weights, math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)/40)
	}
	if got, want := cramer(steps, weights), 2*0.3/0.25; math.Abs(got-want) > 1e-6 {
		t.Errorf("normal steps: %.9g, want %g", got, want)
	}
	if got := cramer([]float64{-0.5, -0.1}, []float64{0.5, 0.5}); !math.IsInf(got, 1) {
		t.Errorf("nothing moves up: %g", got)
	}
	if got := cramer([]float64{-0.5, 0.5}, []float64{0.5, 0.5}); got != 0 {
		t.Errorf("no drift: %g", got)
	}
}

// With noise that varies, the small-noise rate is 1 over the mean time of passage, a double integral, to
// first order in the noise; Kramers' has the noise at the saddle.
func TestSmallNoiseWithVaryingNoise(t *testing.T) {
	t.Parallel()
	drift := func(x float64) float64 { return x - x*x*x }
	for _, eta := range []float64{1. / 16, 1. / 32, 1. / 64} {
		l, _, why := newLine(drift, Interval{-1.5, 1.5})
		if l == nil {
			t.Fatal(why)
		}
		l.noise = func(x float64) float64 { return eta * (1 + 0.5*x*x) }
		l.exponent = func(x float64) float64 { return -2 * drift(x) / l.noise(x) }
		rate, kramers := l.rates([]float64{l.left})
		// psi is the integral of 2b/a: with y = x^2, of (1 - y)/(1 + y/2) dy/eta.
		psi := func(x float64) float64 { y := x * x; return (6*math.Log(1+y/2) - 2*y) / eta }
		if want := psi(-1) - psi(0); math.Abs(l.pass([]float64{l.left})-want) > 1e-9*want {
			t.Errorf("exponent %.12g, want %.12g", l.pass([]float64{l.left}), want)
		}
		if want := math.Sqrt2 / (2 * math.Pi) * math.Exp(-0.5/eta); math.Abs(kramers/want-1) > 1e-8 {
			t.Errorf("Kramers' rate %.10g, want %.10g", kramers, want)
		}
		const n = 20000
		h, inner, time, top := 4.0/n, 0.0, 0.0, psi(-1)
		for i := range n {
			x := -3 + h*(float64(i)+0.5)
			inner += h * 2 / l.noise(x) * math.Exp(psi(x)-top)
			if x > -1 && x < 1 {
				time += h * math.Exp(-psi(x)) * inner
			}
		}
		want := 1 / (time * math.Exp(top))
		if off := math.Abs(rate/want - 1); off > 2*eta {
			t.Errorf("eta = %g: small noise %.6g, passage %.6g, off by %.3g", eta, rate, want, off)
		}
	}
	if l, _, why := newLine(func(x float64) float64 { return -x }, Interval{-1, 1}); l != nil || why == "" {
		t.Error("two wells of one")
	}
}

// Polynomials through actions are exact for those of their degree.
func TestAtZero(t *testing.T) {
	t.Parallel()
	x := []float64{0.25, 0.125, 0.0625}
	var y []float64
	for _, v := range x {
		y = append(y, 0.5-3*v+7*v*v)
	}
	value, bar := atZero(x, y, []float64{0, 0, 1e-3})
	if math.Abs(value-0.5) > 1e-14 || math.Abs(bar-8./3*1e-3) > 1e-15 {
		t.Errorf("%g +- %g, want 1/2 +- 8/3000", value, bar)
	}
}
