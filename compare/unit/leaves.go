package unit

import (
	"fmt"

	"kolmo/compare"
)

// UnboundedLaw is the reason of rows where images may lie anywhere.
const UnboundedLaw = "the law of a variable is unbounded, and what it adds to a step does not end: no ball is invariant; give the variable truncate: [low, high]"

// Leaves says that a step leaves what it should not.
func (s *Setup) Leaves(eta compare.Rate) string {
	if s.Noisy() {
		return fmt.Sprintf("the ball of radius %.4g, where the noise of a step ends, is not invariant at eta = %s: a step leaves it; a wider ball.taper or a larger R may hold it", s.Problem.Reach(), eta.Text)
	}
	return fmt.Sprintf("the ball is not invariant at eta = %s: a sample's step leaves it", eta.Text)
}

// Noisy reports that a step has noise of its own, which ends beyond the ball.
func (s *Setup) Noisy() bool { return s.Problem.Reach() > s.Problem.Ball.R*(1+keepsRounding) }

// keepsRounding is what two radii that are the same may differ by.
const keepsRounding = 1e-9
