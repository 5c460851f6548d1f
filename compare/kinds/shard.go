package kinds

import (
	"cmp"
	"context"
	"slices"

	"kolmo/compare"
	"kolmo/compare/unit"
)

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
