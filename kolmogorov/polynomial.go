package kolmogorov

import (
	"math"

	"kolmo/internal/kernel"
	"kolmo/kolmogorov/scheme"
)

// Constants of the Taylor propagator.
const (
	// stepRadius is |dt rho(L)| of one polynomial: e^6 rounding errors of the
	// leading terms are lost to cancellation, three digits of sixteen.
	stepRadius = 6
	// maxDegree is the largest degree tried before the step is halved.
	maxDegree = 72
	// maxHump is the largest accepted ratio of a term to the field.
	maxHump = 4e3
	// taylorTolerance is where terms stop to matter, relative to |phi|.
	taylorTolerance = 0x1p-54
	// maxParts is the largest number of polynomials per SGD step, or per unit of
	// what Growth looks at: beyond it L is too stiff for its scales to be those of
	// the problem.
	maxParts = 1 << 14
	// maxChunk is the largest number of SGD steps that share one polynomial.
	maxChunk = 32
)

// Polynomial propagates by Taylor polynomials of L,
//
//	u(t + s dt) = sum_k s^k v_k,   v_k = (dt/k) L v_{k-1},   v_0 = u(t),
//
// one polynomial for as many SGD steps as |dt L| allows; degree and dt follow
// from the terms themselves and not from eigenvalues, since L is far from
// normal: terms are added until they are below rounding of |phi|, and a
// polynomial whose terms grow too large is redone with half the step. It is a
// workspace: one goroutine at a time. Memory: up to 73 fields for the terms and
// one per SGD step that shares a polynomial, at most 32.
type Polynomial struct {
	eta    float64
	taylor *taylor
	chunk  int // SGD steps per polynomial
	parts  int // polynomials per SGD step when chunk is 1
	guard  guard
	err    float64
	coef   []float64
	block  []float64
	v      []float64
	u      [][]float64 // the fields where they are
	value  func(u []float64) float64
	tell   func(f int, p Piece)
	pieces []Piece // of the polynomials that are not told yet
}

// Piece is what a linear functional makes of one polynomial: sum_k Coef[k] s^k, s from 0 to 1
// over the time Length. It leaves out no more than about Rest, rounding not counted.
type Piece struct {
	Length float64
	Coef   []float64
	Rest   float64
}

// NewPolynomial returns a propagator by SGD steps of length eta > 0. The step of
// one polynomial is first taken from the spectral radius of L, 20 applications.
func NewPolynomial(op *Operator, eta float64) *Polynomial {
	p := &Polynomial{eta: eta, taylor: newTaylor(op, taylorTolerance), chunk: 1, parts: 1, guard: newGuard(op, op.remedy())}
	p.guard.eta = eta
	for p.chunk < maxChunk && float64(2*p.chunk)*eta <= p.taylor.step {
		p.chunk *= 2
	}
	p.parts = p.taylor.parts(eta)
	p.v = make([]float64, op.Len())
	return p
}

// TimeError implements Propagator: the sum of the series' remainders, each
// bounded by a geometric series. Rounding is not part of it.
func (p *Polynomial) TimeError() float64 { return p.err }

// Applications returns the work so far: the applications of L to a field in all
// calls of Advance, also those of polynomials that were given up. The 20 by
// NewPolynomial are not among them.
func (p *Polynomial) Applications() int { return p.taylor.applied }

// TimeErrorAt implements Propagator: it is TimeError.
func (p *Polynomial) TimeErrorAt(int) float64 { return p.err }

// Watch has every Advance tell what a linear functional, such as the value at a point, makes of u(t) between
// the steps: field after field, for each the pieces of time one after another. Cost: the functional of every term.
func (p *Polynomial) Watch(value func(u []float64) float64, tell func(f int, p Piece)) {
	p.value, p.tell = value, tell
}

// keep adds the polynomial whose terms are at hand to those to tell.
func (p *Polynomial) keep(length float64, degree int, rest float64) {
	if p.tell == nil {
		return
	}
	piece, n := Piece{Length: length, Coef: make([]float64, degree+1), Rest: rest}, len(p.v)
	for k := range piece.Coef {
		piece.Coef[k] = p.value(p.taylor.v[k*n : (k+1)*n])
	}
	p.pieces = append(p.pieces, piece)
}

// KeepDifferences implements Propagator: there are none.
func (p *Polynomial) KeepDifferences() *Differences { return nil }

// Start implements Propagator.
func (p *Polynomial) Start(u [][]float64) {
	p.guard.start(u)
	p.err = 0
	p.Set(u)
}

// Set implements Propagator.
func (p *Polynomial) Set(u [][]float64) {
	p.u = resized(p.u, u)
	for f := range u {
		copy(p.u[f], u[f])
	}
}

// Advance implements Propagator. It does not allocate after the first call.
// Cost: 20 to 40 applications of L per field and polynomial.
func (p *Polynomial) Advance(out [][][]float64) error {
	worst, start := 0.0, p.guard.steps
	for f, u := range p.u {
		p.guard.steps = start
		err, fail := p.advance(out, f, u)
		if fail != nil {
			return fail
		}
		worst = max(worst, err)
	}
	p.err += worst
	if len(out) > 0 {
		p.Set(out[len(out)-1])
	}
	return nil
}

func (p *Polynomial) advance(out [][][]float64, f int, u []float64) (float64, error) {
	p.taylor.size = p.guard.sizes[f]
	total := 0.0
	for j := 0; j < len(out); {
		q := min(p.chunk, len(out)-j)
		rest, ok := p.chunkTo(out[j:j+q], f, u)
		if !ok {
			if p.chunk > 1 {
				p.chunk /= 2
			} else if p.parts *= 2; p.parts > maxParts {
				return 0, ErrStiff
			}
			continue
		}
		total += rest
		for _, piece := range p.pieces {
			p.tell(f, piece)
		}
		u = out[j+q-1][f]
		p.guard.steps += q
		if err := p.guard.check(f, u); err != nil {
			return 0, err
		}
		j += q
	}
	return total, nil
}

