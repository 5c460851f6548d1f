package spectrum

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/process"
)

// fallsAway is the factor between neighbouring learning rates by which a rate must fall to be
// one over a barrier: any other tends to a constant.
const fallsAway = 2

// orders fits, for every model and k, the order in eta of the difference between its k-th rate
// and that of S.
func orders(p *compare.Problem, count int, res *compare.Result) []compare.OrderRow {
	out := []compare.OrderRow{}
	for _, m := range p.Models {
		for k := 1; k <= count; k++ {
			out = append(out, orderOf(res.Spectrum, p.Dynamics.Name(), m, k))
		}
	}
	return out
}

// orderOf is the order of one model's k-th rate.
func orderOf(rows []compare.SpectrumRow, chain string, m *process.Diffusion, k int) compare.OrderRow {
	var series []*compare.GapRow
	own := map[float64]compare.SpectrumRow{}
	for _, r := range rows {
		if r.K == k && r.Model == chain {
			own[r.Eta] = r
		}
	}
	before, small := math.NaN(), false
	for _, r := range rows {
		c, ok := own[r.Eta]
		if r.K != k || r.Model != m.Name || !ok || !r.Certified || !c.Certified || c.Rate == 0 {
			continue
		}
		small = float64(c.Rate)*fallsAway < before
		before = float64(c.Rate)
		series = append(series, &compare.GapRow{Key: compare.Key{Eta: r.Eta}, Gap: r.Rate - c.Rate, Error: r.Error + c.Error, Certified: true})
	}
	name := fmt.Sprintf("rate %d", k)
	if small {
		nan := compare.Number(math.NaN())
		return compare.OrderRow{Observable: name, Model: m.Name, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Expected: m.Order, Extrapolated: nan, ExtrapolatedError: nan,
			Verdict: "no order: the rates fall like e^{-B/eta}, and so does their difference"}
	}
	row := fit.FitOrder(name, m, series)
	if len(row.Etas) > 0 {
		claim := "difference of the rates <= C eta^" + fmt.Sprint(m.Order)
		if m.Order == 1 {
			claim = "difference of the rates <= C eta"
		}
		row.Verdict = fit.OrderVerdict(row, claim, "the difference")
	}
	return row
}
