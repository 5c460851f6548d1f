package variation

import (
	"cmp"
	"math"
	"math/cmplx"

	"kolmo/internal/krylov"
)

// follower follows the entries of M.
type follower struct {
	fields  [][]float64
	advance func(steps int) error
	steps   int // of a product whose eigenvalues are rates
	d       int
	// couples[k*d+l] reports that something moves direction l of a first variation to direction k.
	couples []bool
	workers int
}

// Constants of rates.
const (
	// uncoupled is what moves no direction to another, relative to the largest that does: rounding.
	uncoupled = 1e-9
	// mostVectors is the size of a Krylov space, and rateTolerance the relative error of its leading eigenvalue
	// at which none larger is built.
	mostVectors, rateTolerance = 64, 1e-8
)

// coupled tells from the largest sizes of what moves direction l to direction k, at [k*d+l], which couple.
func coupled(sizes []float64) []bool {
	most := 0.0
	for _, v := range sizes {
		most = max(most, v)
	}
	list := make([]bool, len(sizes))
	for i, v := range sizes {
		list[i] = v > uncoupled*most
	}
	return list
}

// reached are the directions that a first variation in a direction gets to.
func (f *follower) reached(direction int) (set [3]bool) {
	set[direction] = true
	for range f.d {
		for k := range f.d {
			for l := range f.d {
				set[k] = set[k] || set[l] && f.couples[k*f.d+l]
			}
		}
	}
	return set
}

// mode is what a step on M makes of its leading eigenvector.
type mode struct {
	size, off float64   // the modulus of its eigenvalue, and the error of the algebra
	trace     []float64 // of the eigenvector at the nodes, its largest value being one
}

// rates returns for each of some directions the rate at which E|d_i X|^p falls as t grows, dt being the time of a step, what
// the algebra leaves of it, and the mode. That is of the largest eigenvalue of a step on the matrices M of the directions that are
// reached. A step keeps the order of positive semidefinite matrices, so that none that decays more slowly is missed: it has no
// eigenvalue of a larger modulus than the one that stands for the growth of M = I (Krein and Rutman).
func (f *follower) rates(directions []int, dt float64) (rates, algebra []float64, modes []mode, err error) {
	known := map[[3]bool]mode{}
	for _, i := range directions {
		set := f.reached(i)
		m, ok := known[set]
		if !ok {
			if m, err = f.leading(set); err != nil {
				return nil, nil, nil, err
			}
			known[set] = m
		}
		rates, algebra, modes = append(rates, 0-math.Log(m.size)/dt), append(algebra, m.off/m.size/dt), append(modes, m)
	}
	return rates, algebra, modes, nil
}

// leading returns the mode of the largest modulus of a step on M in some directions.
func (f *follower) leading(set [3]bool) (m mode, err error) {
	nodes, failed := len(f.fields[0]), error(nil)
	start := make([]float64, len(f.fields)*nodes)
	for k := range f.d {
		for i := range nodes {
			if set[k] {
				start[Entry(f.d, k, k)*nodes+i] = 1
			}
		}
	}
	apply := func(dst, src []float64) {
		for e, u := range f.fields {
			copy(u, src[e*nodes:])
		}
		if err := f.advance(f.steps); err != nil && failed == nil {
			failed = err
		}
		clear(dst)
		for k := range f.d {
			for l := k; l < f.d && set[k]; l++ {
				if e := Entry(f.d, k, l); set[l] {
					copy(dst[e*nodes:(e+1)*nodes], f.fields[e])
				}
			}
		}
	}
	b, err := krylov.New(apply, start, &krylov.Config{Workers: cmp.Or(f.workers, -1)})
	if err != nil {
		return m, err
	}
	var vector []float64
	_, err = b.Until(mostVectors, func() float64 {
		found, e := b.Eigenvalues(1, cmplx.Abs)
		if e != nil || len(found) == 0 || failed != nil {
			failed = cmp.Or(failed, e)
			return 0
		}
		m.size, m.off, vector = cmplx.Abs(found[0].Value), found[0].Residual*found[0].Condition, found[0].Vector
		return m.off / (rateTolerance * m.size)
	})
	if err = cmp.Or(failed, err); err != nil || vector == nil {
		return m, err
	}
	field := make([]float64, len(start))
	b.FieldTo(field, vector)
	m.trace = make([]float64, nodes)
	for k := range f.d {
		for i, v := range field[Entry(f.d, k, k)*nodes:][:nodes] {
			m.trace[i] += v
		}
	}
	top := 0.0
	for _, v := range m.trace {
		if math.Abs(v) > math.Abs(top) {
			top = v
		}
	}
	for i := range m.trace {
		if top != 0 {
			m.trace[i] /= top
		}
	}
	return m, nil
}
