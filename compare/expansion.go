package compare

import (
	"fmt"
	"math"
)

// expansion returns how many times sup |phi| a row's largest |U| is where the ball is not
// invariant and the gap exceeds what phi differs by over reachShare R; zero otherwise. There
// images leave the box, and polynomials that are extrapolated make the grid's S grow, although
// S is a mean. Samples may lead farther, but what they find there no grid shows.
func (s *gapKind) expansion(e *engine, r *rowRun) float64 {
	if s.invariant(e.eta) {
		return 0
	}
	reach := s.cache.survey.ranges[inReach][r.obs]
	if !(r.best > reach.hi-reach.lo) {
		return 0
	}
	over, most := 0.0, 0.0
	for k := range r.traceAtU {
		over = max(over, reach.beyond(e.trace.u[k][r.obs]))
		for _, v := range e.trace.u[k][r.obs] {
			most = max(most, math.Abs(v))
		}
	}
	if over == 0 {
		return 0
	}
	return most / s.size[r.obs]
}

// forget takes the numbers from the outcome of a row on whose grid S grows.
func (out *outcome) forget() {
	nan := Number(math.NaN())
	row := &out.row
	row.Gap, row.Error, row.Errors = nan, nan, Errors{nan, nan, nan, nan, nan, nan, nan}
	row.N, row.T, row.X, row.Tail, row.ClosedBy = 0, 0, []Number{}, false, nil
	reason := fmt.Sprintf("%s; on this grid S, which is a mean, grows by %.1e, since images leave the box, and nothing is known of the gap", *row.Reason, out.expanded)
	row.Reason = &reason
	out.curve, out.raster, out.fields = Curve{}, nil, nil
}
