package compare

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"kolmo/process"
)

// Constants of growth rates.
const (
	// growthRise is by how much the logarithm rises over a window.
	growthRise = 1
	// growthLeast is the fewest points of a window.
	growthLeast = 5
)

// growthRate fits alpha in v ~ e^{alpha t}, v one value per step on two grids, over
// the straightest stretch of log v: of all windows over which v grows by the factor e
// and stands above its error, the one in which log v is closest to a line. Before it
// faster transients show, and after it the noise limits the derivatives.
func growthRate(j int, fine, coarse []float64, eta float64) GrowthRate {
	nan := Number(math.NaN())
	g := GrowthRate{J: j, Alpha: nan, Low: nan, High: nan, Window: [2]Number{nan, nan}}
	n := min(len(fine), len(coarse))
	t, y := make([]float64, n), make([]float64, n)
	for i := range n {
		t[i], y[i] = float64(i)*eta, math.NaN()
		if fine[i] > decayFloor*math.Abs(fine[i]-coarse[i]) {
			y[i] = math.Log(fine[i])
		}
	}
	straightest := math.Inf(1)
	for i := range n {
		k := i
		for k < n && y[k]-y[i] < growthRise {
			k++
		}
		if k == n || y[k] != y[k] || k-i+1 < growthLeast {
			continue
		}
		slope, off := straightness(t[i:k+1], y[i:k+1])
		if off < straightest {
			straightest = off
			mid := (i + k) / 2
			first, _ := straightness(t[i:mid+1], y[i:mid+1])
			second, _ := straightness(t[mid:k+1], y[mid:k+1])
			g.Alpha, g.Low, g.High = Number(slope), Number(min(slope, first, second)), Number(max(slope, first, second))
			g.Window = [2]Number{Number(t[i]), Number(t[k])}
		}
	}
	return g
}

// straightness returns the slope of the line through points and how far they are off it.
func straightness(t, y []float64) (slope, off float64) {
	alpha, slope := stat.LinearRegression(t, y, nil, false)
	for i := range t {
		off = max(off, math.Abs(y[i]-alpha-slope*t[i]))
	}
	return slope, off
}

// alphaOf returns the growth rate for |J| = j at the smallest learning rate where it
// is known.
func alphaOf(series []HorizonRow, j int) GrowthRate {
	g := GrowthRate{J: j, Alpha: Number(math.NaN())}
	for i := range series {
		for _, a := range series[i].Alpha {
			if a.J == j && a.Alpha == a.Alpha {
				g = a
			}
		}
	}
	return g
}

// horizonOrder fits the order of the suprema of one beta.
func horizonOrder(observable string, m *process.Diffusion, series []HorizonRow, b int, growth GrowthRate) HorizonOrder {
	nan := Number(math.NaN())
	beta := horizonBetas[b]
	o := HorizonOrder{Observable: observable, Model: m.Name, Beta: beta, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Last: nan, LastError: nan, Leading: nan,
		Alpha: growth.Alpha, J: growth.J, Expected: Number(m.Order) - growth.Alpha*Number(beta)}
	if m.Order == 0 {
		o.Expected = Number(math.NaN())
	}
	var eta, value, err []float64
	for i := range series {
		if b >= len(series[i].Sup) {
			continue
		}
		if s := series[i].Sup[b]; s.Error < mostFitError*s.Gap {
			eta, value, err = append(eta, series[i].Eta), append(value, float64(s.Gap)), append(err, float64(s.Error))
		}
	}
	from := max(0, len(eta)-fitEtas)
	eta, value, err = eta[from:], value[from:], err[from:]
	o.Etas = append(o.Etas, eta...)
	if len(eta) >= 2 {
		slope, half := powerFit(eta, value, err)
		o.Slope, o.Low, o.High = Number(slope), Number(slope-half), Number(slope+half)
	}
	if k := len(eta); k >= 3 {
		var x, y, rel [3]float64
		for i := range x {
			x[i], y[i], rel[i] = math.Log(eta[k-3+i]), math.Log(value[k-3+i]), err[k-3+i]/value[k-3+i]
		}
		o.Last, o.LastError = lastSlope(x, y, rel)
	}
	o.Verdict = horizonVerdict(&o, m)
	return o
}

