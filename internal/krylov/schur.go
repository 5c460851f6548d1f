package krylov

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"
)

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
