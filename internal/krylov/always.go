package krylov

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// Constants of the bound for all n.
const (
	// maxContraction is the most steps in which the small matrix must become a contraction.
	maxContraction = 1 << 16
	// maxSummed is the most steps that are summed one by one.
	maxSummed = 1 << 18
	// contraction is the Frobenius norm of a power from which the tail is a geometric series.
	contraction = 0.5
	// tailShare is the share of the sum at which the tail needs no more steps.
	tailShare = 0.05
)

// BoundAlways returns what every field errs by at most, for all n at once, the limit
// included; infinite where the sum is not seen to converge, as without Modulo where A keeps
// constants. Let M be the small matrix without constants, p a power of two with |M^p| <= q =
// 1/2, and w_k what the sum or integral gets in step k. Then
//
//	sum_{k>=0} w_k <= sum_{k<K} w_k + |y_K| R/(1-q),   R >= sum_{r<p} |e_m^T M^r|.
//
// Norms are Euclidean and |M^p| that of Frobenius. Cost: K + p products with M, p about
// 1/(1 - |mu|) for its leading eigenvalue mu.
func (t *Trajectory) BoundAlways() float64 {
	if t.m == 0 {
		return t.Bound(0)
	}
	p := t.contractionSteps()
	if p == 0 {
		return math.Inf(1)
	}
	rows := t.rowSum(p)
	p /= t.first.stride
	for k := p; ; k *= 2 {
		t.reach(k)
		rest := norm2(t.y[k*t.columns:k*t.columns+t.m]) / (1 - contraction)
		sum, loss := t.factor*t.sums[k], t.loss[k]
		// |y_{k+p}| <= q |y_k|: all rounding to come is at most that of the last p steps.
		tail := t.factor*rest*rows + (t.loss[k] - t.loss[k-p])
		if tail <= tailShare*(sum+loss) || 2*k*t.first.stride > maxSummed {
			return finite(sum + loss + tail)
		}
	}
}

// contractionSteps returns a power of two p, at least the stride, with |M^p| <= contraction,
// 0 if there is none.
func (t *Trajectory) contractionSteps() int {
	n := (t.m + 3) &^ 3
	a, b := make([]float64, n*n), make([]float64, n*n)
	for j := range t.m {
		for i, v := range t.first.forward.column(j)[:t.m] {
			a[i*n+j] = v
		}
	}
	for p := 1; p <= maxContraction; p *= 2 {
		if size := norm2(a); size <= contraction && p >= t.first.stride {
			return p
		} else if !(size <= math.MaxFloat32) {
			return 0
		}
		kernel.Mul(n, n, n, a, n, a, n, b, n)
		a, b = b, a
	}
	return 0
}

// rowSum returns the sum over r < p of |e_m^T M^r|, for exponentials a bound of the integral
// of |e_m^T e^{sH}|.
func (t *Trajectory) rowSum(p int) float64 {
	back := newColumnMatrix(t.m)
	for j := range t.m {
		for i, v := range t.first.forward.column(j)[:t.m] {
			back.column(i)[j] = v
		}
	}
	row, next, turned := make([]float64, t.m), make([]float64, t.m), make([]float64, t.m)
	row[t.m-1] = 1
	sum, slope := 0.0, t.rowSlope(turned, row)
	for range p {
		back.mulTo(next, row)
		if t.first.tau == 0 {
			sum += norm2(row)
		} else {
			s := t.rowSlope(turned, next)
			sum += integral(norm2(row), norm2(next), max(slope, s), t.first.tau)
			slope = s
		}
		row, next = next, row
	}
	return sum
}

// rowSlope returns |H^T z|.
func (t *Trajectory) rowSlope(dst, z []float64) float64 {
	if t.first.tau == 0 {
		return 0
	}
	for j, column := range t.hessenberg {
		sum := 0.0
		for i, v := range column[:min(j+2, t.m)] {
			sum += v * z[i]
		}
		dst[j] = sum
	}
	return norm2(dst)
}

// ErrNoLimit reports a small problem without a unique limit.
var ErrNoLimit = errors.New("krylov: the trajectory has no limit that a solve can find")

// Limit returns the constants that A^n phi or e^{tA} phi tend to, c(phi) + c.(I - M)^{-1}
// y_0, which err by BoundAlways at most; nothing without Modulo, where the limit is zero. It
// is only a limit where BoundAlways is finite. The error wraps ErrNoLimit.
func (t *Trajectory) Limit() ([]float64, error) {
	limit := append([]float64(nil), t.y[t.m:t.columns]...)
	if t.m == 0 || len(limit) == 0 {
		return limit, nil
	}
	x, err := t.solve()
	if err != nil {
		return nil, err
	}
	for j := range t.m {
		for i, c := range t.first.forward.column(j)[t.m:] {
			limit[i] += c * x[j]
		}
	}
	return limit, nil
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
	if w, err = t.solve(); err != nil {
		return nil, 0, err
	}
	return w, t.hessenberg[t.m-1][t.m] * math.Abs(w[t.m-1]), nil
}

// solve returns (I - M)^{-1} y_0.
func (t *Trajectory) solve() ([]float64, error) {
	a := mat.NewDense(t.m, t.m, nil)
	for j := range t.m {
		for i, v := range t.first.forward.column(j)[:t.m] {
			a.Set(i, j, -v)
		}
		a.Set(j, j, 1+a.At(j, j))
	}
	x := mat.NewVecDense(t.m, nil)
	if err := x.SolveVec(a, mat.NewVecDense(t.m, append([]float64(nil), t.y[:t.m]...))); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoLimit, err)
	}
	return x.RawVector().Data, nil
}
