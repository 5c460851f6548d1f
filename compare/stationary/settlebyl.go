package stationary

import (
	"context"
	"errors"

	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/powers"
	"kolmo/kolmogorov"
)

// Constants of the bases of L for long runs.
const (
	// lVectors is the most vectors.
	lVectors = 160
	// calmGrowth is the growth up to which the basis shows what its bound needs, and
	// growthSafety multiplies a larger one.
	calmGrowth, growthSafety = 1.5, 10
)

// settleByL is Settle by a basis of L for each field, which takes one application of L per
// vector where a block of steps takes many. It sums the fields at the beginnings of blocks
// until all are constant at the nodes, and keeps those there. n is the number of blocks, zero
// where the bases do not serve so long: then nothing has changed.
func (r *LongRun) settleByL(ctx context.Context, p *Evolution, size []float64, last int) (n int, miss float64, err error) {
	cfg := &kolmogorov.BasisConfig{Tolerance: powers.PowersTolerance, Vectors: lVectors, Truncation: true}
	if p.Growth > calmGrowth {
		cfg.Growth = growthSafety * p.Growth // an estimate from below
	}
	basis := kolmogorov.NewBasis(p.L, p.Block, cfg)
	basis.Start(r.Rest)
	now, sum := look.CopyFields(r.Rest), look.CopyFields(r.Sum)
	out := look.NewBlock(1, len(now), len(now[0]))
	for n < last {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		if err := basis.Advance(out); err != nil {
			if _, ok := errors.AsType[*kolmogorov.BasisError](err); ok {
				return 0, 0, nil
			}
			return 0, 0, err
		}
		n++
		settled := true
		for f, next := range out[0] {
			for i, v := range now[f] {
				sum[f][i] += v
			}
			copy(now[f], next)
			lo, hi := fit.Limits(next)
			settled = settled && hi-lo <= settledRange*size[f]
		}
		if settled {
			break
		}
	}
	for f := range now {
		copy(r.Rest[f], now[f])
		copy(r.Sum[f], sum[f])
		if size[f] > 0 {
			miss = max(miss, basis.TimeError()/size[f])
		}
	}
	return n, miss, nil
}
