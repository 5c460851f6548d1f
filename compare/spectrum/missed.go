package spectrum

import (
	"context"
	"errors"
	"math/cmplx"

	"kolmo/grid"
	"kolmo/process"
)

// missFloor is what a grid misses of coefficients, relative to them, below which it resolves them: with its factor it is no
// part of an error of 1e-6.
const missFloor = 1e-7

// straightWidth is the number of nodes between which a line is straight.
const straightWidth = 2

// missed returns what a grid misses between its nodes of the fields that weights count at eta, relative to the largest entry
// of each vector or matrix; zero where that is nothing.
func missed(s *Kind, at process.Fields, weights process.Weights, eta float64) float64 {
	miss, most := s.Cache.Survey.Loss.Miss(at, s.spectrumMethod().Width), 0.0
	for _, e := range miss {
		if weights(e.Part, eta) != 0 && e.Miss > 0 {
			most = max(most, e.Miss/s.Cache.Survey.Loss.Size.Largest(e.Part))
		}
	}
	if most < missFloor {
		return 0
	}
	return most
}

// asMissed raises the errors of modes on a grid where it misses of the coefficients. Errors fall no faster than that and the spacing
// then, and by a factor that depends on where a kink lies between nodes: each coarser grid is farther by no more than what it
// misses more. A flow carries a kink through all its functions, so that no fall is counted within half the nodes.
func asMissed(found []Found, fine *Spectrum, coarser []*Spectrum, flow bool) {
	if fine.Missed == 0 {
		return
	}
	for k := range found {
		f := &found[k]
		for _, o := range coarser {
			if o == nil {
				continue
			}
			at, ok := o.nearest(f.Rate)
			if !ok {
				continue
			}
			nodes := float64(o.Grid.Axis(0).Len()) / float64(fine.Grid.Axis(0).Len())
			share := nodes * min(1, fine.Missed/o.Missed)
			if flow && nodes >= 0.5 {
				share = 1
			}
			m := o.Modes[at]
			f.Grid = max(f.Grid, share*(cmplx.Abs(m.Rate-f.Rate)-m.Algebra-f.Algebra))
		}
		f.Error = f.Grid + f.Algebra
	}
}

// straightStep returns the modes of S between straight lines, on equidistant nodes. Functions with kinks have rates of their own, from one on at
// all places: they move with the grid and with the interpolation, and no smooth mode beyond them is told from them.
func straightStep(ctx context.Context, s *Kind, eta float64, nodes int, half float64) (*Spectrum, error) {
	g, err := s.spectrumBox(grid.KindUniform, nodes, half)
	if err != nil {
		return nil, err
	}
	size := 0.0
	sp, err := stepOn(ctx, s, g, s.Problem.Dynamics, eta, straightWidth, &size)
	if u := (*unusable)(nil); errors.As(err, &u) {
		return nil, nil
	}
	return sp, err
}
