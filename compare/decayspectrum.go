package compare

import (
	"math"

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
// than the ball, or of the ball's own where L is not stable there, with the error of
// both; NaN where it cannot be had.
func (s *decayKind) spectralGap(model int, eta Rate) (value, err float64, failure error) {
	nan := math.NaN()
	d := len(s.p.Ball.Center)
	for _, half := range []float64{s.p.outer(), s.p.Ball.R} {
		var spectra []*kolmogorov.Spectrum
		for _, ratio := range []float64{1, spectrumRatio} {
			n := int(math.Round(float64(spectrumStart[d])*ratio*half/s.p.Ball.R)) / 2 * 2
			nodes := make([]int, d)
			for k := range nodes {
				nodes[k] = n
			}
			g, err := grid.Box(grid.KindChebyshev, nodes, s.p.Ball.Center, half)
			if err != nil {
				return nan, nan, err
			}
			if g.Len() > spectrumNodes {
				return nan, nan, nil
			}
			fields, err := s.p.Dynamics.On(g, s.cfg.Workers)
			if err != nil {
				if process.NonFinite(err) && half > s.p.Ball.R {
					break
				}
				return nan, nan, err
			}
			op, _, err := equation(fields, s.p.Models[model], eta.Value, fd.FullWidth)
			if err != nil {
				break
			}
			sp, err := op.Spectrum(nil)
			if err != nil {
				break
			}
			spectra = append(spectra, sp)
		}
		if len(spectra) < 2 || half < s.p.Models[model].Radius {
			continue
		}
		if gap, err := spectra[1].Against(spectra[0]).Gap(); err == nil {
			return gap.Value, gap.Error(), nil
		}
	}
	return nan, nan, nil
}
