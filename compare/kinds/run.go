package kinds

import (
	"cmp"
	"context"
	"slices"

	"kolmo/compare"
	"kolmo/compare/gap"
	"kolmo/compare/unit"
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

// Compute computes the units of a shard and leaves them in the config's store, which
// must be there; fields go to the config's Fields. Once the units of all shards are in one
// store, Run with it gives the results that it would have given alone, to the last bit.
// Units that tell others where refinement begins may be computed by several shards.
func Compute(ctx context.Context, p *compare.Problem, cfg *compare.Config, shard compare.Shard) error {
	_, err := computeUnits(ctx, p, cfg, shard)
	return err
}

// share is what a shard computes.
type share struct {
	models    [][]int // by learning rate; nil: none
	constants [][2]int
}

// split returns a shard's share: every unit goes, the longest first, to the shard with
// the least work so far. The work of a unit grows with its number of steps.
func split(h compare.Shard, s *unit.Setup, pairs [][2]int) share {
	type unit struct {
		i, m int // learning rate and model
		pair int // index of a pair for a constant, or -1
		work float64
	}
	var units []unit
	for i, eta := range s.Problem.Etas {
		for m := range s.Problem.Models {
			units = append(units, unit{i, m, -1, 1 / eta.Value})
		}
	}
	for k := range pairs {
		// Short, like a large learning rate's.
		units = append(units, unit{0, 0, k, 1 / s.Problem.Etas[0].Value})
	}
	slices.SortStableFunc(units, func(a, b unit) int { return cmp.Compare(b.work, a.work) })
	own := share{models: make([][]int, len(s.Problem.Etas))}
	load := make([]float64, h.Of)
	for _, u := range units {
		k := slices.Index(load, slices.Min(load))
		load[k] += u.work
		switch {
		case k != h.K-1:
		case u.pair >= 0:
			own.constants = append(own.constants, pairs[u.pair])
		default:
			own.models[u.i] = append(own.models[u.i], u.m)
		}
	}
	for _, models := range own.models {
		slices.Sort(models)
	}
	slices.SortFunc(own.constants, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	return own
}
