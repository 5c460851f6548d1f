package krylov

import (
	"errors"
	"fmt"
	"math"

	"kolmo/internal/kernel"
	"kolmo/internal/par"
)

// Config holds the choices of a basis. The zero value and nil mean the defaults.
type Config struct {
	// Workers share the rows of long fields; no result depends on their number.
	// Default: one. Negative: all processors.
	Workers int
	// Modulo are the constants that A keeps. Default: none.
	Modulo []Constant
	// Sup is the norm of the bounds, for fields that are not values at nodes; it must
	// be at most the Euclidean norm. Default: the maximum norm.
	Sup func(v []float64) float64
}

// Constant is a field that A keeps, A 1 = 1 for powers and A 1 = 0 for exponentials, and a
// linear functional with Value(1) = 1; that of one constant is zero on the others.
type Constant struct {
	One   []float64
	Value func(v []float64) float64
}

// At returns the constant 1 on n nodes with the value at a node.
func At(n, node int) Constant { return Part(n, 0, n, node) }

// Part returns the field on n rows that is 1 on the rows from .. to-1 and 0 elsewhere, with
// the value at a row among them: the constant of one of several fields that are stacked.
func Part(n, from, to, row int) Constant {
	if from < 0 || to > n || row < from || row >= to {
		panic(fmt.Sprintf("krylov: row %d of the rows %d to %d of %d", row, from, to, n))
	}
	one := make([]float64, n)
	for i := from; i < to; i++ {
		one[i] = 1
	}
	return Constant{One: one, Value: func(v []float64) float64 { return v[row] }}
}

// ErrNotFinite reports a field that A made infinite or NaN, or a start that is.
var ErrNotFinite = errors.New("krylov: a field is not finite")

// breakdown is the length of a new vector, relative to |A|, that is rounding.
const breakdown = 1e-14

// slabVectors is the number of vectors that are allocated together.
const slabVectors = 32

// Basis is an Arnoldi basis of one start, built vector by vector. It is a workspace: one
// goroutine at a time. Memory: one field per vector, in slabs of 32.
type Basis struct {
	apply func(dst, src []float64)
	cfg   Config
	n     int // length of a field
	rows  int // that, filled up with zeros to a multiple of kernel.TallRows
	ld    int // distance of vectors: an odd multiple, so that caches hold them side by side
	ones  [][]float64

	slabs    [][]float64 // v_1 .. v_{m+1}
	h        [][]float64 // column j of H: j+2 entries
	c        [][]float64 // column j: the constants in A v_j
	m        int         // of which trajectories are made: all that were built, or fewer
	norm     float64     // |P phi|
	offset   []float64   // the constants in phi
	size     float64     // sup |P phi|
	largest  float64     // the longest column of H, an estimate of |A| from below
	closed   bool        // the space of all is invariant to rounding
	last     float64     // sup |v_{m+1}|
	lastOf   int         // for this m
	pool     *par.Pool
	panels   []panel
	w, coef  []float64
	job      step
	task     func(worker, i int)
	accWidth int
	scratch  scratch // of fields' products and the small exponential
}

// New returns the basis of phi without vectors; Extend and Until add them. apply stores
// A src in dst, fields of phi's length that do not overlap, and must be linear. The error is
// ErrNotFinite. A phi that is zero, or constant modulo constants, has an empty basis that is
// complete.
func New(apply func(dst, src []float64), phi []float64, cfg *Config) (*Basis, error) {
	b := &Basis{apply: apply, n: len(phi), lastOf: -1}
	if cfg != nil {
		b.cfg = *cfg
	}
	if b.cfg.Workers == 0 {
		b.cfg.Workers = 1
	}
	if b.cfg.Sup == nil {
		b.cfg.Sup = kernel.MaxAbs
	}
	chunks := (b.n + kernel.TallRows - 1) / kernel.TallRows
	b.rows, b.ld = chunks*kernel.TallRows, (chunks|1)*kernel.TallRows
	for _, c := range b.cfg.Modulo {
		if len(c.One) != b.n {
			panic(fmt.Sprintf("krylov: a constant of length %d for fields of length %d", len(c.One), b.n))
		}
		one := make([]float64, b.rows)
		copy(one, c.One)
		b.ones = append(b.ones, one)
	}
	b.pool = par.NewPool(b.cfg.Workers)
	b.scratch = make(scratch, b.pool.Workers())
	b.w = make([]float64, b.rows)
	b.panels = make([]panel, (b.rows+panelRows-1)/panelRows)
	b.task = b.orthogonalise
	copy(b.w, phi)
	b.offset = b.project()
	b.size = b.cfg.Sup(b.w[:b.n])
	b.norm = b.normOfW()
	if math.IsNaN(b.norm) || math.IsInf(b.norm, 0) {
		return nil, ErrNotFinite
	}
	if b.norm == 0 || b.n == 0 {
		b.closed = true
		return b, nil
	}
	b.store(0, b.norm)
	return b, nil
}

