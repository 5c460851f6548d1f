package exit

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/spectrum"
	"kolmo/compare/unit"
	"kolmo/process"
)

// Constants of barriers and limits.
const (
	// limitEtas is the number of smallest learning rates that actions are extrapolated from.
	limitEtas = 3
	// limitShare is the share of the extrapolation that it may always be off by, besides
	// fit.IrregularSafety times its difference from the line through the last two and its change from larger rates.
	limitShare = 0.05
	// barrierCells are those of two rules for the integral of the exponent, and barrierApart how
	// far they may be apart, relatively.
	barrierCoarse, barrierFine = 500, 2000
	barrierApart               = 1e-3
)

// barrier is eta times the height that small noise has to climb to leave an interval, of a model or
// of the chain where it is nil; NaN: there is none. A quadrature of the law says nothing of large deviations
// of a chain, and there is no exponent of small noise where a step has noise of its own. In the plane it takes the least
// action over paths, which nothing here finds.
func (s *Kind) barrier(m *process.Diffusion, eta float64, in domain) float64 {
	at, line := in.(*Place)
	if !line || unit.Lasting(s.Setup) || m == nil && !s.Problem.Dynamics.Law().Exact || m != nil && m.Noise == process.NoNoise {
		return math.NaN()
	}
	q := func(x []float64) []float64 { return spectrum.Exponents(s.Problem.Dynamics, m, eta, x) }
	coarse, fine := climbOut(q, at, barrierCoarse), climbOut(q, at, barrierFine)
	if !(math.Abs(fine-coarse) <= barrierApart*fine) && fine != coarse {
		return math.NaN()
	}
	return eta * fine
}

// In units of all that finite exponents rise and fall by, wall stands for an infinite one over a cell, and climbs below
// level are none.
const wall, level = 1e6, 1e-6

// climbOut integrates an exponent to V by the midpoint rule, and returns the climb on the way out that takes longest.
// Let M[u, v] be the top of V between two points. Of
//
//	M[x, hi] + max of M[lo, z] - V(z) over z <= x,   M[lo, x] + max of M[z, hi] - V(z) over z >= x,
//
// it is the larger, less M[lo, hi]. That is what the scale function and the speed measure tend to for small noise: 0 from
// where paths slide out, and from other slopes that of the points of rest that they come to.
func climbOut(exponents func(x []float64) []float64, at *Place, cells int) float64 {
	n := 2 * cells
	width := func(i int) float64 {
		if i < cells {
			return (at.X - at.Lo) / float64(cells)
		}
		return (at.Hi - at.X) / float64(cells)
	}
	rise := make([]float64, n) // first the middles of cells
	for i := range rise {
		rise[i] = at.X + width(i)*(float64(i-cells)+0.5)
	}
	all := 0.0
	for i, q := range exponents(rise) {
		if rise[i] = width(i) * q; !math.IsInf(q, 0) {
			all += math.Abs(rise[i])
		}
	}
	if all == 0 {
		all = 1
	}
	v := make([]float64, n+1)
	for i, r := range rise {
		v[i+1] = v[i] + min(max(r, -wall*all), wall*all)
	}
	top := func(v []float64) []float64 { // so far
		m := slices.Clone(v)
		for i := 1; i < len(m); i++ {
			m[i] = max(m[i-1], m[i])
		}
		return m
	}
	left := top(v)
	slices.Reverse(v)
	right := top(v)
	slices.Reverse(v)
	slices.Reverse(right)
	climb := 0.0
	for i := range v {
		if i <= cells {
			climb = max(climb, right[cells]-left[n]+left[i]-v[i])
		}
		if i >= cells {
			climb = max(climb, left[cells]-left[n]+right[i]-v[i])
		}
	}
	switch {
	case climb > 2*all:
		return math.Inf(1)
	case climb < level*all:
		return 0
	}
	return climb
}

// limit extrapolates the actions of a process and puts the barrier of small noise beside it.
func (s *Kind) limit(m *process.Diffusion, rows []compare.ExitRow, at domain) compare.ExitLimit {
	nan := compare.Number(math.NaN())
	out := compare.ExitLimit{Model: rows[0].Model, Etas: []float64{}, Barrier: nan, Error: nan, Theory: nan}
	theory, why, _ := spectrum.Limit(func(eta float64) (float64, error) { return s.barrier(m, eta, at), nil })
	if unit.Lasting(s.Setup) {
		why = spectrum.Lasting
	}
	if why != "" {
		out.Reason = &why
		return out
	}
	out.Theory = compare.Number(theory)
	var x, y, e []float64
	for _, r := range rows {
		if r.Certified {
			x, y, e = append(x, r.Eta), append(y, float64(r.Action)), append(e, float64(r.ActionError))
		}
	}
	n := len(x)
	if n < limitEtas {
		why := fmt.Sprintf("%d certified learning rates are too few for a limit", n)
		out.Reason = &why
		return out
	}
	last := n - limitEtas
	out.Etas = x[last:]
	value, bar := atZero(x[last:], y[last:], e[last:])
	line := (x[n-2]*y[n-1] - x[n-1]*y[n-2]) / (x[n-2] - x[n-1])
	bar += fit.IrregularSafety*math.Abs(value-line) + limitShare*math.Abs(value-y[n-1])
	if last > 0 {
		before, _ := atZero(x[last-1:n-1], y[last-1:n-1], e[last-1:n-1])
		bar += fit.IrregularSafety * math.Abs(value-before)
	}
	out.Barrier, out.Error = compare.Number(value), compare.Number(bar)
	return out
}

// atZero returns the value at zero of B + c x ln x + d x through three points, and what errors do to it.
// A mean time over a barrier is a power of eta times e^{B/eta}: where an end lies on a slope the power
// is 1/2.
func atZero(x, y, err []float64) (value, bar float64) {
	a := mat.NewDense(limitEtas, limitEtas, nil)
	for i, v := range x {
		a.SetRow(i, []float64{1, v, v * math.Log(v)})
	}
	var inverse mat.Dense
	if inverse.Inverse(a) != nil {
		return math.NaN(), math.NaN()
	}
	for i := range x {
		value += inverse.At(0, i) * y[i]
		bar += math.Abs(inverse.At(0, i)) * err[i]
	}
	return value, bar
}
