// Package results finds rows of a result by observable, model and learning rate.
package results

import (
	"cmp"
	"fmt"
	"slices"

	"kolmo/compare"
	"kolmo/export/table"
)

// Key names a row.
type Key struct {
	Observable, Model string
	Eta               float64
}

// Index returns rows by their keys.
func Index[T any](rows []T, key func(row *T) Key) map[Key]*T {
	at := make(map[Key]*T, len(rows))
	for i := range rows {
		at[key(&rows[i])] = &rows[i]
	}
	return at
}

// Group is the rows of one observable and model, the largest eta first.
type Group struct {
	Observable, Model string
	Rows              []compare.GapRow
	Order             *compare.OrderRow // nil if no order was fitted
}

// Open counts the rows that are not certified.
func (g *Group) Open() int {
	n := 0
	for i := range g.Rows {
		if !g.Rows[i].Certified {
			n++
		}
	}
	return n
}

// Groups returns the rows of r by observable and, within it, by model, both in
// the order of their first appearance. A fitted order without rows is kept.
func Groups(r *compare.Result) []Group {
	observables, models := Names(r)
	rows, orders := map[Key][]compare.GapRow{}, Orders(r.Order)
	for _, g := range r.Gap {
		k := Key{g.Observable, g.Model, 0}
		rows[k] = append(rows[k], g)
	}
	var out []Group
	for _, o := range observables {
		for _, m := range models {
			k := Key{o, m, 0}
			g := Group{Observable: o, Model: m, Rows: rows[k], Order: orders[k]}
			if len(g.Rows) == 0 && g.Order == nil {
				continue
			}
			slices.SortStableFunc(g.Rows, func(a, b compare.GapRow) int { return cmp.Compare(b.Eta, a.Eta) })
			out = append(out, g)
		}
	}
	return out
}

// SameReason returns the reason why no row is certified, if all rows have the same one,
// "" otherwise.
func SameReason(rows []compare.GapRow) string {
	for i := range rows {
		if rows[i].Certified || ReasonOf(&rows[i]) != ReasonOf(&rows[0]) {
			return ""
		}
	}
	if len(rows) < 2 {
		return ""
	}
	return ReasonOf(&rows[0])
}

// ClosedBy names the argument that closed a supremum: what results call a fit is one to the decay
// of the one-step errors.
func ClosedBy(name *string) string {
	switch table.OrEmpty(name) {
	case "":
		return table.Absent
	case "fit":
		return "decay"
	}
	return *name
}

// Names returns the observables and models of r in the order of their first
// appearance among gaps, orders, curves and rasters.
func Names(r *compare.Result) (observables, models []string) {
	add := func(o, m string) { observables, models = AppendNew(observables, o), AppendNew(models, m) }
	for i := range r.Gap {
		add(r.Gap[i].Observable, r.Gap[i].Model)
	}
	for i := range r.Order {
		add(r.Order[i].Observable, r.Order[i].Model)
	}
	for i := range r.Curves {
		add(r.Curves[i].Observable, r.Curves[i].Model)
	}
	for i := range r.Rasters {
		add(r.Rasters[i].Observable, r.Rasters[i].Model)
	}
	return observables, models
}

// Etas returns the learning rates of the rows of r, each once, the smallest
// first, with their texts.
func Etas(r *compare.Result) (values []float64, texts []string) {
	text := map[float64]string{}
	for i := range r.Gap {
		if e := r.Gap[i].Eta; !slices.Contains(values, e) {
			values = append(values, e)
			text[e] = table.Eta(e, r.Gap[i].EtaText)
		}
	}
	slices.Sort(values)
	for _, e := range values {
		texts = append(texts, text[e])
	}
	return values, texts
}

// Uncertified counts the rows that are not certified.
func Uncertified(r *compare.Result) int { return (&Group{Rows: r.Gap}).Open() }

// TitleOf returns the title of the study, or its name.
func TitleOf(r *compare.Result) string {
	if r.Title != "" {
		return r.Title
	}
	return r.Study
}

// ReasonOf returns why a row is not certified.
func ReasonOf(g *compare.GapRow) string {
	if s := table.OrEmpty(g.Reason); s != "" {
		return s
	}
	return "no reason was given"
}

