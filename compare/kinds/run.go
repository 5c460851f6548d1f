package kinds

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/crossing"
	"kolmo/compare/decay"
	"kolmo/compare/gap"
	"kolmo/compare/horizon"
	"kolmo/compare/local"
	"kolmo/compare/spectrum"
	"kolmo/compare/stationary"
	"kolmo/compare/unit"
	"kolmo/compare/variation"
)

// Gap is Run for the gap alone.
func Gap(ctx context.Context, p *compare.Problem, cfg *compare.Config) (*compare.Result, error) {
	q := *p
	q.Studies = []compare.Study{compare.StudyGap}
	return Run(ctx, &q, cfg)
}

// Run runs the problem's studies. The errors are *InputError,
// one that process.NonFinite knows, the store's, or the context's; what cannot be certified is
// no error and says why. Units that the config's store holds are not computed again.
func Run(ctx context.Context, p *compare.Problem, cfg *compare.Config) (*compare.Result, error) {
	k, err := computeUnits(ctx, p, cfg, compare.Shard{K: 1, Of: 1})
	if err != nil {
		return nil, err
	}
	res := compare.NewResult(p)
	for _, kind := range k.list() {
		if err := kind.Collect(res); err != nil {
			return nil, err
		}
	}
	res.Ledger = ledger(res, p.Pace())
	res.Warnings = append(res.Warnings, k.Warnings...)
	return res, nil
}

// kind is a kind of study: what it computes for some models at a learning rate, and what it
// makes of that once all units are there.
type kind interface {
	Run(ctx context.Context, i int, models []int) error
	Collect(res *compare.Result) error
}

// kinds are those that a problem asks for; nil: it does not.
type kinds struct {
	*unit.Setup
	gap        *gap.Kind
	constant   *constant.Kind
	local      *local.Kind
	decay      *decay.Kind
	horizon    *horizon.Kind
	stationary *stationary.Kind
	spectrum   *spectrum.Kind
	crossing   *crossing.Kind
	variation  *variation.Kind
}

// newKinds returns the kinds of a problem. Decay, spectrum, crossing and variation are taken on
// grids of their own, the others on those that the gaps ended on.
func newKinds(s *unit.Setup) *kinds {
	k, has := &kinds{Setup: s}, s.Problem.Has
	if has(compare.StudyGap) || has(compare.StudyLocalError) || has(compare.StudyHorizon) || has(compare.StudyStationary) {
		k.gap = gap.New(s)
		k.constant = constant.New(s, k.gap)
	}
	if has(compare.StudyLocalError) {
		k.local = local.New(s, k.gap)
	}
	if has(compare.StudyDecay) {
		k.decay = decay.New(s)
	}
	if has(compare.StudyHorizon) {
		k.horizon = horizon.New(s, k.gap, k.constant)
	}
	if has(compare.StudyStationary) {
		k.stationary = stationary.New(s, k.gap)
	}
	if has(compare.StudySpectrum) {
		k.spectrum = spectrum.New(s)
	}
	if has(compare.StudyCrossing) {
		k.crossing = crossing.New(s)
	}
	if has(compare.StudyVariation) {
		k.variation = variation.New(s)
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

func (g gapsAndConstants) Collect(res *compare.Result) error {
	g.k.gap.Collect(res)
	g.k.constant.Collect(res, func(i, m, o int) *compare.HorizonRow {
		if g.k.horizon == nil {
			return nil
		}
		return g.k.horizon.Row(i, m, o)
	})
	return nil
}

// computeUnits computes the units of a shard.
func computeUnits(ctx context.Context, p *compare.Problem, cfg *compare.Config, shard compare.Shard) (*kinds, error) {
	s, err := unit.New(p, cfg)
	if err != nil {
		return nil, err
	}
	k := newKinds(s)
	if s.Config.Forecast != nil {
		of := k.gap
		if of == nil {
			of = gap.New(s)
		}
		units, err := of.Forecasts(ctx)
		if err != nil {
			return nil, err
		}
		s.Config.Forecast(units)
	}
	var pairs [][2]int
	if k.constant != nil {
		pairs = k.constant.Pairs()
	}
	own := split(shard, s, pairs)
	list := k.list()
	s.Parts = len(list)
	for part, kind := range list {
		s.Part, s.Done, s.Share = part, 0, 0
		for i, eta := range p.Etas {
			if own.models[i] != nil {
				if err := kind.Run(ctx, i, own.models[i]); err != nil {
					return nil, err
				}
			}
			s.Share = 0
			s.Done += 1 / eta.Value
		}
		if part == 0 && k.constant != nil {
			if err := k.constant.Run(ctx, own.constants); err != nil {
				return nil, err
			}
		}
	}
	return k, nil
}
