// Package constant shows the predicted constants of gaps beside the measured ones.
package constant

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: "constant", Explains: true, Section: constantSection,
	Files: []view.File{
		{Name: "constant.csv", Table: constantTable},
	},
}

// constantSection shows the predicted constants beside the measured ones; nil if
// there are none.
func constantSection(r *compare.Result) *view.Section {
	if len(r.Constant) == 0 {
		return nil
	}
	s := &view.Section{
		Short: "the constant",
		Title: "the constant: gap = c eta^k, predicted without learning rates, and measured",
		Intro: "As η falls, (Uⁿ − u)/ηᵏ tends to a function e(x,t) that solves an equation of its own along the gradient flow. Its largest absolute value over the ball and all times, t = ∞ included, is the constant of the gap; it is predicted from the loss alone and set beside the smallest learning rate and the value extrapolated from the two smallest certified ones.",
	}
	t := table.Of(r.Constant)
	time := slices.Index(t.Head, "t")
	open := false
	for i := range r.Constant {
		c := &r.Constant[i]
		if c.Reason != nil {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: no prediction: %s", c.Observable, c.Model, *c.Reason))
			t.Rows[i][time] = table.NoCell()
		}
		open = open || !c.Certified && c.Measured == c.Measured
	}
	if open {
		s.Verdicts = append(s.Verdicts, "*: the row at the smallest learning rate is not certified")
	}
	if r.Until != nil {
		s.Verdicts = append(s.Verdicts, "f is not strongly convex on the ball: |e| may grow with t. Predicted and measured are the largest values over 0 <= t <= \"up to\": the last time at which two grids resolve e and gap/eta^k at the two smallest learning rates differs by less than a twentieth")
	}
	s.Findings, s.Said = constantFindings(r), "no prediction"
	s.Tables = []table.Table{t}
	return s
}

// constantFindings says how far the constants are from their prediction.
func constantFindings(r *compare.Result) []string {
	var out []string
	for _, c := range r.Constant {
		name := c.Observable + ", " + c.Model + ": "
		predicted, measured := float64(c.Predicted), float64(c.Richardson)
		err := float64(c.Error) + float64(c.RichardsonError)
		switch {
		case c.Reason != nil:
			out = append(out, name+"no constant is predicted: "+*c.Reason+".")
		case predicted != predicted:
		case c.Horizon != nil:
			out = append(out, compare.Say("%sthe gap over t <= %s is predicted to be %.5g %s in the limit of small eta, which the learning rates of this study need not be near.", name, table.Time(*c.Horizon), predicted, view.EtaPower(c.Order)))
		case measured != measured || err != err || predicted == 0:
			out = append(out, compare.Say("%sthe gap is predicted to be %.5g %s for small eta; too few certified learning rates measure that.", name, predicted, view.EtaPower(c.Order)))
		default:
			out = append(out, compare.Say("%sthe gap is predicted to be %.5g %s for small eta, and extrapolates to %.5g %s: they differ by %.3g %%, and their errors add up to %.3g %%.",
				name, predicted, view.EtaPower(c.Order), measured, view.EtaPower(c.Order), 100*math.Abs(measured/predicted-1), 100*err/math.Abs(predicted)))
		}
	}
	return out
}

// constantTable has infinite times as inf.
func constantTable(r *compare.Result) *table.CSV {
	t := table.CSVOf(r.Constant)
	t.Set("t", func(i int) string {
		switch c := &r.Constant[i]; {
		case c.T != nil:
			return table.CSVNumber(compare.Number(*c.T))
		case c.Predicted == c.Predicted:
			return "inf"
		}
		return ""
	})
	return t
}
