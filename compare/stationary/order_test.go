package stationary

import (
	"testing"

	"kolmo/compare"
)

// What is left of a predicted shift crosses zero where it points the other way.
func TestOpposite(t *testing.T) {
	t.Parallel()
	row := func(x, y compare.Number) compare.MeanShiftRow {
		return compare.MeanShiftRow{Shift: []compare.Number{1 + x, 2 + y}, Predicted: []compare.Number{1, 2}}
	}
	for _, c := range []struct {
		a, b compare.MeanShiftRow
		want bool
	}{
		{row(1, 0), row(0.5, 0.2), false},
		{row(1, 0), row(-0.5, 0.2), true},
		{row(1, 1), row(-0.5, 0.75), false},
		{compare.MeanShiftRow{}, row(-1, 0), false},
	} {
		if got := opposite(c.a, c.b); got != c.want {
			t.Errorf("%v, %v: %t", c.a.Shift, c.b.Shift, got)
		}
	}
}
