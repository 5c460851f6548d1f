package compare

import "fmt"

// mostOf names the part that is more than half of a row's error and says what makes it smaller;
// empty if that is no matter of the grids alone.
func (s *gapKind) mostOf(e *Errors, total Number) string {
	law := s.p.Dynamics.Law()
	switch {
	case e.Quadrature > total/2 && s.noisy():
		return "the quadratures over xi and the noise of a step: a smaller eta or a wider ball.taper holds what richer rules reach; a continuous xi may need more quadrature.points"
	case e.Quadrature > total/2 && law.Moving:
		return "the quadrature that stands for the law of the batches"
	case e.Quadrature > total/2:
		return "the quadrature over xi: raise quadrature.points, or quadrature.level of a sparse rule"
	case e.Taper > total/2 && s.noisy():
		return "where the noise ends: let it end farther out, by ball.taper"
	case e.Taper > total/2:
		return "where the noise ends: let it end farther out, by ball.R2"
	}
	return ""
}

// leaves says that a step leaves what it should not.
func (s *setup) leaves(eta Rate) string {
	if s.noisy() {
		return fmt.Sprintf("the ball of radius %.4g, where the noise of a step ends, is not invariant at eta = %s: a step leaves it; a wider ball.taper or a larger R may hold it", s.p.reach(), eta.Text)
	}
	return fmt.Sprintf("the ball is not invariant at eta = %s: a sample's step leaves it", eta.Text)
}

// noisy reports that a step has noise of its own, which ends beyond the ball.
func (s *setup) noisy() bool { return s.p.reach() > s.p.Ball.R*(1+keepsRounding) }

// keepsRounding is what two radii that are the same may differ by.
const keepsRounding = 1e-9