// scratch is workspace of several workers.
type scratch [][]float64

// of returns n numbers of a worker's own, which hold anything.
func (s scratch) of(worker, n int) []float64 {
	if len(s[worker]) < n {
		s[worker] = make([]float64, n+n/2)
	}
	return s[worker][:n]
}

// Dim returns the number m of vectors.
func (b *Basis) Dim() int { return b.m }

// Closed reports that the space is invariant to rounding: no vector can be added, and
// trajectories are exact but for rounding.
func (b *Basis) Closed() bool { return b.closed && b.m == len(b.h) }

// Truncate makes the basis one of its first m vectors again. Those that follow are kept, and
// Extend costs nothing until they are used up.
func (b *Basis) Truncate(m int) {
	if m < 0 || m > len(b.h) {
		panic(fmt.Sprintf("krylov: %d vectors of %d", m, len(b.h)))
	}
	b.m = m
}

// Columns returns the number of columns of fields: the vectors, then the constants.
func (b *Basis) Columns() int { return b.m + len(b.ones) }

// Column returns field j, 0 <= j < Columns(): a vector or a constant. It belongs to the basis.
func (b *Basis) Column(j int) []float64 {
	if j >= b.m {
		return b.ones[j-b.m][:b.n]
	}
	return b.vector(j)[:b.n]
}

// vector returns v_{j+1}, zeros at its end included.
func (b *Basis) vector(j int) []float64 {
	at := j % slabVectors * b.ld
	return b.slabs[j/slabVectors][at : at+b.rows]
}

// Extend adds up to the given number of vectors and reports whether more can follow: false
// once the space is invariant. The error is ErrNotFinite. Cost per vector: one application
// of A and 8 m n operations, in three passes over the vectors.
func (b *Basis) Extend(vectors int) (bool, error) {
	for range vectors {
		if b.Closed() {
			return false, nil
		}
		if b.m < len(b.h) {
			b.m++
		} else if err := b.extend(); err != nil {
			return false, err
		}
	}
	return !b.Closed(), nil
}

func (b *Basis) extend() error {
	j := b.m
	b.apply(b.w[:b.n], b.vector(j)[:b.n])
	b.c = append(b.c, b.project())
	column := b.orthogonaliseW(j + 1)
	left := column[j+1]
	if math.IsNaN(left) || math.IsInf(left, 0) {
		b.c = b.c[:j]
		return ErrNotFinite
	}
	b.h = append(b.h, column)
	b.m++
	// Two passes suffice where more than rounding is left (Giraud et al. 2005).
	b.largest = max(b.largest, norm2(column))
	if left <= breakdown*b.largest || b.m == b.n {
		b.closed = true
		return nil
	}
	b.store(b.m, left)
	return nil
}

// store makes w/norm the vector j.
func (b *Basis) store(j int, norm float64) {
	if j/slabVectors == len(b.slabs) {
		b.slabs = append(b.slabs, make([]float64, slabVectors*b.ld))
	}
	// The vector is new and zero.
	scale := [1]float64{-1 / norm}
	kernel.SubTall(b.vector(j), b.w, b.rows, scale[:])
}

// project removes the constants from w and returns their values.
func (b *Basis) project() []float64 {
	values := make([]float64, len(b.ones))
	for k, c := range b.cfg.Modulo {
		values[k] = c.Value(b.w[:b.n])
	}
	for k, one := range b.ones {
		kernel.SubTall(b.w, one, b.rows, values[k:k+1])
	}
	return values
}

// residual returns h sup |v_{m+1}|, by which a trajectory leaves the space.
func (b *Basis) residual() float64 {
	if b.m == 0 {
		return 0
	}
	h := b.h[b.m-1][b.m]
	if b.Closed() {
		return h // of a direction that is rounding, of length 1
	}
	if b.lastOf != b.m {
		b.last, b.lastOf = b.cfg.Sup(b.vector(b.m)[:b.n]), b.m
	}
	return h * b.last
}
