package table

import (
	"math"
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
		{-1.23451e-4, 9.5e-7, "-1.235e-04", "1e-06"},
		{1.23451e-4, 1, "1.2e-04", "1.0e+00"},
		{1.23451e-4, 0, "1.2345e-04", "0"},
		{1.23451e-4, nan, "1.235e-04", "-"},
		{1.23451e-4, inf, "1.235e-04", "-"},
		{1, 1e-300, "1.000000000000e+00", "1.0e-300"},
		{1e-310, 5e-324, "1.000000000000e-310", "5e-324"}, // the most digits shown
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
