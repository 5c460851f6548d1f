package madeup

import (
	"fmt"
	"math"

	"kolmo/compare"
)

// SpectrumResult has two processes at three learning rates: the model leaves at twice the
// chain's rate, and at the smallest learning rate neither is told from zero.
func SpectrumResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"spectrum"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			row := compare.SpectrumRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), K: 1, Rate: compare.Number(math.Exp(-d / 2)), Error: 1e-9, Ratio: nan, RatioError: nan, Certified: true}
			if model != "sgd" {
				row.Rate, row.Ratio, row.RatioError = 2*row.Rate, 2, 1e-6
			}
			if d == 16 {
				row.Rate, row.Imag, row.Ratio, row.RatioError, row.Certified, row.Reason = nan, nan, nan, nan, false, Ptr("below the floor: here")
			}
			r.Spectrum = append(r.Spectrum, row)
		}
	}
	return r
}

// StationaryResult has differences eta^2/2 of one model, one row that does not count, and
// mean shifts of SGD.
func StationaryResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}}
	for _, d := range []float64{4, 8, 16} {
		eta := 1 / d
		row := compare.StationaryRow{Key: compare.Key{Observable: "square", Model: "modified", Eta: eta, EtaText: fmt.Sprintf("1/%g", d)}, SGD: compare.Number(eta/2 + eta*eta/2),
			SGDError: 1e-9, Diffusion: compare.Number(eta / 2), DiffusionError: 1e-9, Difference: compare.Number(eta * eta / 2), Error: 2e-9, StationaryRun: compare.StationaryRun{T: 24}, Agree: Ptr(true)}
		if d == 4 {
			row.Reason, row.Agree = Ptr("the ball is not invariant"), nil
		}
		r.Stationary = append(r.Stationary, row)
		r.MeanShift = append(r.MeanShift, compare.MeanShiftRow{Process: "sgd", Eta: eta, EtaText: row.EtaText, Minimizer: []compare.Number{0.5},
			Shift: []compare.Number{compare.Number(-0.25 - eta)}, Error: 1e-9, Predicted: []compare.Number{-0.25}, PredictedError: 1e-12, Remainder: compare.Number(eta), RemainderError: 1e-9, Relative: compare.Number(4 * eta)})
	}
	r.StationaryOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 2, Low: 1.9, High: 2.1, Etas: []float64{0.125, 0.0625}, Expected: 2, Verdict: "confirmed"}}
	return r
}

// AddHorizon adds gaps eta/(1 + 1/(eta e^{2t})) up to t = 8, whose T is ln(1/eta)/2;
// the last learning rate has no plateau and no derivatives.
func AddHorizon(r *compare.Result) {
	nan := compare.Number(math.NaN())
	last := ""
	for _, g := range r.Gap {
		if g.Observable == r.Gap[0].Observable && g.Model == r.Gap[0].Model {
			last = g.EtaText
		}
	}
	for _, o := range []string{"expected_loss", "square"} {
		for _, m := range []string{"modified", "second-order"} {
			for _, g := range r.Gap {
				if g.Observable != o || g.Model != m {
					continue
				}
				h := compare.HorizonRow{Key: compare.Key{Observable: o, Model: m, Eta: g.Eta, EtaText: g.EtaText}, Horizon: 8, Invariant: g.EtaText != "1/4"}
				for n := range int(8/g.Eta) + 1 {
					t := float64(n) * g.Eta
					h.Times = append(h.Times, compare.Number(t))
					h.Gap = append(h.Gap, compare.Number(g.Eta/(1+math.Exp(-2*t)/g.Eta)))
					h.Error = append(h.Error, compare.Number(1e-6*g.Eta))
				}
				h.Plateau, h.PlateauError = compare.Number(g.Eta), compare.Number(1e-6*g.Eta)
				h.T, h.TError = compare.Number(math.Log(1/g.Eta)/2), 1e-4
				h.Alpha = []compare.GrowthRate{{J: 1, Alpha: 1.01}, {J: 2, Alpha: 2.02}}
				h.Sup = []compare.HorizonSup{{Beta: 0.25, T: math.Log(1/g.Eta) / 4, Gap: compare.Number(math.Pow(g.Eta, 1.5)), Error: 1e-9}}
				if g.EtaText == last {
					h.T, h.TError, h.Alpha, h.TReason = nan, nan, nil, Ptr("it has no plateau over this horizon")
				}
				r.Horizon = append(r.Horizon, h)
			}
			r.HorizonOrder = append(r.HorizonOrder, compare.HorizonOrder{Observable: o, Model: m, Beta: 0.25, Slope: 1.501, Low: 1.47, High: 1.53, Etas: []float64{0.125, 0.0625},
				Last: 1.4987, Expected: 1.495, Alpha: 2.02, J: 2, Verdict: "gap <= C eta^(2 - alpha beta) over this horizon: confirmed"})
			r.HorizonTime = append(r.HorizonTime, compare.HorizonTime{Observable: o, Model: m, Slope: 0.5, Low: 0.499, High: 0.501, Etas: []float64{0.125, 0.0625}, PlateauOrder: 1, Expected: 0.495, Verdict: "confirmed"})
		}
	}
}

// Nonconvex is synthetic without a word of all times: its f is not convex.
func Nonconvex() *compare.Result {
	r := Result(1)
	h := 8.0
	for i := range r.Gap {
		r.Gap[i].Certified, r.Gap[i].Reason = false, Ptr("the supremum is over t <= 8 only")
	}
	for i := range r.Order {
		r.Order[i].Verdict = "no order"
	}
	r.Until = &h
	r.Constant = []compare.ConstantRow{{Observable: "square", Model: "modified", Order: 2, Horizon: &h}}
	return r
}
