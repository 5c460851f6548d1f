// Package models shows the models of a study side by side.
package models

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: "models", Explains: true, Section: modelSection,
	Files: []view.File{
		{Name: "models.csv", Table: modelTable},
	},
}

// control returns the negative control among the models of the results, with the model
// that it lacks a term of, or nil.
func control(r *compare.Result, models []string) *compare.ModelInfo {
	for i := range r.Models {
		if m := &r.Models[i]; m.Control != "" && slices.Contains(models, m.Name) && slices.Contains(models, m.Control) {
			return m
		}
	}
	return nil
}

// missing is what the negative control lacks: a formula, but by its name where it has symbols that would have to be explained.
func missing(c *compare.ModelInfo) string {
	if len(c.Symbols) > 0 {
		return c.TermName
	}
	return "the term " + c.Term + " in the drift"
}

// aboutModels says what sets models apart.
func aboutModels(r *compare.Result, models []string) string {
	text := "The same gaps as above, a column per model."
	for _, m := range r.Models {
		if m.Note != "" && slices.Contains(models, m.Name) {
			text += " " + m.Name + " " + m.Note + "."
		}
	}
	if c := control(r, models); c != nil {
		text += fmt.Sprintf(" %s is %s without %s, the negative control: only that turns its order %d into more.", c.Name, c.Control, strings.Replace(missing(c), "-", "−", 1), c.Order)
	}
	return text
}

// modelSection shows the models of a study side by side, per observable a row per
// learning rate and a column per model, with orders and constants below; nil for
// results of a single model.
func modelSection(r *compare.Result) *view.Section {
	observables, models := results.Names(r)
	models = slices.DeleteFunc(slices.Clone(models), func(m string) bool {
		return !slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Model == m })
	})
	if len(models) < 2 {
		return nil
	}
	s := &view.Section{
		Short: "models side by side",
		Title: "models side by side",
		Intro: aboutModels(r, models),
	}
	rows := results.Gaps(r)
	for _, o := range observables {
		gaps := table.Table{Caption: o + ": gap +- error", Named: true, Head: append([]string{"eta"}, models...)}
		values, texts := results.Etas(r)
		for i := len(values) - 1; i >= 0; i-- {
			row := []table.Cell{table.EtaCell(values[i], texts[i])}
			for _, m := range models {
				c := table.NoCell()
				if g := rows[results.Key{Observable: o, Model: m, Eta: values[i]}]; g != nil {
					c = gapCell(g)
					if !g.Certified {
						gaps.Note = "*: the row is not certified"
					}
				}
				row = append(row, c)
			}
			gaps.Rows = append(gaps.Rows, row)
		}
		s.Tables = append(s.Tables, gaps, fitTable(r, o, models))
		s.Verdicts = append(s.Verdicts, controlVerdicts(r, o, models)...)
	}
	if c := control(r, models); c != nil {
		s.Said = "(the negative control)" // in the introduction of the report
		s.Verdicts = append(s.Verdicts, fmt.Sprintf("%s is %s without %s %s", c.Name, c.Control, missing(c), s.Said))
		s.Figure = modelFigure(r, c, observables, models)
		s.Caption = "Each model's gap over the gap of " + c.Name + ", the model without that term, against η: a line of slope 1 gains one order, a level line none."
	}
	return s
}

// gapCell returns "2.974e-04 +- 1e-10" or "(2.974 +- 0.003)e-04", with at most four digits of the gap so that
// four models fit beside each other, and an asterisk where it is not certified.
func gapCell(g *compare.GapRow) table.Cell {
	if g.Gap != g.Gap {
		return table.NoCell()
	}
	const digits = 4
	c := table.NumberCell(g.Gap, table.MeasuredPower(float64(g.Gap), float64(g.Error), digits))
	if !g.Certified {
		c.Text += "*"
	}
	return c
}

// fitTable returns the orders and constants of an observable, a column per model.
func fitTable(r *compare.Result, observable string, models []string) table.Table {
	t := table.Table{Caption: observable + ": gap = c eta^k (1 + O(eta))", Named: true, Head: append([]string{"what"}, models...)}
	add := func(name string, cell func(model string) (table.Cell, bool)) {
		row, any := []table.Cell{table.TextCell(name)}, false
		for _, m := range models {
			c, ok := cell(m)
			if !ok {
				c = table.NoCell()
			}
			row, any = append(row, c), any || ok
		}
		if any {
			t.Rows = append(t.Rows, row)
		}
	}
	orders := results.Orders(r.Order)
	order := func(value func(*compare.OrderRow) (v compare.Number, text string)) func(string) (table.Cell, bool) {
		return func(m string) (table.Cell, bool) {
			o := orders[results.Key{Observable: observable, Model: m}]
			if o == nil {
				return table.Cell{}, false
			}
			v, text := value(o)
			return table.NumberCell(v, text), v-v == 0
		}
	}
	constants := results.Index(r.Constant, func(c *compare.ConstantRow) results.Key { return results.Key{Observable: c.Observable, Model: c.Model} })
	constant := func(value func(*compare.ConstantRow) (v, err compare.Number)) func(string) (table.Cell, bool) {
		return func(m string) (table.Cell, bool) {
			row := constants[results.Key{Observable: observable, Model: m}]
			if row == nil {
				return table.Cell{}, false
			}
			v, err := value(row)
			return table.NumberCell(v, table.Measured(float64(v), float64(err))), v-v == 0
		}
	}
	add("order k", order(func(o *compare.OrderRow) (compare.Number, string) {
		return o.Slope, table.Fixed(float64(o.Slope), 3)
	}))
	add("scatter, low", order(func(o *compare.OrderRow) (compare.Number, string) { return o.Low, table.Fixed(float64(o.Low), 3) }))
	add("scatter, high", order(func(o *compare.OrderRow) (compare.Number, string) { return o.High, table.Fixed(float64(o.High), 3) }))
	add("extrapolated", order(func(o *compare.OrderRow) (compare.Number, string) {
		if !(o.ExtrapolatedError > 0) {
			return compare.Number(math.NaN()), ""
		}
		return o.Extrapolated, table.Measured(float64(o.Extrapolated), float64(o.ExtrapolatedError))
	}))
	add("theory", order(func(o *compare.OrderRow) (compare.Number, string) {
		if o.Expected == 0 {
			return compare.Number(math.NaN()), ""
		}
		return compare.Number(o.Expected), table.Int(o.Expected)
	}))
	add("c, predicted", constant(func(c *compare.ConstantRow) (v, err compare.Number) { return c.Predicted, c.Error }))
	add("c, extrapolated", constant(func(c *compare.ConstantRow) (v, err compare.Number) { return c.Richardson, c.RichardsonError }))
	return t
}

