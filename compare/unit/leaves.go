package unit

import (
	"fmt"

	"kolmo/compare"
)

// UnboundedLaw is the reason of rows where images may lie anywhere.
const UnboundedLaw = "the law of a variable is unbounded, and what it adds to a step does not end: no ball is invariant; give the variable truncate: [low, high], or, in a study of sgd in a Euclidean ball without schedule and epochs, let noise end by ball.taper"

// Leaves says that a step leaves what it should not, "" where none does.
func (s *Setup) Leaves(eta compare.Rate) string {
	switch {
	case s.Invariant(eta.Value):
		return ""
	case s.Problem.Dynamics.Law().Unbounded:
		return UnboundedLaw
	case s.Noisy():
		return compare.Say("the ball of radius %.4g, where the noise of a step ends, is not invariant at eta = %s: a step leaves it; a wider ball.taper or a larger R may hold it", s.Problem.Reach(), eta.Text)
	}
	return fmt.Sprintf("the ball is not invariant at eta = %s: a sample's step leaves it", eta.Text)
}

// Noisy reports that a step has noise of its own, which ends beyond the ball.
func (s *Setup) Noisy() bool { return s.Problem.Reach() > s.Problem.Ball.R*(1+keepsRounding) }

// Lasting reports that noise of a step's own does not vanish with eta: the limit has some.
func Lasting(s *Setup) bool {
	d := s.Problem.Dynamics
	return s.Noisy() && d.Limit(d.At([][]float64{s.Problem.Ball.Center}, 1)).A[0][0] != nil
}

// keepsRounding is what two radii that are the same may differ by.
const keepsRounding = 1e-9
