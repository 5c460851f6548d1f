package sgdop

import (
	"context"
	"fmt"
)

// PowerTo stores S^n u[f] in dst[f] by n steps; n may be 0. Lengths are as for
// ApplyAllTo; dst and u must not overlap. The error is the context's, asked once per
// step; dst is then undefined. Cost: n passes over the weights, and as many fields of
// workspace as there are fields.
func (s *Operator) PowerTo(ctx context.Context, workers, n int, dst, u [][]float64) error {
	if n < 0 || len(dst) != len(u) {
		panic(fmt.Sprintf("sgdop: the power %d of %d fields, %d to store", n, len(u), len(dst)))
	}
	next := make([][]float64, len(u))
	for f := range u {
		s.check(dst[f])
		s.check(u[f])
		copy(dst[f], u[f])
		next[f] = make([]float64, len(u[f]))
	}
	now := append([][]float64(nil), dst...)
	for range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.ApplyAllTo(workers, next, now)
		now, next = next, now
	}
	if n%2 == 1 {
		for f := range dst {
			copy(dst[f], now[f])
		}
	}
	return nil
}
