package gap

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
)

// rangeOfS returns the range of U^n over the ball that steps do not leave: anything where there is none.
func (s *Kind) rangeOfS(obs int, eta float64) survey.ValueRange {
	if !s.Invariant(eta) {
		return survey.Anything
	}
	if s.Noisy() {
		return s.Cache.Survey.Ranges[survey.InOuter][obs] // steps lead out of the ball of starting points
	}
	return s.Cache.Survey.Ranges[survey.InBall][obs]
}

// impossible returns by how much a row's U and u, at the traced points, leave the ranges
// of what they can be. It counts the worst of the steps from half that of the largest gap
// to twice it, and elsewhere as far as a gap there could then be larger.
func (s *Kind) impossible(e *march.Engine, r *march.Row) (ofS, ofL float64) {
	forS, forL := s.rangeOfS(r.Observable, e.Eta), r.Model.RangeOfL(s.Cache.Survey, r.Observable)
	for k, u := range r.TraceAtU {
		n := e.Trace.N[k]
		overS, overL := forS.Beyond(e.Trace.U[k][r.Observable]), forL.Beyond(u)
		if 2*n < r.BestN || n > 2*r.BestN {
			short := r.Best - r.Curve[n]
			overS, overL = max(0, overS-short), max(0, overL-short)
		}
		ofS, ofL = max(ofS, overS), max(ofL, overL)
	}
	return ofS, ofL
}

// widest returns the largest gap that the ranges of a row's U and u allow.
func (s *Kind) widest(e *march.Engine, r *march.Row) float64 {
	forS, forL := s.rangeOfS(r.Observable, e.Eta), r.Model.RangeOfL(s.Cache.Survey, r.Observable)
	return max(forS.Hi-forL.Lo, forL.Hi-forS.Lo)
}

// hold holds a row whose error is more than what the ranges of U and u leave of it: the gap is
// at most widest, so that it differs from the value by no more than value or widest - value.
// The parts of the error shrink with their sum.
func (out *Outcome) hold() {
	row, widest := &out.Row, compare.Number(out.widest)
	value := min(row.Gap, widest)
	most := max(value, widest-value)
	if !(most < row.Error) || math.IsInf(float64(row.Error), 1) {
		return
	}
	row.Errors.Scale(most / row.Error)
	row.Gap, row.Error = value, most
	for i, v := range out.curve.Gap {
		out.curve.Gap[i] = min(v, out.widest)
	}
}
