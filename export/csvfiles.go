package export

import (
	"strconv"
	"strings"

	"kolmo/compare"
)

// csvFile is a CSV file of a result's folder.
type csvFile struct {
	name string
	// table returns what the file has; without rows there is no file.
	table func(r *compare.Result) *csvTable
}

// csvFiles are all CSV files: a row per row of the results, and the curves against time,
// which results.json does not have, a row per point (doc/tables.md).
var csvFiles = []csvFile{
	{CSVFile, func(r *compare.Result) *csvTable { return csvTableOf(r.Gap) }},
	{"gap-time.csv", gapCurves},
	{"order.csv", orderTable},
	{"models.csv", modelTable},
	{"constant.csv", constantTable},
	{"local-error.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.LocalError) }},
	{"local-error-time.csv", localCurves},
	{"decay.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Decay) }},
	{"decay-eta0.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.DecayLimits) }},
	{"decay-time.csv", decayCurves},
	{"moments.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Moments) }},
	{"horizon.csv", horizonTable},
	{"horizon-alpha.csv", horizonAlpha},
	{"horizon-sup.csv", horizonSup},
	{"horizon-order.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.HorizonOrder) }},
	{"horizon-slope.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.HorizonTime) }},
	{"horizon-time.csv", horizonCurves},
	{"stationary.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Stationary) }},
	{"spectrum.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Spectrum) }},
	{"eigenfunction.csv", eigenTable},
	{"escape.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Escape) }},
	{"escape-limit.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.EscapeLimit) }},
	{"crossing.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Crossing) }},
	{"crossing-slope.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.CrossingSlope) }},
	{"variation.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Variation) }},
	{"variation-time.csv", variationCurves},
	{"ledger.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.Ledger) }},
	{"mean-shift.csv", func(r *compare.Result) *csvTable { return csvTableOf(r.MeanShift) }},
}

// orderTable has the orders in eta of everything that has one.
func orderTable(r *compare.Result) *csvTable {
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
	t := csvTableOf(all).first("of", "")
	t.set("of", func(i int) string { return of[i] })
	return t
}

// constantTable has infinite times as inf.
func constantTable(r *compare.Result) *csvTable {
	t := csvTableOf(r.Constant)
	t.set("t", func(i int) string {
		switch c := &r.Constant[i]; {
		case c.T != nil:
			return csvNumber(compare.Number(*c.T))
		case c.Predicted == c.Predicted:
			return "inf"
		}
		return ""
	})
	return t
}

// modelTable has a row per observable and learning rate, and every model's gap beside the
// others'; a single model has no such table.
func modelTable(r *compare.Result) *csvTable {
	observables, models := gapNames(r)
	t := &csvTable{}
	if len(models) < 2 {
		return t
	}
	all := groups(r)
	values, texts := etas(r)
	var eta []int
	var of []string
	for _, o := range observables {
		for i := len(values) - 1; i >= 0; i-- {
			of, eta = append(of, o), append(eta, i)
		}
	}
	t.rows = make([][]string, len(of))
	t.add("observable", func(i int) string { return of[i] })
	t.add("eta", func(i int) string { return csvNumber(compare.Number(values[eta[i]])) })
	t.add("eta_text", func(i int) string { return texts[eta[i]] })
	for _, m := range models {
		name := strings.ReplaceAll(m, "-", "_")
		column := func(what string, cell func(g *compare.GapRow) string) {
			t.add(name+"_"+what, func(i int) string {
				if g := rowAt(all, of[i], m, values[eta[i]]); g != nil {
					return cell(g)
				}
				return ""
			})
		}
		column("gap", func(g *compare.GapRow) string { return csvNumber(g.Gap) })
		column("error", func(g *compare.GapRow) string { return csvNumber(g.Error) })
		column("certified", func(g *compare.GapRow) string { return strconv.FormatBool(g.Certified) })
	}
	return t
}

// partOf tells which row of the results a part of it belongs to.
type partOf struct {
	Observable string  `json:"observable"`
	Model      string  `json:"model"`
	Eta        float64 `json:"eta"`
	EtaText    string  `json:"eta_text"`
}

// partTable returns the table of the parts of all rows, a row per part: which row it is
// of, and the part's own columns.
func partTable[R, P any](rows []R, parts func(r *R) (partOf, []P)) *csvTable {
	var of []partOf
	var all []P
	for i := range rows {
		row, list := parts(&rows[i])
		for _, p := range list {
			of, all = append(of, row), append(all, p)
		}
	}
	t, more := csvTableOf(of), csvTableOf(all)
	t.head = append(t.head, more.head...)
	for i := range t.rows {
		t.rows[i] = append(t.rows[i], more.rows[i]...)
	}
	return t
}

// horizonParts returns the table of the parts that of returns of every row.
func horizonParts[P any](r *compare.Result, of func(h *compare.HorizonRow) []P) *csvTable {
	return partTable(r.Horizon, func(h *compare.HorizonRow) (partOf, []P) {
		return partOf{h.Observable, h.Model, h.Eta, h.EtaText}, of(h)
	})
}

func horizonTable(r *compare.Result) *csvTable {
	return csvTableOf(r.Horizon, "t", "gap", "error", "alpha", "sup")
}

func horizonAlpha(r *compare.Result) *csvTable {
	return horizonParts(r, func(h *compare.HorizonRow) []compare.GrowthRate { return h.Alpha })
}

func horizonSup(r *compare.Result) *csvTable {
	return horizonParts(r, func(h *compare.HorizonRow) []compare.HorizonSup { return h.Sup })
}

func horizonCurves(r *compare.Result) *csvTable {
	type point struct {
		T     compare.Number `json:"t"`
		Gap   compare.Number `json:"gap"`
		Error compare.Number `json:"error"`
	}
	return horizonParts(r, func(h *compare.HorizonRow) []point {
		points := make([]point, len(h.Times))
		for n := range points {
			points[n] = point{h.Times[n], h.Gap[n], h.Error[n]}
		}
		return points
	})
}

// gapCurves has the gap over the ball at the steps that are kept of every row.
func gapCurves(r *compare.Result) *csvTable {
	type point struct {
		T   float64 `json:"t"`
		Gap float64 `json:"gap"`
	}
	return partTable(r.Curves, func(c *compare.Curve) (partOf, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.T[n], c.Gap[n]}
		}
		return partOf{c.Observable, c.Model, c.Eta, c.EtaText}, points
	})
}

// localCurves has the one-step errors, their running sum and the gap of every step.
func localCurves(r *compare.Result) *csvTable {
	type point struct {
		T   float64 `json:"t"`
		Rho float64 `json:"rho"`
		Sum float64 `json:"sum"`
		Gap float64 `json:"gap"`
	}
	return partTable(r.LocalCurves, func(c *compare.LocalCurve) (partOf, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.T[n], c.Rho[n], c.Sum[n], c.Gap[n]}
		}
		return partOf{c.Observable, c.Model, c.Eta, c.EtaText}, points
	})
}

// decayCurves has the suprema of all derivatives.
func decayCurves(r *compare.Result) *csvTable {
	type point struct {
		J   []int   `json:"J"`
		T   float64 `json:"t"`
		Sup float64 `json:"sup"`
	}
	return partTable(r.DecayCurves, func(c *compare.DecayCurve) (partOf, []point) {
		points := make([]point, len(c.T))
		for n := range points {
			points[n] = point{c.J, c.T[n], c.Sup[n]}
		}
		return partOf{c.Observable, c.Model, c.Eta, c.EtaText}, points
	})
}

// gapNames returns the observables and models that have gaps.
func gapNames(r *compare.Result) (observables, models []string) {
	for i := range r.Gap {
		observables, models = appendNew(observables, r.Gap[i].Observable), appendNew(models, r.Gap[i].Model)
	}
	return observables, models
}
