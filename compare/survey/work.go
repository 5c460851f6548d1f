package survey

import (
	"kolmo/fd"
	"kolmo/process"
)

// Constants of the prediction.
const (
	// PolynomialPasses is the number of applications of L per unit of dt rho(L).
	PolynomialPasses = 4
	// NodeWork is the work at a node of one application besides the derivatives,
	// in multiplications.
	NodeWork = 30
	// PaddedRows is by how much the blocks of a banded matrix are wider than its
	// rows.
	PaddedRows = 8
	// SchemeError is the time error of Hundsdorfer-Verwer as a share of the gap
	// with four steps per SGD step (measured, doc/method.md).
	SchemeError = 4e-3
	// SolveShare is the work of a pass of a scheme, with its line solves, over that
	// of an application of L.
	SolveShare = 2
	// EstimateShare is the work of a scheme with its error estimate over that of
	// its steps.
	EstimateShare = 1.75
	// SchemeSafety is by how much the scheme must win: its steps may not be enough,
	// and the polynomial has no error.
	SchemeSafety = 3
	// Slowest is the least ratio of two differences of collocation, from one level
	// to the next, that counts as convergence.
	Slowest = 1.5
	// FewNodes is the number of nodes per axis up to which collocation is taken in
	// three dimensions without a look at differences.
	FewNodes = 24
	// MostPredicted is the number of nodes per axis beyond which predictions are
	// not taken for numbers.
	MostPredicted = 4096
)

// PassWork predicts the multiplications of one application of a model's L.
func (l Level) PassWork(m *process.Diffusion) float64 {
	width := float64(l.Largest())
	if l.Order != fd.FullWidth {
		width = min(width, float64(l.Order+1+PaddedRows))
	}
	return l.Count() * (l.Derivatives(m)*width + NodeWork)
}

// Derivatives is the number of derivatives in a model's L.
func (l Level) Derivatives(m *process.Diffusion) float64 {
	d := len(l.Nodes)
	if m.Noise == process.NoNoise {
		return float64(d)
	}
	return float64(2*d + d*(d-1)/2)
}
