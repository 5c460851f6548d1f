package trial

import (
	"math"
	"math/rand/v2"
	"slices"
)

// DenseChain is a small chain by its matrix, which counts how often it was applied.
type DenseChain struct {
	A       [][]float64
	Applied int
}

// ApplyAllTo implements chain.
func (c *DenseChain) ApplyAllTo(_ int, dst, u [][]float64) {
	c.Applied++
	for f := range u {
		for i, row := range c.A {
			sum := 0.0
			for j, w := range row {
				sum += w * u[f][j]
			}
			dst[f][i] = sum
		}
	}
}

// DrawChain returns a chain on the nodes 0..1 of a line: from x to x - eta (x - m) +- eta s
// and back, by linear interpolation. Rows are averages.
func DrawChain(rnd *rand.Rand, n int, eta float64) *DenseChain {
	c := &DenseChain{}
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
		c.A = append(c.A, row)
	}
	return c
}

// TwoFields returns a smooth field and one of another size.
func TwoFields(n int) (phi [][]float64, size []float64) {
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

// TestRounding is what powers of an average and their basis may differ by from rounding.
const TestRounding = 1e-13

// SkewedChain returns a chain whose powers grow before they fall, an average between fields
// that are scaled from one end to the other, and by how much they do.
func SkewedChain(n int, eta, scale float64) (c *DenseChain, growth float64) {
	c = DrawChain(rand.New(rand.NewPCG(3, 1)), n, eta)
	for i, row := range c.A {
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
