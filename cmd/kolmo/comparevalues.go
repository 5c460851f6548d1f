package main

import (
	"fmt"

	"kolmo/compare"
)

// valueKey says which number a value of a result is.
type valueKey struct {
	of, observable, model string
	eta                   float64
}

// resultValue is a number of a result with its error.
type resultValue struct {
	valueKey
	etaText      string
	value, error compare.Number
}

// valuesOf lists the leading numbers of all kinds of study in a result, each with its error.
func valuesOf(r *compare.Result) []resultValue {
	var list []resultValue
	add := func(of, observable, model string, eta float64, text string, value, error compare.Number) {
		list = append(list, resultValue{valueKey{of, observable, model, eta}, text, value, error})
	}
	of := func(what string, k compare.Key, value, error compare.Number) {
		add(what, k.Observable, k.Model, k.Eta, k.EtaText, value, error)
	}
	for _, g := range r.Gap {
		what := "gap"
		if g.Horizon != nil {
			what = fmt.Sprintf("gap, t <= %g", *g.Horizon)
		}
		of(what, g.Key, g.Gap, g.Error)
	}
	for _, l := range r.LocalError {
		of("one-step error", l.Key, l.Rho, l.Error)
	}
	for _, d := range r.Decay {
		of(fmt.Sprint("gamma, J = ", d.J), d.Key, d.Gamma, max(d.High-d.Gamma, d.Gamma-d.Low))
	}
	for _, h := range r.Horizon {
		of(fmt.Sprintf("plateau, t <= %g", h.Horizon), h.Key, h.Plateau, h.PlateauError)
	}
	for _, s := range r.Stationary {
		of("limits' difference", s.Key, s.Difference, s.Error)
	}
	for _, s := range r.Spectrum {
		add(fmt.Sprintf("rate %d", s.K), "", s.Model, s.Eta, s.EtaText, s.Rate, s.Error)
	}
	for _, c := range r.Crossing {
		of(fmt.Sprintf("time to %g from %v", c.Level, c.X), c.Key, c.T, c.Error)
	}
	for _, v := range r.Variation {
		add(fmt.Sprintf("rate, i = %d, p = %d", v.Direction, v.P), "", v.Model, v.Eta, v.EtaText, v.Rate, max(v.High-v.Rate, v.Rate-v.Low))
	}
	for _, e := range r.Exit {
		add(exitName(&e), "", e.Model, e.Eta, e.EtaText, e.T, e.Error)
	}
	return list
}

// exitName says what is left, and from where.
func exitName(e *compare.ExitRow) string {
	if e.Interval != nil {
		return fmt.Sprintf("exit of %v from %v", *e.Interval, e.X)
	}
	return fmt.Sprintf("exit of %v from %v", e.Box, e.X)
}
