package decay

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/unit"
)

// judgeDecay fits one derivative's decay, says what it means, and returns what was
// fitted with its errors, nil where there is nothing. rest is a point at which the process stays, or nil.
func (s *Kind) judgeDecay(row *compare.DecayRow, fine, coarse *decayRun, rest *restPoint, o, k int) (t, v, errs []float64) {
	nan := compare.Number(math.NaN())
	row.Gamma, row.Low, row.High, row.C, row.CError, row.Window, row.Floor = nan, nan, nan, nan, nan, [2]compare.Number{nan, nan}, nan
	row.Verdict = compare.DecayNotResolved
	for _, r := range []*decayRun{fine, coarse} {
		if r.err != nil {
			row.Reason = march.Instability(r.err)
			return nil, nil, nil
		}
	}
	if row.Reason = unit.Outward(fine.endsShare(func(f *unit.Fading) float64 { return f.Of(o) })); row.Reason != "" {
		return nil, nil, nil
	}
	errs = fine.against(coarse, o, k)
	t, v = fine.t[:len(errs)], fine.sup[o][k][:len(errs)]
	if rest != nil {
		v, errs = rest.raise(t, v, errs, o, k)
	}
	// What is missed at a kink is in proportion to the derivative there: it moves constants, and no rate.
	share := fine.remaining(coarse, look.OrderOf(row.J))
	top, floor := fit.MaxOf(v), share*fit.MaxOf(errs)
	row.Floor = compare.Number(floor)
	scale := s.derivativeScale(o, row.J)
	seen := fit.LateRate(t, v, errs)
	f := seen.AtLeast(float64(row.SpectralGap - row.SpectralGapError))
	if rest == nil { // derivatives at a point of rest have rates of their own
		f = f.Reaching(float64(row.SpectralGap), float64(row.SpectralGapError))
	}
	if isZero(f, top, floor, scale) {
		row.Verdict, row.Reason = compare.DecayZero, compare.Say("never above %.2g, with an error of %.2g", top, floor)
		return t, v, scaled(share, errs)
	}
	row.Gamma, row.Low, row.High, row.Window = compare.Number(f.Rate), compare.Number(f.Low), compare.Number(f.High), [2]compare.Number{compare.Number(f.From), compare.Number(f.To)}
	if f.Rate != f.Rate {
		row.Reason = compare.Say("it does not stand %d times above its error (up to %.2g, the largest value is %.2g) for long enough to be fitted", fit.DecayFloor, floor, top)
		return t, v, scaled(share, errs)
	}
	resolved := compare.Say("up to t = %.3g, as far as it is resolved", f.To)
	if row.Verdict, row.Reason = f.Verdict("it decays", "it grows", resolved); f.Settled() && row.Verdict == compare.DecayPass {
		row.Reason += byMultiple(f, seen.Low, row)
	}
	c, err := fit.BoundConstant(t, v, errs, f.Rate)
	row.C, row.CError = compare.Number(c), compare.Number(share*err)
	return t, v, scaled(share, errs)
}

// scaled returns a number times all values.
func scaled(by float64, v []float64) []float64 {
	w := slices.Clone(v)
	for i := range w {
		w[i] *= by
	}
	return w
}

// isZero reports that a derivative with the given largest value and error, and the size
// that goes with the observable, is zero to its error.
func isZero(f fit.Decay, top, floor, scale float64) bool {
	return top <= fit.ZeroShare*scale || f.Rate != f.Rate && top <= fit.ErrorSafety*floor && top <= fit.ZeroError*scale
}

// decided reports that a finer grid need not be tried: every derivative's rate is known
// well, or it is zero.
func (s *Kind) decided(fine, coarse *decayRun, rest *restPoint) bool {
	for o := range fine.sup {
		for k, j := range look.MultiIndices(len(s.Problem.Ball.Center)) {
			errs := fine.against(coarse, o, k)
			t, v := fine.t[:len(errs)], fine.sup[o][k][:len(errs)]
			if rest != nil {
				v, errs = rest.raise(t, v, errs, o, k)
			}
			f := fit.LateRate(t, v, errs)
			if !isZero(f, fit.MaxOf(v), fit.MaxOf(errs), s.derivativeScale(o, j)) && !(f.High-f.Low <= 2*decidedShare*math.Abs(f.Rate)) {
				return false
			}
		}
	}
	return true
}

// decidedShare is the half-width of an interval, relative to the rate, that is good
// enough.
const decidedShare = 0.02

// byMultiple names a rate by the multiple of the spectral gap that its interval holds, if
// it is one. seen is that interval's end without modes that are not told apart.
func byMultiple(f fit.Decay, seen float64, row *compare.DecayRow) string {
	g, e := float64(row.SpectralGap), float64(row.SpectralGapError)
	name, count := "", 0
	for k := 1; k <= fit.MostMultiple; k++ {
		if m := float64(k); f.Low-m*e <= m*g && m*g <= f.High+m*e {
			count++
			if name = fmt.Sprintf(" at %d times the spectral gap", k); k == 1 {
				name = " at the spectral gap"
			}
		}
	}
	switch {
	case f.Low <= g+e && g+e < seen:
		return ", not told apart from the spectral gap within the window"
	case count == 1:
		return name
	case count == 0 && f.Low > g+e:
		return ", faster than the spectral gap: the slowest mode is not in this derivative, or too small to be seen"
	}
	return ""
}

