package survey

import (
	"math"

	"kolmo/compare"
	"kolmo/process"
)

// findEnds sets the points where it is looked whether drifts stay in ranges.
func (s *Survey) findEnds(p *compare.Problem, workers int) {
	whole := p.Region(p.Ball.R)
	if whole.Ranges == nil {
		return
	}
	for i := range endShells + 1 {
		s.ends = append(s.ends, whole.With(p.Ball.R*float64(i)/endShells).Sphere(endDensity)...)
	}
	s.endFields = p.Dynamics.At(s.ends, workers)
}

// Where it is looked whether drifts stay in ranges: shells, and points on each.
const (
	endShells  = 8
	endDensity = 8
)

// rangeRounding is the outward drift at the end of a range, over the largest there, that is
// rounding.
const rangeRounding = 1e-12

// keepsRanges reports that a model's drift does not point out of ranges at points that are
// at their ends.
func (s *Survey) keepsRanges(p *compare.Problem, m *process.Diffusion, eta float64) bool {
	if len(s.ends) == 0 {
		return true
	}
	c := m.Coefficients(s.endFields, eta)
	for k, r := range p.Region(p.Ball.R).Ranges {
		if r == nil {
			continue
		}
		most, out := 0.0, 0.0
		for i, x := range s.ends {
			v := c.B[k][i]
			most = max(most, math.Abs(v))
			switch {
			case math.IsNaN(v):
				return false
			case x[k] <= r.Low:
				out = max(out, -v)
			case x[k] >= r.High:
				out = max(out, v)
			}
		}
		if out > rangeRounding*most {
			return false
		}
	}
	return true
}
