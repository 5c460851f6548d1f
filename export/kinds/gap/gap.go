// Package gap shows gaps and their orders.
package gap

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/results"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyGap), Task: "measure gaps between SGD and its diffusions (Theorem 1)",
	Answer: gapAnswer,
	Files: []view.File{
		{Name: "gap.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.Gap) }},
		{Name: "gap-time.csv", Table: gapCurves},
		{Name: "order.csv", Table: orderTable},
	},
}

// gapAnswer says how the gap of the first observable and model falls, and what the eta/4 term is
// worth.
func gapAnswer(r *compare.Result) []string {
	if len(r.Gap) == 0 {
		return nil
	}
	certified, rows := r.Answered(compare.StudyGap)
	first := r.Gap[0]
	line := results.ChainName(r) + " against " + results.DiffusionName(r, first.Model)
	if slices.ContainsFunc(r.Gap, func(g compare.GapRow) bool { return g.Observable != first.Observable }) {
		line += " (" + table.Clean(first.Observable) + ")"
	}
	orders := results.Orders(r.Order)
	order := orders[results.Key{Observable: first.Observable, Model: first.Model}]
	last := results.LastCertified(r, first.Observable, first.Model)
	switch {
	case last != nil && order != nil && order.Expected > 0 && asTheory(order):
		c := float64(last.Gap) / math.Pow(last.Eta, float64(order.Expected))
		line += fmt.Sprintf(": gap = %s %s, %s", strconv.FormatFloat(c, 'g', 3, 64), view.EtaPower(order.Expected), view.OrderDigits(order))
	case last != nil && order != nil:
		line += fmt.Sprintf(": gap = %s at eta = %s, %s", table.Measured(float64(last.Gap), float64(last.Error)), table.Eta(last.Eta, last.EtaText), view.OrderDigits(order))
	case order != nil && order.Expected == 0:
		line += ": " + view.OrderDigits(order)
	}
	times := ", all times"
	if r.Until != nil {
		times = ", t <= " + table.Time(float64(*r.Until))
	}
	if ball, ok := r.Run[results.RunBall].(string); ok {
		ball, _, _ = strings.Cut(ball, ";") // behind it, where a noise ends
		times += ", " + table.Clean(ball)
	}
	out := []string{line + times + fmt.Sprintf(", %d of %d rows certified", certified, rows)}
	for _, m := range r.Models {
		// A negative control says what a term is worth beside a model that has it.
		if o := orders[results.Key{Observable: first.Observable, Model: m.Name}]; m.Control != "" && m.Name != first.Model && o != nil && o.Slope == o.Slope {
			out = append(out, "without "+table.Clean(m.TermName)+": "+view.OrderDigits(o))
		} else if m.Name != first.Model && o != nil && o.Slope == o.Slope && o.Expected == 0 {
			// Of an equation of one's own theory says nothing: the order is the finding.
			out = append(out, "against "+table.Clean(m.Name)+": "+view.OrderDigits(o))
		}
	}
	return out
}

// nearTheory is how far an order may be from theory's for a gap to be told as a multiple of that power of eta.
const nearTheory = 0.25

// asTheory reports that an order is theory's, as far as it is known: elsewhere a constant before that power means nothing.
func asTheory(o *compare.OrderRow) bool {
	return math.Abs(float64(o.Extrapolated)-float64(o.Expected)) <= nearTheory && o.ExtrapolatedError <= compare.WidestOrder
}

// Findings says how the gaps fall, and which are certified.
func Findings(r *compare.Result) []string {
	var out []string
	for _, g := range results.Groups(r) {
		open := g.Open()
		name := g.Observable + ", " + g.Model + ": "
		if o := g.Order; o != nil && o.Slope == o.Slope {
			s := name + view.OrderWords("the gap", o)
			if o.Expected > 0 {
				s += ", where theory says " + view.EtaPower(o.Expected)
			}
			if o.Verdict != "" {
				s += "; " + o.Verdict
			}
			out = append(out, s+".")
		} else if o != nil && o.Verdict != "" {
			out = append(out, name+o.Verdict+".")
		} else {
			out = append(out, name+"no order was fitted.")
		}
		if open > 0 {
			out = append(out, fmt.Sprintf("%snot certified, and left out of the order: %d of %d learning rates.", name, open, len(g.Rows)))
		}
	}
	return out
}

// Caption is the caption of the picture of the gaps.
func Caption(r *compare.Result) string {
	text := "The gap against the learning rate, with its error estimate as a bar where that is wide enough to be seen."
	if r.Until != nil {
		text += fmt.Sprintf(" Suprema are over t <= %s.", table.Time(*r.Until))
	}
	if results.Uncertified(r) > 0 {
		text += " Hollow markers: not certified."
	}
	return text
}

