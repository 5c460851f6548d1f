package kinds

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
)

// ledgerAbove is how far a one-step error must stand above its error for Lemma 3's constant to be
// taken from it.
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
		if decays == nil || res.Models[k].Order == 0 {
			continue
		}
		rows = append(rows, ledgerOf(res, l, decays, res.Models[k].Order, l.Eta*pace)...)
	}
	return rows
}

// ledgerOf is the ledger of one row of one-step errors, whose steps take the time step.
func ledgerOf(res *compare.Result, l *compare.LocalErrorRow, decays []compare.DecayRow, order int, step float64) []compare.LedgerRow {
	nan := compare.Number(math.NaN())
	power := math.Pow(l.Eta, float64(order))
	var rows []compare.LedgerRow
	add := func(name string, value, err, constant float64, why string) {
		r := compare.LedgerRow{Observable: l.Observable, Model: l.Model, Eta: l.Eta, EtaText: l.EtaText, Step: name, Value: nan, Error: nan, Factor: nan, Scaled: nan, Constant: nan}
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
	steps, last := derivativeSums(res, l, b.beta, step)
	constant, relative := lemmaConstant(res, l, steps, order, step)
	if constant != constant {
		why := "no one-step error stands above its error where the derivatives are known"
		for _, name := range []string{compare.LedgerLemma, compare.LedgerProposition, compare.LedgerOneRate} {
			add(name, 0, 0, 0, why)
		}
		return rows
	}
	scale := constant * power * l.Eta
	sum := last
	for _, v := range steps {
		sum += v
	}
	// What is left beyond the last time counts as error too: its rate is an estimate.
	add(compare.LedgerLemma, scale*sum, scale*(sum*relative+last), constant, "")
	each, one := b.bounds(step, 0)
	eachHigh, oneHigh := b.bounds(step, 1)
	add(compare.LedgerProposition, scale*each, scale*(each*relative+eachHigh-each), b.c, "")
	add(compare.LedgerOneRate, scale*one, scale*(one*relative+oneHigh-one), b.beta, "")
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

// derivativeSums returns D_j of all steps within the times of the decay, and what those beyond
// add if they fall like e^{-beta t}. Between the times logarithms are on lines.
func derivativeSums(res *compare.Result, l *compare.LocalErrorRow, beta, step float64) (steps []float64, last float64) {
	var curves []compare.DecayCurve
	end := math.Inf(1)
	for _, c := range res.DecayCurves {
		if c.Observable == l.Observable && c.Model == l.Model && c.Eta == l.Eta {
			curves = append(curves, c)
			end = min(end, c.T[len(c.T)-1])
		}
	}
	at := func(t float64) float64 {
		sum := 0.0
		for _, c := range curves {
			sum += logLinear(c.T, c.Sup, t)
		}
		return sum
	}
	if curves == nil {
		return nil, math.NaN()
	}
	before := at(0)
	for j := 1; float64(j)*step <= end; j++ {
		now := at(float64(j) * step)
		steps = append(steps, max(before, now))
		before = now
	}
	return steps, -before / math.Expm1(-beta*step)
}

// logLinear interpolates logarithms, and values where one is not positive.
func logLinear(t, v []float64, at float64) float64 {
	k, found := slices.BinarySearch(t, at)
	if found {
		return v[k]
	}
	k = min(max(k, 1), len(t)-1)
	share := (at - t[k-1]) / (t[k] - t[k-1])
	if v[k-1] > 0 && v[k] > 0 {
		return v[k-1] * math.Pow(v[k]/v[k-1], share)
	}
	return v[k-1] + share*(v[k]-v[k-1])
}

// lemmaConstant returns Lemma 3's constant, the largest rho_j/(eta^{k+1} D_j) over the steps whose rho_j
// stands above its error, and its relative error.
func lemmaConstant(res *compare.Result, l *compare.LocalErrorRow, steps []float64, order int, step float64) (constant, relative float64) {
	constant = math.NaN()
	for _, c := range res.LocalCurves {
		if c.Observable != l.Observable || c.Model != l.Model || c.Eta != l.Eta {
			continue
		}
		for n, t := range c.T {
			j := int(math.Round(t / step))
			if j < 1 || j > len(steps) || !(c.Rho[n] > ledgerAbove*float64(l.Error)) {
				continue
			}
			if k := c.Rho[n] / (math.Pow(l.Eta, float64(order+1)) * steps[j-1]); !(k <= constant) {
				constant, relative = k, float64(l.Error)/c.Rho[n]
			}
		}
	}
	return constant, relative
}
