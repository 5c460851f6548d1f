package gap

import (
	"math"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

// A gap that was not computed is at no step, time or point.
func TestRowWithoutAGap(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	g := results.Groups(r)[0]
	g.Rows = slices.Clone(g.Rows)
	g.Rows[0].Gap, g.Rows[0].GapPlace = compare.Number(math.NaN()), compare.GapPlace{}
	shown := Table(&g)
	for _, head := range []string{"gap", "n", "t", "x"} {
		k := slices.Index(shown.Head, head)
		if got := shown.Rows[0][k].Text; got != table.Absent {
			t.Errorf("%s is %q", head, got)
		}
		if got := shown.Rows[1][k].Text; got == table.Absent {
			t.Errorf("%s of a gap is %q", head, got)
		}
	}
}
