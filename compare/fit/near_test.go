package fit

import (
	"fmt"
	"math"
	"testing"
)

// sumOf returns a sum of exponentials at 121 times up to 12, with the error of each value.
func sumOf(err float64, weight, rate []float64) (t, v, errs []float64) {
	for i := range 121 {
		s, sum := 0.1*float64(i), 0.0
		for k, w := range weight {
			sum += w * math.Exp(-rate[k]*s)
		}
		t, v, errs = append(t, s), append(v, sum), append(errs, err)
	}
	return t, v, errs
}

// The slower of two modes whose rates are near is within the interval, with any weight from a
// tenth on, beside a faster mode or not, and with errors or without; so it is with a smaller weight
// where there are no errors. A least rate that is known ends the interval.
func TestNearModesAreWithinTheInterval(t *testing.T) {
	for _, apart := range []float64{0.01, 0.03, 0.1, 0.3} {
		for _, w := range []float64{0.95, 0.75, 0.5, 0.25, 0.1, 0.02, -0.1, -0.25} {
			for _, err := range []float64{0, 1e-12, 1e-10, 1e-8, 1e-6} {
				for _, fast := range []float64{0, 0.5} {
					if w < 0 && apart > 0.1 || w == 0.02 && (err > 0 || fast > 0) {
						continue // it changes sign, or is hidden
					}
					x, v, e := sumOf(err, []float64{w, 1 - w, fast}, []float64{1, 1 + apart, 2.5})
					name := fmt.Sprintf("1 and %g, weight %g, error %g, fast %g", 1+apart, w, err, fast)
					d := LateRate(x, v, e)
					if a := d.AtLeast(math.NaN()); !(a.Low <= 1 && 1 <= a.High && a.Low <= d.Low) {
						t.Errorf("%s: %.5f in [%.5f, %.5f]", name, a.Rate, a.Low, a.High)
					}
					if a, low := d.AtLeast(0.999), min(d.Low, max(d.Late, 0.999)); a.Low != low {
						t.Errorf("%s: from %.5f with a least rate of 0.999, want %.5f", name, a.Low, low)
					}
				}
			}
		}
	}
}

// Equal eigenvalues with one eigenvector, as of heavy ball at critical damping, leave (t+c)^p e^{-t}:
// its rate is within the interval also where that power of t began long before the first value,
// and beside a faster mode.
func TestPowersThatBeganEarlierAreWithinTheInterval(t *testing.T) {
	for _, p := range []float64{1, 2, 3, 4} {
		for _, c := range []float64{0, 0.5, 1, 2, 5, 20} {
			for _, err := range []float64{0, 1e-12, 1e-10, 1e-8} {
				for _, fast := range []float64{0, 0.5} {
					x, v, e := sumOf(err, []float64{1, fast}, []float64{1, 2.5})
					for i := range v {
						v[i] += (math.Pow(1+x[i]/(c+0.1), p) - 1) * math.Exp(-x[i])
					}
					if d := LateRate(x, v, e); !(d.Low <= 1 && 1 <= d.High) {
						t.Errorf("power %g from %g before, error %g, fast %g: %.5f in [%.5f, %.5f]", p, c, err, fast, d.Rate, d.Low, d.High)
					}
				}
			}
		}
	}
}

// A mode alone, and one that is left of faster ones, keep a narrow interval.
func TestModesApartStayKnown(t *testing.T) {
	for _, c := range []struct{ fast, err, wide float64 }{
		{0, 0, 1e-5}, {0, 1e-12, 1e-3}, {0, 1e-10, 5e-3}, {0, 1e-8, 0.02}, {1, 0, 0.03}, {1, 1e-10, 0.1}, {-0.5, 1e-10, 0.1},
	} {
		x, v, e := sumOf(c.err, []float64{1, c.fast}, []float64{1, 2})
		d := LateRate(x, v, e).AtLeast(math.NaN())
		if !(d.Low <= 1 && 1 <= d.High && d.High-d.Low <= c.wide) {
			t.Errorf("%+v: %.6f in [%.6f, %.6f]", c, d.Rate, d.Low, d.High)
		}
	}
}

// What may hide below the errors lowers the interval's end, and nothing is slower; what falls slower all the same is no such
// mode, and keeps its interval.
func TestIntervalsReachToModesThatHide(t *testing.T) {
	for _, c := range []struct{ rate, low, high, late, least, want float64 }{
		{2, 1.9, 2.1, 2, 1, 1}, {2, 0.1, 2.1, 2, 1, 1}, {1, 0.8, 1.2, 1, 1.1, 1}, {1, 0.8, 1.05, 1, 2, 0.8}, {-1, -1.2, -0.8, -1, 0, -1.2},
	} {
		d := Decay{Rate: c.rate, Low: c.low, High: c.high, Late: c.late}.HidingTo(c.least)
		if d.Low != c.want || d.Rate != c.rate || d.High != c.high {
			t.Errorf("%+v: %+v", c, d)
		}
	}
}

// Nothing decays slower than the slowest rate that is known: an interval that ends below it is raised to it with its error, and others stay.
func TestIntervalsReachTheSlowestRate(t *testing.T) {
	for _, c := range []struct{ high, slowest, err, want float64 }{{2, 3, 0.1, 3.1}, {2.95, 3, 0.1, 2.95}, {4, 3, 0.1, 4}, {2, math.NaN(), math.NaN(), 2}} {
		if d := (Decay{Rate: 1.5, Low: 1, High: c.high}).Reaching(c.slowest, c.err); d.High != c.want || d.Low != 1 || d.Rate != 1.5 {
			t.Errorf("up to %g with a slowest rate of %g +- %g: %+v, want up to %g", c.high, c.slowest, c.err, d, c.want)
		}
	}
}
