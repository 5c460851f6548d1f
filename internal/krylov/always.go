package krylov

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// Constants of the bound for all n.
const (
	// mostSquarings is the most times that the small matrix is squared to become a contraction.
	mostSquarings = 20
	// mostSummed is the most intervals that are summed.
	mostSummed = 1 << 22
	// contraction is the norm of a power from which the tail is a geometric series.
	contraction = 0.5
	// tailShare is the share of the sum at which the tail needs no more intervals.
	tailShare = 0.05
	// blockSquarings and blockRows say how the sum is divided: blocks of 2^blockSquarings
	// intervals, so many at a time.
	blockSquarings, blockRows = 6, 16
)

// forever is what squaring tells of all powers of the matrix M of an interval, without the
// constants. Norms are Euclidean.
type forever struct {
	n       int         // of rows: m, filled up with zeros
	m       []float64   // M by rows
	squares [][]float64 // (M^{2^i})^T by rows; the last is a contraction
	norms   []float64   // bounds of |M^{2^i}|
	most    float64     // a bound of |M^k| for all k
}

// squared returns that of a trajectory once it is so slow that later intervals resolve it, nil
// where no power is seen to be a contraction. Cost: a product of m x m matrices per squaring,
// some log(1/(1 - |mu|)) for the leading eigenvalue mu, once for a trajectory.
func (t *Trajectory) squared() *forever {
	if !t.asked {
		t.asked, t.ever = true, t.square()
	}
	return t.ever
}

func (t *Trajectory) square() *forever {
	n := (t.m + 3) &^ 3
	f := &forever{n: n, m: make([]float64, n*n), most: 1}
	a := make([]float64, n*n)
	for j := range t.m {
		column := t.later.forward.column(j)[:t.m]
		copy(a[j*n:], column)
		for i, v := range column {
			f.m[i*n+j] = v
		}
	}
	for range mostSquarings {
		size := normOf(a, n)
		f.squares, f.norms = append(f.squares, a), append(f.norms, size)
		if size <= contraction && len(f.squares) > t.strideLog() {
			return f
		} else if !(size <= math.MaxFloat32) {
			return nil
		}
		f.most *= max(1, size)
		b := make([]float64, n*n)
		kernel.Mul(n, n, n, a, n, a, n, b, n)
		a = b
	}
	return nil
}

// normOf bounds the norm of a matrix by that of Frobenius and by those of rows and columns.
func normOf(a []float64, n int) float64 {
	rows := 0.0
	for i := range n {
		sum := 0.0
		for _, v := range a[i*n : (i+1)*n] {
			sum += math.Abs(v)
		}
		rows = max(rows, sum)
	}
	return min(norm2(a), math.Sqrt(rows*norm1(a, n)))
}

// strideLog returns the binary logarithm of the intervals of a later step.
func (t *Trajectory) strideLog() int { return bits.Len(uint(t.later.stride)) - 1 }

// leap stores M^{2^i} y in dst.
func (f *forever) leap(dst, y []float64, i int) {
	kernel.Mul(1, f.n, f.n, y, f.n, f.squares[i], f.n, dst, f.n)
}

// BoundAlways returns what every field errs by at most, for all n at once, the limit
// included; infinite where the sum is not seen to converge, as without Modulo where A keeps
// constants. Let M be the small matrix without constants, p a power of two with |M^p| <= q =
// 1/2, and w_k what the sum or integral gets in interval k. Then
//
//	sum_{k>=0} w_k <= sum_{k<K} w_k + |y_K| R/(1-q),   R >= sum_{r<p} |e_m^T M^r|.
//
// Both sums are taken over blocks of s intervals: y_{js} and the rows e_m^T M^r, r < s, give s
// terms by a product, and R <= sum_{r<s} |e_m^T M^r| prod (1 + |M^{2^i}|) over s <= 2^i < p.
// Cost: as of squaring, and s + K/s products of M with a vector, once for a trajectory.
func (t *Trajectory) BoundAlways() float64 {
	if t.always < 0 {
		t.always = t.boundAlways()
	}
	return t.always
}

