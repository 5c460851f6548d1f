package compare

import (
	"fmt"
	"math"
)

// Constants of verdicts.
const (
	// zeroShare is the size of a derivative, relative to sup |phi|/R^|J|, below which
	// it is zero, and zeroError that up to which its error may hide it.
	zeroShare, zeroError = 1e-9, 1e-3
	// errorSafety is the ratio to its error up to which a value is not told from zero.
	errorSafety = 3
	// mostMultiple is the largest multiple of the spectral gap that a rate is named by.
	mostMultiple = 4
)

// judgeDecay fits one derivative's decay, says what it means, and returns what was
// fitted, nil where there is nothing. rest is a point at which the process stays, or nil.
func (s *decayKind) judgeDecay(row *DecayRow, fine, coarse *decayRun, rest *restPoint, o, k int) (t, v []float64) {
	nan := Number(math.NaN())
	row.Gamma, row.Low, row.High, row.C, row.CError, row.Window, row.Floor = nan, nan, nan, nan, nan, [2]Number{nan, nan}, nan
	row.Verdict = DecayNotResolved
	for _, r := range []*decayRun{fine, coarse} {
		if r.err != nil {
			row.Reason = instability(r.err)
			return nil, nil
		}
	}
	errs := fine.against(coarse, o, k)
	t, v = fine.t[:len(errs)], fine.sup[o][k][:len(errs)]
	if rest != nil {
		v, errs = rest.raise(t, v, errs, o, k)
	}
	top, floor := maxOf(v), maxOf(errs)
	row.Floor = Number(floor)
	scale := s.derivativeScale(o, row.J)
	f := lateRate(t, v, errs)
	if isZero(f, top, floor, scale) {
		row.Verdict, row.Reason = DecayZero, fmt.Sprintf("never above %.2g, with an error of %.2g", top, floor)
		return t, v
	}
	row.Gamma, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	if f.rate != f.rate {
		row.Reason = fmt.Sprintf("it does not stand %d times above its error (up to %.2g, the largest value is %.2g) for long enough to be fitted", decayFloor, floor, top)
		return t, v
	}
	resolved := fmt.Sprintf("up to t = %.3g, as far as it is resolved", f.to)
	if row.Verdict, row.Reason = f.verdict("it decays", "it grows", resolved); f.settled() && row.Verdict == DecayPass {
		row.Reason += byMultiple(f, row)
	}
	c, err := boundConstant(t, v, errs, f.rate)
	row.C, row.CError = Number(c), Number(err)
	return t, v
}

// verdict says what the interval of a rate shows, with what decay and growth are called; what
// is unknown of the rate, or of its sign, is so up to a time.
func (f decay) verdict(decays, grows, until string) (verdict, reason string) {
	switch {
	case f.low > 0:
		verdict, reason = DecayPass, decays
	case f.high < 0:
		verdict, reason = DecayFail, grows
	default:
		return DecayNotResolved, "whether it decays is not known: the rate still changes, or is not known well enough, " + until
	}
	switch {
	case !f.settled():
		reason += fmt.Sprintf("; its rate still changes, or is not known to %.0f %%, %s", 100*settledShare, until)
	case verdict == DecayFail:
		reason += " " + until
	}
	return verdict, reason
}

// isZero reports that a derivative with the given largest value and error, and the size
// that goes with the observable, is zero to its error.
func isZero(f decay, top, floor, scale float64) bool {
	return top <= zeroShare*scale || f.rate != f.rate && top <= errorSafety*floor && top <= zeroError*scale
}

