package kinds

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
)

// ledgerAbove is how far a one-step error, and the derivatives beside it, must stand above their errors
// for Lemma 3's constant to be taken from them.
const ledgerAbove = 10

// ledger puts the inequalities of the proof beside their values, of the observables and learning rates
// that have a gap, one-step errors and decays of the same model. A step takes the time eta pace.
func ledger(res *compare.Result, pace float64) []compare.LedgerRow {
	rows := []compare.LedgerRow{}
	for i := range res.LocalError {
		l := &res.LocalError[i]
		var decays []compare.DecayRow
		for _, d := range res.Decay {
			if d.Observable == l.Observable && d.Model == l.Model && d.Eta == l.Eta {
				decays = append(decays, d)
			}
		}
		k := slices.IndexFunc(res.Models, func(m compare.ModelInfo) bool { return m.Name == l.Model })
		if decays != nil {
			rows = append(rows, ledgerOf(res, l, decays, res.Models[k].Order, l.Eta*pace)...)
		}
	}
	return rows
}

// ledgerOf is the ledger of one row of one-step errors, whose steps take the time step. The bounds take no order: of a
// model of order 0, that of none known, they are over no power of eta.
func ledgerOf(res *compare.Result, l *compare.LocalErrorRow, decays []compare.DecayRow, order int, step float64) []compare.LedgerRow {
	nan := compare.Number(math.NaN())
	power, noOrder := math.Pow(l.Eta, float64(order)), (*string)(nil)
	if order == 0 {
		text := fmt.Sprintf("the weak order of %s is not known", l.Model)
		power, noOrder = math.NaN(), &text
	}
	var rows []compare.LedgerRow
	add := func(name string, value, err, constant float64, why string) {
		r := compare.LedgerRow{Observable: l.Observable, Model: l.Model, Eta: l.Eta, EtaText: l.EtaText, Step: name, Value: nan, Error: nan, Factor: nan, Scaled: nan, Constant: nan, Reason: noOrder}
		if why != "" {
			r.Reason = &why
		} else {
			r.Value, r.Error, r.Scaled, r.Constant = compare.Number(value), compare.Number(err), compare.Number(value/power), compare.Number(constant)
			if n := len(rows); n > 0 && rows[n-1].Value > 0 {
				r.Factor = r.Value / rows[n-1].Value
			}
		}
		rows = append(rows, r)
	}
	whyLocal := ""
	switch {
	case l.Reason != nil:
		whyLocal = *l.Reason
	case l.Sum != l.Sum || l.Gap != l.Gap || l.SumError != l.SumError:
		whyLocal = "the sum of the one-step errors, or the gap, is not known"
	}
	add(compare.LedgerGap, float64(l.Gap), float64(l.GapError), math.NaN(), whyLocal)
	add(compare.LedgerTelescoped, float64(l.Sum), float64(l.SumError), math.NaN(), whyLocal)
	whyDecay := whyLocal
	for _, d := range decays {
		if whyDecay == "" && d.Verdict != compare.DecayPass && d.Verdict != compare.DecayZero {
			whyDecay = fmt.Sprintf("the decay of J = %v is not known: %s", d.J, d.Reason)
		}
	}
	if whyDecay != "" {
		for _, name := range []string{compare.LedgerLemma, compare.LedgerProposition, compare.LedgerOneRate} {
			add(name, 0, 0, 0, whyDecay)
		}
		return rows
	}
	b := sumDecays(decays)
	steps, errs, last := derivativeSums(res, l, b.beta, step)
	scale, relative := lemmaScale(res, l, steps, errs, step)
	if scale != scale {
		why := "no one-step error stands above its error where the derivatives are known"
		for _, name := range []string{compare.LedgerLemma, compare.LedgerProposition, compare.LedgerOneRate} {
			add(name, 0, 0, 0, why)
		}
		return rows
	}
	sum, off := last, last
	for j, v := range steps {
		sum, off = sum+v, off+errs[j]
	}
	// What is left beyond the last time counts as error too: its rate is an estimate.
	add(compare.LedgerLemma, scale*sum, scale*((sum+off)*(1+relative)-sum), scale/(power*l.Eta), "")
	each, one := b.bounds(step, 0)
	eachHigh, oneHigh := b.bounds(step, 1)
	add(compare.LedgerProposition, scale*each, scale*(eachHigh*(1+relative)-each), b.c, "")
	add(compare.LedgerOneRate, scale*one, scale*(oneHigh*(1+relative)-one), b.beta, "")
	return rows
}

// decayBounds are the constants of Proposition 1.
type decayBounds struct {
	rows    []compare.DecayRow // those that are not zero
	c, beta float64            // the sum of the constants, and the least rate
}

// sumDecays collects the constants of all derivatives.
func sumDecays(decays []compare.DecayRow) decayBounds {
	b := decayBounds{beta: math.Inf(1)}
	for _, d := range decays {
		if d.Verdict == compare.DecayPass {
			b.rows = append(b.rows, d)
			b.c += float64(d.C)
			b.beta = min(b.beta, float64(d.Gamma))
		}
	}
	return b
}

