package compare

import (
	"slices"
)

// Study is a kind of study.
type Study string

// The kinds of studies.
const (
	StudyGap        Study = "gap"         // Theorem 1: the gap, uniformly in time
	StudyLocalError Study = "local-error" // Lemma 3: the one-step error
	StudyDecay      Study = "decay"       // Proposition 1: the derivatives of u
	StudyHorizon    Study = "horizon"     // Proposition 2: the gap up to a horizon
	StudyStationary Study = "stationary"  // section 4.1: the limits of U^n and of u
	StudySpectrum   Study = "spectrum"    // section 4.1: the rates at which wells are left
	StudyCrossing   Study = "crossing"    // section 4.2: the times at which means cross a level
	StudyVariation  Study = "variation"   // (2.14) to (2.20): the moments of first variations
)

// Studies returns all kinds, in the order in which they are run.
func Studies() []Study {
	return []Study{StudyGap, StudyLocalError, StudyDecay, StudyHorizon, StudyStationary, StudySpectrum, StudyCrossing, StudyVariation}
}

// Has reports that the problem asks for a study; without a list it asks for gaps.
func (p *Problem) Has(s Study) bool {
	if len(p.Studies) == 0 {
		return s == StudyGap
	}
	return slices.Contains(p.Studies, s)
}