// decided reports that a finer grid need not be tried: every derivative's rate is known
// well, or it is zero.
func (s *decayKind) decided(fine, coarse *decayRun, rest *restPoint) bool {
	for o := range fine.sup {
		for k, j := range multiIndices(len(s.p.Ball.Center)) {
			errs := fine.against(coarse, o, k)
			t, v := fine.t[:len(errs)], fine.sup[o][k][:len(errs)]
			if rest != nil {
				v, errs = rest.raise(t, v, errs, o, k)
			}
			f := lateRate(t, v, errs)
			if !isZero(f, maxOf(v), maxOf(errs), s.derivativeScale(o, j)) && !(f.high-f.low <= 2*decidedShare*math.Abs(f.rate)) {
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
// it is one.
func byMultiple(f decay, row *DecayRow) string {
	g, e := float64(row.SpectralGap), float64(row.SpectralGapError)
	name, count := "", 0
	for k := 1; k <= mostMultiple; k++ {
		if m := float64(k); f.low-m*e <= m*g && m*g <= f.high+m*e {
			count++
			if name = fmt.Sprintf(" at %d times the spectral gap", k); k == 1 {
				name = " at the spectral gap"
			}
		}
	}
	switch {
	case count == 1:
		return name
	case count == 0 && f.low > g+e:
		return ", faster than the spectral gap: the slowest mode is not in this derivative, or too small to be seen"
	}
	return ""
}

// judgeMoment fits the bound (2.10).
func (s *decayKind) judgeMoment(fine, coarse *decayRun, model int, eta Rate, m int) MomentRow {
	nan := Number(math.NaN())
	row := MomentRow{M: m, Model: s.p.Models[model].Name, Eta: eta.Value, EtaText: eta.Text, Limit: nan, Error: nan,
		Gamma: nan, Low: nan, High: nan, C: nan, CError: nan, Window: [2]Number{nan, nan}, Verdict: DecayNotResolved}
	for _, r := range []*decayRun{fine, coarse} {
		if r.err != nil {
			row.Reason = instability(r.err)
			return row
		}
	}
	v, w := fine.moments[m-1], coarse.moments[m-1]
	last := min(len(v), len(w)) - 1
	v, w = v[:last+1], w[:last+1]
	lo, hi := limits(v[last])
	diff := make([]float64, last+1)
	for t := range v {
		for i, x := range v[t] {
			diff[t] = max(diff[t], math.Abs(x-w[t][i]))
		}
		size := math.Pow(s.p.Ball.R, float64(2*m))
		diff[t] += derivativeRoundoff * (1 + math.Sqrt(float64(t))) * size
	}
	// The limit is a mean of what u still is. It is not negative, nor is what the grids
	// leave of it: what is below zero is error.
	limit := (lo + hi) / 2
	err := max(errorSafety*diff[last]+(hi-lo)/2, -limit)
	row.Limit, row.Error = Number(limit), Number(err)
	t := fine.t[:last+1]
	sup, errs := make([]float64, last+1), make([]float64, last+1)
	for i := range v {
		for _, x := range v[i] {
			sup[i] = max(sup[i], math.Abs(x-limit))
		}
		errs[i] = diff[i] + err
	}
	f := lateRate(t, sup, errs)
	row.Gamma, row.Low, row.High, row.Window = Number(f.rate), Number(f.low), Number(f.high), [2]Number{Number(f.from), Number(f.to)}
	if f.rate != f.rate {
		top, floor := maxOf(sup), maxOf(errs)
		row.Reason = fmt.Sprintf("its distance from the limit does not stand %d times above the error (up to %.2g, the largest distance is %.2g) for long enough to be fitted", decayFloor, floor, top)
		if isZero(f, top, floor, math.Pow(s.p.Ball.R, float64(2*m))) {
			row.Verdict, row.Reason = DecayZero, "it is constant within the error"
		}
		return row
	}
	row.Verdict, row.Reason = f.verdict("it decays", "it moves away from what it is at the end", fmt.Sprintf("up to t = %.3g, as far as it is resolved", f.to))
	c, e := momentConstant(t, v, diff, newPoints(s.p.Ball, decayDensity[len(s.p.Ball.Center)]), m, f.rate)
	row.C, row.CError = Number(c), Number(e)
	return row
}