// chunkTo advances over len(out) SGD steps: with one polynomial, or with parts
// of them for a single step. It returns the size of what the polynomials leave
// out, and false if the terms grew too much.
func (p *Polynomial) chunkTo(out [][][]float64, f int, u []float64) (float64, bool) {
	t, q := p.taylor, len(out)
	p.pieces = p.pieces[:0]
	if p.parts > 1 {
		total := 0.0
		copy(p.v, u)
		for range p.parts {
			degree, rest, ok := t.terms(p.eta/float64(p.parts), p.v)
			if !ok {
				return 0, false
			}
			p.keep(p.eta/float64(p.parts), degree, rest)
			t.sumTo(p.v, degree)
			total += rest
		}
		copy(out[0][f], p.v)
		return total, true
	}
	degree, rest, ok := t.terms(float64(q)*p.eta, u)
	if !ok {
		return 0, false
	}
	p.keep(float64(q)*p.eta, degree, rest)
	// out[j] = sum_k ((j+1)/q)^k v_k, as a product of matrices.
	if need := q * (degree + 1); cap(p.coef) < need {
		p.coef = make([]float64, need)
	}
	coef := p.coef[:q*(degree+1)]
	for j := range q {
		s, c := float64(j+1)/float64(q), 1.0
		for k := range degree + 1 {
			coef[j*(degree+1)+k] = c
			c *= s
		}
	}
	n := t.op.Len()
	if need := q * n; cap(p.block) < need {
		p.block = make([]float64, need)
	}
	block := p.block[:q*n]
	kernel.Mul(q, n, degree+1, coef, degree+1, t.v, n, block, n)
	for j := range q {
		copy(out[j][f], block[j*n:(j+1)*n])
	}
	return rest, true
}

// taylor computes the terms of a Taylor polynomial.
type taylor struct {
	op   linear
	tol  float64
	step float64   // the step that the spectral radius suggests
	size float64   // |phi|: the size of the first field seen
	v    []float64 // the terms, maxDegree+1 rows

	applied int // applications of op by terms
}

func newTaylor(op linear, tol float64) *taylor {
	t := &taylor{op: op, tol: tol, step: math.Inf(1), v: make([]float64, (maxDegree+1)*op.Len())}
	if rho := scheme.SpectralRadius(op); rho > 0 {
		t.step = stepRadius / rho
	}
	return t
}

// terms stores v_0 .. v_degree for one step dt and returns the degree and the
// size of the remainder; it reports false if the terms do not fall below the
// tolerance or rise too high.
func (t *taylor) terms(dt float64, u []float64) (degree int, rest float64, ok bool) {
	n := t.op.Len()
	size := maxAbs(u)
	if t.size == 0 {
		t.size = size
	}
	copy(t.v[:n], u)
	floor := t.tol * t.size
	last, before := size, size
	for k := 1; k <= maxDegree; k++ {
		vk := t.v[k*n : (k+1)*n]
		t.op.ApplyTo(vk, nil, dt/float64(k), t.v[(k-1)*n:k*n])
		t.applied++
		norm := maxAbs(vk)
		if !(norm <= maxHump*max(size, t.size)) {
			return 0, 0, false
		}
		// Below the floor, falling, and not by accident after a large one.
		if norm <= floor && last <= math.Sqrt(t.tol)*t.size && norm <= last {
			return k, remainder(before, last, norm), true
		}
		before, last = last, norm
	}
	return 0, 0, false
}

// remainder bounds what a series leaves out after three terms of the given sizes
// by a geometric one. Terms may be small alternately (L maps even to odd
// functions), so that the larger of the last two ratios counts.
func remainder(before, last, norm float64) float64 {
	if last == 0 {
		return 0
	}
	const most = 0.5 // ratios fall like 1/k
	r := min(max(norm/last, last/before), most)
	return max(norm, last*r) * r / (1 - r)
}

// sumTo stores sum_k v_k in dst.
func (t *taylor) sumTo(dst []float64, degree int) {
	n := t.op.Len()
	for lo := 0; lo < n; lo += sumChunk {
		hi := min(lo+sumChunk, n)
		part := dst[lo:hi]
		copy(part, t.v[degree*n+lo:degree*n+hi])
		for k := degree - 1; k >= 0; k-- {
			kernel.Plus(part, part, t.v[k*n+lo:k*n+hi])
		}
	}
}

// sumChunk is the number of nodes whose terms are summed at once: they stay in a cache.
const sumChunk = 512

// parts returns in how many steps a time is cut so that none exceeds what the spectral radius
// suggests. Fewer terms are wasted than by halving: a step of half the radius has more than
// half the terms.
func (t *taylor) parts(dt float64) int {
	return int(min(max(1, math.Ceil(dt/t.step)), maxParts))
}

// expTo returns e^{dt L} u, halving the step where needed.
func (t *taylor) expTo(dt float64, parts int, u []float64) ([]float64, bool) {
	v := append([]float64(nil), u...)
	t.size = 0
	for range parts {
		degree, _, ok := t.terms(dt/float64(parts), v)
		if !ok {
			if parts > maxParts || math.IsInf(maxAbs(v), 0) {
				v[0] = math.Inf(1)
				return v, false
			}
			return t.expTo(dt, 2*parts, u)
		}
		t.sumTo(v, degree)
	}
	return v, true
}
