package compare

import (
	"context"
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
)

// Studies returns all kinds, in the order in which they are run.
func Studies() []Study {
	return []Study{StudyGap, StudyLocalError, StudyDecay, StudyHorizon, StudyStationary}
}

// Run runs the problem's studies. The errors are *InputError,
// *objective.NonFiniteError, or the context's; what cannot be certified is no error
// and says why.
func Run(ctx context.Context, p *Problem, cfg *Config) (*Result, error) {
	if cfg == nil {
		cfg = new(Config)
	}
	res := &Result{Schema: 1, Study: p.Name, Title: p.Title, Warnings: []string{}, Gap: []GapRow{}, Order: []OrderRow{},
		Constant: []ConstantRow{}, LocalError: []LocalErrorRow{}, LocalOrder: []OrderRow{}, Decay: []DecayRow{}, DecayLimits: []DecayLimit{}, Moments: []MomentRow{}, Choices: []Choice{}}
	res.Horizon, res.HorizonOrder, res.HorizonTime = []HorizonRow{}, []HorizonOrder{}, []HorizonTime{}
	res.Stationary, res.StationaryOrder, res.MeanShift, res.MeanShiftOrder = []StationaryRow{}, []OrderRow{}, []MeanShiftRow{}, []OrderRow{}
	s := newGapStudy(p, cfg)
	if err := s.prepare(); err != nil {
		return nil, err
	}
	var parts []func(context.Context, *Result) error
	if p.has(StudyGap) || p.has(StudyLocalError) || p.has(StudyHorizon) || p.has(StudyStationary) {
		// The others are taken on the grids that the gap asks for.
		parts = append(parts, s.gaps)
	}
	if p.has(StudyLocalError) {
		parts = append(parts, s.localErrors)
	}
	if p.has(StudyDecay) {
		parts = append(parts, s.decays)
	}
	if p.has(StudyHorizon) {
		parts = append(parts, s.horizons)
	}
	if p.has(StudyStationary) {
		parts = append(parts, s.stationary)
	}
	for i, run := range parts {
		s.part, s.parts = i, len(parts)
		s.done, s.share = 0, 0
		if err := run(ctx, res); err != nil {
			return nil, err
		}
	}
	res.Warnings = append(res.Warnings, s.warnings...)
	return res, nil
}

// has reports that the problem asks for a study; without a list it asks for gaps.
func (p *Problem) has(s Study) bool {
	if len(p.Studies) == 0 {
		return s == StudyGap
	}
	return slices.Contains(p.Studies, s)
}
