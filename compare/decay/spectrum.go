package decay

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/survey"
	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Constants of the spectral gap.
const (
	// spectrumNodes is the largest grid whose spectrum is computed.
	spectrumNodes = 20_000
	// spectrumRatio is how many more nodes per axis the second grid has.
	spectrumRatio = 1.2
)

// spectrumStart is the nodes per axis of the ball of the first grid, by dimension: a
// few eigenvalues ask for less than the derivatives of u do.
var spectrumStart = [...]int{0, 64, 16, 8}

// spectralGap returns the spectral gap of L by collocation on two grids of a box wider
// than the ball, or of the ball's own where L is not stable there. It comes with the
// error of both, in the users' time, and is NaN where it cannot be had.
func (s *Kind) spectralGap(model int, eta compare.Rate) (value, err float64, failure error) {
	nan := math.NaN()
	d := len(s.Problem.Ball.Center)
	for _, half := range []float64{s.Problem.Outer(), s.Problem.Ball.R} {
		var spectra []*kolmogorov.Spectrum
		for _, ratio := range []float64{1, spectrumRatio} {
			n := int(math.Round(float64(spectrumStart[d])*ratio*half/s.Problem.Ball.R)) / 2 * 2
			nodes := make([]int, d)
			for k := range nodes {
				nodes[k] = n
			}
			g, err := grid.Box(grid.KindChebyshev, nodes, s.Problem.Ball.Center, half)
			if err != nil {
				return nan, nan, err
			}
			if g.Len() > spectrumNodes {
				return nan, nan, nil
			}
			fields, err := s.Problem.Dynamics.On(g, s.Config.Workers)
			if err != nil {
				if process.NonFinite(err) && half > s.Problem.Ball.R {
					break
				}
				return nan, nan, err
			}
			op, _, err := survey.Equation(fields, s.Problem.Models[model], eta.Value, fd.FullWidth)
			if err != nil {
				break
			}
			sp, err := op.Spectrum(nil)
			if err != nil {
				break
			}
			spectra = append(spectra, sp)
		}
		if len(spectra) < 2 || half < s.Problem.Models[model].Radius {
			continue
		}
		if gap, err := spectra[1].Against(spectra[0]).Gap(); err == nil {
			return gap.Value / s.Problem.Pace(), gap.Error() / s.Problem.Pace(), nil
		}
	}
	return nan, nan, nil
}
