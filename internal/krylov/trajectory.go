package krylov

import (
	"math"
	"slices"

	"kolmo/internal/kernel"
)

// Trajectory is the small problem of a basis as it was when the trajectory was made:
// coefficients y_n of the fields at n = 0, 1, .. and what these err by at most. It is a
// workspace: one goroutine at a time.
type Trajectory struct {
	m, columns int
	first      stepper // of the first step of the trajectory
	later      stepper // of those after what is fast has faded
	faded      bool
	hessenberg [][]float64 // the columns of H
	factor     float64     // G h sup |v_{m+1}|

	y    []float64 // y_n, columns each
	sums []float64 // of |e_m.y| up to n
	loss []float64 // of rounding
	next []float64

	always float64  // BoundAlways; negative until asked for
	ever   *forever // what is asked for once, nil where it is not known
	asked  bool
}

// stepper makes a step of the trajectory by equal steps of a matrix.
type stepper struct {
	stride   int     // how many
	tau      float64 // time of one; zero for powers
	forward  *columnMatrix
	rounding float64 // of one, per |y|
}

// Powers returns the trajectory of A^n phi, with growth >= |A^k| in the norm of the bounds
// for all k; 1 for averages.
func (b *Basis) Powers(growth float64) *Trajectory {
	t, rounding := b.trajectory(growth)
	k := newColumnMatrix(t.columns)
	for j := range t.m {
		copy(k.column(j), b.h[j][:min(j+2, t.m)])
		copy(k.column(j)[t.m:], b.c[j])
	}
	for j := t.m; j < t.columns; j++ {
		k.column(j)[j] = 1
	}
	t.first = stepper{stride: 1, forward: k, rounding: rounding}
	t.later = t.first
	return t
}

// Exponential returns the trajectory of e^{n dt A} phi, n = 0, 1, .., with growth >=
// |e^{tA}| in the norm of the bounds for all t; 1 for averages. steps tells how many are
// looked at first, by which the integral in the bound is resolved; more may be asked for. Until
// what is fast has faded, mostly after the first step, it is resolved as finely as |H| asks for.
// Cost: about 15 to 25 products of m x m matrices.
func (b *Basis) Exponential(dt float64, steps int, growth float64) *Trajectory {
	t, rounding := b.trajectory(growth)
	n := (t.columns + 3) &^ 3
	work := b.scratch.of(0, 6*n*n)
	// The transposed matrix, whose rows are the columns that steps need, with the constants
	// first: then only one diagonal above the main one is not zero.
	k, size, ones := work[:n*n], 0.0, len(b.ones)
	clear(k)
	for j := range t.m {
		row := k[(ones+j)*n : (ones+j+1)*n]
		copy(row, b.c[j])
		copy(row[ones:], b.h[j][:min(j+2, t.m)])
		sum := 0.0
		for _, v := range row {
			sum += math.Abs(v)
		}
		size = max(size, sum)
	}
	// The first intervals must not hide what rises and falls within them, the others have to
	// resolve the integral.
	stride, later := 1, 1
	for later < maxStride && later*max(steps, 1) < leastIntervals {
		later *= 2
	}
	for stride = later; stride < maxStride && size*dt/float64(stride) > stiffShare*float64(t.m); {
		stride *= 2
	}
	of := func(e []float64, stride int) stepper {
		s := stepper{stride: stride, tau: dt / float64(stride), forward: newColumnMatrix(t.columns)}
		s.rounding = rounding * (1 + size*s.tau)
		for j := range t.columns {
			row := e[(j+ones)%t.columns*n:]
			copy(s.forward.column(j), row[ones:t.columns])
			copy(s.forward.column(j)[t.m:], row[:ones])
		}
		return s
	}
	for i := range k {
		k[i] *= dt / float64(stride)
	}
	e := exponential(k, n, work[n*n:])
	t.first = of(e, stride)
	if t.later = t.first; later < stride && steps > 1 {
		f := make([]float64, n*n)
		for ; stride > later; stride /= 2 {
			kernel.Mul(n, n, n, e, n, e, n, f, n)
			e, f = f, e
		}
		t.later = of(e, later)
	}
	t.y = slices.Grow(t.y, steps*t.columns)
	return t
}

const (
	// leastIntervals is the number of intervals over which |e_m.y| is integrated at least.
	leastIntervals = 64
	// stiffShare times m is the most |H tau| of an interval.
	stiffShare = 0.5
	// maxStride bounds the intervals per step.
	maxStride = 1 << 16
	// roundings is the rounding of one power in units of epsilon |y|.
	roundings = 4
	epsilon   = 0x1p-52
)

// trajectory returns what both kinds share, and the rounding of a step per |y|.
func (b *Basis) trajectory(growth float64) (*Trajectory, float64) {
	rounding := 0.0
	t := &Trajectory{m: b.m, columns: b.Columns(), hessenberg: b.h[:b.m:b.m], always: -1}
	t.factor = growth * b.residual()
	if b.norm > 0 {
		// The basis is scaled by the Euclidean norm, rounding by the norm of the bounds.
		rounding = growth * roundings * epsilon * b.size / b.norm
	}
	t.y, t.next = make([]float64, t.columns), make([]float64, t.columns)
	if t.m > 0 {
		t.y[0] = b.norm
	}
	copy(t.y[t.m:], b.offset)
	loss := b.size
	for _, v := range b.offset {
		loss += math.Abs(v)
	}
	t.sums, t.loss = append(t.sums, 0), append(t.loss, growth*epsilon*loss)
	return t, rounding
}

