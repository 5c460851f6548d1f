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
	k, err := compute(ctx, p, cfg, Shard{1, 1})
	if err != nil {
		return nil, err
	}
	res := newResult(p)
	for _, kind := range k.list() {
		if err := kind.Collect(res); err != nil {
			return nil, err
		}
	}
	res.Ledger = ledger(res)
	res.Warnings = append(res.Warnings, k.warnings...)
	return res, nil
}

// kind is a kind of study: what it computes for some models at a learning rate, and what it
// makes of that once all units are there.
type kind interface {
	Run(ctx context.Context, i int, models []int) error
	Collect(res *Result) error
}

// kinds are those that a problem asks for; nil: it does not.
type kinds struct {
	*setup
	gap        *gapKind
	constant   *constantKind
	local      *localKind
	decay      *decayKind
	horizon    *horizonKind
	stationary *stationaryKind
	spectrum   *spectrumKind
	crossing   *crossingKind
	variation  *variationKind
}

// newKinds returns the kinds of a problem. Decay, spectrum, crossing and variation are taken on
// grids of their own, the others on those that the gaps ended on.
func newKinds(s *setup) *kinds {
	k, has := &kinds{setup: s}, s.p.has
	if has(StudyGap) || has(StudyLocalError) || has(StudyHorizon) || has(StudyStationary) {
		k.gap = newGapKind(s)
		k.constant = newConstantKind(s, k.gap)
	}
	if has(StudyLocalError) {
		k.local = newLocalKind(s, k.gap)
	}
	if has(StudyDecay) {
		k.decay = newDecayKind(s)
	}
	if has(StudyHorizon) {
		k.horizon = newHorizonKind(s, k.gap, k.constant)
	}
	if has(StudyStationary) {
		k.stationary = newStationaryKind(s, k.gap)
	}
	if has(StudySpectrum) {
		k.spectrum = newSpectrumKind(s)
	}
	if has(StudyCrossing) {
		k.crossing = newCrossingKind(s)
	}
	if has(StudyVariation) {
		k.variation = newVariationKind(s)
	}
	return k
}

// list returns the kinds in the order in which they are run.
func (k *kinds) list() []kind {
	var list []kind
	if k.gap != nil {
		list = append(list, gapsAndConstants{k})
	}
	if k.local != nil {
		list = append(list, k.local)
	}
	if k.decay != nil {
		list = append(list, k.decay)
	}
	if k.horizon != nil {
		list = append(list, k.horizon)
	}
	if k.stationary != nil {
		list = append(list, k.stationary)
	}
	if k.spectrum != nil {
		list = append(list, k.spectrum)
	}
	if k.crossing != nil {
		list = append(list, k.crossing)
	}
	if k.variation != nil {
		list = append(list, k.variation)
	}
	return list
}

// gapsAndConstants are the gaps with the constants that are predicted for them.
type gapsAndConstants struct{ k *kinds }

func (g gapsAndConstants) Run(ctx context.Context, i int, models []int) error {
	return g.k.gap.Run(ctx, i, models)
}

func (g gapsAndConstants) Collect(res *Result) error {
	g.k.gap.Collect(res)
	g.k.constant.Collect(res, func(i, m, o int) *HorizonRow {
		if g.k.horizon == nil {
			return nil
		}
		return g.k.horizon.row(i, m, o)
	})
	return nil
}

// compute computes the units of a shard.
func compute(ctx context.Context, p *Problem, cfg *Config, shard Shard) (*kinds, error) {
	s, err := newSetup(p, cfg)
	if err != nil {
		return nil, err
	}
	k := newKinds(s)
	if s.cfg.Forecast != nil {
		of := k.gap
		if of == nil {
			of = newGapKind(s)
		}
		units, err := of.forecasts(ctx)
		if err != nil {
			return nil, err
		}
		s.cfg.Forecast(units)
	}
	var pairs [][2]int
	if k.constant != nil {
		pairs = k.constant.pairs()
	}
	own := split(shard, s, pairs)
	list := k.list()
	s.parts = len(list)
	for part, kind := range list {
		s.part, s.done, s.share = part, 0, 0
		for i, eta := range p.Etas {
			if own.models[i] != nil {
				if err := kind.Run(ctx, i, own.models[i]); err != nil {
					return nil, err
				}
			}
			s.share = 0
			s.done += 1 / eta.Value
		}
		if part == 0 && k.constant != nil {
			if err := k.constant.Run(ctx, own.constants); err != nil {
				return nil, err
			}
		}
	}
	return k, nil
}

// has reports that the problem asks for a study; without a list it asks for gaps.
func (p *Problem) has(s Study) bool {
	if len(p.Studies) == 0 {
		return s == StudyGap
	}
	return slices.Contains(p.Studies, s)
}
