package export

import "kolmo/compare"

// horizonKind is this kind of study.
var horizonKind = kind{
	Name: string(compare.StudyHorizon), Answer: horizonAnswer, Section: horizonSection,
	Files: []csvFile{
		{Name: "horizon.csv", Table: horizonTable},
		{Name: "horizon-alpha.csv", Table: horizonAlpha},
		{Name: "horizon-sup.csv", Table: horizonSup},
		{Name: "horizon-order.csv", Table: func(r *compare.Result) *csvTable { return csvTableOf(r.HorizonOrder) }},
		{Name: "horizon-slope.csv", Table: func(r *compare.Result) *csvTable { return csvTableOf(r.HorizonTime) }},
		{Name: "horizon-time.csv", Table: horizonCurves},
	},
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
