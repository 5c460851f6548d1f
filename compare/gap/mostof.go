package gap

import (
	"kolmo/compare"
)

// mostOf names the part that is more than half of a row's error and says what makes it smaller;
// empty if that is no matter of the grids alone.
func (s *Kind) mostOf(e *compare.Errors, total compare.Number) string {
	law := s.Problem.Dynamics.Law()
	switch {
	case e.Quadrature > total/2 && s.Noisy():
		return "the quadratures over xi and the noise of a step, which carries richer rules beyond where it should end: widen ball.taper, or take a smaller eta; a continuous xi may need more quadrature.points"
	case e.Quadrature > total/2 && law.Moving:
		return "the quadrature that stands for the law of the batches or epochs"
	case e.Quadrature > total/2:
		return "the quadrature over xi: raise quadrature.points, or quadrature.level of a sparse rule"
	case e.Taper > total/2 && s.Noisy():
		return "where the noise ends: let it end farther out, by ball.taper"
	case e.Taper > total/2:
		return "where the noise ends: let it end farther out, by ball.R2"
	}
	return ""
}
