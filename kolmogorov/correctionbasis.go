package kolmogorov

import (
	"math"

	arnoldi "kolmo/internal/krylov"
)

// correctionBasis is an Arnoldi basis of the system for (e, u0), which serves all times up to
// an end: its trajectory at steps of one length, and Taylor polynomials of the small matrix
// between these.
type correctionBasis struct {
	basis *arnoldi.Basis
	now   *arnoldi.Trajectory
	dt    float64
	steps int
	// fields are e at the steps of a block.
	fields [][]float64
	block  int
}

// Constants of the basis of a correction.
const (
	// correctionMiss is what e may miss by the basis, relative to the largest |e|.
	correctionMiss = 1e-7
	// correctionVectors is the most vectors.
	correctionVectors = 480
	// correctionLooks is the number of times at which the size of e is read.
	correctionLooks = 16
	// correctionBlock is the number of steps whose fields are found together.
	correctionBlock = 16
)

// newCorrectionBasis returns the basis that serves the given number of steps of dt, nil where
// so many vectors do not serve. L and D map constants to zero, and so are kept those of e and u0.
func newCorrectionBasis(system *triangular, start []float64, dt float64, steps int) *correctionBasis {
	n, nodes := system.Len(), system.op.Len()
	cfg := &arnoldi.Config{Workers: 1, Modulo: []arnoldi.Constant{
		arnoldi.Part(n, 0, nodes, nodes/2), arnoldi.Part(n, nodes, n, nodes+nodes/2)}}
	c := &correctionBasis{dt: dt, steps: steps, block: -1}
	for range max(correctionLooks, correctionBlock) {
		c.fields = append(c.fields, make([]float64, nodes))
	}
	var err error
	if c.basis, err = arnoldi.New(func(dst, src []float64) { system.ApplyTo(dst, nil, 1, src) }, start, cfg); err != nil {
		return nil
	}
	growth := 1.0
	met, err := c.basis.Until(correctionVectors, func() float64 {
		before := c.now
		c.now = c.basis.Exponential(dt, steps, growth)
		largest := c.largest(steps)
		if before == nil && !c.basis.Closed() {
			return math.Inf(1)
		}
		miss := c.now.Residual(steps)
		if before != nil && miss <= correctionMiss*largest {
			// Residuals that the system amplifies show in what the last vectors have changed.
			if seen := growth * c.basis.GrowthSeen(before, c.now, steps); seen > growth {
				growth = seen
				c.now = c.basis.Exponential(dt, steps, growth)
				miss = c.now.Residual(steps)
			}
		}
		return ratio(miss, correctionMiss*largest)
	})
	if err != nil || !met {
		return nil
	}
	return c
}

// largest returns the largest |e| at some of the steps.
func (c *correctionBasis) largest(steps int) float64 {
	var y [][]float64
	for k := 1; k <= correctionLooks; k++ {
		y = append(y, c.now.At(steps*k*k/(correctionLooks*correctionLooks)))
	}
	c.basis.FieldsTo(c.fields[:correctionLooks], y)
	most := 0.0
	for _, e := range c.fields[:correctionLooks] {
		most = max(most, maxAbs(e))
	}
	return most
}

// at returns e at a step n > 0, which belongs to the basis.
func (c *correctionBasis) at(n int) []float64 {
	block := (n - 1) / correctionBlock
	first := block*correctionBlock + 1
	if c.block != block {
		var y [][]float64
		for k := first; k < first+correctionBlock && k <= c.steps; k++ {
			y = append(y, c.now.At(k))
		}
		c.basis.FieldsTo(c.fields[:len(y)], y)
		c.block = block
	}
	return c.fields[n-first]
}