func (t *Trajectory) boundAlways() float64 {
	if t.m == 0 {
		return t.Bound(0)
	}
	for !t.faded {
		if t.reach(len(t.sums)); len(t.sums) > mostSummed>>blockSquarings {
			return math.Inf(1)
		}
	}
	f := t.squared()
	if f == nil {
		return math.Inf(1)
	}
	k := min(blockSquarings, len(f.squares)-1)
	rows, total := t.blockOf(f, 1<<k)
	for i := k; i < len(f.squares)-1; i++ {
		total *= 1 + f.norms[i]
	}
	from := len(t.sums) - 1
	sum, loss := t.sums[from], t.loss[from]
	y, terms := make([]float64, (blockRows+1)*f.n), make([]float64, blockRows*rows.width)
	copy(y, t.y[from*t.columns:][:t.m])
	for done := 0; done < mostSummed; done += blockRows << k {
		for j := range blockRows {
			at := y[j*f.n:]
			f.leap(at[f.n:2*f.n], at[:f.n], k)
			loss += float64(int(1)<<k) * t.later.rounding * max(norm2(at[:f.n]), norm2(at[f.n:2*f.n]))
		}
		kernel.Mul(blockRows, rows.width, f.n, y, f.n, rows.a, rows.width, terms, rows.width)
		for j := range blockRows {
			sum += rows.sum(terms[j*rows.width:], t.later.tau)
		}
		copy(y, y[blockRows*f.n:])
		rest := norm2(y[:f.n]) / (1 - contraction)
		tail := t.factor * rest * total
		if tail <= tailShare*(t.factor*sum+loss) || !(sum <= math.MaxFloat64) {
			return finite(t.factor*sum + loss + tail + t.later.rounding*rest*f.most*float64(int(1)<<(len(f.squares)-1)))
		}
	}
	return math.Inf(1)
}

// block holds the functionals e_m^T M^r of the intervals of a block, for exponentials up to its
// end and with e_m^T H M^r, as columns.
type block struct {
	a            []float64
	width, count int // columns, intervals
}

// blockOf returns a block of intervals, and the sum over them with norms in place of values.
func (t *Trajectory) blockOf(f *forever, intervals int) (b block, total float64) {
	b = block{count: intervals, width: intervals}
	if t.later.tau > 0 {
		b.width = 2 * (intervals + 1)
	}
	b.a = make([]float64, f.n*b.width)
	norms := make([]float64, b.width)
	row, next := make([]float64, f.n), make([]float64, f.n)
	for first := 0; first < b.width; first += intervals + 1 {
		clear(row)
		if first == 0 {
			row[t.m-1] = 1
		} else {
			for j := max(0, t.m-2); j < t.m; j++ {
				row[j] = t.hessenberg[j][t.m-1] // the last row has two entries
			}
		}
		for r := first; r < min(first+intervals+1, b.width); r++ {
			for i, v := range row {
				b.a[i*b.width+r] = v
			}
			norms[r] = norm2(row)
			kernel.Mul(1, f.n, f.n, row, f.n, f.m, f.n, next, f.n)
			row, next = next, row
		}
	}
	return b, b.sum(norms, t.later.tau)
}

// sum returns that of the sizes of values, or a bound of their integral.
func (b *block) sum(v []float64, tau float64) float64 {
	sum := 0.0
	for r := range b.count {
		if tau == 0 {
			sum += math.Abs(v[r])
			continue
		}
		slope := v[b.count+1:]
		sum += integral(math.Abs(v[r]), math.Abs(v[r+1]), max(math.Abs(slope[r]), math.Abs(slope[r+1])), tau)
	}
	return sum
}

// ErrNoLimit reports a small problem without a unique limit.
var ErrNoLimit = errors.New("krylov: the trajectory has no limit that a solve can find")

