package table

import (
	"slices"
	"testing"

	"kolmo/compare"
)

// The place of an exit time has the columns of an interval and x on the line, and those of sides and coordinates in the
// plane.
func TestExitPlaceAsCSV(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		place     compare.ExitPlace
		head, row []string
	}{
		{compare.ExitPlace{Interval: &[2]compare.Number{-1, 2}, Box: [][2]compare.Number{}, X: compare.Point{0.5}},
			[]string{"interval_from", "interval_to", "x"}, []string{"-1", "2", "0.5"}},
		{compare.ExitPlace{Box: [][2]compare.Number{{-1, 2}, {0, 3}}, X: compare.Point{0.5, 1}},
			[]string{"interval_from", "interval_to", "box1_from", "box1_to", "box2_from", "box2_to", "x1", "x2"}, []string{"", "", "-1", "2", "0", "3", "0.5", "1"}},
	} {
		got := CSVOf([]compare.ExitPlace{c.place, c.place})
		if !slices.Equal(got.Head, c.head) || !slices.Equal(got.Rows[0], c.row) || !slices.Equal(got.Rows[1], c.row) {
			t.Errorf("%v\n%v\nwant %v\n%v", got.Head, got.Rows[0], c.head, c.row)
		}
	}
}