// judgeMoment fits the bound (2.10), with the least rate that the spectral gap leaves.
func (s *Kind) judgeMoment(fine, coarse *decayRun, model int, eta compare.Rate, m int, gap float64) compare.MomentRow {
	nan := compare.Number(math.NaN())
	row := compare.MomentRow{M: m, Model: s.Problem.Models[model].Name, Eta: eta.Value, EtaText: eta.Text, Limit: nan, Error: nan,
		Gamma: nan, Low: nan, High: nan, C: nan, CError: nan, Window: [2]compare.Number{nan, nan}, Verdict: compare.DecayNotResolved}
	for _, r := range []*decayRun{fine, coarse} {
		if r.err != nil {
			row.Reason = march.Instability(r.err)
			return row
		}
	}
	ends := fine.endsShare(func(f *unit.Fading) float64 {
		return f.Share(func(x []float64) float64 { return math.Pow(s.Problem.Ball.Distance(x), float64(2*m)) })
	})
	if row.Reason = unit.Outward(ends); row.Reason != "" {
		return row
	}
	v, w := fine.moments[m-1], coarse.moments[m-1]
	last := min(len(v), len(w)) - 1
	v, w = v[:last+1], w[:last+1]
	lo, hi := fit.Limits(v[last])
	diff := make([]float64, last+1)
	for t := range v {
		for i, x := range v[t] {
			diff[t] = max(diff[t], math.Abs(x-w[t][i]))
		}
		size := math.Pow(s.Problem.Ball.R, float64(2*m))
		if fine.ends != nil {
			diff[t] += ends * fit.Distance(v[t], fine.ends.moments[m-1][t])
		}
		diff[t] += derivativeRoundoff * (1 + math.Sqrt(float64(t))) * size
	}
	// The limit is a mean of what u still is. It is not negative, nor is what the grids
	// leave of it: what is below zero is error.
	limit := (lo + hi) / 2
	err := max(max(fit.ErrorSafety, fine.remaining(coarse, 0))*diff[last]+(hi-lo)/2, -limit)
	row.Limit, row.Error = compare.Number(limit), compare.Number(err)
	t := fine.t[:last+1]
	sup, errs := make([]float64, last+1), make([]float64, last+1)
	for i := range v {
		for _, x := range v[i] {
			sup[i] = max(sup[i], math.Abs(x-limit))
		}
		errs[i] = diff[i] + err
	}
	f := fit.LateRate(t, sup, errs).AtLeast(gap)
	row.Gamma, row.Low, row.High, row.Window = compare.Number(f.Rate), compare.Number(f.Low), compare.Number(f.High), [2]compare.Number{compare.Number(f.From), compare.Number(f.To)}
	if f.Rate != f.Rate {
		top, floor := fit.MaxOf(sup), fit.MaxOf(errs)
		row.Reason = compare.Say("its distance from the limit does not stand %d times above the error (up to %.2g, the largest distance is %.2g) for long enough to be fitted", fit.DecayFloor, floor, top)
		if isZero(f, top, floor, math.Pow(s.Problem.Ball.R, float64(2*m))) {
			row.Verdict, row.Reason = compare.DecayZero, "it is constant within the error"
		}
		return row
	}
	row.Verdict, row.Reason = f.Verdict("it decays", "it moves away from what it is at the end", compare.Say("up to t = %.3g, as far as it is resolved", f.To))
	c, e := momentConstant(t, v, diff, look.NewPoints(s.Problem.Ball, decayDensity[len(s.Problem.Ball.Center)]), m, f.Rate)
	row.C, row.CError = compare.Number(c), compare.Number(e)
	return row
}

// momentConstant returns the least C of (2.10) with the moment's values v at the points,
// [time][point], at all computed times, and how far C may be off. That counts the errors
// of the values, by time, and a maximum between the times or the points.
func momentConstant(t []float64, v [][]float64, errs []float64, q *look.Points, m int, rate float64) (c, err float64) {
	bounds := make([]float64, len(t)) // the largest at any point
	var most []float64                // at all points at the time of the largest
	at := 0
	for i := range t {
		weighted := make([]float64, len(v[i]))
		for p, x := range v[i] {
			weighted[p] = x / (1 + math.Pow(q.Ball.Distance(q.X[p]), float64(2*m))*math.Exp(-rate*t[i]))
			bounds[i] = max(bounds[i], weighted[p])
		}
		if most == nil || bounds[i] > bounds[at] {
			at, most = i, weighted
		}
		err = max(err, errs[i]) // the weight is at most one
	}
	return bounds[at], err + fit.Between(t, bounds, at) + look.BetweenPoints(q, most)
}
