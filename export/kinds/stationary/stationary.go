// Package stationary shows the limits as time grows.
package stationary

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyStationary), Task: "measure the limits of U^n and u and their means (section 4.1)",
	Answer: stationaryAnswer, Section: stationarySection,
	Files: []view.File{
		{Name: "stationary.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Stationary) }},
		{Name: "mean-shift.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.MeanShift) }},
	},
}

// stationarySection shows the limits of U^n and of u, their difference and the
// displacement of the stationary mean; nil if they were not studied.
func stationarySection(r *compare.Result) *view.Section {
	if len(r.Stationary) == 0 {
		return nil
	}
	s := &view.Section{
		Short:   "stationary values",
		Title:   "stationary values: the limits of U^n and of u as n grows (section 4.1)",
		Intro:   "Where f is convex, Uⁿ and u(·, nη) tend to constants: the observable's means under the invariant laws of the chain and of the diffusion. Both are found twice, from null vectors and from runs that go on until the fields are constant over the ball; shown is the value with the smaller error. The gap at infinite time is the difference. Every invariant law lies within a distance of order √η of the minimiser x*, so that the difference is of order η² for every model with noise, whatever its order of weak approximation, and of order η without. The mean of the invariant law is not at x* but, to first order in η, displaced by −(η/2) H⁻¹(T:C), HC + CH = Σ.",
		Caption: "|lim Uⁿ − lim u| against the learning rate",
	}
	var all view.Reasons
	for _, v := range r.Stationary {
		all.Add(v.Reason, v.Model+", eta = "+v.EtaText)
	}
	s.Tables = append(s.Tables, table.Of(r.Stationary))
	s.Verdicts = all.Lines("does not count")
	for i := range r.StationaryOrder {
		if o := &r.StationaryOrder[i]; len(o.Etas) > 0 {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: order of the difference %s; %s", o.Observable, o.Model, view.OrderText(o), o.Verdict))
		}
	}
	m := table.Of(shifts(r.MeanShift))
	m.Caption = "displacement of the stationary mean: (E X - x*)/eta and -(1/2) H^-1 (T:C), H C + C H = Sigma"
	if rest, largest := atRest(r.MeanShift); rest {
		s.Verdicts = append(s.Verdicts, "mean shift: none is predicted, and none is seen above "+table.Error(largest)+" per unit eta")
	} else if len(m.Rows) > 0 {
		s.Tables = append(s.Tables, m)
	}
	for i := range r.MeanShiftOrder {
		if o := &r.MeanShiftOrder[i]; len(o.Etas) > 0 {
			s.Verdicts = append(s.Verdicts, fmt.Sprintf("mean shift, %s: order of the remainder %s; %s", o.Model, view.OrderText(o), o.Verdict))
		}
	}
	s.Figure = stationaryFigure(r)
	if slices.ContainsFunc(r.MeanShift, shifted) {
		s.Caption += ", and what is left of the stationary mean's displacement per unit η beside its prediction"
	}
	s.Caption += "."
	return s
}

// atRest reports that no mean is displaced, neither by prediction nor above its error,
// and returns the largest error.
func atRest(rows []compare.MeanShiftRow) (rest bool, largest float64) {
	for _, v := range rows {
		if len(v.Shift) == 0 || !(v.Remainder <= v.RemainderError) || v.Relative == v.Relative {
			return false, 0
		}
		largest = max(largest, float64(v.Error))
	}
	return len(rows) > 0, largest
}

// shift is the displacement of one coordinate.
type shift struct {
	Process        string         `col:"process"`
	Eta            float64        `col:"eta"`
	EtaText        string         //
	K              int            `col:"k"`
	Minimizer      compare.Number `col:"x*; 5g"`
	Shift          compare.Number `col:"(E X - x*)/eta; 0~Error 5g"`
	Error          compare.Number `col:"+- error; error"`
	Predicted      compare.Number `col:"predicted; 0~PredictedError 5g"`
	PredictedError compare.Number
	Relative       compare.Number `col:"relative difference; 2g"`
}

// shifts returns the displacements of all coordinates.
func shifts(rows []compare.MeanShiftRow) []shift {
	var out []shift
	for _, v := range rows {
		for k := range v.Shift {
			out = append(out, shift{v.Process, v.Eta, v.EtaText, k + 1, v.Minimizer[k], v.Shift[k], v.Error, v.Predicted[k], v.PredictedError, v.Relative})
		}
	}
	return out
}

// shifted reports that a displacement is not the predicted one: what is zero to its error is no remainder.
func shifted(v compare.MeanShiftRow) bool {
	return v.Relative == v.Relative && v.Remainder > v.RemainderError
}

// meanPanel is the title of the panel of mean shifts; observables have no blanks.
const meanPanel = "stationary mean"

// stationaryFigure draws the differences like gaps, a panel per observable, and the
// remainders of the mean shifts in one more; nil if there is nothing to draw.
func stationaryFigure(r *compare.Result) *figure.Figure {
	d := &compare.Result{About: compare.About{Title: r.Title, Study: r.Study}}
	d.Models = r.Models // their looks
	add := func(panel, name string, eta float64, text string, value, err compare.Number, reason *string) {
		d.Gap = append(d.Gap, compare.GapRow{Key: compare.Key{Observable: panel, Model: name, Eta: eta, EtaText: text}, Gap: value, Error: err, Certified: reason == nil && err < value})
	}
	for _, v := range r.Stationary {
		add(v.Observable, v.Model, v.Eta, v.EtaText, compare.Number(math.Abs(float64(v.Difference))), v.Error, v.Reason)
	}
	for i := range r.MeanShift {
		if v := &r.MeanShift[i]; shifted(*v) {
			add(meanPanel, v.Process, v.Eta, v.EtaText, v.Remainder, v.RemainderError, v.Reason)
		}
	}
	return figure.OfGaps(d, "stationary values, "+results.TitleOf(r), "hollow: not above its error, or does not count", func(panel string) string {
		if panel == meanPanel {
			return "|(E X − x*)/η − predicted|"
		}
		return "|lim Uⁿ − lim u|"
	})
}

// stationaryAnswer says how far the limits are apart at the smallest learning rate, of the first observable and model
// that have them, or why none has.
func stationaryAnswer(r *compare.Result) []string {
	var last *compare.StationaryRow
	for i := range r.Stationary {
		s := &r.Stationary[i]
		if s.Reason == nil && (last == nil || s.Observable == last.Observable && s.Model == last.Model) {
			last = s
		}
	}
	if last == nil && len(r.Stationary) == 0 {
		return nil
	}
	if last == nil {
		return []string{fmt.Sprintf("no limit as t grows, in %d rows: %s", len(r.Stationary), *r.Stationary[0].Reason)}
	}
	line := fmt.Sprintf("as t grows, %s, %s, eta = %s: %s and diffusion differ by %s", table.Clean(last.Observable), results.ProcessName(r, last.Model),
		table.Clean(table.Eta(last.Eta, last.EtaText)), results.ChainName(r), table.Measured(float64(last.Difference), float64(last.Error)))
	if o := results.Orders(r.StationaryOrder)[results.Key{Observable: last.Observable, Model: last.Model}]; o != nil && o.Slope == o.Slope {
		line += ", " + view.OrderDigits(o)
	}
	return []string{line}
}
