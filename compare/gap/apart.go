package gap

import (
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/march"
	"kolmo/grid"
)

// difference compares a row with the same row of another engine for the same eta: |U -
// U'| and |u - u'|, and the change of the gap itself. The fields are compared at the
// worst of the points of the ball and of the traced steps, from half the step of the
// row's largest gap up to that. Near one point at one time two levels may agree by
// chance.
func difference(e *march.Engine, r *march.Row, other *march.Engine) (dU, du, dG float64) {
	q := other.RowOf(r.Model.Model, r.Observable)
	if q == nil || q.Model.Err != nil || len(q.TraceAtU) == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	last := min(len(r.TraceAtU), len(q.TraceAtU)) - 1
	k := 0
	for k < last && e.Trace.N[k] < r.BestN {
		k++
	}
	for i := k; i >= 0 && 2*e.Trace.N[i] >= e.Trace.N[k]; i-- {
		dU = max(dU, fit.Distance(e.Trace.U[i][r.Observable], other.Trace.U[i][r.Observable]))
		du = max(du, fit.Distance(r.TraceAtU[i], q.TraceAtU[i]))
	}
	n := min(r.BestN, len(q.Curve)-1)
	return dU, du, math.Abs(r.Curve[n] - q.Curve[n])
}

// before reports whether a step is from half that of the largest gap up to it.
func before(n, best int) bool { return 2*n >= best && n <= best }

// shares are what two levels' differences of U and of u are multiplied by for what the finer one errs by.
type shares struct{ S, L float64 }

// sharesAt are those near, where difference looks, and far, at other steps.
type sharesAt struct{ near, far shares }

// newSharesAt takes what two levels leave and what three do. Three tell of the fields about the step of the largest gap, on the
// line where they always are looked at: what two leave counts elsewhere.
func newSharesAt(two, three shares, dim int) sharesAt {
	far := shares{max(two.S, three.S), max(two.L, three.L)}
	if dim == 1 {
		return sharesAt{near: three, far: far}
	}
	return sharesAt{near: far, far: far}
}

// ofS and ofL are what the one side answers for.
func (s sharesAt) ofS() sharesAt { return sharesAt{shares{S: s.near.S}, shares{S: s.far.S}} }
func (s sharesAt) ofL() sharesAt { return sharesAt{shares{L: s.near.L}, shares{L: s.far.L}} }

// elsewhere returns by how much a gap at another point or time may exceed the largest
// one. That is max |U - u| + S |U - U'| + L |u - u'| over all points and traced
// steps, less the row's largest gap, by the shares at each.
// It is negative where none may.
func elsewhere(e *march.Engine, r *march.Row, other *march.Engine, by sharesAt) float64 {
	q := other.RowOf(r.Model.Model, r.Observable)
	most := math.Inf(-1)
	for k := range min(len(r.TraceAtU), len(q.TraceAtU)) {
		of := by.far
		if before(e.Trace.N[k], r.BestN) {
			of = by.near
		}
		U, V := e.Trace.U[k][r.Observable], other.Trace.U[k][r.Observable]
		for i, u := range r.TraceAtU[k] {
			most = max(most, math.Abs(U[i]-u)+of.S*math.Abs(U[i]-V[i])+of.L*math.Abs(u-q.TraceAtU[k][i]))
		}
	}
	return most - r.Best
}

// aliased returns by how much u, seen through the grid of S, misses u on the
// model's own grid near the row's worst point at its worst step: two levels with
// the same grid of S agree on it.
func aliased(e *march.Engine, r *march.Row) float64 {
	if r.Model.Data.Grid.Same(e.Data.Grid) || r.BestN == 0 {
		return 0
	}
	own, through := grid.NewInterpolator(r.Model.Data.Grid, r.Model.Level.Width), grid.NewInterpolator(e.Data.Grid, e.Width)
	worst := 0.0
	near := e.Problem.Ball.About(r.BestX, e.Problem.Ball.R/NearShare)
	for _, x := range e.Points.X {
		if !near.Contains(x) {
			continue
		}
		own.Locate(x)
		through.Locate(x)
		worst = max(worst, math.Abs(own.Value(r.BestL)-through.Value(r.BestS)))
	}
	return worst
}
