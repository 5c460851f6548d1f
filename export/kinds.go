package export

import (
	"slices"

	"kolmo/compare"
)

// kinds are the kinds of study, and what explains them, in the order in which they are shown. A new
// one is its folder and its line here.
var kinds = []kind{gapKind, modelKind, constantKind, localKind, decayKind, horizonKind, stationaryKind, spectrumKind, crossingKind, variationKind, ledgerKind}

// kindsList returns all kinds.
func kindsList() []kind { return slices.Clone(kinds) }

// answerOf returns the answer of a kind of study, nil if it has none.
func answerOf(r *compare.Result, of compare.Study) []string {
	for i := range kinds {
		if k := &kinds[i]; k.Name == string(of) && k.Answer != nil {
			return k.Answer(r)
		}
	}
	return nil
}

// sections returns what r has to show besides gaps and orders. Without gaps it leaves out what explains
// them.
func sections(r *compare.Result, gaps bool) []*section {
	var out []*section
	for i := range kinds {
		k := &kinds[i]
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