// orderLine is a line of the table of orders.
type orderLine struct {
	Observable string         `col:"observable"`
	Model      string         `col:"model"`
	Order      string         `col:"order; num"`
	Slope      compare.Number `col:"fitted; .3"`
	Low        compare.Number `col:"scatter; ..High .3"`
	High       compare.Number
	Theory     int            `col:"theory; some"`
	Gap        compare.Number `col:"gap; ~Error"`
	Error      compare.Number
	Certified  string `col:"certified"`
}

// Summary is the table of the orders in eta: the extrapolated one first, then the fitted one
// with its scatter.
func Summary(r *compare.Result) table.Table {
	var lines []orderLine
	caption := "orders of the gap in " + results.OrderIn(r)
	none := compare.Number(math.NaN())
	for _, g := range results.Groups(r) {
		if len(g.Rows) == 0 {
			continue
		}
		last := &g.Rows[len(g.Rows)-1]
		line := orderLine{Observable: g.Observable, Model: g.Model, Order: table.Absent, Slope: none, Low: none, High: none, Gap: last.Gap, Error: last.Error}
		if o := g.Order; o != nil {
			if o.Extrapolated-o.Extrapolated == 0 && o.ExtrapolatedError > 0 {
				line.Order = table.Measured(float64(o.Extrapolated), float64(o.ExtrapolatedError))
			}
			line.Slope, line.Low, line.High, line.Theory = o.Slope, o.Low, o.High, o.Expected
		}
		line.Certified = fmt.Sprintf("%d of %d", len(g.Rows)-g.Open(), len(g.Rows))
		lines = append(lines, line)
		caption = "orders of the gap in " + results.OrderIn(r) + ", extrapolated to eta = 0, and the gap at eta = " + table.Clean(table.Eta(last.Eta, last.EtaText))
	}
	t := table.Of(lines)
	t.Caption = caption
	return t
}

// gapCurves has the gap over the ball at the steps that are kept of every row.
func gapCurves(r *compare.Result) *table.CSV {
	type point struct {
		T   float64 `json:"t"`
		Gap float64 `json:"gap"`
	}
	return table.Parts(r.Curves, func(c *compare.Curve) (compare.Key, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.T[n], c.Gap[n]}
		}
		return compare.Key{Observable: c.Observable, Model: c.Model, Eta: c.Eta, EtaText: c.EtaText}, points
	})
}

// orderTable has the orders in eta of everything that has one.
func orderTable(r *compare.Result) *table.CSV {
	var all []compare.OrderRow
	var of []string
	for _, list := range []struct {
		of   string
		rows []compare.OrderRow
	}{{"gap", r.Order}, {"local-error", r.LocalOrder}, {"stationary", r.StationaryOrder}, {"mean-shift", r.MeanShiftOrder}, {"spectrum", r.SpectrumOrder}} {
		for _, o := range list.rows {
			all, of = append(all, o), append(of, list.of)
		}
	}
	t := table.CSVOf(all).First("of", "")
	t.Set("of", func(i int) string { return of[i] })
	return t
}

// Table is the table of the gaps of a group, with why rows are not certified.
func Table(g *results.Group) table.Table {
	t := table.Of(g.Rows)
	t.Caption, t.Named = g.Observable+", "+g.Model, true
	for i := range g.Rows {
		if g.Rows[i].Gap == g.Rows[i].Gap || len(g.Rows[i].X) > 0 {
			continue
		}
		for k, head := range t.Head { // what was not computed is at no place
			if head == "n" || head == "t" || head == "x" {
				t.Rows[i][k] = table.NoCell()
			}
		}
	}
	if same := results.SameReason(g.Rows); same != "" {
		t.Note = "no row is certified: " + same
		return t
	}
	t.Notes = make([]string, len(g.Rows))
	for i := range g.Rows {
		if !g.Rows[i].Certified {
			t.Notes[i] = "not certified: " + results.ReasonOf(&g.Rows[i])
		}
	}
	return t
}

// Errors is the table of where the errors of a group come from.
func Errors(g *results.Group) table.Table {
	type row struct {
		Eta     float64 `col:"eta"`
		EtaText string
		compare.Errors
		Nodes    int            `col:"nodes"`
		Growth   compare.Number `col:"growth; .2"`
		ClosedBy string         `col:"closed by"`
	}
	rows := make([]row, len(g.Rows))
	for i := range g.Rows {
		v := &g.Rows[i]
		rows[i] = row{v.Eta, v.EtaText, v.Errors, v.Nodes, v.Growth, results.ClosedBy(v.ClosedBy)}
	}
	t := table.Of(rows)
	t.Caption, t.Named = g.Observable+", "+g.Model, true
	return t
}