// lastSlope returns the slope at the last of three points, of the parabola through them,
// and what errors of y may do to it.
func lastSlope(x, y, err [3]float64) (slope, bound Number) {
	var w [3]float64
	w[0] = (x[2] - x[1]) / ((x[0] - x[1]) * (x[0] - x[2]))
	w[1] = (x[2] - x[0]) / ((x[1] - x[0]) * (x[1] - x[2]))
	w[2] = -w[0] - w[1]
	for i := range x {
		slope += Number(w[i] * y[i])
		bound += Number(math.Abs(w[i]) * err[i])
	}
	return slope, bound
}

// leadingSlope returns the slope in eta of eta^k times the largest |e| over
// t <= beta ln(1/eta), NaN where the path of the prediction does not go that far.
func leadingSlope(path []constantPoint, etas []float64, beta float64, m *process.Diffusion) Number {
	if len(etas) < 2 {
		return Number(math.NaN())
	}
	var value []float64
	for _, eta := range etas {
		t := beta * math.Log(1/eta)
		k := 1
		for k < len(path) && path[k].Time < t {
			k++
		}
		if k >= len(path) || path[k-1].Time > t {
			return Number(math.NaN())
		}
		p, q := &path[k-1], &path[k]
		f := (t - p.Time) / (q.Time - p.Time)
		value = append(value, math.Pow(eta, float64(m.Order))*math.Pow(p.Value, 1-f)*math.Pow(q.Value, f))
	}
	slope, _ := powerFit(etas, value, make([]float64, len(etas)))
	return Number(slope)
}

// horizonWithin is how far the order at the smallest learning rate may be from the
// predicted one and still confirm it.
const horizonWithin = 0.05

// horizonVerdict says what an order shows of Proposition 2.
func horizonVerdict(o *HorizonOrder, m *process.Diffusion) string {
	if len(o.Etas) < leastVerdictEtas {
		return fmt.Sprintf("%d learning rates are too few for a verdict", len(o.Etas))
	}
	switch {
	case o.J == 0:
		return noDefect + ", so nothing is predicted"
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

// horizonTime fits the slope of T in ln(1/eta).
func horizonTime(observable string, m *process.Diffusion, series []HorizonRow, growth GrowthRate) HorizonTime {
	nan := Number(math.NaN())
	h := HorizonTime{Observable: observable, Model: m.Name, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Last: nan, LastError: nan, PlateauOrder: nan, Expected: nan}
	var eta, log, t, err, plateau, plateauErr []float64
	for i := range series {
		r := &series[i]
		if r.T != r.T || !(r.PlateauError < mostFitError*r.Plateau) {
			continue
		}
		eta, log = append(eta, r.Eta), append(log, math.Log(1/r.Eta))
		t, err = append(t, float64(r.T)), append(err, float64(r.TError))
		plateau, plateauErr = append(plateau, float64(r.Plateau)), append(plateauErr, float64(r.PlateauError))
	}
	from := max(0, len(eta)-fitEtas)
	h.Etas = append(h.Etas, eta[from:]...)
	if len(h.Etas) < 2 {
		h.Verdict = fmt.Sprintf("T is known for %d learning rate(s), want 2 or more", len(h.Etas))
		return h
	}
	slope, half := lineFit(log[from:], t[from:], err[from:])
	h.Slope, h.Low, h.High = Number(slope), Number(slope-half), Number(slope+half)
	if k := len(t); k >= 3 {
		h.Last, h.LastError = lastSlope([3]float64(log[k-3:]), [3]float64(t[k-3:]), [3]float64(err[k-3:]))
	}
	p, _ := powerFit(eta[from:], plateau[from:], plateauErr[from:])
	h.PlateauOrder = Number(p)
	if m.Order > 0 {
		h.Expected = (Number(m.Order) - h.PlateauOrder) / growth.Alpha
	}
	h.Verdict = fmt.Sprintf("half of the plateau is reached at T = %.3f ln(1/eta) + const", slope)
	switch {
	case len(h.Etas) < leastVerdictEtas:
		h.Verdict += fmt.Sprintf("; %d learning rates are too few for a verdict", len(h.Etas))
	case growth.J == 0:
		h.Verdict += "; " + noDefect + ", so nothing is predicted"
	case h.Expected != h.Expected:
		h.Verdict += "; no growth of the derivatives was seen, so nothing is predicted"
	case math.Abs(slope-float64(h.Expected)) <= confirmWithin*math.Abs(float64(h.Expected)):
		h.Verdict += fmt.Sprintf(", as (k - p)/alpha = %.3f says: confirmed", float64(h.Expected))
	default:
		h.Verdict += fmt.Sprintf(", where (k - p)/alpha = %.3f: not seen at these learning rates", float64(h.Expected))
	}
	return h
}
