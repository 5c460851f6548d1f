package spectrum

import (
	"context"
	"math"

	"kolmo/compare"
	"kolmo/compare/unit"
	"kolmo/process"
)

// slowestAccuracy is the largest relative error of a spectral gap.
const slowestAccuracy = 0.05

// Slowest returns the spectral gap of a model's L, its slowest rate in the users' time, with the error that a spectrum
// study of this one rate finds on grids of its own: without the quadrature's, since it is that of the rule. Where it is not known both are NaN, and
// why says so. The error is of the loss outside its domain. Cost: as of that study, with one eigenvalue.
func Slowest(ctx context.Context, s *unit.Setup, m *process.Diffusion, eta compare.Rate) (rate, off float64, why string, err error) {
	p, own := *s.Problem, *s
	p.Solver, p.SpectrumCount, p.Accuracy = compare.Solver{}, 1, slowestAccuracy
	own.Problem, own.Richer = &p, nil
	k := New(&own)
	c, err := k.modelModes(ctx, m, eta.Value)
	if err != nil {
		return math.NaN(), math.NaN(), "", err
	}
	row := k.spectrumRows(m.Name, eta, c).Rows[0].V
	if !row.Certified {
		return math.NaN(), math.NaN(), *row.Reason, nil
	}
	return float64(row.Rate), float64(row.Error), "", nil
}
