package gap

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
)

// expansion returns how many times sup |phi| a row's largest |U| is where the ball is not
// invariant and the gap exceeds what phi differs by over reachShare R; zero otherwise. There
// images leave the box, and polynomials that are extrapolated make the grid's S grow, although
// S is a mean. Samples may lead farther, but what they find there no grid shows.
func (s *Kind) expansion(e *march.Engine, r *march.Row) float64 {
	if s.Invariant(e.Eta) {
		return 0
	}
	reach := s.Cache.Survey.Ranges[survey.InReach][r.Observable]
	if !(r.Best > reach.Hi-reach.Lo) {
		return 0
	}
	over, most := 0.0, 0.0
	for k := range r.TraceAtU {
		over = max(over, reach.Beyond(e.Trace.U[k][r.Observable]))
		for _, v := range e.Trace.U[k][r.Observable] {
			most = max(most, math.Abs(v))
		}
	}
	if over == 0 {
		return 0
	}
	return most / s.Size[r.Observable]
}

// forget takes the numbers from the outcome of a row on whose grid S grows.
func (out *Outcome) forget() {
	nan := compare.Number(math.NaN())
	row := &out.Row
	row.Gap, row.Error, row.Errors = nan, nan, compare.NoErrors()
	row.N, row.T, row.X, row.Tail, row.ClosedBy, row.Horizon = 0, 0, []compare.Number{}, false, nil, nil
	reason := compare.Say("%s; on this grid S, which is a mean, grows by %.1e, since images leave the box, and nothing is known of the gap", *row.Reason, out.expanded)
	row.Reason = &reason
	out.curve, out.raster, out.fields = compare.Curve{}, nil, nil
}
