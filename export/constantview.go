package export

import (
	"fmt"

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
		Intro: "As η falls, (Uⁿ − u)/ηᵏ tends to a function e(x,t) that solves an equation of its own along the gradient flow. Its largest absolute value over the ball and all times, t = ∞ included, is the constant of the gap; it is predicted from the loss alone and set beside the smallest certified learning rate and the value extrapolated from the two smallest.",
	}
	t := sectionTable{Head: []string{"observable", "model", "k", "predicted", "+- error", "t", "x", "measured", "eta", "extrapolated", "+- error"}}
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
		t.Rows = append(t.Rows, []tableCell{
			textCell(c.Observable), textCell(c.Model), numberCell(compare.Number(c.Order), intText(c.Order)),
			fixedSignificant(c.Predicted), errorCell(c.Error), textCell(at), textCell(shortPoint(c.X)),
			fixedSignificant(c.Measured), etaCell(c.Eta, c.EtaText), fixedSignificant(c.Richardson), errorCell(c.RichardsonError),
		})
	}
	for i := range r.Constant {
		if h := r.Constant[i].Horizon; h != nil {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("f is not convex on the ball: the largest |e| is over t <= %g, and grows with that horizon", *h))
			break
		}
	}
	s.Tables = []sectionTable{t}
	return s
}

// fixedSignificant returns a cell with five significant digits.
func fixedSignificant(v compare.Number) tableCell {
	f := float64(v)
	if f-f != 0 {
		return numberCell(v, absent)
	}
	return numberCell(v, fmt.Sprintf("%.5g", f))
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
