package kolmogorov

import "kolmo/grid"

const (
	// bytesPerNumber is the size of a float64.
	bytesPerNumber = 8
	// radiusFields is the number of fields that the spectral radius needs.
	radiusFields = 2
)

// Bytes returns the memory that the operator holds besides its matrices along the
// axes, which are small: coefficients and the workers' blocks.
func (op *Operator) Bytes() int64 {
	fields := 0
	for k := range op.Dim() {
		if op.c.B[k] != nil {
			fields++
		}
		for l := k; l < op.Dim(); l++ {
			if op.c.A[k][l] != nil {
				fields++
			}
		}
	}
	last := op.Dim() - 1
	work := op.derivatives() * len(op.work) * op.block * op.g.Stride(last)
	return bytesPerNumber * int64(fields*op.Len()+work)
}

// PolynomialBytes returns the most memory that a Polynomial on a grid allocates: the
// terms, a field, and the SGD steps that share a polynomial.
func PolynomialBytes(g *grid.Grid) int64 {
	return bytesPerNumber * int64(maxDegree+1+1+radiusFields+maxChunk) * int64(g.Len())
}

// SteppingBytes returns the memory that a Stepping with the given scheme, number of
// fields and choices allocates: stages, the factors of the line systems, and the
// solutions that it goes on with.
func SteppingBytes(op *Operator, s Scheme, fields int, cfg *SteppingConfig) int64 {
	var c SteppingConfig
	if cfg != nil {
		c = *cfg
	}
	factors := int64(0)
	for k := range op.Dim() {
		factors += op.FactorBytes(k)
	}
	field := bytesPerNumber * int64(op.Len())
	stepper := func(s Scheme) int64 {
		bytes := int64(s.Fields(op.Dim())*fields) * field
		if s.Implicit() {
			bytes += factors
		} else {
			bytes = int64(s.Fields(op.Dim())+radiusFields) * field
		}
		return bytes
	}
	run := int64(fields)*field + stepper(s)
	if c.Damping > 0 {
		run += factors
		if op.Mixed() {
			run += field
		}
	}
	runs := int64(1)
	switch {
	case c.Richardson:
		runs = 2
	case c.Estimate:
		runs = 3
	}
	return runs*run + int64(fields)*field
}
