package spectrum

import (
	"context"
	"errors"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/floats"

	"kolmo/grid"
	"kolmo/process"
	"kolmo/sgdop"
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

// betweenNodes are the places in a cell, of its width along each axis, at which S is looked at.
var betweenNodes = [grid.MaxDim + 1][]float64{nil, {0.25, 0.5, 0.75}, {0.5}, {0.5}}

// missedBetween fills what S does to the modes of a grid between its nodes. The largest difference of an image from its interpolant
// in the cells around a node counts as often as the left eigenvector has that node, which bounds the error of a rate to first order. The vector itself is the grid's:
// where laws of rest are fractal it is another one on finer grids, and so this counts with the safety that grids' distances have.
func missedBetween(s *Kind, sp *Spectrum, op *sgdop.Operator, eta float64) {
	g, d := sp.Grid, sp.Grid.Dim()
	count := min(s.spectrumCount()+1, len(sp.Modes))
	var u, su [][]float64
	for _, m := range sp.Modes[:count] {
		re, im := make([]float64, g.Len()), make([]float64, g.Len())
		for i, v := range m.Vector {
			re[i], im[i] = real(v), imag(v)
		}
		u, su = append(u, re, im), append(su, make([]float64, g.Len()), make([]float64, g.Len()))
	}
	op.ApplyAllTo(s.Config.Workers, su, u)
	chain := s.Problem.Dynamics.Chain(eta)
	in, im := grid.NewInterpolator(g, sp.Width), chain.NewImager()
	weights, images := make([]float64, chain.Images()), make([]float64, chain.Images()*d)
	worst := make([][]float64, count) // by mode and node
	for k := range worst {
		worst[k] = make([]float64, g.Len())
	}
	mean, x := make([]float64, len(u)), make([]float64, d)
	for low := range g.Len() { // the lowest node of a cell
		inside := true
		for k := range d {
			inside = inside && g.Index(low, k) < g.Axis(k).Len()-1
		}
		if !inside {
			continue
		}
		for _, share := range betweenNodes[d] {
			for k := range d {
				a, j := g.Axis(k), g.Index(low, k)
				x[k] = (1-share)*a.Node(j) + share*a.Node(j+1)
			}
			clear(mean)
			if im.ImagesTo(weights, images, x) != nil {
				continue // the grid's own nodes are checked
			}
			for m, w := range weights {
				in.Locate(images[m*d : (m+1)*d])
				for o := range u {
					mean[o] += w * in.Value(u[o])
				}
			}
			in.Locate(x)
			for k := range count {
				miss := math.Hypot(mean[2*k]-in.Value(su[2*k]), mean[2*k+1]-in.Value(su[2*k+1]))
				for corner := range 1 << d {
					at := low
					for axis := range d {
						at += corner >> axis & 1 * g.Stride(axis)
					}
					worst[k][at] = max(worst[k][at], miss)
				}
			}
		}
	}
	for k := range count {
		sp.Modes[k].Missed = gridSafety * floats.Dot(sp.Modes[k].PerMiss, worst[k])
	}
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
		f.Grid = max(f.Grid, fine.Modes[f.At[0]].Missed)
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
	sp, _, err := stepOn(ctx, s, g, s.Problem.Dynamics, eta, straightWidth, &size)
	if u := (*unusable)(nil); errors.As(err, &u) {
		return nil, nil
	}
	return sp, err
}
