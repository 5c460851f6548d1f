package compare

import (
	"fmt"
	"slices"
)

// Kinds returns the kinds of studies that the result was asked for, as its run says; the gap if
// it does not say.
func (r *Result) Kinds() []Study {
	var names []string
	switch list := r.Run["studies"].(type) {
	case []string:
		names = list
	case []any: // as JSON is read
		for _, v := range list {
			names = append(names, fmt.Sprint(v))
		}
	}
	var kinds []Study
	for _, k := range Studies() {
		if slices.Contains(names, string(k)) {
			kinds = append(kinds, k)
		}
	}
	if kinds == nil {
		return []Study{StudyGap}
	}
	return kinds
}

// Answered returns how many rows a kind of study has, and how many of them answer what the kind
// asks: certified gaps, one-step errors with a value, rates of decay that were resolved or
// derivatives that vanish, gaps up to a horizon, limits that count, certified rates,
// and certified crossing times.
func (r *Result) Answered(kind Study) (answered, rows int) {
	count := func(ok bool) {
		rows++
		if ok {
			answered++
		}
	}
	switch kind {
	case StudyGap:
		for i := range r.Gap {
			count(r.Gap[i].Certified)
		}
	case StudyLocalError:
		for i := range r.LocalError {
			count(r.LocalError[i].Rho == r.LocalError[i].Rho)
		}
	case StudyDecay:
		for i := range r.Decay {
			count(r.Decay[i].Verdict != DecayNotResolved)
		}
	case StudyHorizon:
		for i := range r.Horizon {
			count(len(r.Horizon[i].Gap) > 0)
		}
	case StudyStationary:
		for i := range r.Stationary {
			count(r.Stationary[i].Reason == nil)
		}
	case StudySpectrum:
		for i := range r.Spectrum {
			count(r.Spectrum[i].Certified)
		}
	case StudyVariation:
		for i := range r.Variation {
			count(r.Variation[i].Verdict != DecayNotResolved)
		}
	case StudyCrossing:
		for i := range r.Crossing {
			count(r.Crossing[i].Certified)
		}
	}
	return answered, rows
}

// Certified reports that every kind of study that was asked for has its answer: all gaps are
// certified, and each of the other kinds answers in at least one row.
func (r *Result) Certified() bool {
	for _, k := range r.Kinds() {
		answered, rows := r.Answered(k)
		if k == StudyGap && answered < rows || answered == 0 && rows > 0 {
			return false
		}
	}
	return true
}
