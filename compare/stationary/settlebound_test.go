package stationary

import (
	"math"
	"math/rand/v2"
	"testing"

	"kolmo/compare/look"
	"kolmo/compare/powers"
	"kolmo/compare/trial"
)

// With a coarse tolerance what a long run misses is the basis' truncation: what is told of it
// holds it, for averages and for powers that grow although no growth is known.
func TestSettleTellsWhatItMisses(t *testing.T) {
	t.Parallel()
	const nodes = 80
	skewed, growth := trial.SkewedChain(nodes, 1./4, 1e6)
	for name, c := range map[string]struct {
		s      *trial.DenseChain
		growth float64 // of its powers
		seen   float64 // the least that the basis must see
	}{"average": {trial.DrawChain(rand.New(rand.NewPCG(4, 1)), nodes, 1./32), 1, 1}, "growing": {skewed, growth, 2}} {
		phi, size := trial.TwoFields(nodes)
		p := powers.New(c.s, 1, 1, phi, size, nodes/2)
		p.Tolerance = 1e-3
		r := &LongRun{Rest: look.CopyFields(phi), Sum: look.NewBlock(1, len(phi), nodes)[0]}
		n, miss, _ := r.sumPowers(p, c.s, 200)
		if n < 32 || !(miss > 0) || p.Growth < c.seen {
			t.Fatalf("%s: %d steps, missed by %.3g, growth %.3g", name, n, miss, p.Growth)
		}
		truth, sum := look.CopyFields(phi), look.NewBlock(1, len(phi), nodes)[0]
		for range n {
			next := look.CopyFields(truth)
			for f, u := range truth {
				for i, v := range u {
					sum[f][i] += v
				}
			}
			c.s.ApplyAllTo(1, next, truth)
			truth = next
		}
		most, total := 0.0, 0.0
		for f := range truth {
			for i, v := range truth[f] {
				most = max(most, math.Abs(v-r.Rest[f][i])/size[f])
				total = max(total, math.Abs(sum[f][i]-r.Sum[f][i])/size[f])
			}
		}
		if most > miss+10*trial.TestRounding*c.growth || most < 1e3*trial.TestRounding {
			t.Errorf("%s: the fields are %.3g off, told %.3g", name, most, miss)
		}
		if total > float64(n)*miss+1e3*trial.TestRounding*c.growth {
			t.Errorf("%s: the sums are %.3g off, told %d times %.3g", name, total, n, miss)
		}
	}
}