// bounds returns sum_J C_J/(1 - e^{-gamma_J s}) and (sum_J C_J)/(1 - e^{-beta s}), s the time of a step, for errors 1
// with the largest constants and the least rates that the errors leave.
func (b decayBounds) bounds(step, errors float64) (each, one float64) {
	c, beta := 0.0, math.Inf(1)
	for _, d := range b.rows {
		cj := float64(d.C) + errors*float64(d.CError)
		g := float64(d.Gamma) - errors*float64(d.Gamma-d.Low)
		each -= cj / math.Expm1(-g*step)
		c, beta = c+cj, min(beta, g)
	}
	return each, -c / math.Expm1(-beta*step)
}

// derivativeSums returns D_j of all steps within the times of the decay with their errors, and what those
// beyond add if they fall like e^{-beta t}. Between the times logarithms are on lines; what lines miss
// is an error too.
func derivativeSums(res *compare.Result, l *compare.LocalErrorRow, beta, step float64) (steps, errs []float64, last float64) {
	var curves []compare.DecayCurve
	var missed [][]float64
	end := math.Inf(1)
	for _, c := range res.DecayCurves {
		if c.Observable == l.Observable && c.Model == l.Model && c.Eta == l.Eta {
			curves, missed = append(curves, c), append(missed, lineMisses(c.T, c.Sup))
			end = min(end, c.T[len(c.T)-1])
		}
	}
	at := func(t float64) (sum, err float64) {
		for i, c := range curves {
			k, found := slices.BinarySearch(c.T, t)
			if found {
				sum, err = sum+c.Sup[k], err+c.Error[k]
				continue
			}
			k = min(max(k, 1), len(c.T)-1)
			sum += logLinear(c.T, c.Sup, k-1, k, t)
			err += max(c.Error[k-1], c.Error[k]) + max(missed[i][k-1], missed[i][k])
		}
		return sum, err
	}
	if curves == nil {
		return nil, nil, math.NaN()
	}
	before, beforeErr := at(0)
	for j := 1; float64(j)*step <= end; j++ {
		now, err := at(float64(j) * step)
		steps, errs = append(steps, max(before, now)), append(errs, max(beforeErr, err))
		before, beforeErr = now, err
	}
	return steps, errs, -before / math.Expm1(-beta*step)
}

// logLinear interpolates logarithms between two times, and values where one is not positive.
func logLinear(t, v []float64, from, to int, at float64) float64 {
	share := (at - t[from]) / (t[to] - t[from])
	if v[from] > 0 && v[to] > 0 {
		return v[from] * math.Pow(v[to]/v[from], share)
	}
	return v[from] + share*(v[to]-v[from])
}

// lineMisses returns at every time what a line of logarithms through both neighbours misses, at the ends what
// that next to them does. It is four times what lines through next neighbours miss beside that time where v is
// smooth, and no less than that at a kink.
func lineMisses(t, v []float64) []float64 {
	out := make([]float64, len(t))
	for i := 1; i+1 < len(t); i++ {
		out[i] = math.Abs(v[i] - logLinear(t, v, i-1, i+1, t[i]))
	}
	if n := len(t); n > 2 {
		out[0], out[n-1] = out[1], out[n-2]
	}
	return out
}

// lemmaScale returns K eta^{k+1} with Lemma 3's constant K, the largest rho_j/D_j over the steps that were looked
// at and where rho_j and D_j stand above their errors, and its relative error. That has what both
// errors do to the largest one, and what lies between the steps.
func lemmaScale(res *compare.Result, l *compare.LocalErrorRow, steps, errs []float64, step float64) (scale, relative float64) {
	scale = math.NaN()
	for _, c := range res.LocalCurves {
		if c.Observable != l.Observable || c.Model != l.Model || c.Eta != l.Eta {
			continue
		}
		e := float64(l.Error)
		var t, ratio []float64
		low, high := 0.0, 0.0
		for n, at := range c.T {
			j := int(math.Round(at / step))
			if j < 1 || j > len(steps) || !(c.Rho[n] > ledgerAbove*e) || !(steps[j-1] > ledgerAbove*errs[j-1]) {
				continue
			}
			d, off := steps[j-1], errs[j-1]
			t, ratio = append(t, at), append(ratio, c.Rho[n]/d)
			low, high = max(low, (c.Rho[n]-e)/(d+off)), max(high, (c.Rho[n]+e)/(d-off))
		}
		if len(t) == 0 {
			continue
		}
		scale = slices.Max(ratio)
		for n, missed := range lineMisses(t, ratio) {
			if n > 0 && n+1 < len(t) && t[n+1]-t[n-1] > 2.5*step {
				high = max(high, ratio[n]+missed)
			}
		}
		relative = max(high-scale, scale-low) / scale
	}
	return scale, relative
}
