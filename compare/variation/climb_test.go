package variation

import "testing"

// Pairs whose distances fall like n^-p leave 2/(r^p - 1) of the last, r being the ratio of its nodes, which is at least the
// twice that errors are anyway; where they do not fall, ten times; and the slowest fall counts, before and after.
func TestRemaining(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pairs []pair
		own   int
		want  float64
	}{
		{[]pair{{20, 10, 1}}, 0, 1},
		{[]pair{{20, 10, 1}, {40, 20, 1. / 16}}, 1, 1},
		{[]pair{{20, 10, 1}, {40, 20, 1. / 1.5}}, 1, 2},
		{[]pair{{20, 10, 1}, {40, 20, 1.2}}, 1, 5},
		{[]pair{{20, 10, 1}, {40, 20, 1. / 16}, {80, 40, 1. / 8}}, 1, 5},
		{[]pair{{20, 10, 16}, {40, 20, 1}, {80, 40, 1. / 1.5}}, 2, 2},
	} {
		if got := remaining(c.pairs, c.own); !(got > 0.999*c.want && got < 1.001*c.want) {
			t.Errorf("%v: %g, want %g", c.pairs, got, c.want)
		}
	}
}
