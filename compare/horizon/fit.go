package horizon

import (
	"fmt"
	"math"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/fit"
	"kolmo/process"
)

// alphaOf returns the growth rate for |J| = j at the smallest learning rate where it
// is known.
func alphaOf(series []compare.HorizonRow, j int) compare.GrowthRate {
	g := compare.GrowthRate{J: j, Alpha: compare.Number(math.NaN())}
	for i := range series {
		for _, a := range series[i].Alpha {
			if a.J == j && a.Alpha == a.Alpha {
				g = a
			}
		}
	}
	return g
}

// HorizonOrder fits the order of the suprema of one beta.
func HorizonOrder(observable string, m *process.Diffusion, series []compare.HorizonRow, b int, growth compare.GrowthRate) compare.HorizonOrder {
	nan := compare.Number(math.NaN())
	beta := HorizonBetas[b]
	o := compare.HorizonOrder{Observable: observable, Model: m.Name, Beta: beta, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Last: nan, LastError: nan, Leading: nan,
		Alpha: growth.Alpha, J: growth.J, Expected: compare.Number(m.Order) - growth.Alpha*compare.Number(beta)}
	if m.Order == 0 {
		o.Expected = compare.Number(math.NaN())
	}
	var eta, value, err []float64
	for i := range series {
		if b >= len(series[i].Sup) {
			continue
		}
		if s := series[i].Sup[b]; s.Error < fit.MostFitError*s.Gap {
			eta, value, err = append(eta, series[i].Eta), append(value, float64(s.Gap)), append(err, float64(s.Error))
		}
	}
	from := max(0, len(eta)-fit.FitEtas)
	eta, value, err = eta[from:], value[from:], err[from:]
	o.Etas = append(o.Etas, eta...)
	if len(eta) >= 2 {
		slope, half := fit.PowerFit(eta, value, err)
		o.Slope, o.Low, o.High = compare.Number(slope), compare.Number(slope-half), compare.Number(slope+half)
	}
	if k := len(eta); k >= 3 {
		var x, y, rel [3]float64
		for i := range x {
			x[i], y[i], rel[i] = math.Log(eta[k-3+i]), math.Log(value[k-3+i]), err[k-3+i]/value[k-3+i]
		}
		o.Last, o.LastError = fit.LastSlope(x, y, rel)
	}
	o.Verdict = horizonVerdict(&o, m)
	return o
}

// LeadingSlope returns the slope in eta of eta^k times the largest |e| over
// t <= beta ln(1/eta), NaN where the path of the prediction does not go that far.
func LeadingSlope(path []constant.ConstantPoint, etas []float64, beta float64, m *process.Diffusion) compare.Number {
	if len(etas) < 2 {
		return compare.Number(math.NaN())
	}
	var value []float64
	for _, eta := range etas {
		t := beta * math.Log(1/eta)
		k := 1
		for k < len(path) && path[k].Time < t {
			k++
		}
		if k >= len(path) || path[k-1].Time > t {
			return compare.Number(math.NaN())
		}
		p, q := &path[k-1], &path[k]
		f := (t - p.Time) / (q.Time - p.Time)
		value = append(value, math.Pow(eta, float64(m.Order))*math.Pow(p.Value, 1-f)*math.Pow(q.Value, f))
	}
	slope, _ := fit.PowerFit(etas, value, make([]float64, len(etas)))
	return compare.Number(slope)
}

// horizonWithin is how far the order at the smallest learning rate may be from the
// predicted one and still confirm it.
const horizonWithin = 0.05

// horizonVerdict says what an order shows of Proposition 2.
func horizonVerdict(o *compare.HorizonOrder, m *process.Diffusion) string {
	if len(o.Etas) < fit.LeastVerdictEtas {
		return fmt.Sprintf("%d learning rates are too few for a verdict", len(o.Etas))
	}
	switch {
	case o.J == 0:
		return constant.NoDefect + ", so nothing is predicted"
	case o.Expected != o.Expected:
		return "no growth of the derivatives was seen, so nothing is predicted"
	}
	claim := fmt.Sprintf("gap <= C eta^(%d - alpha beta) over this horizon", m.Order)
	switch {
	case math.Abs(float64(o.Last-o.Expected)) <= horizonWithin:
		return claim + ": confirmed"
	case o.Last > o.Expected:
		return claim + ": holds, the gap falls faster than that here"
	}
	return claim + ": not seen at these learning rates"
}

// HorizonTime fits the slope of T in ln(1/eta).
func HorizonTime(observable string, m *process.Diffusion, series []compare.HorizonRow, growth compare.GrowthRate) compare.HorizonTime {
	nan := compare.Number(math.NaN())
	h := compare.HorizonTime{Observable: observable, Model: m.Name, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Last: nan, LastError: nan, PlateauOrder: nan, Expected: nan}
	var eta, log, t, err, plateau, plateauErr []float64
	for i := range series {
		r := &series[i]
		if r.T != r.T || !(r.PlateauError < fit.MostFitError*r.Plateau) {
			continue
		}
		eta, log = append(eta, r.Eta), append(log, math.Log(1/r.Eta))
		t, err = append(t, float64(r.T)), append(err, float64(r.TError))
		plateau, plateauErr = append(plateau, float64(r.Plateau)), append(plateauErr, float64(r.PlateauError))
	}
	from := max(0, len(eta)-fit.FitEtas)
	h.Etas = append(h.Etas, eta[from:]...)
	if len(h.Etas) < 2 {
		h.Verdict = fmt.Sprintf("T is known for %d learning rate(s), want 2 or more", len(h.Etas))
		return h
	}
	slope, half := fit.LineFit(log[from:], t[from:], err[from:])
	h.Slope, h.Low, h.High = compare.Number(slope), compare.Number(slope-half), compare.Number(slope+half)
	if k := len(t); k >= 3 {
		h.Last, h.LastError = fit.LastSlope([3]float64(log[k-3:]), [3]float64(t[k-3:]), [3]float64(err[k-3:]))
	}
	p, _ := fit.PowerFit(eta[from:], plateau[from:], plateauErr[from:])
	h.PlateauOrder = compare.Number(p)
	if m.Order > 0 {
		h.Expected = (compare.Number(m.Order) - h.PlateauOrder) / growth.Alpha
	}
	h.Verdict = compare.Say("half of the plateau is reached at T = %.3f ln(1/eta) + const", slope)
	switch {
	case len(h.Etas) < fit.LeastVerdictEtas:
		h.Verdict += fmt.Sprintf("; %d learning rates are too few for a verdict", len(h.Etas))
	case growth.J == 0:
		h.Verdict += "; " + constant.NoDefect + ", so nothing is predicted"
	case h.Expected != h.Expected:
		h.Verdict += "; no growth of the derivatives was seen, so nothing is predicted"
	case math.Abs(slope-float64(h.Expected)) <= fit.ConfirmWithin*math.Abs(float64(h.Expected)):
		h.Verdict += compare.Say(", as (k - p)/alpha = %.3f says: confirmed", float64(h.Expected))
	default:
		h.Verdict += compare.Say(", where (k - p)/alpha = %.3f: not seen at these learning rates", float64(h.Expected))
	}
	return h
}
