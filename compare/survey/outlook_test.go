package survey

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare/fit"
)

// stopsAt returns the number of levels after which a refinement on the grids is given up,
// zero if it never is; of an accuracy of one per cent of the gap.
func stopsAt(excess func(n float64) float64) (levels int, why string) {
	var o fit.Outlook
	for k, n := range uniformNodes {
		o.Add(float64(n), excess(float64(n)), excess(float64(n))/100)
		if why := o.Hopeless(float64(uniformNodes[len(uniformNodes)-1])); why != "" {
			return k + 1, why
		}
	}
	return 0, ""
}

// A low power of the nodes that does not suffice is told early; nothing else is given up:
// errors of smooth functions, ones that have not begun to fall, and powers that suffice.
func TestOutlook(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		excess func(n float64) float64
		most   int // levels; zero: never given up
	}{
		{"kink", func(n float64) float64 { return 45 * math.Pow(n/24, -0.6) }, 6},
		{"kink, unsteady", func(n float64) float64 { return 38 * math.Pow(n/24, -0.6) * (1 + 0.2*math.Sin(n)) }, 8},
		{"kink that suffices", func(n float64) float64 { return 50 * math.Pow(n/24, -1.2) }, 0},
		{"order 4", func(n float64) float64 { return 1e9 * math.Pow(n/24, -4) }, 0},
		{"geometric", func(n float64) float64 { return 1e12 * math.Exp(-n/20) }, 0},
		{"slowly geometric", func(n float64) float64 { return 1e6 * math.Exp(-n/70) }, 0},
		{"bump between nodes", func(n float64) float64 { return 1e4 * math.Exp(-math.Pow(n/300, 2)*10) }, 0},
		{"order 8 after a plateau", func(n float64) float64 { return 1e5 / (1 + math.Pow(n/150, 8)) }, 0},
		{"a kink, once the gap stands above its error", func(n float64) float64 { return 250 * math.Pow(n/24, -0.9) }, 13},
		{"a front that is not resolved before 256 nodes", func(n float64) float64 { return 4e4 * math.Pow(n/24, -0.8) / (1 + math.Pow(n/256, 8)) }, 0},
		{"nothing falls", func(float64) float64 { return 1e3 }, 0},
		{"not known", func(float64) float64 { return math.NaN() }, 0},
	} {
		got, why := stopsAt(c.excess)
		if (got > 0) != (c.most > 0) || got > c.most {
			t.Errorf("%s: given up after %d levels, want %d (0: never): %s", c.name, got, c.most, why)
		}
		if got > 0 && !strings.Contains(why, "not smooth") {
			t.Errorf("%s: %q", c.name, why)
		}
	}
}
