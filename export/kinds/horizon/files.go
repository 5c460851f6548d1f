package horizon

import (
	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/export/view"
)

// Kind is this kind of study.
var Kind = view.Kind{
	Name: string(compare.StudyHorizon), Task: "measure gaps up to a horizon, f not convex (Proposition 2)",
	Answer: horizonAnswer, Count: horizonCount, Section: horizonSection,
	Files: []view.File{
		{Name: "horizon.csv", Table: horizonTable},
		{Name: "horizon-alpha.csv", Table: horizonAlpha},
		{Name: "horizon-sup.csv", Table: horizonSup},
		{Name: "horizon-order.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.HorizonOrder) }},
		{Name: "horizon-slope.csv", Table: func(r *compare.Result) *table.CSV { return table.CSVOf(r.HorizonTime) }},
		{Name: "horizon-time.csv", Table: horizonCurves},
	},
}

// horizonParts returns the table of the parts that of returns of every row.
func horizonParts[P any](r *compare.Result, of func(h *compare.HorizonRow) []P) *table.CSV {
	return table.Parts(r.Horizon, func(h *compare.HorizonRow) (compare.Key, []P) {
		return h.Key, of(h)
	})
}

func horizonTable(r *compare.Result) *table.CSV {
	return table.CSVOf(r.Horizon, "t", "gap", "error", "alpha", "sup")
}

func horizonAlpha(r *compare.Result) *table.CSV {
	return horizonParts(r, func(h *compare.HorizonRow) []compare.GrowthRate { return h.Alpha })
}

func horizonSup(r *compare.Result) *table.CSV {
	return horizonParts(r, func(h *compare.HorizonRow) []compare.HorizonSup { return h.Sup })
}

func horizonCurves(r *compare.Result) *table.CSV {
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
