package gap

import (
	"math"
	"testing"

	"kolmo/compare/march"
	"kolmo/process"
)

// Two levels that differ at one step put in doubt the gap there by the share of that step: three levels' from half the step of
// the largest gap up to it, and what two leave at all others.
func TestSharesNearAndFarFromTheLargestGap(t *testing.T) {
	t.Parallel()
	// Gaps of one at all steps, which is the largest, at step 10.
	const off, best = 0.25, 10
	steps := []int{1, 4, 5, 7, 10, 12, 40}
	engines := func(at int, ofS bool) (*march.Engine, *march.Engine) {
		var pair [2]*march.Engine
		for i := range pair {
			e := new(march.Engine)
			r := &march.Row{Model: &march.Model{Model: &process.Diffusion{Name: "model"}}}
			r.Best, r.BestN = 1, best
			for k, n := range steps {
				U, u := 3.0, 2.0
				switch {
				case i == 0 || k != at:
				case ofS:
					U += off
				default:
					u += off
				}
				e.Trace.N, e.Trace.U = append(e.Trace.N, n), append(e.Trace.U, [][]float64{{U}})
				r.TraceAtU = append(r.TraceAtU, []float64{u})
			}
			e.Rows, pair[i] = []*march.Row{r}, e
		}
		return pair[0], pair[1]
	}
	two, three := shares{S: 5, L: 7}, shares{S: 2, L: 3}
	for k, n := range steps {
		for _, c := range []struct {
			ofS       bool
			near, far float64
		}{{true, 2, 5}, {false, 3, 7}} {
			e, other := engines(k, c.ofS)
			want := c.far
			if n == 5 || n == 7 || n == 10 {
				want = c.near
			}
			by, own, others := newSharesAt(two, three, 1), sharesAt.ofS, sharesAt.ofL
			if !c.ofS {
				own, others = others, own
			}
			for name, of := range map[string]struct {
				by   sharesAt
				want float64
			}{"both": {by, want}, "own": {own(by), want}, "other": {others(by), 0}, "plane": {newSharesAt(two, three, 2), c.far}, "three levels leave more": {newSharesAt(three, two, 1), c.far}} {
				if got := elsewhere(e, e.Rows[0], other, of.by); math.Abs(got-off*of.want) > 1e-12 {
					t.Errorf("step %d, of S %v, %s: %g, want %g", n, c.ofS, name, got, off*of.want)
				}
			}
		}
	}
}
