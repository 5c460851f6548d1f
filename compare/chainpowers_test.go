package compare

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// denseChain is a small chain by its matrix, which counts how often it was applied.
type denseChain struct {
	a       [][]float64
	applied int
}

// ApplyAllTo implements chain.
func (c *denseChain) ApplyAllTo(_ int, dst, u [][]float64) {
	c.applied++
	for f := range u {
		for i, row := range c.a {
			sum := 0.0
			for j, w := range row {
				sum += w * u[f][j]
			}
			dst[f][i] = sum
		}
	}
}

// drawChain returns a chain on the nodes 0..1 of a line: from x to x - eta (x - m) +- eta s
// and back, by linear interpolation. Rows are averages.
func drawChain(rnd *rand.Rand, n int, eta float64) *denseChain {
	c := &denseChain{}
	m := rnd.Float64()
	for i := range n {
		x := float64(i) / float64(n-1)
		row := make([]float64, n)
		for range 4 {
			y := x - eta*(x-m) + eta*(2*rnd.Float64()-1)
			at := min(max(y, 0), 1) * float64(n-1)
			k := min(int(at), n-2)
			row[k] += (1 - at + float64(k)) / 4
			row[k+1] += (at - float64(k)) / 4
		}
		c.a = append(c.a, row)
	}
	return c
}

// twoFields returns a smooth field and one of another size.
func twoFields(n int) (phi [][]float64, size []float64) {
	phi = [][]float64{make([]float64, n), make([]float64, n)}
	size = make([]float64, 2)
	for i := range n {
		x := float64(i) / float64(n-1)
		phi[0][i], phi[1][i] = 1+math.Cos(3*x), 1e-3*math.Exp(-20*(x-0.4)*(x-0.4))
		for f := range phi {
			size[f] = max(size[f], math.Abs(phi[f][i]))
		}
	}
	return phi, size
}

// against steps S beside the powers and returns, over the steps, the largest error per
// |phi|, that less the bound, and how many steps the powers gave.
func against(p *chainPowers, c *denseChain, phi [][]float64, size []float64, steps int) (most, beyond float64, given int) {
	const block = 16
	beyond = math.Inf(-1)
	truth := copyFields(phi)
	for n := 0; n < steps; n += block {
		out := newBlock(block, len(phi), len(phi[0]))
		done := p.advance(c, n, out)
		given += done
		for j := range block {
			next := copyFields(truth)
			c.ApplyAllTo(1, next, truth)
			truth = next
			if j >= done {
				continue
			}
			for f := range phi {
				for i, v := range truth[f] {
					d := math.Abs(out[j][f][i]-v) / size[f]
					most, beyond = max(most, d), max(beyond, d-p.miss(n+j+1))
				}
			}
		}
	}
	return most, beyond, given
}

// testRounding is what powers of an average and their basis may differ by from rounding.
const testRounding = 1e-13

// U from the basis is U by steps to the bound, for random chains, and the bound is below the
// tolerance.
func TestPowersAreThoseOfSteps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		n := rapid.IntRange(20, 60).Draw(t, "nodes")
		steps := rapid.IntRange(1, 400).Draw(t, "steps")
		c := drawChain(rnd, n, 1/float64(rapid.IntRange(2, 64).Draw(t, "1/eta")))
		phi, size := twoFields(n)
		p := newChainPowers(c, 1, 1, phi, size, n/2)
		most, beyond, given := against(p, c, phi, size, steps)
		if beyond > testRounding {
			t.Fatalf("errs by up to %g, %g more than its bound", most, beyond)
		}
		if given > 0 && !(p.miss(min(given, steps)) <= powersTolerance) {
			t.Fatalf("bound %g", p.miss(given))
		}
	})
}

// With a coarse tolerance the truncation is all of the error: the bound holds, and is needed.
func TestPowersBound(t *testing.T) {
	t.Parallel()
	least := math.Inf(1)
	for seed := range uint64(20) {
		c := drawChain(rand.New(rand.NewPCG(seed, 1)), 80, 1./32)
		phi, size := twoFields(80)
		p := newChainPowers(c, 1, 1, phi, size, 40)
		p.tolerance = 1e-4
		most, beyond, given := against(p, c, phi, size, 512)
		if given != 512 || beyond > testRounding {
			t.Errorf("seed %d: %d steps, errs by %g, %g more than its bound", seed, given, most, beyond)
		}
		least = min(least, most)
	}
	if least < 1e3*testRounding {
		t.Errorf("an error of %g is rounding: nothing was tested", least)
	}
}

