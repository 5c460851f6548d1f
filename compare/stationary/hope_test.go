package stationary

import (
	"math"
	"testing"
)

// Runs go on while a field may become constant by the last step, and end early where each that is not constant falls
// too slowly, or not at all.
func TestRunsThatWillNotSettleEnd(t *testing.T) {
	t.Parallel()
	const last = 200_000
	falls := func(rate float64) func(n int) float64 {
		return func(n int) float64 { return math.Exp(-rate * float64(n)) }
	}
	slowly := func(n int) float64 { return 1 / (1 + math.Log(float64(n))/10) }
	for _, c := range []struct {
		name   string
		fields []func(n int) float64
		ends   bool
	}{
		{"settles", []func(n int) float64{falls(1e-3)}, false},
		{"just settles", []func(n int) float64{falls(2e-5)}, false},
		{"does not fall", []func(n int) float64{falls(0)}, true},
		{"falls hardly", []func(n int) float64{falls(1e-9)}, true},
		{"one that settles beside one that does not", []func(n int) float64{falls(2e-5), falls(0)}, false},
		{"one that has settled beside one that does not", []func(n int) float64{falls(1), falls(0)}, true},
		{"falls ever more slowly", []func(n int) float64{slowly}, true},
	} {
		h, ends := newHope(last), 0
		for n := 64; n <= last && ends == 0; n += 64 {
			ranges := make([]float64, len(c.fields))
			for f, of := range c.fields {
				ranges[f] = of(n)
			}
			if h.lost(n, last, ranges) {
				ends = n
			}
		}
		if (ends > 0) != c.ends || c.name == "does not fall" && ends > last/7 {
			t.Errorf("%s: ended at step %d", c.name, ends)
		}
	}
}