// Departure is how far the fields of a trajectory are from their limit as n grows:
//
//	A^n phi - limit = sum_j y_n[j] d_j,   d_j = v_j - g_j 1,   g = (I - M)^{-T} c.
//
// There are g and c of every constant. The fields err by BoundAlways at most, and so does the limit.
// Without Modulo that is zero.
type Departure struct {
	*Trajectory
	b *Basis
	g [][]float64 // of every constant
}

// NewDeparture returns that of a trajectory of the basis. The error wraps ErrNoLimit where
// BoundAlways is infinite. Cost: a solve with the small matrix.
func NewDeparture(b *Basis, t *Trajectory) (*Departure, error) {
	if math.IsInf(t.BoundAlways(), 1) {
		return nil, ErrNoLimit
	}
	d := &Departure{Trajectory: t, b: b}
	for k := t.m; k < t.columns; k++ {
		c := make([]float64, t.m)
		for j := range c {
			c[j] = t.first.forward.column(j)[k]
		}
		// Of an interval, as M is: sums over all of them are the same.
		g, err := t.solve(c, true)
		if err != nil {
			return nil, err
		}
		d.g = append(d.g, g)
	}
	return d, nil
}

// Start returns the Dim() coefficients of step n.
func (d *Departure) Start(n int) []float64 {
	if d.m == 0 {
		return nil
	}
	return append(make([]float64, 0, d.ever.n), d.At(n)[:d.m]...)
}

// Leaps returns the largest i of Leap.
func (d *Departure) Leaps() int {
	if d.m == 0 {
		return mostSquarings
	}
	return len(d.ever.squares) - 1 - d.strideLog()
}

// Leap returns the coefficients 2^i steps after those of y. Cost: a product with an m x m matrix.
func (d *Departure) Leap(y []float64, i int) []float64 {
	if d.m == 0 {
		return nil
	}
	next := make([]float64, d.ever.n)
	d.ever.leap(next, y[:d.ever.n], i+d.strideLog())
	return next[:d.m]
}

// Later bounds the Euclidean norm of the coefficients of all steps from that of y on.
func (d *Departure) Later(y []float64) float64 {
	if d.m == 0 {
		return 0
	}
	return d.ever.most * norm2(y)
}

// FieldTo stores d_j in dst.
func (d *Departure) FieldTo(dst []float64, j int) {
	copy(dst, d.b.vector(j)[:d.b.n])
	for k, g := range d.g {
		for i, v := range d.b.ones[k][:d.b.n] {
			dst[i] -= g[j] * v
		}
	}
}

// Total returns the coefficients (I - M)^{-1} y_0 of w = sum_n A^n phi for powers without
// constants, and the Euclidean norm of the residual phi - (I - A) w, which lies along v_{m+1}.
// The error wraps ErrNoLimit.
func (t *Trajectory) Total() (w []float64, residual float64, err error) {
	if t.columns != t.m || t.first.tau != 0 {
		panic("krylov: a total of exponentials or modulo constants")
	}
	if t.m == 0 {
		return nil, 0, nil
	}
	if w, err = t.solve(t.y[:t.m], false); err != nil {
		return nil, 0, err
	}
	return w, t.hessenberg[t.m-1][t.m] * math.Abs(w[t.m-1]), nil
}

// solve returns (I - M)^{-1} y, or by the transposed matrix.
func (t *Trajectory) solve(y []float64, transposed bool) ([]float64, error) {
	if t.m == 0 {
		return nil, nil
	}
	a := mat.NewDense(t.m, t.m, nil)
	for j := range t.m {
		for i, v := range t.first.forward.column(j)[:t.m] {
			a.Set(i, j, -v)
		}
		a.Set(j, j, 1+a.At(j, j))
	}
	var lu mat.LU
	lu.Factorize(a)
	x := mat.NewVecDense(t.m, nil)
	if err := lu.SolveVecTo(x, transposed, mat.NewVecDense(t.m, slices.Clone(y))); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoLimit, err)
	}
	return x.RawVector().Data, nil
}
