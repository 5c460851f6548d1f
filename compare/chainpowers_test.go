package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// denseChain is a small chain by its matrix, which counts how often it was applied.
type denseChain struct {
	a       [][]float64
	norm    float64 // what it says of itself
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

// Norm implements chain.
func (c *denseChain) Norm() float64 { return c.norm }

// drawChain returns a chain on the nodes 0..1 of a line: from x to x - eta (x - m) +- eta s
// and back, by linear interpolation. Rows are averages.
func drawChain(rnd *rand.Rand, n int, eta float64) *denseChain {
	c := &denseChain{norm: 1}
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
		p := newChainPowers(c, 1, phi, size, n/2)
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
		p := newChainPowers(c, 1, phi, size, 40)
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

// skewedChain returns a chain whose powers grow before they fall: an average between fields that
// are scaled by up to 1/scale from one end to the other. It claims a norm of its own.
func skewedChain(n int, scale, norm float64) *denseChain {
	c := drawChain(rand.New(rand.NewPCG(3, 1)), n, 1./16)
	for i, row := range c.a {
		for j := range row {
			row[j] *= math.Pow(scale, float64(i-j)/float64(n-1))
		}
	}
	c.norm = norm
	return c
}

// Powers that grow enlarge the bound: by S's norm, and where that says too little by what the
// basis shows.
func TestPowersGrow(t *testing.T) {
	t.Parallel()
	const n, scale, tolerance = 60, 1e4, 1e-3
	for _, norm := range []float64{1, 3} {
		c := skewedChain(n, scale, norm)
		phi, size := twoFields(n)
		p := newChainPowers(c, 1, phi, size, n/2)
		p.tolerance = tolerance
		most, beyond, given := against(p, c, phi, size, 512)
		if given == 0 || beyond > 1e-10 {
			t.Errorf("norm %g: %d steps, errs by %g, %g more than its bound", norm, given, most, beyond)
		}
		if p.growth < norm {
			t.Errorf("growth %g, norm %g", p.growth, norm)
		}
		t.Logf("norm %g growth %g most %g given %d, dim %d, miss %g", norm, p.growth, most, given, p.basis.Dim(), p.miss(512))
	}
}
