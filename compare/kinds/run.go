package kinds

import (
	"context"

	"kolmo/compare"
	"kolmo/compare/gap"
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
	for _, kind := range k.list {
		if err := kind.Collect(res); err != nil {
			return nil, err
		}
	}
	res.Ledger = ledger(res, p.Pace())
	res.Warnings = append(res.Warnings, k.Warnings...)
	return res, nil
}

// computeUnits computes the units of a shard.
func computeUnits(ctx context.Context, p *compare.Problem, cfg *compare.Config, shard compare.Shard) (*kinds, error) {
	s, err := setup(p, cfg)
	if err != nil {
		return nil, err
	}
	k := newKinds(s)
	if s.Config.Forecast != nil {
		units, err := gap.Of(s).Forecasts(ctx, asked(p))
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
	s.Parts = len(k.list)
	for part, kind := range k.list {
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

// Forecast predicts a study's units in the order in which they are run, from short runs on coarse
// grids as the choice of methods takes them. Nothing is stored. The errors are those of Run that
// are found before the work, a *MemoryError too.
func Forecast(ctx context.Context, p *compare.Problem, cfg *compare.Config) ([]compare.UnitForecast, error) {
	s, err := setup(p, cfg)
	if err != nil {
		return nil, err
	}
	units, err := gap.New(s).Forecasts(ctx, asked(p))
	for _, u := range units {
		if most := s.Config.Memory; most > 0 && u.Bytes > most {
			return nil, &compare.MemoryError{Eta: u.Eta.Text, Nodes: u.NodesS, Bytes: u.Bytes, Most: most}
		}
	}
	return units, err
}
