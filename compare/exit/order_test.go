package exit

import (
	"testing"

	"kolmo/compare"
)

// Times that are first shorter and then longer than the chain's have no order before that.
func TestOrderWhereTimesCross(t *testing.T) {
	t.Parallel()
	var rows []compare.ExitRow
	for i, ratio := range []compare.Number{0.994, 1.0026, 1.00127} {
		row := compare.ExitRow{Ratio: ratio, RatioError: 1e-9}
		row.Eta = 0.25 / float64(int(1)<<i)
		rows = append(rows, row)
	}
	if o := orderOf("m", rows); o.Slope == o.Slope || len(o.Etas) != 2 {
		t.Errorf("order %.3f from %v: %s", o.Slope, o.Etas, o.Verdict)
	}
	if o := orderOf("m", rows[1:]); o.Slope != o.Slope {
		t.Errorf("no order of times on one side: %s", o.Verdict)
	}
}
