package fit

import (
	"math"

	"kolmo/compare"
)

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
