package powers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kolmo/compare/look"
	"kolmo/compare/trial"
)

// against steps S beside the powers and returns, over the steps, the largest error per
// |phi|, that less the bound, and how many steps the powers gave.
func against(p *Powers, c *trial.DenseChain, phi [][]float64, size []float64, steps int) (most, beyond float64, given int) {
	const block = 16
	beyond = math.Inf(-1)
	truth := look.CopyFields(phi)
	for n := 0; n < steps; n += block {
		out := look.NewBlock(block, len(phi), len(phi[0]))
		done := p.Advance(c, n, out)
		given += done
		for j := range block {
			next := look.CopyFields(truth)
			c.ApplyAllTo(1, next, truth)
			truth = next
			if j >= done {
				continue
			}
			for f := range phi {
				for i, v := range truth[f] {
					d := math.Abs(out[j][f][i]-v) / size[f]
					most, beyond = max(most, d), max(beyond, d-p.Miss(n+j+1))
				}
			}
		}
	}
	return most, beyond, given
}

// U from the basis is U by steps to the bound, for random chains, and the bound is below the
// tolerance.
func TestPowersAreThoseOfSteps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(20, 60).Draw(t, "nodes")
		steps := rapid.IntRange(1, 400).Draw(t, "steps")
		c := trial.DrawChain(rnd, n, 1/float64(rapid.IntRange(2, 64).Draw(t, "1/eta")))
		phi, size := trial.TwoFields(n)
		p := New(c, 1, 1, phi, size, n/2)
		most, beyond, given := against(p, c, phi, size, steps)
		if beyond > trial.TestRounding {
			t.Fatalf("errs by up to %g, %g more than its bound", most, beyond)
		}
		if given > 0 && !(p.Miss(min(given, steps)) <= PowersTolerance) {
			t.Fatalf("bound %g", p.Miss(given))
		}
	})
}

// With a coarse tolerance the truncation is all of the error: the bound holds, and is needed.
func TestPowersBound(t *testing.T) {
	t.Parallel()
	least := math.Inf(1)
	for seed := range uint64(20) {
		c := trial.DrawChain(rand.New(rand.NewPCG(seed, 1)), 80, 1./32)
		phi, size := trial.TwoFields(80)
		p := New(c, 1, 1, phi, size, 40)
		p.Tolerance = 1e-4
		most, beyond, given := against(p, c, phi, size, 512)
		if given != 512 || beyond > trial.TestRounding {
			t.Errorf("seed %d: %d steps, errs by %g, %g more than its bound", seed, given, most, beyond)
		}
		least = min(least, most)
	}
	if least < 1e3*trial.TestRounding {
		t.Errorf("an error of %g is rounding: nothing was tested", least)
	}
}

// Powers that grow enlarge the bound: as was measured, and where that says too little by
// what the basis shows. Errors are above the bound without growth.
func TestPowersGrow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		nodes      int
		eta, scale float64
		given      bool // the growth that is known is given
	}{
		{60, 1. / 16, 1e6, false},
		{60, 1. / 4, 1e6, true},
		{100, 1. / 16, 1e-4, true},
	} {
		s, growth := trial.SkewedChain(c.nodes, c.eta, c.scale)
		phi, size := trial.TwoFields(c.nodes)
		if !c.given {
			growth = 1
		}
		p := New(s, 1, growth, phi, size, c.nodes/2)
		p.Tolerance = 1e-3
		most, beyond, steps := against(p, s, phi, size, 512)
		if steps != 512 || beyond > 10*trial.TestRounding*growth {
			t.Errorf("%+v: %d steps, errs by %g, %g more than its bound", c, steps, most, beyond)
		}
		if p.Growth < growth || !c.given && p.Growth < 2 {
			t.Errorf("%+v: growth %g, given %g", c, p.Growth, growth)
		}
	}
}

// A field that needs as many vectors as there are nodes is served for some steps: the others
// are left to S, and what the powers missed is not forgotten.
func TestPowersLeaveOff(t *testing.T) {
	t.Parallel()
	const n = 400
	// A walk of one place a step, with a little diffusion, and noise for phi.
	c := &trial.DenseChain{}
	for i := range n {
		row := make([]float64, n)
		row[i] += 0.01
		row[max(i-1, 0)] += 0.99
		c.A = append(c.A, row)
	}
	phi, size := trial.TwoFields(n)
	rnd := rand.New(rand.NewPCG(5, 1))
	for i := range n {
		phi[0][i] = rnd.NormFloat64()
	}
	size[0] = 5
	p := New(c, 1, 1, phi, size, n/2)
	most, beyond, steps := against(p, c, phi, size, 1024)
	if beyond > trial.TestRounding || steps < FirstStage || steps >= 1024 || !p.Over {
		t.Errorf("%d steps of 1024, errs by %g, %g more than its bound", steps, most, beyond)
	}
	applied := c.Applied
	if again := p.Advance(c, 256, look.NewBlock(16, 2, n)); again != 0 || c.Applied != applied {
		t.Errorf("%d steps, %d more applications", again, c.Applied-applied)
	}
}

// Steps of S go on from what the powers missed.
func TestMissOutlivesPowers(t *testing.T) {
	t.Parallel()
	c := trial.DrawChain(rand.New(rand.NewPCG(2, 1)), 80, 1./32)
	phi, size := trial.TwoFields(80)
	p := New(c, 1, 3, phi, size, 40)
	p.Tolerance = 1e-4
	p.Reach(2 * FirstStage)
	p.Over = true
	if miss := p.Miss(2 * FirstStage); !(miss > 1e-9) || p.Miss(8*FirstStage) < 3*miss {
		t.Errorf("bound %g after %g", p.Miss(8*FirstStage), miss)
	}
}

// Who asked before, and for how many steps, shows in no bit.
func TestPowersDependOnTheStepAlone(t *testing.T) {
	t.Parallel()
	c := trial.DrawChain(rand.New(rand.NewPCG(9, 1)), 90, 1./32)
	phi, size := trial.TwoFields(90)
	at := func(p *Powers, n int) [][]float64 {
		out := look.NewBlock(1, 2, 90)
		if p.Advance(c, n-1, out) != 1 {
			t.Fatalf("step %d is not served", n)
		}
		return out[0]
	}
	p, q := New(c, 1, 1, phi, size, 45), New(c, 3, 1, phi, size, 45)
	at(p, 800)
	for _, n := range []int{1, 64, 65, 300, 800} {
		if u, v := at(q, n), at(p, n); !slices.EqualFunc(u, v, slices.Equal) {
			t.Errorf("step %d depends on what was asked before", n)
		}
		if q.Miss(n) != p.Miss(n) {
			t.Errorf("the bound of step %d is %g and %g", n, q.Miss(n), p.Miss(n))
		}
	}
}
