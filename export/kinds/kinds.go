// Package kinds lists the kinds of study, each of which is shown by a package of its own.
package kinds

import (
	"slices"

	"kolmo/compare"
	"kolmo/export/kinds/constant"
	"kolmo/export/kinds/crossing"
	"kolmo/export/kinds/decay"
	"kolmo/export/kinds/exit"
	"kolmo/export/kinds/gap"
	"kolmo/export/kinds/horizon"
	"kolmo/export/kinds/ledger"
	"kolmo/export/kinds/localerror"
	"kolmo/export/kinds/models"
	"kolmo/export/kinds/spectrum"
	"kolmo/export/kinds/stationary"
	"kolmo/export/kinds/variation"
	"kolmo/export/view"
)

// kinds are the kinds of study, and what explains them, in the order in which they are shown. A new
// one is its folder and its line here.
var kinds = []view.Kind{gap.Kind, models.Kind, constant.Kind, localerror.Kind, decay.Kind, horizon.Kind, stationary.Kind, spectrum.Kind, crossing.Kind, variation.Kind, exit.Kind, ledger.Kind}

// All returns all kinds.
func All() []view.Kind { return slices.Clone(kinds) }

// of returns a kind of study, one that says nothing if it is not in the list.
func of(study compare.Study) view.Kind {
	for _, k := range kinds {
		if k.Name == string(study) {
			return k
		}
	}
	return view.Kind{}
}

// Task says what the command of a kind of study does.
func Task(study compare.Study) string { return of(study).Task }

// Answer returns the answer of a kind of study, nil if it has none.
func Answer(r *compare.Result, study compare.Study) []string {
	if k := of(study); k.Answer != nil {
		return k.Answer(r)
	}
	return nil
}

// Count says how many rows of a kind of study have what not all of them need, "" where there is no such thing.
func Count(r *compare.Result, study compare.Study) string {
	if k := of(study); k.Count != nil {
		return k.Count(r)
	}
	return ""
}

// Sections returns what r has to show besides gaps and orders. Without gaps it leaves out what explains
// them.
func Sections(r *compare.Result, gaps bool) []*view.Section {
	var out []*view.Section
	for _, k := range kinds {
		if k.Section == nil || k.Explains && !gaps {
			continue
		}
		if s := k.Section(r); s != nil {
			s.Name, s.Explains = k.Name, k.Explains
			out = append(out, s)
		}
	}
	return out
}
