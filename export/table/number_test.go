package table

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

func TestDigitsFollowTheError(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		v, e         float64
		value, error string
	}{
		{1.23451e-4, 1.7e-8, "1.2345e-04", "1.7e-08"},
		{1.23451e-4, 2.01e-8, "1.2345e-04", "3e-08"},
		{1.23451e-4, 2e-8, "1.2345e-04", "2e-08"},
		{-1.23451e-4, 9.5e-7, "-1.235e-04", "1.0e-06"},
		{1.23451e-4, 1, "1.2e-04", "1.0e+00"},
		{1.23451e-4, 0, "1.2345e-04", "0"},
		{1.23451e-4, nan, "1.235e-04", "-"},
		{1.23451e-4, inf, "1.235e-04", "-"},
		{1, 1e-300, "1.000000e+00", "1.0e-300"},
		{1e-310, 5e-324, "1.000000e-310", "5e-324"}, // the most digits shown
		{0, 1e-9, "0", "1.0e-09"},
		{nan, 1.95e-3, "-", "2e-03"},
		{inf, 0, "-", "0"},
	} {
		if got := Value(c.v, c.e); got != c.value {
			t.Errorf("formatValue(%g, %g) = %s, want %s", c.v, c.e, got, c.value)
		}
		if got := Error(c.e); got != c.error {
			t.Errorf("formatError(%g) = %s, want %s", c.e, got, c.error)
		}
	}
}

// A value and its error have one notation, and end at one place; seven digits are shown at most.
func TestMeasured(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		v, e  float64
		plain string
		power string // of four digits
	}{
		{2, 0.0201, "2.00 +- 0.03", "(2.00 +- 0.03)e+00"},
		{65.71, 0.18, "65.71 +- 0.18", "(6.571 +- 0.018)e+01"},
		{423.3, 3.2, "423 +- 4", "(4.23 +- 0.04)e+02"},
		{423.3, 32, "420 +- 40", "(4.2 +- 0.4)e+02"},
		{0.075, 0.7, "0.1 +- 0.7", "(1 +- 7)e-01"},
		{0.0751, 0.0095, "0.075 +- 0.010", "(7.5 +- 1.0)e-02"},
		{-0.0004, 0.7, "0.0 +- 0.7", "(0 +- 7)e-01"},
		{4.9996e-7, 1.8e-10, "(4.9996 +- 0.0018)e-07", "5.000e-07 +- 1.8e-10"},
		{-4.9996e-7, 3e-10, "(-5.000 +- 0.003)e-07", "(-5.000 +- 0.003)e-07"},
		{1.2e-17, 4.8e-16, "(0 +- 5)e-16", "(0 +- 5)e-16"},
		{0.0260540212, 7.5e-13, "0.02605402 +- 8e-13", "2.605e-02 +- 8e-13"},
		{1.98e9, 0.04, "1.980000e+09 +- 4e-02", "1.980e+09 +- 4e-02"},
		{99999, 2, "99999 +- 2", "1.000e+05 +- 2e+00"},
		{0, 4.8e-16, "0 +- 5e-16", "0 +- 5e-16"},
		{0, 0, "0", "0"},
		{2.5, 0, "2.5000", "2.5000e+00"},
		{2.5, nan, "2.500", "2.500e+00"},
		{2.5, inf, "2.500", "2.500e+00"},
		{nan, 1, "-", "-"},
		{5e-324, 5e-324, "(5 +- 5)e-324", "(5 +- 5)e-324"},
	} {
		if got := Measured(c.v, c.e); got != c.plain {
			t.Errorf("Measured(%g, %g) = %s, want %s", c.v, c.e, got, c.plain)
		}
		if got := MeasuredPower(c.v, c.e, 4); got != c.power {
			t.Errorf("MeasuredPower(%g, %g, 4) = %s, want %s", c.v, c.e, got, c.power)
		}
	}
}

// What is shown is the value, within half a unit of its last place, and no less than the error.
func TestMeasuredHolds(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^\(?(-?[0-9.]+) \+- ([0-9.]+)(?:\)(e[-+][0-9]+))?$`)
	for v := -1e-9; v > -1e9; v *= 3.7193 {
		for off := 1e-6; off < 100; off *= 2.171 {
			e := -v * off
			s := Measured(v, e)
			m := form.FindStringSubmatch(s)
			if m == nil {
				if off > 1e-5 {
					t.Errorf("Measured(%g, %g) = %s", v, e, s)
				}
				continue
			}
			value, err := parsed(t, m[1]+m[3]), parsed(t, m[2]+m[3])
			if math.Abs(value-v) > 0.5001*err || err < e*(1-1e-8) || err > 1.5*e {
				t.Errorf("Measured(%g, %g) = %s", v, e, s)
			}
		}
	}
}

// Rounding may not make an error look smaller, nor more than half as large again.
func TestErrorsAreRoundedUp(t *testing.T) {
	t.Parallel()
	for e := 1e-12; e < 1e3; e *= 1.0371 {
		s := Error(e)
		got := parsed(t, s)
		if got < e*(1-1e-8) || got > 1.5*e {
			t.Errorf("formatError(%g) = %s", e, s)
		}
	}
}

func TestFormatFixed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v    float64
		d    int
		want string
	}{{-0.00001, 2, "0.00"}, {1.5, 4, "1.5000"}, {-12.3456, 1, "-12.3"}, {123456, 4, "1.23e+05"}, {math.NaN(), 1, "-"}} {
		if got := Fixed(c.v, c.d); got != c.want {
			t.Errorf("formatFixed(%g, %d) = %s, want %s", c.v, c.d, got, c.want)
		}
	}
	if got := PowerOfTen(-15); got != "10⁻¹⁵" {
		t.Errorf("powerOfTen(-15) = %s", got)
	}
}

// parsed reads a number.
func parsed(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
