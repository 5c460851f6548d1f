package compare

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"kolmo/process"
)

// fitEtas is the number of smallest certified learning rates that an order is
// fitted to.
const fitEtas = 4

// orders fits the order of the gap in eta for every observable and model and
// sets the local orders of the rows.
func orders(p *Problem, rows []GapRow, curves []Curve) []OrderRow {
	var out []OrderRow
	places := &orderPlaces{p: p, curves: curves}
	for _, o := range p.Observables {
		for _, m := range p.Models {
			var series []*GapRow
			for i := range rows {
				if rows[i].Observable == o.Name() && rows[i].Model == m.Name {
					series = append(series, &rows[i])
				}
			}
			for i, r := range series {
				r.LocalOrder = Number(math.NaN())
				if i > 0 {
					a := series[i-1]
					r.LocalOrder = Number(math.Log(float64(a.Gap/r.Gap)) / math.Log(a.Eta/r.Eta))
				}
			}
			row := fitOrderAt(o.Name(), m, series, places)
			if p.transient() && len(row.Etas) > 0 {
				row.Verdict = gapVerdict(row, m, "for t <= horizon")
			}
			out = append(out, row)
		}
	}
	return out
}

// mostFitError is the largest relative error of a row that is fitted: a gap of
// zero is certified by its size alone and has no order.
const mostFitError = 0.2

// fitOrder fits the order to the last certified rows, of values without a place.
func fitOrder(observable string, m *process.Diffusion, series []*GapRow) OrderRow {
	return fitOrderAt(observable, m, series, nil)
}

// fitOrderAt fits the order to the last certified rows.
func fitOrderAt(observable string, m *process.Diffusion, series []*GapRow, places *orderPlaces) OrderRow {
	nan := Number(math.NaN())
	row := OrderRow{Observable: observable, Model: m.Name, Slope: nan, Low: nan, High: nan, Etas: []float64{}, Expected: m.Order, Extrapolated: nan, ExtrapolatedError: nan}
	var used []*GapRow
	for _, r := range series {
		if r.Certified && r.Error < mostFitError*r.Gap {
			used = append(used, r)
		}
	}
	used = used[max(0, len(used)-fitEtas):]
	if len(used) < 2 {
		row.Verdict = fmt.Sprintf("no order: %d certified learning rate(s) with a gap above its error, want 2 or more", len(used))
		return row
	}
	var eta, value, err []float64
	for _, r := range used {
		row.Etas = append(row.Etas, r.Eta)
		eta, value, err = append(eta, r.Eta), append(value, float64(r.Gap)), append(err, float64(r.Error))
	}
	slope, half := powerFit(eta, value, err)
	row.Slope, row.Low, row.High = Number(slope), Number(slope-half), Number(slope+half)
	if k := len(eta); k >= 3 {
		order, bar, weights := extrapolatedOrder([3]float64(eta[k-3:]), [3]float64(value[k-3:]), [3]float64(err[k-3:]))
		for i, w := range weights {
			bar += math.Abs(w) * places.change(used[k-3+i], used[k-2+i])
		}
		// What the extrapolation leaves is less than its last correction and, where there is a
		// fourth rate, than its change from the larger ones: either may vanish by chance.
		last := math.Log(value[k-2]/value[k-1]) / math.Log(eta[k-2]/eta[k-1])
		left := math.Abs(order - last)
		if k > 3 {
			before, _, _ := extrapolatedOrder([3]float64(eta[k-4:]), [3]float64(value[k-4:]), [3]float64(err[k-4:]))
			left = max(left, math.Abs(order-before))
		}
		row.Extrapolated, row.ExtrapolatedError = Number(order), Number(bar+left)
	}
	row.Verdict = gapVerdict(row, m, "uniformly in time")
	return row
}

// gapVerdict says what the order of the gap shows of the theory, over all times or others.
func gapVerdict(row OrderRow, m *process.Diffusion, when string) string {
	claim := "gap <= C eta " + when
	if row.Expected == 2 {
		claim = "gap <= C eta^2 " + when
	}
	if m.Claim != "" {
		claim += " (" + m.Claim + ")"
	}
	return orderVerdict(row, claim, "the gap")
}

// extrapolatedOrder returns the k for which value = c eta^k e^{a eta} holds at three
// learning rates, largest first, and by how much the errors of the values can change
// it, and the weights of the local orders. Between neighbours the local order p = k + a (eta_i - eta_j)/log(eta_i/eta_j)
// misses k by O(eta); two of them remove that term: for halved rates
// k = 2 p(eta) - p(2 eta), and what is left is O(eta^2).
func extrapolatedOrder(eta, value, err [3]float64) (order, bar float64, weights [2]float64) {
	var p, a, scale [2]float64
	for i := range p {
		scale[i] = math.Log(eta[i] / eta[i+1])
		p[i] = math.Log(value[i]/value[i+1]) / scale[i]
		a[i] = (eta[i] - eta[i+1]) / scale[i]
	}
	w := a[0] / (a[0] - a[1]) // of the later pair
	weight := [3]float64{(1 - w) / scale[0], w/scale[1] - (1-w)/scale[0], -w / scale[1]}
	for i := range weight {
		bar += math.Abs(weight[i]) * err[i] / value[i]
	}
	return w*p[1] + (1-w)*p[0], bar, [2]float64{1 - w, w}
}

// powerFit fits log value = const + slope log eta, weighted by the relative errors,
// and returns the slope and the half-width of its interval: Student's at 95 % from
// the scatter about the line, or what the errors could do to the slope in the worst
// case, whichever is wider. It needs two points.
func powerFit(eta, value, err []float64) (slope, half float64) {
	var x, y, rel []float64
	for i := range eta {
		x, y, rel = append(x, math.Log(eta[i])), append(y, math.Log(value[i])), append(rel, err[i]/value[i])
	}
	return lineFit(x, y, rel)
}

// lineFit fits y = const + slope x, weighted by the errors of y, and returns the
// slope and the half-width of its interval as powerFit does. It needs two points.
func lineFit(x, y, err []float64) (slope, half float64) {
	// No weight counts a point as known better than the law can hold.
	const leastError = 1e-3
	var w []float64
	for _, r := range err {
		e := max(r, leastError)
		w = append(w, 1/(e*e))
	}
	alpha, slope := stat.LinearRegression(x, y, w, false)
	mean := stat.Mean(x, w)
	sxx, rss, bias := 0.0, 0.0, 0.0
	for i := range x {
		sxx += w[i] * (x[i] - mean) * (x[i] - mean)
		r := y[i] - alpha - slope*x[i]
		rss += w[i] * r * r
		// The errors may conspire: their worst effect on the slope.
		bias += w[i] * math.Abs(x[i]-mean) * err[i]
	}
	half = bias / sxx
	if dof := float64(len(x) - 2); dof > 0 {
		student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: dof}.Quantile(0.975)
		half = max(half, student*math.Sqrt(rss/dof/sxx))
	}
	return slope, half
}
