package spectrum

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// addEscapes adds to the section of the slowest rates how fast each of two wells is left.
func addEscapes(s *view.Section, r *compare.Result) {
	if len(r.Escape) == 0 {
		return
	}
	s.Intro += " Of two wells each is left at a rate of its own, the slowest rate times the other well's stationary weight: with the second eigenfunction as weight of the wells, 0 at one point of rest and 1 at the other, means follow the equation of a process of two states exactly, and these are its rates."
	t := table.Of(r.Escape)
	plane := slices.ContainsFunc(r.Escape, func(v compare.EscapeRow) bool { return len(v.Rest) > 1 })
	if len(r.EscapeLimit) > 0 {
		s.Intro += " They are exponentially small in 1/η: the weak error of a model is of order η² or η, and yet its rate of leaving may be off by any factor. −η ln(rate) tends to a barrier as η → 0"
		if plane {
			s.Intro += "."
		} else {
			s.Intro += ": for a diffusion the integral of 2|b|/a from the point of rest to the saddle, times η, and for the chain that of the root q of E exp(q(F(x) − x)) = 1, which is another number."
		}
		s.Caption += " −η ln(rate of leaving a well) against the learning rate; hollow at η = 0 the barrier of small noise."
		t.Caption = "leaving each well: -eta ln(rate), the barrier of small noise, Kramers' rate with the noise at the saddle, and that with the noise as it is"
	} else {
		t.DropColumn("-eta ln rate")
		t.DropColumn("barrier")
		s.Caption += " How much faster or slower each well is left than by the chain, where wells differ."
		s.Intro += " A step has noise of its own, so that these rates tend to constants as η → 0, and −η ln(rate) to none but zero."
		t.Caption = "leaving each well: Kramers' rate with the noise at the saddle, and that of small noise with the noise as it is"
	}
	if plane {
		s.Intro += " In the plane the barrier is known of diffusions with constant noise a and a potential W, b = −a ∇W/2: η(W(saddle) − W(point of rest)). Kramers' rate is Eyring's and his there."
		t.DropColumn("small noise") // the same
		t.Caption, _, _ = strings.Cut(t.Caption, " with the noise at the saddle")
		t.Caption += ", where there is a potential"
	}
	s.Tables = append(s.Tables, t)
	var all, zero view.Reasons
	for _, v := range r.Escape {
		if at := fmt.Sprintf("%s, eta = %s, %s", v.Model, v.EtaText, v.Well); !v.Certified {
			all.Add(v.Reason, at)
		} else {
			zero.Add(v.Reason, at)
		}
	}
	s.Verdicts = append(append(s.Verdicts, zero.Lines("the rate is zero")...), all.Lines("does not count")...)
	for _, v := range r.EscapeLimit {
		if v.Reason != nil {
			continue
		}
		line := fmt.Sprintf("%s, %s well: -eta ln(rate) tends to %s as eta -> 0", v.Model, v.Well, table.Measured(float64(v.Barrier), float64(v.Error)))
		if v.Theory == v.Theory {
			line += compare.Say("; small noise says %.4f", float64(v.Theory))
		}
		s.Verdicts = append(s.Verdicts, line)
	}
}

// escapesOf returns the certified rows of one process and well with a rate above zero, in their order.
func escapesOf(r *compare.Result, process, well string) []*compare.EscapeRow {
	var list []*compare.EscapeRow
	for i := range r.Escape {
		if v := &r.Escape[i]; v.Model == process && v.Well == well && v.Certified && v.Rate > 0 {
			list = append(list, v)
		}
	}
	return list
}

// wellsAlike reports that both wells are left at the same rates, within their errors: one is drawn.
func wellsAlike(r *compare.Result) bool {
	for _, name := range processes(r) {
		left, right := escapesOf(r, name, compare.WellLeft), escapesOf(r, name, compare.WellRight)
		if len(left) != len(right) {
			return false
		}
		for i := range left {
			if math.Abs(float64(left[i].Rate-right[i].Rate)) > float64(left[i].Error+right[i].Error) {
				return false
			}
		}
	}
	return true
}

// escapePanels draws the actions against eta with the barriers at zero, and where the wells differ
// the ratios of each.
func escapePanels(r *compare.Result, look map[string]figure.Series) []figure.Lines {
	actions := figure.Lines{Title: "action of leaving a well", XLabel: "learning rate η", YLabel: "−η ln(rate)", FromZero: true}
	ratios := figure.Lines{Title: "rate of leaving over the chain's", XLabel: "learning rate η", YLabel: "ratio", LogX: true}
	text, barriers := map[float64]string{}, false
	wells := []string{compare.WellLeft, compare.WellRight}
	alike := wellsAlike(r)
	if alike {
		wells = wells[:1]
	}
	for _, name := range processes(r) {
		for k, well := range wells {
			l := look[name].Line(name)
			if !alike {
				l.Label += ", " + well + " well"
			}
			if k > 0 {
				l.Dashes = []vg.Length{1, 2}
			}
			ratio := l
			for _, v := range escapesOf(r, name, well) {
				if v.Action == v.Action {
					l.X, l.Y, l.YErr = append(l.X, v.Eta), append(l.Y, float64(v.Action)), append(l.YErr, float64(v.ActionError))
				}
				if v.Ratio == v.Ratio {
					text[v.Eta] = table.Eta(v.Eta, v.EtaText)
					ratio.X, ratio.Y, ratio.YErr = append(ratio.X, v.Eta), append(ratio.Y, float64(v.Ratio)), append(ratio.YErr, float64(v.RatioError))
				}
			}
			if len(ratio.X) > 0 && !alike {
				ratios.Lines = append(ratios.Lines, ratio)
			}
			if len(l.X) == 0 {
				continue
			}
			actions.Lines = append(actions.Lines, l)
			i := slices.IndexFunc(r.EscapeLimit, func(v compare.EscapeLimit) bool { return v.Model == name && v.Well == well })
			if i >= 0 && r.EscapeLimit[i].Theory-r.EscapeLimit[i].Theory == 0 {
				barriers = true
				actions.Lines = append(actions.Lines, figure.Line{X: []float64{0}, Y: []float64{float64(r.EscapeLimit[i].Theory)}, Color: l.Color, Marker: true, Hollow: true, NoLine: true, Shape: l.Shape, Radius: l.Radius})
			}
		}
	}
	var out []figure.Lines
	if barriers {
		actions.Lines = append(actions.Lines, figure.Line{Label: "hollow: barrier of small noise", Color: figure.SoftInk, Marker: true, NoLine: true, Hollow: true})
	}
	if len(ratios.Lines) > 0 {
		ratios.SetEtas(text)
	}
	for _, p := range []figure.Lines{actions, ratios} {
		if len(p.Lines) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// escapeAnswer says what the actions of the chain and of the first model extrapolate to.
func escapeAnswer(r *compare.Result) []string {
	var parts []string
	for _, v := range r.EscapeLimit {
		if v.Well == compare.WellLeft && v.Reason == nil && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%s of %s", table.Measured(float64(v.Barrier), float64(v.Error)), results.ProcessName(r, v.Model)))
		}
	}
	if len(parts) < 2 {
		return nil
	}
	where := "the left well"
	if wellsAlike(r) {
		where = "either well"
	}
	return []string{fmt.Sprintf("-eta ln(rate of leaving %s) as eta -> 0: %s, %s", where, parts[0], parts[1])}
}
