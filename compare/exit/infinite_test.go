package exit

import (
	"context"
	"math"
	"testing"
)

// A time that is finite on one grid and infinite on the next is no time within any accuracy of infinity.
func TestTimesThatBecomeInfinite(t *testing.T) {
	t.Parallel()
	for _, first := range []float64{1e3, math.Inf(1)} {
		calls := 0
		on := func(_ context.Context, cells int) (float64, Spent, error) {
			if calls++; calls < chainApart || calls%2 == 0 {
				return first, Spent{Work: float64(cells)}, nil
			}
			return math.Inf(1), Spent{Work: float64(cells)}, nil
		}
		f, err := climbChain(t.Context(), lineChain, 0.01, 0, on)
		if err != nil || math.IsInf(f.t, 1) || f.why != endless && !math.IsInf(f.space, 1) {
			t.Errorf("%g, then infinite: %g +- %g, %q", first, f.t, f.space, f.why)
		}
	}
}
