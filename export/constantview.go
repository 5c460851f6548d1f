package export

import (
	"fmt"
	"slices"

	"kolmo/compare"
)

// constantSection shows the predicted constants beside the measured ones; nil if
// there are none.
func constantSection(r *compare.Result) *section {
	if len(r.Constant) == 0 {
		return nil
	}
	s := &section{
		Name:  "constant",
		Short: "the constant",
		Title: "the constant: gap = c eta^k, predicted without learning rates, and measured",
		Intro: "As η falls, (Uⁿ − u)/ηᵏ tends to a function e(x,t) that solves an equation of its own along the gradient flow. Its largest absolute value over the ball and all times, t = ∞ included, is the constant of the gap; it is predicted from the loss alone and set beside the smallest learning rate and the value extrapolated from the two smallest certified ones.",
	}
	t := tableOf(r.Constant)
	time := slices.Index(t.Head, "t")
	open := false
	for i := range r.Constant {
		c := &r.Constant[i]
		if c.Reason != nil {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: no prediction: %s", c.Observable, c.Model, *c.Reason))
			t.Rows[i][time] = noCell()
		}
		open = open || !c.Certified && c.Measured == c.Measured
	}
	if open {
		s.Verdicts = append(s.Verdicts, "*: the row at the smallest learning rate is not certified")
	}
	if r.Until != nil {
		s.Verdicts = append(s.Verdicts, "f is not strongly convex on the ball: |e| may grow with t. Predicted and measured are the largest values over 0 <= t <= \"up to\": the last time at which two grids resolve e and gap/eta^k at the two smallest learning rates differs by less than a twentieth")
	}
	s.Tables = []sectionTable{t}
	return s
}
