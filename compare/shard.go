package compare

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Shard names one of Of parts into which the units of a study are divided, from 1 on.
type Shard struct{ K, Of int }

// String returns "3/8".
func (h Shard) String() string { return fmt.Sprintf("%d/%d", h.K, h.Of) }

// Compute computes the units of a shard and leaves them in the config's store, which
// must be there; fields go to the config's Fields. Once the units of all shards are in one
// store, Run with it gives the results that it would have given alone, to the last bit.
// Units that tell others where refinement begins may be computed by several shards.
func Compute(ctx context.Context, p *Problem, cfg *Config, shard Shard) error {
	_, err := compute(ctx, p, cfg, shard)
	return err
}

// share is what a shard computes.
type share struct {
	models    [][]int // by learning rate; nil: none
	constants [][2]int
}

// split returns a shard's share: every unit goes, the longest first, to the shard with
// the least work so far. The work of a unit grows with its number of steps.
func split(h Shard, s *setup, pairs [][2]int) share {
	type unit struct {
		i, m int // learning rate and model
		pair int // index of a pair for a constant, or -1
		work float64
	}
	var units []unit
	for i, eta := range s.p.Etas {
		for m := range s.p.Models {
			units = append(units, unit{i, m, -1, 1 / eta.Value})
		}
	}
	for k := range pairs {
		// Short, like a large learning rate's.
		units = append(units, unit{0, 0, k, 1 / s.p.Etas[0].Value})
	}
	slices.SortStableFunc(units, func(a, b unit) int { return cmp.Compare(b.work, a.work) })
	own := share{models: make([][]int, len(s.p.Etas))}
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

// allModels returns the indices of all models.
func (s *setup) allModels() []int {
	all := make([]int, len(s.p.Models))
	for m := range all {
		all[m] = m
	}
	return all
}