// ChainName returns the name of the chain, for sentences.
func ChainName(r *compare.Result) string { return cmp.Or(table.Clean(r.Algorithm.Title), "SGD") }

// ProcessName returns what a sentence calls a process: the chain as ChainName does, a model by its name, and
// one of the study's own as DiffusionName does.
func ProcessName(r *compare.Result, name string) string {
	switch {
	case name == r.Algorithm.Kind:
		return ChainName(r)
	case isOwn(r, name):
		return DiffusionName(r, name)
	}
	return table.Clean(name)
}

// DiffusionName returns "the second-order diffusion" or, of a model of the study's own, whose name may be any
// word, "the diffusion mine".
func DiffusionName(r *compare.Result, name string) string {
	if isOwn(r, name) {
		return "the diffusion " + table.Clean(name)
	}
	return "the " + table.Clean(name) + " diffusion"
}

// isOwn reports that a model is by formulas of the study, of which no order is claimed.
func isOwn(r *compare.Result, name string) bool {
	return slices.ContainsFunc(r.Models, func(m compare.ModelInfo) bool { return m.Name == name && m.Order == 0 })
}

// OrderIn says what orders are in: "eta", and 1/l where a step has the noise of another
// learning rate, of l steps in one.
func OrderIn(r *compare.Result) string {
	if of := r.Algorithm.Imitates; of > 0 {
		return fmt.Sprintf("eta, that is in 1/l with eta = %s/l", table.Eta(of, ""))
	}
	return "eta"
}

// Gaps returns the gaps by their keys.
func Gaps(r *compare.Result) map[Key]*compare.GapRow {
	return Index(r.Gap, func(g *compare.GapRow) Key { return Key{g.Observable, g.Model, g.Eta} })
}

// Orders returns orders by their keys, in which there is no learning rate.
func Orders(rows []compare.OrderRow) map[Key]*compare.OrderRow {
	return Index(rows, func(o *compare.OrderRow) Key { return Key{o.Observable, o.Model, 0} })
}

// LastCertified returns the certified row of the smallest learning rate, nil if there is none.
func LastCertified(r *compare.Result, observable, model string) (last *compare.GapRow) {
	for i := range r.Gap {
		g := &r.Gap[i]
		if g.Observable == observable && g.Model == model && g.Certified && (last == nil || g.Eta < last.Eta) {
			last = g
		}
	}
	return last
}

// AppendNew appends s unless it is there.
func AppendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// RunBall is the key of a result's run under which the ball stands in words, "|x| <= 4".
const RunBall = "ball"

// Series returns by their keys the rows that count, the largest learning rate first.
func Series[K comparable, T any](rows []T, key func(row *T) (k K, eta float64, counts bool)) map[K][]*T {
	of := map[K][]*T{}
	for i := range rows {
		if k, _, counts := key(&rows[i]); counts {
			of[k] = append(of[k], &rows[i])
		}
	}
	for _, list := range of {
		slices.SortStableFunc(list, func(a, b *T) int {
			_, x, _ := key(a)
			_, y, _ := key(b)
			return cmp.Compare(y, x)
		})
	}
	return of
}

// Distinct returns what rows have, each once, in the order of its first appearance.
func Distinct[V comparable, T any](rows []T, of func(row *T) V) []V {
	var list []V
	for i := range rows {
		if v := of(&rows[i]); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// Counted says in a few words how many rows of a kind of study are answered: "all 6 gaps are certified", "1 of 6 gaps is
// not certified", "2 of 6 rows are answered".
func Counted(r *compare.Result, k compare.Study) string {
	answered, rows := r.Answered(k)
	what, verdict, n := "row", "answered", answered
	if k == compare.StudyGap {
		what, verdict = "gap", "certified"
		if answered < rows {
			verdict, n = "not certified", rows-answered
		}
	}
	are := "are"
	if n == 1 {
		are = "is"
	}
	switch {
	case answered < rows:
		return fmt.Sprintf("%d of %d %ss %s %s", n, rows, what, are, verdict)
	case rows == 1:
		return fmt.Sprintf("the one %s is %s", what, verdict)
	}
	return fmt.Sprintf("all %d %ss are %s", rows, what, verdict)
}
