package sgdop

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"kolmo/grid"
	"kolmo/objective"
	"kolmo/sgd"
)

// An operator that is too large is refused before the weights: for whole axes
// before any gradient, for local windows after one pass that finds their extents.
func TestSizeErrorComesBeforeTheWork(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 6} {
		g := cube(t, grid.KindUniform, 2, 2, 20, 21)
		o := curved(2)
		o.calls = new(atomic.Int64)
		_, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.25), &Config{Width: width, Storage: StorageWindows, MaxBytes: 1 << 12})
		var e *SizeError
		if !errors.As(err, &e) {
			t.Fatalf("width %d: error %v, want a *SizeError", width, err)
		}
		if e.Nodes != g.Len() || e.Most != 1<<12 || e.Bytes <= e.Most || !strings.HasPrefix(e.Error(), "sgdop: ") {
			t.Errorf("width %d: %+v (%v)", width, *e, e)
		}
		most := int64(0)
		if width > 0 {
			most = int64(g.Len())
		} else if want := FullBytes(g.Len()) + int64(g.Len())*windowBytes; e.Bytes != want {
			t.Errorf("needs %d bytes, want %d", e.Bytes, want)
		}
		if calls := o.calls.Load(); calls > most {
			t.Errorf("width %d: %d evaluations of the gradients before the error, want at most %d", width, calls, most)
		}
		// A byte less than needed is refused, just enough is enough.
		if _, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.25), &Config{Width: width, Storage: StorageWindows, MaxBytes: e.Bytes - 1}); !errors.As(err, new(*SizeError)) {
			t.Errorf("width %d: error %v with a byte less than needed", width, err)
		}
		if _, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.25), &Config{Width: width, Storage: StorageWindows, MaxBytes: e.Bytes}); err != nil {
			t.Errorf("width %d: %v with the memory it asked for", width, err)
		}
	}
}

// A gradient that is not finite is reported with its point and sample.
func TestNonFiniteGradient(t *testing.T) {
	t.Parallel()
	for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
		for _, width := range []int{0, 4} {
			g := cube(t, grid.KindUniform, 2, 1, 9)
			o := &gradients{d: 2, weights: []float64{0.5, 0.5}, grad: func(dst, x []float64, k int) {
				dst[0], dst[1] = x[0], x[1]
				if k == 1 && x[0] == 0.25 && x[1] == -0.5 {
					dst[1] = bad
				}
			}}
			_, err := Assemble(t.Context(), g, sgd.NewChain(o, 0.1), &Config{Width: width, Workers: 2})
			var e *objective.NonFiniteError
			if !errors.As(err, &e) {
				t.Fatalf("width %d: error %v, want a *objective.NonFiniteError", width, err)
			}
			if e.What != objective.WhatLoss || e.Sample != 1 || len(e.X) != 2 || e.X[0] != 0.25 || e.X[1] != -0.5 {
				t.Errorf("width %d: %+v", width, *e)
			}
		}
	}
}

// A context that ends stops the assembly, before it begins and in the middle.
func TestCancellation(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 4} {
		g := cube(t, grid.KindUniform, 2, 1, 30)
		ctx, cancel := context.WithCancel(t.Context())
		o := curved(2)
		o.calls = new(atomic.Int64)
		grad := o.grad
		o.grad = func(dst, x []float64, k int) {
			if o.calls.Load() > 100 {
				cancel()
			}
			grad(dst, x, k)
		}
		if _, err := Assemble(ctx, g, sgd.NewChain(o, 0.1), &Config{Width: width, Workers: 2}); !errors.Is(err, context.Canceled) {
			t.Errorf("width %d: error %v, want context.Canceled", width, err)
		}
		if calls := o.calls.Load(); calls > 200 {
			t.Errorf("width %d: %d evaluations, cancelled after 100", width, calls)
		}
		before := o.calls.Load()
		if _, err := Assemble(ctx, g, sgd.NewChain(o, 0.1), &Config{Width: width}); !errors.Is(err, context.Canceled) || o.calls.Load() != before {
			t.Errorf("width %d: error %v and %d evaluations under an ended context", width, err, o.calls.Load()-before)
		}
	}
}