// Dim returns the number of vectors of the basis when the trajectory was made.
func (t *Trajectory) Dim() int { return t.m }

// At returns y_n; it belongs to the trajectory and must not be changed.
func (t *Trajectory) At(n int) []float64 {
	t.reach(n)
	return t.y[n*t.columns : (n+1)*t.columns]
}

// Coefficients returns y_0 .. y_steps as the rows of a (steps+1) x Columns() matrix.
func (t *Trajectory) Coefficients(steps int) []float64 {
	t.reach(steps)
	return slices.Clone(t.y[:(steps+1)*t.columns])
}

// Bound returns what the field of y_n errs by at most in the norm of the bounds, with an
// estimate of rounding; infinite where the small problem is not finite. For exponentials the
// integral is that of a bound from |e_m.y| and |e_m.H y| at the ends of each interval.
func (t *Trajectory) Bound(n int) float64 {
	t.reach(n)
	return finite(t.factor*t.sums[n] + t.loss[n])
}

// Residual returns the part of Bound that is not rounding, which small A^n phi need where
// rounding is accounted for elsewhere.
func (t *Trajectory) Residual(n int) float64 {
	t.reach(n)
	return finite(t.factor * t.sums[n])
}

// Spread returns the Euclidean norm of y_n without the constants, which no value of the field
// less its constants exceeds.
func (t *Trajectory) Spread(n int) float64 { return norm2(t.At(n)[:t.m]) }

// finite returns x, infinity instead of NaN.
func finite(x float64) float64 {
	if math.IsNaN(x) {
		return math.Inf(1)
	}
	return x
}

// reach computes y up to step n.
func (t *Trajectory) reach(n int) {
	for have := len(t.sums) - 1; have < n; have++ {
		from := len(t.y)
		t.y = append(t.y, t.y[from-t.columns:]...)
		y := t.y[from:]
		sum, loss := t.sums[have], t.loss[have]
		t.faded = t.faded || have > 0 && t.slow(y)
		by := &t.first
		if t.faded {
			by = &t.later
		}
		for range by.stride {
			by.forward.mulTo(t.next, y)
			sum += t.interval(y, t.next, by.tau)
			loss += by.rounding * norm2(y[:t.m])
			copy(y, t.next)
		}
		t.sums, t.loss = append(t.sums, sum), append(t.loss, loss)
	}
}

// slow reports whether intervals of later steps resolve y: |H y| says how fast it changes.
func (t *Trajectory) slow(y []float64) bool {
	if t.later.stride == t.first.stride {
		return true
	}
	change := make([]float64, t.m)
	for j, h := range t.hessenberg {
		for i, v := range h[:min(j+2, t.m)] {
			change[i] += v * y[j]
		}
	}
	return norm2(change)*t.later.tau <= stiffShare*float64(t.m)*norm2(y[:t.m])
}

// interval returns |e_m.y| before the step or, for exponentials, a bound of its integral
// over the step: the mean of the ends, and what a slope as large as at either end adds.
func (t *Trajectory) interval(before, after []float64, tau float64) float64 {
	if t.m == 0 {
		return 0
	}
	last := t.m - 1
	if tau == 0 {
		return math.Abs(before[last])
	}
	slope := max(math.Abs(t.slope(before)), math.Abs(t.slope(after)))
	return integral(math.Abs(before[last]), math.Abs(after[last]), slope, tau)
}

// integral bounds that of a function over tau from its values at the ends and its slope.
func integral(a, b, slope, tau float64) float64 {
	return tau * ((a+b)/2 + slope*tau/4)
}

// slope returns e_m.H y; the last row of H has two entries.
func (t *Trajectory) slope(y []float64) float64 {
	sum := 0.0
	for j := max(0, t.m-2); j < t.m; j++ {
		sum += t.hessenberg[j][t.m-1] * y[j]
	}
	return sum
}

// norm2 returns |y|.
func norm2(y []float64) float64 {
	sum := 0.0
	for _, v := range y {
		sum += v * v
	}
	return math.Sqrt(sum)
}

// columnMatrix is a small square matrix by columns that are filled up with zeros.
type columnMatrix struct {
	n, ld int
	a     []float64
	x, y  []float64
}

func newColumnMatrix(n int) *columnMatrix {
	ld := (n + kernel.TallRows - 1) / kernel.TallRows * kernel.TallRows
	return &columnMatrix{n: n, ld: ld, a: make([]float64, n*ld), x: make([]float64, n), y: make([]float64, ld)}
}

func (k *columnMatrix) column(j int) []float64 { return k.a[j*k.ld : j*k.ld+k.n] }

// mulTo stores the product with y in dst.
func (k *columnMatrix) mulTo(dst, y []float64) {
	for j, v := range y[:k.n] {
		k.x[j] = -v
	}
	clear(k.y)
	kernel.SubTall(k.y, k.a, k.ld, k.x)
	copy(dst, k.y[:k.n])
}
