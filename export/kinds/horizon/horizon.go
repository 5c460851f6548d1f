// Package horizon shows gaps over a horizon, where losses are not convex.
package horizon

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// horizonSection shows the gap up to a horizon; nil if there is none.
func horizonSection(r *compare.Result) *view.Section {
	if len(r.Horizon) == 0 {
		return nil
	}
	s := &view.Section{
		Name:    "horizon",
		Short:   "the horizon",
		Title:   fmt.Sprintf("the gap over the horizon t <= %s (Proposition 2)", table.Time(r.Horizon[0].Horizon)),
		Intro:   "Where f is not convex, derivatives of u grow like e^(αt) until the noise limits them, and the gap grows with them. Over t ≤ β ln(1/η) it is then of the order η^(k − αβ), k being the model's weak order; where it levels off, half of the plateau is reached at a time T that grows like ln(1/η). All numbers are over this horizon only.",
		Caption: "The gap against time over this horizon, for every learning rate.",
	}
	if slices.ContainsFunc(r.Horizon, hasTime) {
		s.Caption = "The gap against time over this horizon, for every learning rate, with T (discs); and T against ln(1/η) with the fitted line. Bars are the errors of T; no line is fitted to what is hollow."
	}
	s.Tables = []table.Table{horizonTimes(r), horizonSups(r), horizonOrders(r)}
	var curves, times view.Reasons
	leaves := "the ball is not invariant: a sample's step may leave it"
	for _, h := range r.Horizon {
		at := fmt.Sprintf("%s, %s, eta = %s", h.Observable, h.Model, h.EtaText)
		curves.Add(h.Reason, at)
		times.Add(h.TReason, at)
		if !h.Invariant {
			curves.Add(&leaves, at)
		}
	}
	s.Verdicts = append(curves.Lines("incomplete"), times.Lines("no T")...)
	unpredicted, unknown := 0, 0
	for _, o := range r.HorizonOrder {
		switch {
		case o.J == 0:
			unknown++
			continue
		case o.Expected != o.Expected:
			unpredicted++
			continue
		}
		s.Verdicts = append(s.Verdicts, compare.Say("%s, %s, t <= %g ln(1/eta): %s", o.Observable, o.Model, o.Beta, o.Verdict))
	}
	if unpredicted > 0 {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("of %d of %d orders nothing is predicted: no growth of the derivatives was seen, or at too few learning rates", unpredicted, len(r.HorizonOrder)))
	}
	if unknown > 0 {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("of %d of %d orders nothing is predicted: the leading coefficient of the one-step defect is not known", unknown, len(r.HorizonOrder)))
	}
	for _, h := range r.HorizonTime {
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s, %s: slope of T in ln(1/eta) %s %s; %s", h.Observable, h.Model, table.Fixed(float64(h.Slope), 3), table.Interval(h.Low, h.High, 3), h.Verdict))
	}
	s.Figure = horizonFigure(r)
	return s
}

// hasTime reports that a row has a T.
func hasTime(h compare.HorizonRow) bool { return h.T == h.T }

// horizonTimes is the table of plateaus, times and growth rates.
func horizonTimes(r *compare.Result) table.Table {
	t := table.Of(r.Horizon)
	t.Caption = "the gap at the end of the horizon, the last time T at which it is at most half of that, and the growth rates alpha of |d^J u|"
	most := 0
	for i := range r.Horizon {
		for _, a := range r.Horizon[i].Alpha {
			most = max(most, a.J)
		}
	}
	for j := 1; j <= most; j++ {
		t.Head = append(t.Head, fmt.Sprintf("|J|=%d", j))
	}
	for i := range r.Horizon {
		h := &r.Horizon[i]
		row := t.Rows[i]
		for j := 1; j <= most; j++ {
			alpha := compare.Number(math.NaN())
			for _, a := range h.Alpha {
				if a.J == j {
					alpha = a.Alpha
				}
			}
			row = append(row, table.FixedCell(alpha, 2))
		}
		t.Rows[i] = row
	}
	return t
}

