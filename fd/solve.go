package fd

import (
	"fmt"

	"kolmo/internal/kernel"
)

// Blocks returns the number of blocks into which the lines are cut. They may be
// solved in any order and at once.
func (b *Banded) Blocks() int { return b.blocks() }

// WorkLen returns the length of the workspace that SolveBlock needs; zero where
// blocks are solved in place.
func (b *Banded) WorkLen() int {
	if b.packed {
		return b.n * b.lanes
	}
	return 0
}

// SolveTo overwrites every line of u, the right-hand sides, with the solution of
// its system. It panics if len(u) is not outer n inner. Cost: 2 (lower+upper) + 1
// operations per node, no division, and no allocation unless several goroutines
// call it at once.
func (b *Banded) SolveTo(u []float64) {
	b.checkField(u)
	work := b.borrow()
	for k := range b.Blocks() {
		b.solve(k, work, u)
	}
	b.giveBack(work)
}

// SolveAllTo is SolveTo for several fields, which must not overlap; the same to
// the last bit. The coefficients are read once for all of them. It panics if the
// length of one is not outer n inner.
func (b *Banded) SolveAllTo(fields [][]float64) {
	for _, u := range fields {
		b.checkField(u)
	}
	work := b.borrow()
	for k := range b.Blocks() {
		b.solveAll(k, work, fields)
	}
	b.giveBack(work)
}

// SolveBlock is SolveAllTo for the lines of block k alone, 0 <= k < Blocks(), so
// that a caller's workers can share the blocks; results do not depend on how.
// len(work) must be at least WorkLen(), what it holds does not matter; it must not
// be in use by another goroutine. SolveBlock panics if a length does not fit or
// there is no such block. No allocation.
func (b *Banded) SolveBlock(k int, work []float64, fields [][]float64) {
	if k < 0 || k >= b.Blocks() {
		panic(fmt.Sprintf("fd: SolveBlock %d, want 0 to %d", k, b.Blocks()-1))
	}
	if len(work) < b.WorkLen() {
		panic(fmt.Sprintf("fd: SolveBlock with a workspace of length %d, want %d", len(work), b.WorkLen()))
	}
	for _, u := range fields {
		b.checkField(u)
	}
	b.solveAll(k, work, fields)
}

func (b *Banded) checkField(u []float64) {
	if len(u) != b.n*b.outer*b.inner {
		panic(fmt.Sprintf("fd: SolveTo of length %d, want %d lines of %d", len(u), b.outer*b.inner, b.n))
	}
}

// borrow returns a workspace: the solver's own, or a new one where another
// goroutine has that.
func (b *Banded) borrow() []float64 {
	select {
	case work := <-b.works:
		return work
	default:
		return make([]float64, b.WorkLen())
	}
}

// giveBack keeps the workspace for the next call.
func (b *Banded) giveBack(work []float64) {
	select {
	case b.works <- work:
	default:
	}
}

// solve solves block k for one field.
func (b *Banded) solve(k int, work, u []float64) {
	first, lanes := b.lines(k)
	if b.packed {
		b.solvePacked(k, first, lanes, work, u)
		return
	}
	p := pitch(lanes)
	forward, backward := b.coefficients(k, p)
	at := b.offset(first)
	kernel.Sweep(b.lower, forward, lanes, p, u, at, b.inner, true)
	kernel.Sweep(b.upper, backward, lanes, p, u, at+(b.n-1)*b.inner, -b.inner, false)
}

// solveAll solves block k for all fields. In place a few rows at a time are done
// for all fields, so that their coefficients are still in the nearest cache; those
// of a block that is copied are few enough.
func (b *Banded) solveAll(k int, work []float64, fields [][]float64) {
	if b.packed || len(fields) == 1 {
		for _, u := range fields {
			b.solve(k, work, u)
		}
		return
	}
	first, lanes := b.lines(k)
	p := pitch(lanes)
	forward, backward := b.coefficients(k, p)
	at := b.offset(first)
	b.sweepAll(b.lower, b.chunk[0], forward, lanes, fields, at, b.inner, true)
	b.sweepAll(b.upper, b.chunk[1], backward, lanes, fields, at+(b.n-1)*b.inner, -b.inner, false)
}

// sweepAll runs a sweep, rows at a time, over all fields.
func (b *Banded) sweepAll(counts []int, rows int, a []float64, lanes int, fields [][]float64, at, ld int, scale bool) {
	p := pitch(lanes)
	for len(counts) > 0 {
		m := min(rows, len(counts))
		for _, u := range fields {
			kernel.Sweep(counts[:m], a, lanes, p, u, at, ld, scale)
		}
		numbers := 0
		for _, c := range counts[:m] {
			numbers += c
		}
		if scale {
			numbers += m
		}
		counts, a, at = counts[m:], a[numbers*p:], at+m*ld
	}
}

// solvePacked copies the lines of block k to the workspace, side by side, solves
// and copies them back.
func (b *Banded) solvePacked(k, first, lanes int, work, u []float64) {
	n, p := b.n, pitch(lanes)
	work = work[:n*p]
	if b.inner == 1 {
		kernel.Transpose(lanes, n, u[first*n:], n, work, p)
	} else {
		for l := range lanes {
			off := b.offset(first + l)
			for i := range n {
				work[i*p+l] = u[off+i*b.inner]
			}
		}
	}
	forward, backward := b.coefficients(k, p)
	kernel.Sweep(b.lower, forward, lanes, p, work, 0, p, true)
	kernel.Sweep(b.upper, backward, lanes, p, work, (n-1)*p, -p, false)
	if b.inner == 1 {
		kernel.Transpose(n, lanes, work, p, u[first*n:], n)
		return
	}
	for l := range lanes {
		off := b.offset(first + l)
		for i := range n {
			u[off+i*b.inner] = work[i*p+l]
		}
	}
}