// controlVerdicts says what the term that the negative control lacks gains at the smallest
// learning rate at which both models are certified.
func controlVerdicts(r *compare.Result, observable string, models []string) []string {
	c := control(r, models)
	if c == nil {
		return nil
	}
	rows := results.Gaps(r)
	values, texts := results.Etas(r)
	for i, eta := range values {
		without, with := rows[results.Key{Observable: observable, Model: c.Name, Eta: eta}], rows[results.Key{Observable: observable, Model: c.Control, Eta: eta}]
		if without == nil || with == nil || !with.Certified || !without.Certified || !(with.Gap > with.Error) {
			continue
		}
		ratio := float64(without.Gap / with.Gap)
		off := ratio * float64(without.Error/without.Gap+with.Error/with.Gap)
		return []string{fmt.Sprintf("%s: at eta = %s %s divides the gap by %s", observable, texts[i], c.TermName, table.Measured(ratio, off))}
	}
	return nil
}

// modelFigure draws every model's gap over that of the model without the term, a
// panel per observable where two are certified; nil if there is none.
func modelFigure(r *compare.Result, c *compare.ModelInfo, observables, models []string) *figure.Figure {
	look := figure.Styles(r, models)
	rows := results.Gaps(r)
	values, texts := results.Etas(r)
	var panels []figure.Lines
	for _, o := range observables {
		drawn := false
		p := figure.Lines{Title: o, XLabel: "learning rate η", YLabel: "gap / gap of " + c.Name, LogX: true, LogY: true, Etas: values, Texts: texts}
		least := math.Inf(1)
		for _, m := range models {
			curve := look[m].Line(m)
			for _, eta := range values {
				a, b := rows[results.Key{Observable: o, Model: m, Eta: eta}], rows[results.Key{Observable: o, Model: c.Name, Eta: eta}]
				if a == nil || b == nil || !a.Certified || !b.Certified {
					continue
				}
				curve.X, curve.Y = append(curve.X, eta), append(curve.Y, float64(a.Gap/b.Gap))
				least = min(least, float64(a.Gap/b.Gap)/eta)
			}
			if len(curve.X) > 0 {
				p.Lines, drawn = append(p.Lines, curve), drawn || m != c.Name
			}
		}
		if !drawn {
			continue // a panel of nothing
		}
		if len(values) > 1 && least > 0 && !math.IsInf(least, 1) {
			p.Lines = append(p.Lines, slopeOne(values, least/2))
		}
		panels = append(panels, p)
	}
	if panels == nil {
		return nil
	}
	return figure.OfLines("models side by side, "+results.TitleOf(r), panels, 3, false)
}

// slopeOne returns the thin line y = factor eta over the range of the rates.
func slopeOne(values []float64, factor float64) figure.Line {
	l := figure.Line{Label: "slope 1", Color: figure.SoftInk, Width: 0.8, Dashes: []vg.Length{2, 2}}
	for _, e := range []float64{values[0], values[len(values)-1]} {
		l.X, l.Y = append(l.X, e), append(l.Y, factor*e)
	}
	return l
}

// modelTable has a row per observable and learning rate, and every model's gap beside the
// others'; a single model has no such table.
func modelTable(r *compare.Result) *table.CSV {
	observables, models := results.Names(&compare.Result{GapResults: compare.GapResults{Gap: r.Gap}})
	t := &table.CSV{}
	if len(models) < 2 {
		return t
	}
	rows := results.Gaps(r)
	values, texts := results.Etas(r)
	var at []results.Key
	var eta []string
	for _, o := range observables {
		for i := len(values) - 1; i >= 0; i-- {
			at, eta = append(at, results.Key{Observable: o, Eta: values[i]}), append(eta, texts[i])
		}
	}
	t.Rows = make([][]string, len(at))
	t.Add("observable", func(i int) string { return at[i].Observable })
	t.Add("eta", func(i int) string { return table.CSVNumber(compare.Number(at[i].Eta)) })
	t.Add("eta_text", func(i int) string { return eta[i] })
	for _, m := range models {
		name := strings.ReplaceAll(m, "-", "_")
		column := func(what string, cell func(g *compare.GapRow) string) {
			t.Add(name+"_"+what, func(i int) string {
				if g := rows[results.Key{Observable: at[i].Observable, Model: m, Eta: at[i].Eta}]; g != nil {
					return cell(g)
				}
				return ""
			})
		}
		column("gap", func(g *compare.GapRow) string { return table.CSVNumber(g.Gap) })
		column("error", func(g *compare.GapRow) string { return table.CSVNumber(g.Error) })
		column("certified", func(g *compare.GapRow) string { return strconv.FormatBool(g.Certified) })
	}
	return t
}
