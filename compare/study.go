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
	StudySpectrum   Study = "spectrum"    // section 4.1: the rates at which wells are left
	StudyCrossing   Study = "crossing"    // section 4.2: the times at which means cross a level
	StudyVariation  Study = "variation"   // (2.14) to (2.20): the moments of first variations
)

// Studies returns all kinds, in the order in which they are run.
func Studies() []Study {
	return []Study{StudyGap, StudyLocalError, StudyDecay, StudyHorizon, StudyStationary, StudySpectrum, StudyCrossing, StudyVariation}
}

// Run runs the problem's studies. The errors are *InputError,
// one that process.NonFinite knows, the store's, or the context's; what cannot be certified is
// no error and says why. Units that the config's store holds are not computed again.
func Run(ctx context.Context, p *Problem, cfg *Config) (*Result, error) {
	s, err := compute(ctx, p, cfg, Shard{1, 1})
	if err != nil {
		return nil, err
	}
	res := &Result{Schema: 1, Study: p.Name, Title: p.Title, Models: modelInfos(p), Warnings: []string{}, Gap: []GapRow{}, Order: []OrderRow{},
		Constant: []ConstantRow{}, LocalError: []LocalErrorRow{}, LocalOrder: []OrderRow{}, Decay: []DecayRow{}, DecayLimits: []DecayLimit{}, Moments: []MomentRow{}, Choices: []Choice{}}
	res.Horizon, res.HorizonOrder, res.HorizonTime = []HorizonRow{}, []HorizonOrder{}, []HorizonTime{}
	res.Stationary, res.StationaryOrder, res.MeanShift, res.MeanShiftOrder = []StationaryRow{}, []OrderRow{}, []MeanShiftRow{}, []OrderRow{}
	res.Spectrum = []SpectrumRow{}
	res.Crossing, res.CrossingSlope = []CrossingRow{}, []CrossingSlope{}
	res.Variation = []VariationRow{}
	for _, part := range s.studyParts() {
		if err := part.collect(res); err != nil {
			return nil, err
		}
	}
	res.Ledger = ledger(res)
	res.Warnings = append(res.Warnings, s.warnings...)
	return res, nil
}

// studyPart is one kind of study: what it computes for some models at a learning rate,
// and what it makes of that once all units are there.
type studyPart struct {
	units   func(ctx context.Context, i int, models []int) error
	collect func(res *Result) error
}

// studyParts returns the parts that the problem asks for, in the order in which they are
// run.
func (s *gapStudy) studyParts() []studyPart {
	p := s.p
	always := func(collect func(*Result)) func(*Result) error {
		return func(res *Result) error { collect(res); return nil }
	}
	var parts []studyPart
	if s.hasGaps() {
		parts = append(parts, studyPart{s.gaps, always(func(res *Result) {
			s.gapResults(res)
			s.constantResults(res)
		})})
	}
	if p.has(StudyLocalError) {
		parts = append(parts, studyPart{s.localErrors, always(s.localResults)})
	}
	if p.has(StudyDecay) {
		parts = append(parts, studyPart{s.decays, always(s.decayResults)})
	}
	if p.has(StudyHorizon) {
		parts = append(parts, studyPart{s.horizons, s.horizonResults})
	}
	if p.has(StudyStationary) {
		parts = append(parts, studyPart{s.stationary, always(s.stationaryResults)})
	}
	if p.has(StudySpectrum) {
		parts = append(parts, studyPart{s.spectra, always(s.spectrumResults)})
	}
	if p.has(StudyCrossing) {
		parts = append(parts, studyPart{s.crossings, always(s.crossingResults)})
	}
	if p.has(StudyVariation) {
		parts = append(parts, studyPart{s.variations, always(s.variationResults)})
	}
	return parts
}

// hasGaps reports that gaps are computed: decay, spectrum, crossing and variation are taken on
// grids of their own, the other studies on those that the gaps ended on.
func (s *gapStudy) hasGaps() bool {
	return s.p.has(StudyGap) || s.p.has(StudyLocalError) || s.p.has(StudyHorizon) || s.p.has(StudyStationary)
}

// compute computes the units of a shard.
func compute(ctx context.Context, p *Problem, cfg *Config, shard Shard) (*gapStudy, error) {
	if cfg == nil {
		cfg = new(Config)
	}
	s := newGapStudy(p, cfg)
	if err := s.prepare(); err != nil {
		return nil, err
	}
	if cfg.Forecast != nil {
		units, err := s.forecasts(ctx)
		if err != nil {
			return nil, err
		}
		cfg.Forecast(units)
	}
	own := shard.split(s)
	parts := s.studyParts()
	s.parts = len(parts)
	for k, part := range parts {
		s.part, s.done, s.share = k, 0, 0
		for i, eta := range p.Etas {
			if own.models[i] != nil {
				if err := part.units(ctx, i, own.models[i]); err != nil {
					return nil, err
				}
			}
			s.share = 0
			s.done += 1 / eta.Value
		}
		if k == 0 && s.hasGaps() {
			if err := s.constants(ctx, own.constants); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// has reports that the problem asks for a study; without a list it asks for gaps.
func (p *Problem) has(s Study) bool {
	if len(p.Studies) == 0 {
		return s == StudyGap
	}
	return slices.Contains(p.Studies, s)
}