// horizonSups is the table of the suprema over t <= beta ln(1/eta).
func horizonSups(r *compare.Result) table.Table {
	t := table.Table{Caption: "the largest gap over t <= beta ln(1/eta), interpolated between steps", Head: []string{"observable", "model", "eta"}}
	var betas []float64
	for i := range r.Horizon {
		for _, s := range r.Horizon[i].Sup {
			if !slices.Contains(betas, s.Beta) {
				betas = append(betas, s.Beta)
			}
		}
	}
	for _, b := range betas {
		t.Head = append(t.Head, compare.Say("beta=%g", b), "+- error")
	}
	for _, h := range r.Horizon {
		row := []table.Cell{table.TextCell(h.Observable), table.TextCell(h.Model), table.EtaCell(h.Eta, h.EtaText)}
		for _, b := range betas {
			sup := compare.HorizonSup{Gap: compare.Number(math.NaN()), Error: compare.Number(math.NaN())}
			for _, s := range h.Sup {
				if s.Beta == b {
					sup = s
				}
			}
			row = append(row, table.ValueCell(sup.Gap, sup.Error), table.ErrorCell(sup.Error))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// horizonOrders is the table of the orders of those suprema.
func horizonOrders(r *compare.Result) table.Table {
	t := table.Of(r.HorizonOrder)
	t.Caption = "their orders in eta: fitted to the last learning rates, at the smallest one, and as alpha predicts"
	return t
}

// horizonFigure draws the gap against time, a panel per observable and model, and T
// against ln(1/eta), a panel per observable that has one; nil if there is nothing to draw.
func horizonFigure(r *compare.Result) *figure.Figure {
	panels := horizonPanels(r)
	if panels == nil {
		return nil
	}
	return figure.OfLines("the gap over the horizon, "+results.TitleOf(r), panels, 3, false)
}

// horizonPanels returns the panels of horizonFigure.
func horizonPanels(r *compare.Result) []figure.Lines {
	var etas []float64
	var models []string
	for i := range r.Horizon {
		if h := &r.Horizon[i]; len(h.Times) > 0 && !slices.Contains(etas, h.Eta) {
			etas = append(etas, h.Eta)
		}
		models = results.AppendNew(models, r.Horizon[i].Model)
	}
	if len(etas) == 0 {
		return nil
	}
	slices.SortFunc(etas, func(a, b float64) int { return cmp.Compare(b, a) })
	look := figure.Styles(r, models)
	var panels []figure.Lines
	var observables []string
	curves := func(o, m string) {
		p := figure.Lines{Title: o, Suffix: ", " + m, XLabel: "t = nη", YLabel: "gap", LogY: true, FromZero: true}
		for _, h := range r.Horizon {
			if h.Observable != o || h.Model != m {
				continue
			}
			color := figure.EtaColor(slices.Index(etas, h.Eta), len(etas))
			l := figure.Line{Label: "η = " + table.Eta(h.Eta, h.EtaText), Color: color, Width: figure.EtaLineWidth}
			for k := range h.Times {
				l.X, l.Y = append(l.X, float64(h.Times[k])), append(l.Y, float64(h.Gap[k]))
			}
			p.Lines = append(p.Lines, l)
			if hasTime(h) {
				p.Lines = append(p.Lines, figure.Line{X: []float64{float64(h.T)}, Y: []float64{float64(h.Plateau) / 2}, XErr: []float64{float64(h.TError)}, Color: color, Marker: true, NoLine: true})
			}
		}
		panels = append(panels, p)
	}
	for i := range r.HorizonTime {
		o, m := r.HorizonTime[i].Observable, r.HorizonTime[i].Model
		curves(o, m)
		observables = results.AppendNew(observables, o)
	}
	for _, o := range observables {
		if !slices.ContainsFunc(r.Horizon, func(h compare.HorizonRow) bool { return h.Observable == o && hasTime(h) }) {
			continue // a panel of nothing
		}
		p := figure.Lines{Title: "T of " + o, XLabel: "ln(1/η)", YLabel: "time T of half the plateau"}
		for i := range r.HorizonTime {
			if h := &r.HorizonTime[i]; h.Observable == o {
				p.Lines = append(p.Lines, timeLines(r, h, look[h.Model])...)
			}
		}
		if slices.ContainsFunc(p.Lines, func(l figure.Line) bool { return l.Hollow && len(l.X) > 0 }) {
			p.Lines = append(p.Lines, figure.Line{Label: "hollow: no line is fitted to it", Color: figure.SoftInk, Marker: true, NoLine: true, Hollow: true})
		}
		panels = append(panels, p)
	}
	return panels
}

// timeLines returns the points of T against ln(1/eta), those that the line is not fitted
// to, and the fitted line through the centre of the others.
func timeLines(r *compare.Result, h *compare.HorizonTime, look figure.Series) []figure.Line {
	points := figure.Line{Label: h.Model, Color: look.Color, Marker: true, NoLine: true, Shape: look.Shape, Radius: look.Radius}
	others, fit := points, figure.Line{Color: look.Color, Dashes: []vg.Length{4, 3}}
	others.Label, others.Hollow = "", true
	slope := float64(h.Slope)
	x, y := 0.0, 0.0
	for _, row := range r.Horizon {
		if row.Observable != h.Observable || row.Model != h.Model || !hasTime(row) {
			continue
		}
		log, at := math.Log(1/row.Eta), &others
		if slope == slope && slices.Contains(h.Etas, row.Eta) {
			at = &points
			fit.X = append(fit.X, log)
			x, y = x+log/float64(len(h.Etas)), y+float64(row.T)/float64(len(h.Etas))
		}
		at.X, at.Y, at.YErr = append(at.X, log), append(at.Y, float64(row.T)), append(at.YErr, float64(row.TError))
	}
	if len(points.X)+len(others.X) == 0 {
		return nil // no word of it in the legend either
	}
	for _, v := range fit.X {
		fit.Y = append(fit.Y, y+slope*(v-x))
	}
	return []figure.Line{fit, points, others}
}

// horizonCount says how many rows have a T.
func horizonCount(r *compare.Result) string {
	_, rows := r.Answered(compare.StudyHorizon)
	times := 0
	for _, h := range r.Horizon {
		if hasTime(h) {
			times++
		}
	}
	if times == rows {
		return ""
	}
	return fmt.Sprintf("%d with a T", times)
}

// horizonAnswer says how large the gap is at the horizon, and how long it takes to get there.
func horizonAnswer(r *compare.Result) []string {
	var last *compare.HorizonRow
	for i := range r.Horizon {
		h := &r.Horizon[i]
		if h.Observable == r.Horizon[0].Observable && h.Model == r.Horizon[0].Model && len(h.Gap) > 0 {
			last = h
		}
	}
	if last == nil && len(r.Horizon) == 0 {
		return nil
	}
	if last == nil {
		return []string{fmt.Sprintf("no gap is followed over time, in %d rows", len(r.Horizon))}
	}
	line := fmt.Sprintf("up to t = %s, %s, %s, eta = %s: the gap is %s at the end", table.Time(last.Horizon), table.Clean(last.Observable), results.ProcessName(r, last.Model),
		table.Clean(table.Eta(last.Eta, last.EtaText)), table.Measured(float64(last.Plateau), float64(last.PlateauError)))
	if last.T == last.T {
		line += ", and half of that at t = " + table.Measured(float64(last.T), float64(last.TError))
	}
	return []string{line}
}
