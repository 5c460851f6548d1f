package krylov

import (
	"errors"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/mat"
)

// Eigenvalue is one of H, which approximates one of A, or of P A modulo constants.
type Eigenvalue struct {
	Value complex128
	// Residual is |A v - lambda v| of its vector v of length 1, in the Euclidean norm:
	// h |e_m.s| for the eigenvector s of H.
	Residual float64
	// Condition is |w| |s| / |<w,s>| with the left eigenvector w of H: to first order
	// Condition times Residual bounds the error.
	Condition float64
	// Vector are the real parts of s, the coefficients of v that FieldTo wants without constants.
	Vector []float64
}

// ErrEigenvalues reports that the QR algorithm failed.
var ErrEigenvalues = errors.New("krylov: the QR algorithm failed on the small matrix")

// Eigenvalues returns those of H whose size is largest: by cmplx.Abs for powers, by the real
// part for exponentials; fewer than count where the basis is smaller, one more where a pair
// would be cut. The error is ErrEigenvalues. Cost: some 25 m^3 operations.
func (b *Basis) Eigenvalues(count int, size func(complex128) float64) ([]Eigenvalue, error) {
	if b.m == 0 || count <= 0 {
		return nil, nil
	}
	h := mat.NewDense(b.m, b.m, nil)
	for j := range b.m {
		for i, v := range b.h[j][:min(j+2, b.m)] {
			h.Set(i, j, v)
		}
	}
	var eig mat.Eigen
	if !eig.Factorize(h, mat.EigenBoth) {
		return nil, ErrEigenvalues
	}
	values := eig.Values(nil)
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch a, b := size(values[i]), size(values[j]); {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	count = min(count, len(order))
	if last := values[order[count-1]]; count < len(order) && imag(last) != 0 && values[order[count]] == cmplx.Conj(last) &&
		(count == 1 || values[order[count-2]] != cmplx.Conj(last)) {
		count++
	}
	var right, left mat.CDense
	eig.VectorsTo(&right)
	eig.LeftVectorsTo(&left)
	found := make([]Eigenvalue, count)
	for k, j := range order[:count] {
		var inner complex128
		var w, s float64
		vector := make([]float64, b.m)
		for i := range b.m {
			l, r := left.At(i, j), right.At(i, j)
			inner += cmplx.Conj(l) * r
			w += real(l)*real(l) + imag(l)*imag(l)
			s += real(r)*real(r) + imag(r)*imag(r)
			vector[i] = real(r)
		}
		found[k] = Eigenvalue{
			Value:     values[j],
			Residual:  b.h[b.m-1][b.m] * cmplx.Abs(right.At(b.m-1, j)) / math.Sqrt(s),
			Condition: math.Sqrt(w*s) / cmplx.Abs(inner),
			Vector:    vector,
		}
	}
	return found, nil
}

// Schur overwrites a matrix of order m, row by row, by its real Schur form T and returns Q, with
// Q T Q^T the matrix. Cost: O(m^3).
func Schur(t []float64, m int) ([]float64, error) {
	var impl lapackgo.Implementation
	q := make([]float64, m*m)
	if m == 1 {
		q[0] = 1
		return q, nil
	}
	tau := make([]float64, m-1)
	work := make([]float64, 64*m)
	impl.Dgehrd(m, 0, m-1, t, m, tau, work, len(work))
	copy(q, t)
	impl.Dorghr(m, 0, m-1, q, m, tau, work, len(work))
	for i := 2; i < m; i++ {
		clear(t[i*m : i*m+i-1])
	}
	wr, wi := make([]float64, m), make([]float64, m)
	if impl.Dhseqr(lapack.EigenvaluesAndSchur, lapack.SchurOrig, m, 0, m-1, t, m, wr, wi, q, m, work, len(work)) != 0 {
		return nil, errors.New("the QR algorithm failed on the Krylov space")
	}
	return q, nil
}

// schurBlock returns the modulus of the eigenvalue at row i of a Schur form, the
// first of its block, and the block's width.
func schurBlock(t []float64, m, i int) (modulus float64, width int) {
	if i+1 < m && t[(i+1)*m+i] != 0 {
		// Standardised: equal diagonal, off-diagonals of opposite sign.
		return math.Hypot(t[i*m+i], math.Sqrt(math.Abs(t[i*m+i+1]*t[(i+1)*m+i]))), 2
	}
	return math.Abs(t[i*m+i]), 1
}

// LeadingFirst moves the want eigenvalues of the largest modulus of a Schur form to its
// top, one more where a pair would be cut, and returns how many.
func LeadingFirst(t, q []float64, m, want int) (int, error) {
	kept := 0
	work := make([]float64, m)
	for kept < want && kept < m {
		at, best := kept, -1.0
		for i := kept; i < m; {
			size, width := schurBlock(t, m, i)
			if size > best {
				at, best = i, size
			}
			i += width
		}
		_, width := schurBlock(t, m, at)
		if _, _, ok := (lapackgo.Implementation{}).Dtrexc(lapack.UpdateSchur, m, t, m, q, m, at, kept, work); !ok {
			return 0, errors.New("Schur blocks too close to exchange")
		}
		kept += width
	}
	return kept, nil
}
