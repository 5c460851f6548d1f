package madeup

import (
	"fmt"
	"math"

	"kolmo/compare"
)

// CrossingResult has the times ln(1/eta)/2 + 1 of two processes, those of the model later by eta,
// and one that is not certified.
func CrossingResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"crossing"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			row := compare.CrossingRow{Key: compare.Key{Observable: "y2", Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d)}, Level: 0.25, X: []float64{0, 0.5},
				T: compare.Number(math.Log(d)/2 + 1), Error: 1e-6, Difference: nan, DifferenceError: nan, Certified: true}
			if model != "sgd" {
				row.T += compare.Number(1 / d)
				row.Difference, row.DifferenceError = compare.Number(1/d), 2e-6
			}
			if d == 4 {
				row.Certified, row.Reason = false, Ptr("a step can leave the ball")
			}
			r.Crossing = append(r.Crossing, row)
		}
		r.CrossingSlope = append(r.CrossingSlope, compare.CrossingSlope{Observable: "y2", Model: model, Slope: 0.5, Low: 0.49, High: 0.51, Theory: 0.5, Verdict: "it is so"})
	}
	return r
}

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

// VariationResult has the moments of two processes; the fourth of the model is known from 1/8 on.
func VariationResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"variation"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8} {
			for _, p := range []int{2, 4} {
				rate := compare.Number(float64(p) * (1 - 1/d))
				row := compare.VariationRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), Direction: 1, P: p, VariationFit: compare.VariationFit{Rate: rate, Low: rate - 0.01, High: rate + 0.01,
					C: 1.25}, PMu: compare.Number(p), Verdict: compare.DecayPass, Reason: "it decays"}
				if model != "sgd" {
					row.Root = "the root of the samples"
					if d == 4 && p == 4 {
						row.Rate, row.Low, row.High, row.C, row.Verdict, row.Reason = nan, nan, nan, nan, compare.DecayNotResolved, "it hides"
					}
				}
				r.Variation = append(r.Variation, row)
			}
		}
	}
	return r
}

// LocalResult is synthetic with one-step errors.
func LocalResult() *compare.Result {
	r := Result(1)
	for _, g := range r.Gap {
		r.LocalError = append(r.LocalError, compare.LocalErrorRow{Key: compare.Key{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText},
			Rho: g.Gap / 10, Error: g.Error / 10, Rate: 1.5, Low: 1.4, High: 1.6, LocalSum: compare.LocalSum{Sum: 2 * g.Gap, SumError: g.Error}, Gap: g.Gap, GapError: g.Error, Holds: Ptr(true)})
		c := compare.LocalCurve{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText}
		for n := range 20 {
			t := float64(n) * g.Eta
			c.T, c.Rho, c.Sum, c.Gap = append(c.T, t), append(c.Rho, float64(g.Gap)*math.Exp(-t)/10), append(c.Sum, float64(g.Gap)*(2-math.Exp(-t))), append(c.Gap, float64(g.Gap))
		}
		r.LocalCurves = append(r.LocalCurves, c)
	}
	r.LocalOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 3, Low: 2.9, High: 3.1, Expected: 3, Extrapolated: 3, ExtrapolatedError: 0.01, Verdict: "confirmed"}}
	return Asked(r, compare.StudyLocalError)
}

// DecayResult has a derivative that decays, at two learning rates, beside gaps that are not
// certified.
func DecayResult() *compare.Result {
	r := Nonconvex()
	for _, d := range []int{4, 8} {
		eta, text := 1/float64(d), fmt.Sprintf("1/%d", d)
		r.Decay = append(r.Decay, compare.DecayRow{Key: compare.Key{Observable: "square", Eta: eta, EtaText: text}, J: []int{1}, Gamma: 1, Low: 0.9, High: 1.1, C: 2, CError: 0.1,
			Window: [2]compare.Number{1, 4}, Floor: 1e-9, SpectralGap: 1.01, SpectralGapError: 1e-3, Verdict: compare.DecayPass})
		c := compare.DecayCurve{Observable: "square", Eta: eta, EtaText: text, J: []int{1}}
		for n := range 40 {
			c.T, c.Sup = append(c.T, float64(n)/8), append(c.Sup, 2*math.Exp(-float64(n)/8))
		}
		r.DecayCurves = append(r.DecayCurves, c)
	}
	return Asked(r, compare.StudyDecay)
}

// Asked returns r as the answer to one kind of study.
func Asked(r *compare.Result, kind compare.Study) *compare.Result {
	r.Run = map[string]any{"studies": []string{string(kind)}}
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
					h.T, h.TError, h.Alpha, h.Reason = nan, nan, nil, Ptr("it has no plateau over this horizon")
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

// ExitResult has the times eta^(1/2) e^{1/(2 eta)} of the chain and half of that of a model, at three learning
// rates, and a model without noise.
func ExitResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"exit"}}}
	nan := compare.Number(math.NaN())
	for m, model := range []string{"sgd", "second-order", "gradient-flow"} {
		for _, d := range []float64{4, 8, 16} {
			t := math.Exp(d/2) / math.Sqrt(d) / float64(m+1)
			row := compare.ExitRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), ExitPlace: compare.ExitPlace{Interval: &[2]compare.Number{-1, 1}, Box: [][2]compare.Number{}, X: compare.Point{0}}, T: compare.Number(t), Error: 1e-6,
				ExitAction: compare.ExitAction{Action: compare.Number(math.Log(t) / d), ActionError: 1e-6, Barrier: 0.5}, Ratio: nan, RatioError: nan, Certified: true}
			switch m {
			case 1:
				row.Ratio, row.RatioError = 0.5, 1e-6
			case 2:
				row.T, row.Error, row.ExitAction = nan, nan, compare.ExitAction{Action: nan, ActionError: nan, Barrier: nan}
				row.Certified, row.Reason = false, Ptr("it has no noise")
			}
			r.Exit = append(r.Exit, row)
		}
		limit := compare.ExitLimit{Model: model, Barrier: 0.5, Error: 0.01, Theory: 0.5}
		if m == 2 {
			limit = compare.ExitLimit{Model: model, Barrier: nan, Error: nan, Theory: nan, Reason: Ptr("too few")}
		}
		r.ExitLimit = append(r.ExitLimit, limit)
	}
	return r
}
