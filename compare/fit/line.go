package fit

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"kolmo/compare"
)

// SlopeLimit extrapolates the slope of a time between the last points, x = ln(1/eta), to eta = 0, and returns how far that
// may be off: by the errors of y, by the extrapolation's own size, by its change from larger eta, and
// by a part (pace/2) eta ln(1/eta) of y, pace being the time of a step over eta.
//
// A time is slope x + const + eta (a x + b) + .... A slope between two points misses the limit by b times a multiple of
// (eta_i - eta_j)/ln(eta_i/eta_j), which the extrapolation removes. Of a it leaves about 2 a eta, whatever the unit of eta, and
// no three points tell a from b. Steps that grow by 1 + eta lambda rather than e^{eta lambda} have a = pace/4.
func SlopeLimit(x, y, err []float64, pace float64) (limit, bar float64) {
	at := func(n int, y []float64) (limit, last, bar float64) {
		var p, w, e [2]float64
		for i := range p {
			a, b := n-2+i, n-1+i
			step := x[b] - x[a]
			p[i], w[i], e[i] = (y[b]-y[a])/step, (math.Exp(-x[a])-math.Exp(-x[b]))/step, (err[a]+err[b])/step
		}
		share := w[0] / (w[0] - w[1])
		return share*p[1] + (1-share)*p[0], p[1], share*e[1] + (share-1)*e[0]
	}
	n, late := len(x)-1, make([]float64, len(x))
	for i, v := range x {
		late[i] = pace / 2 * v * math.Exp(-v)
	}
	limit, last, bar := at(n, y)
	left, _, _ := at(n, late)
	bar += math.Abs(limit-last) + math.Abs(left)
	if n > 2 {
		before, _, _ := at(n-1, y)
		bar += math.Abs(limit - before)
	}
	return limit, bar
}

// straightness returns the slope of the line through points and how far they are off it.
func straightness(t, y []float64) (slope, off float64) {
	alpha, slope := stat.LinearRegression(t, y, nil, false)
	for i := range t {
		off = max(off, math.Abs(y[i]-alpha-slope*t[i]))
	}
	return slope, off
}

// LastSlope returns the slope at the last of three points, of the parabola through them,
// and what errors of y may do to it.
func LastSlope(x, y, err [3]float64) (slope, bound compare.Number) {
	var w [3]float64
	w[0] = (x[2] - x[1]) / ((x[0] - x[1]) * (x[0] - x[2]))
	w[1] = (x[2] - x[0]) / ((x[1] - x[0]) * (x[1] - x[2]))
	w[2] = -w[0] - w[1]
	for i := range x {
		slope += compare.Number(w[i] * y[i])
		bound += compare.Number(math.Abs(w[i]) * err[i])
	}
	return slope, bound
}

// ExtrapolatedOrder returns the k for which value = c eta^k e^{a eta} holds at three
// learning rates, largest first, and by how much the errors of the values can change
// it, and the weights of the local orders. Between neighbours the local order p = k + a (eta_i - eta_j)/log(eta_i/eta_j)
// misses k by O(eta); two of them remove that term: for halved rates
// k = 2 p(eta) - p(2 eta), and what is left is O(eta^2).
func ExtrapolatedOrder(eta, value, err [3]float64) (order, bar float64, weights [2]float64) {
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

// PowerFit fits log value = const + slope log eta, weighted by the relative errors, and
// returns the slope and the half-width of its interval. That is Student's at 95 % from
// the scatter about the line, or what the errors could do to the slope in the worst case,
// whichever is wider. It needs two points.
func PowerFit(eta, value, err []float64) (slope, half float64) {
	var x, y, rel []float64
	for i := range eta {
		x, y, rel = append(x, math.Log(eta[i])), append(y, math.Log(value[i])), append(rel, err[i]/value[i])
	}
	return LineFit(x, y, rel)
}

// LineFit fits y = const + slope x, weighted by the errors of y, and returns the
// slope and the half-width of its interval as powerFit does. It needs two points.
func LineFit(x, y, err []float64) (slope, half float64) {
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

// Constants of growth rates.
const (
	// growthRise is by how much the logarithm rises over a window.
	growthRise = 1
	// growthLeast is the fewest points of a window.
	growthLeast = 5
)

// GrowthRate fits alpha in v ~ e^{alpha t}, v one value per step on two grids, over the
// straightest stretch of log v. That is, of all windows over which v grows by the factor
// e and stands above its error, the one in which log v is closest to a line. Before it
// faster transients show, and after it the noise limits the derivatives.
func GrowthRate(j int, fine, coarse []float64, eta float64) compare.GrowthRate {
	nan := compare.Number(math.NaN())
	g := compare.GrowthRate{J: j, Alpha: nan, Low: nan, High: nan, Window: [2]compare.Number{nan, nan}}
	n := min(len(fine), len(coarse))
	t, y := make([]float64, n), make([]float64, n)
	for i := range n {
		t[i], y[i] = float64(i)*eta, math.NaN()
		if fine[i] > DecayFloor*math.Abs(fine[i]-coarse[i]) {
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
			g.Alpha, g.Low, g.High = compare.Number(slope), compare.Number(min(slope, first, second)), compare.Number(max(slope, first, second))
			g.Window = [2]compare.Number{compare.Number(t[i]), compare.Number(t[k])}
		}
	}
	return g
}
