package crossing

import (
	"math"

	"kolmo/process"
)

const (
	// stillShare is the share of the problem's speed, or length, by which rounding moves what rests.
	stillShare = 0x1p-48
	// stillDensity says at how many points of ranges a rest is looked at.
	stillDensity = 16
)

// stays reports by observable that its mean cannot change: neither drift nor noise of a model moves the point, or no step of the
// chain where it is nil. Coordinates with a range may move by themselves, where that moves neither others nor the observable.
func (s *Kind) stays(m *process.Diffusion, eta float64) ([]bool, error) {
	p, at := s.Problem, [][]float64{start(s.Problem)}
	whole := p.Region(p.Ball.R)
	for k := range at[0] {
		if r := whole.Range(k); r != nil {
			var more [][]float64
			for _, x := range at {
				for _, v := range r.Along(stillDensity) {
					x = append([]float64(nil), x...)
					x[k] = v
					more = append(more, x)
				}
			}
			at = more
		}
	}
	moved, most, err := s.moves(at, m, eta)
	out := make([]bool, len(p.Observables))
	if err != nil || !(moved <= stillShare*most) {
		return out, err
	}
	for o, phi := range p.Observables {
		value := phi.NewFunc()
		out[o] = true
		for _, x := range at {
			out[o] = out[o] && math.Abs(value(x)-value(at[0])) <= stillShare*s.Size[o]
		}
	}
	return out, nil
}

// moves returns by how much points move in the ball, and what such numbers are at the most there.
func (s *Kind) moves(at [][]float64, m *process.Diffusion, eta float64) (moved, most float64, err error) {
	whole, d := s.Problem.Region(s.Problem.Ball.R), len(at[0])
	if m == nil {
		chain := s.Problem.Dynamics.Chain(eta)
		imager, weights, images := chain.NewImager(), make([]float64, chain.Images()), make([]float64, chain.Images()*d)
		for _, x := range at {
			if err := imager.ImagesTo(weights, images, x); err != nil {
				return 0, 0, err
			}
			for i, v := range images {
				if whole.Range(i%d) == nil {
					moved = max(moved, math.Abs(v-x[i%d]))
				}
			}
		}
		return moved, whole.R, nil
	}
	c := m.Coefficients(s.Problem.Dynamics.At(at, s.Config.Workers), eta)
	for k := range d {
		for _, v := range [][]float64{c.B[k], c.A[k][k]} {
			for _, b := range v {
				if whole.Range(k) == nil {
					moved = max(moved, math.Abs(b))
				}
			}
		}
	}
	return moved, s.Rate * whole.R * min(1, whole.R), nil
}

// begins reports that an observable begins at the level.
func (s *Kind) begins(o int) bool {
	value := s.Problem.Observables[o].NewFunc()
	return math.Abs(value(start(s.Problem))-s.Problem.Crossing.Level) <= stillShare*s.Size[o]
}
