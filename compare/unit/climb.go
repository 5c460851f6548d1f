package unit

import (
	"context"
	"errors"
)

// ErrLast is what a rung returns that ends its ladder without being an error: finer grids
// would fail as well.
var ErrLast = errors.New("finer grids fail as well")

// Climb runs the rungs of a ladder, the coarsest first, and has every run but the first meet
// the one before it: better tells that errors fell, enough that no finer grid is needed. It
// ends there, after so many rungs in a row that were no better, or with the ladder. The error
// is the context's or a rung's.
func Climb[T any](ctx context.Context, rungs, patience int, on func(k int) (T, error), meet func(k int, fine, coarse T) (better, enough bool)) error {
	var coarse T
	idle := 0
	for k := 0; k < rungs && idle < patience; k++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		fine, err := on(k)
		switch {
		case errors.Is(err, ErrLast):
			return nil
		case err != nil:
			return err
		}
		if k > 0 {
			better, enough := meet(k, fine, coarse)
			if enough {
				return nil
			}
			if idle++; better {
				idle = 0
			}
		}
		coarse = fine
	}
	return nil
}