// skewedChain returns a chain whose powers grow before they fall, an average between fields
// that are scaled from one end to the other, and by how much they do.
func skewedChain(n int, eta, scale float64) (c *denseChain, growth float64) {
	c = drawChain(rand.New(rand.NewPCG(3, 1)), n, eta)
	for i, row := range c.a {
		for j := range row {
			row[j] *= math.Pow(scale, float64(i-j)/float64(n-1))
		}
	}
	// All powers' largest sums of a row: entries are positive.
	u, v := [][]float64{make([]float64, n)}, [][]float64{make([]float64, n)}
	for i := range n {
		u[0][i] = 1
	}
	for range 2000 {
		growth = max(growth, slices.Max(u[0]))
		c.ApplyAllTo(1, v, u)
		u, v = v, u
	}
	return c, growth
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
		s, growth := skewedChain(c.nodes, c.eta, c.scale)
		phi, size := twoFields(c.nodes)
		if !c.given {
			growth = 1
		}
		p := newChainPowers(s, 1, growth, phi, size, c.nodes/2)
		p.tolerance = 1e-3
		most, beyond, steps := against(p, s, phi, size, 512)
		if steps != 512 || beyond > 10*testRounding*growth {
			t.Errorf("%+v: %d steps, errs by %g, %g more than its bound", c, steps, most, beyond)
		}
		if p.growth < growth || !c.given && p.growth < 2 {
			t.Errorf("%+v: growth %g, given %g", c, p.growth, growth)
		}
	}
}

// A field that needs as many vectors as there are nodes is served for some steps: the others
// are left to S, and what the powers missed is not forgotten.
func TestPowersLeaveOff(t *testing.T) {
	t.Parallel()
	const n = 400
	// A walk of one place a step, with a little diffusion, and noise for phi.
	c := &denseChain{}
	for i := range n {
		row := make([]float64, n)
		row[i] += 0.01
		row[max(i-1, 0)] += 0.99
		c.a = append(c.a, row)
	}
	phi, size := twoFields(n)
	rnd := rand.New(rand.NewPCG(5, 1))
	for i := range n {
		phi[0][i] = rnd.NormFloat64()
	}
	size[0] = 5
	p := newChainPowers(c, 1, 1, phi, size, n/2)
	most, beyond, steps := against(p, c, phi, size, 1024)
	if beyond > testRounding || steps < firstStage || steps >= 1024 || !p.over {
		t.Errorf("%d steps of 1024, errs by %g, %g more than its bound", steps, most, beyond)
	}
	applied := c.applied
	if again := p.advance(c, 256, newBlock(16, 2, n)); again != 0 || c.applied != applied {
		t.Errorf("%d steps, %d more applications", again, c.applied-applied)
	}
}

// Steps of S go on from what the powers missed.
func TestMissOutlivesPowers(t *testing.T) {
	t.Parallel()
	c := drawChain(rand.New(rand.NewPCG(2, 1)), 80, 1./32)
	phi, size := twoFields(80)
	p := newChainPowers(c, 1, 3, phi, size, 40)
	p.tolerance = 1e-4
	p.reach(2 * firstStage)
	p.over = true
	if miss := p.miss(2 * firstStage); !(miss > 1e-9) || p.miss(8*firstStage) < 3*miss {
		t.Errorf("bound %g after %g", p.miss(8*firstStage), miss)
	}
}

// Who asked before, and for how many steps, shows in no bit.
func TestPowersDependOnTheStepAlone(t *testing.T) {
	t.Parallel()
	c := drawChain(rand.New(rand.NewPCG(9, 1)), 90, 1./32)
	phi, size := twoFields(90)
	at := func(p *chainPowers, n int) [][]float64 {
		out := newBlock(1, 2, 90)
		if p.advance(c, n-1, out) != 1 {
			t.Fatalf("step %d is not served", n)
		}
		return out[0]
	}
	p, q := newChainPowers(c, 1, 1, phi, size, 45), newChainPowers(c, 3, 1, phi, size, 45)
	at(p, 800)
	for _, n := range []int{1, 64, 65, 300, 800} {
		if u, v := at(q, n), at(p, n); !slices.EqualFunc(u, v, slices.Equal) {
			t.Errorf("step %d depends on what was asked before", n)
		}
		if q.miss(n) != p.miss(n) {
			t.Errorf("the bound of step %d is %g and %g", n, q.miss(n), p.miss(n))
		}
	}
}
