package survey

import (
	"fmt"
	"math"
	"slices"

	"kolmo/fd"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Constants of the spectral gap.
const (
	// spectrumNodes is the largest grid whose spectrum is computed.
	spectrumNodes = 20_000
	// spectrumRatio is how many more nodes per axis the second grid has.
	spectrumRatio = 1.2
	// spectrumAccuracy is the relative error that needs no other grids.
	spectrumAccuracy = 1e-6
)

// rateGain is the power of the spacing by which what a grid misses of rough coefficients does less to rates than to
// coefficients: only a mode's share of the cells with a kink sees it.
const rateGain = 1

// spectrumStarts is the nodes per axis of the ball of first grids, by dimension, in the order in which they are
// tried: a few eigenvalues ask for less than the derivatives of u do. The last ones are for noise at the faces of both
// boxes that more nodes do not bear.
var spectrumStarts = [...][]float64{nil, {40, 64, 24}, {10, 16, 6}, {6, 8}}

// SpectralGap returns the spectral gap of a model's L by collocation on two grids of a box wider
// than the ball, or of the ball's own where L is not stable there, or with fewer nodes. It comes with the
// error of both grids, in the users' time, and is NaN where it cannot be had. It
// is that of the modes which u of an observable may have by its parities (kolmogorov.SpectrumConfig).
func (c *Cache) SpectralGap(m *process.Diffusion, eta float64, observable int) (value, err float64, failure error) {
	p, nan := c.Problem, math.NaN()
	if slices.ContainsFunc(p.Dynamics.State().Ranges, func(i *process.Interval) bool { return i != nil && i.Clock != nil }) {
		return nan, nan, nil // u comes to no rest
	}
	value, err = nan, nan
	starts := spectrumStarts[len(p.Ball.Center)]
	for _, start := range starts {
		if err <= spectrumAccuracy*value || start < starts[0] && err == err {
			break
		}
		for _, half := range []float64{p.Outer(), p.Ball.R} {
			if half < m.Radius {
				continue
			}
			gap, failure := c.gapFrom(m, eta, observable, start, half)
			if failure != nil {
				return nan, nan, failure
			}
			e := gap.Error() / p.Pace()
			if e < err || err != err {
				value, err = gap.Value/p.Pace(), e
			}
			if e == e {
				break
			}
		}
	}
	return value, err, nil
}

// gapFrom returns the spectral gap on two grids of a box, from a number of nodes per axis of the ball on; NaN where it
// cannot be had.
func (c *Cache) gapFrom(m *process.Diffusion, eta float64, observable int, start, half float64) (kolmogorov.SpectralGap, error) {
	none := kolmogorov.SpectralGap{Value: math.NaN(), Algebra: math.NaN()}
	var spectra []*kolmogorov.Spectrum
	var rough [2]Roughness
	first := int(math.Round(start*half/c.Problem.Ball.R)) / 2 * 2
	for i, nodes := range []int{first, max(first+2, int(spectrumRatio*float64(first))/2*2)} {
		l := Level{Method: Chebyshev()}
		for range c.Problem.Ball.Center {
			l.Nodes = append(l.Nodes, nodes)
		}
		if l.Count() > spectrumNodes {
			return none, nil
		}
		sp, err := c.spectrum(m, eta, l, half, observable)
		if err != nil || sp == nil {
			return none, err
		}
		data, err := c.Get(l, half)
		if err != nil {
			return none, err
		}
		rough[i] = c.Rough(l, data, m.Weights, eta)
		spectra = append(spectra, sp)
	}
	if gap, err := spectra[1].Against(spectra[0]).Gap(); err == nil && gap.Grid == gap.Grid {
		gap.Grid *= max(1, rough[1].Remaining(rough[0], rateGain))
		return gap, nil
	}
	return none, nil
}

// spectrum returns the leading eigenvalues on one grid; nil where there are none.
func (c *Cache) spectrum(m *process.Diffusion, eta float64, l Level, half float64, observable int) (*kolmogorov.Spectrum, error) {
	c.lock.Lock()
	data, err := c.onGrid(fmt.Sprint(l.Kind, l.Nodes, half), l, half)
	c.lock.Unlock()
	if err != nil {
		if process.NonFinite(err) && half > c.Problem.Ball.R {
			return nil, nil
		}
		return nil, err
	}
	op, _, err := Equation(data.Fields, m, eta, fd.FullWidth)
	if err != nil {
		return nil, nil // not stable
	}
	sp, err := op.Spectrum(&kolmogorov.SpectrumConfig{Of: data.Phi[observable]})
	if err != nil {
		return nil, nil // not found
	}
	return sp, nil
}
