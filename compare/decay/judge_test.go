package decay

import (
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/fit"
)

// A rate is faster than the spectral gap only where its interval, with the modes that the window
// does not tell apart, excludes the gap, and a multiple of it where it holds one alone.
func TestRatesBesideTheSpectralGap(t *testing.T) {
	for _, c := range []struct {
		low, high, late float64
		want            string
	}{
		{1.067, 1.07, 1.05, "not told apart from the spectral gap"}, {1.067, 1.07, 1.063, "faster than the spectral gap"},
		{1.061, 1.07, 1.05, "at the spectral gap"}, {2.12, 2.13, 1.9, "at 2 times"}, {2.12, 2.13, 1, "not told apart"}, {0.9, 1.05, 0.8, ""},
	} {
		row := &compare.DecayRow{SpectralGap: 1.0625, SpectralGapError: 1e-4}
		f := fit.Decay{Rate: (c.low + c.high) / 2, Low: c.low, High: c.high, Late: c.late}.AtLeast(1.0624)
		if got := byMultiple(f, c.low, row); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("[%g, %g] and %g: %q, want %q", c.low, c.high, c.late, got, c.want)
		}
	}
}
