package export

import (
	"fmt"
	"math"
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
	t := sectionTable{Head: []string{"observable", "model", "k", "predicted", "+- error", "t", "x", "measured", "+- error", "eta", "extrapolated", "+- error"}}
	if r.Until != nil {
		t.Head = slices.Insert(t.Head, 5, "up to")
	}
	open := false
	for i := range r.Constant {
		c := &r.Constant[i]
		at := "inf"
		if c.T != nil {
			at = formatFixed(*c.T, 3)
		}
		if c.Reason != nil {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: no prediction: %s", c.Observable, c.Model, *c.Reason))
			at = absent
		}
		measured := significantCell(c.Measured, 5)
		if !c.Certified && c.Measured == c.Measured {
			measured.Text += "*"
			open = true
		}
		order := numberCell(compare.Number(c.Order), intText(c.Order))
		if c.Order == 0 {
			order = numberCell(compare.Number(math.NaN()), absent)
		}
		row := []tableCell{
			textCell(c.Observable), textCell(c.Model), order,
			significantCell(c.Predicted, 5), errorCell(c.Error), numbersCell(at), numbersCell(shortPoint(c.X)),
			measured, errorCell(c.MeasuredError), etaCell(c.Eta, c.EtaText), significantCell(c.Richardson, 5), errorCell(c.RichardsonError),
		}
		if r.Until != nil {
			upTo := numberCell(compare.Number(math.NaN()), absent)
			if c.Horizon != nil {
				upTo = fixedCell(compare.Number(*c.Horizon), 3)
			}
			row = slices.Insert(row, 5, upTo)
		}
		t.Rows = append(t.Rows, row)
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

// shortPoint is pointText with two decimals.
func shortPoint(x []compare.Number) string {
	s := ""
	for k, v := range x {
		if k > 0 {
			s += ", "
		}
		s += formatFixed(float64(v), 2)
	}
	return "(" + s + ")"
}
