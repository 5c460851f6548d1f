package kolmogorov

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	arnoldi "kolmo/internal/krylov"
)

// Constants of Arnoldi's method on e^{tau L}.
const (
	// krylovExtra is the number of vectors of a Krylov space beyond twice the wanted
	// eigenvalues.
	krylovExtra = 28
	// mostHalvings bounds how often tau is halved.
	mostHalvings = 12
	// mixedShare is the residual under L, in units of pi/tau, from which an eigenvector
	// of e^{tau L} is taken for one of another branch of the logarithm, or for a mixture
	// of two of L with the same mu.
	mixedShare = 1e-3
	// leastModulus is the least |mu| from which digits of lambda are left.
	leastModulus = 1e-4
	// breakdown is the relative length of a new vector that is rounding.
	breakdown = 1e-14
)

// krylov finds the leading eigenvalues of A = e^{tau L} by Arnoldi's method with
// restarts on Schur vectors (Stewart 2001),
//
//	A V_m = V_m H + v_{m+1} h^T,
//
// V orthonormal to rounding by orthogonalising every vector twice. Eigenvalues that
// are multiple show themselves once per start: what has been found is locked and a
// new random vector, orthogonal to it, is tried until nothing more comes.
type krylov struct {
	op     *counted
	taylor *taylor
	tau    float64
	cfg    SpectrumConfig
	m      int
	rnd    *rand.Rand
	v      [][]float64 // m+1 vectors
	h      *mat.Dense  // (m+1) x m
	// dropped is the coupling of what is locked to the rest, set to zero.
	dropped float64
	// rounding is that of one application of A to a vector of length 1.
	rounding float64
}

// found is what krylov found.
type found struct {
	spectrum *Spectrum
	re, im   [][]float64 // eigenvectors
}

func newKrylov(op *counted, tau float64, cfg SpectrumConfig) *krylov {
	k := &krylov{op: op, tau: tau, cfg: cfg, taylor: newTaylor(op, taylorTolerance)}
	k.m = min(2*cfg.Values+krylovExtra, op.Len())
	k.v = make([][]float64, k.m+1)
	for j := range k.v {
		k.v[j] = make([]float64, op.Len())
	}
	return k
}

// run looks for the eigenvalues, with smaller tau until none is aliased.
func (k *krylov) run() (*found, error) {
	for range mostHalvings {
		f, ok, err := k.attempt()
		if err != nil || ok {
			return f, err
		}
		k.tau /= 2
	}
	return nil, fmt.Errorf("%w: the rotation is too fast for e^{tau L} at tau = %.3g", ErrNotConverged, k.tau)
}

// attempt runs with one tau; it reports false if tau is too large.
func (k *krylov) attempt() (f *found, ok bool, err error) {
	k.rnd = rand.New(rand.NewPCG(9, 10))
	k.h = mat.NewDense(k.m+1, k.m, nil)
	k.dropped = 0
	if k.rounding, ok = k.taylor.rounding(k.tau, k.rnd); !ok {
		return nil, false, ErrStiff
	}
	k.fresh(0)
	columns, locked := 0, false
	var before []complex128
	for range k.cfg.Restarts {
		if err := k.expand(columns); err != nil {
			return nil, false, err
		}
		var eig mat.Eigen
		small := k.h.Slice(0, k.m, 0, k.m)
		if !eig.Factorize(small, mat.EigenBoth) {
			return nil, false, fmt.Errorf("%w: the QR algorithm failed on the Krylov space", ErrNotConverged)
		}
		mus := eig.Values(nil)
		order := leading(mus, k.cfg.Values, cmplx.Abs)
		var right, left mat.CDense
		eig.VectorsTo(&right)
		eig.LeftVectorsTo(&left)
		done := true
		for _, j := range order {
			done = done && k.residual(&right, j) <= k.cfg.Tolerance*cmplx.Abs(mus[j])
		}
		if cmplx.Abs(mus[order[len(order)-1]]) < leastModulus {
			return nil, false, nil
		}
		if done && (k.m == k.op.Len() || locked && same(before, mus, order, k.cfg.Tolerance)) {
			f, ok = k.collect(mus, order, &right, &left)
			return f, ok, nil
		}
		if columns, err = k.restart(len(order)); err != nil {
			return nil, false, err
		}
		if locked = done; done {
			// Lock what is there and try another direction.
			before = before[:0]
			for _, j := range order {
				before = append(before, mus[j])
			}
			for j := range columns {
				k.dropped = math.Hypot(k.dropped, k.h.At(columns, j))
				k.h.Set(columns, j, 0)
			}
			k.fresh(columns)
		}
	}
	return nil, false, fmt.Errorf("%w within %d Krylov spaces of %d vectors", ErrNotConverged, k.cfg.Restarts, k.m)
}

// same reports that the leading values are those found before.
func same(before, mus []complex128, order []int, tolerance float64) bool {
	if len(before) != len(order) {
		return false
	}
	for i, j := range order {
		near := false
		for _, b := range before {
			// The square root: defective values move by that much.
			near = near || cmplx.Abs(mus[j]-b) <= math.Sqrt(tolerance)*cmplx.Abs(b)
		}
		if !near || math.Abs(cmplx.Abs(mus[j])-cmplx.Abs(before[i])) > math.Sqrt(tolerance)*cmplx.Abs(before[i]) {
			return false
		}
	}
	return true
}

// residual returns |A v - mu v| of the Ritz vector of column j, of length 1.
func (k *krylov) residual(right *mat.CDense, j int) float64 {
	norm := 0.0
	for i := range k.m {
		norm = math.Hypot(norm, cmplx.Abs(right.At(i, j)))
	}
	return k.h.At(k.m, k.m-1) * cmplx.Abs(right.At(k.m-1, j)) / norm
}

// fresh makes v_j a random unit vector that is orthogonal to those before it.
func (k *krylov) fresh(j int) {
	for i := range k.v[j] {
		k.v[j][i] = k.rnd.NormFloat64()
	}
	k.orthogonalise(k.v[j], j, nil)
	floats.Scale(1/floats.Norm(k.v[j], 2), k.v[j])
}

// orthogonalise removes from w the parts along v_0 .. v_{j-1}, twice, and adds them
// to coefficients.
func (k *krylov) orthogonalise(w []float64, j int, coefficients []float64) {
	for range 2 {
		for i := range j {
			c := floats.Dot(k.v[i], w)
			floats.AddScaled(w, -c, k.v[i])
			if coefficients != nil {
				coefficients[i] += c
			}
		}
	}
}

// expand builds the Krylov space from the given number of columns to m.
func (k *krylov) expand(columns int) error {
	coefficients := make([]float64, k.m+1)
	for j := columns; j < k.m; j++ {
		w, ok := k.taylor.expTo(k.tau, k.taylor.parts(k.tau), k.v[j])
		if !ok {
			return ErrStiff
		}
		size := floats.Norm(w, 2)
		clear(coefficients)
		k.orthogonalise(w, j+1, coefficients)
		next := floats.Norm(w, 2)
		if next <= breakdown*size || j+1 == k.op.Len() {
			next = 0
		}
		coefficients[j+1] = next
		for i := range j + 2 {
			k.h.Set(i, j, coefficients[i])
		}
		switch {
		case next > 0:
			copy(k.v[j+1], w)
			floats.Scale(1/next, k.v[j+1])
		case j+1 < k.op.Len():
			k.fresh(j + 1)
		}
	}
	return nil
}

// restart keeps the Schur vectors of the leading want eigenvalues, one more where a
// pair would be cut, and returns how many.
func (k *krylov) restart(want int) (int, error) {
	m := k.m
	t := make([]float64, m*m)
	for i := range m {
		for j := range m {
			t[i*m+j] = k.h.At(i, j)
		}
	}
	q, err := arnoldi.Schur(t, m)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNotConverged, err)
	}
	kept, err := arnoldi.LeadingFirst(t, q, m, want)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrNotConverged, err)
	}
	if kept >= m { // all of a small space
		kept = m - 1
	}
	k.rotate(t, q, kept)
	return kept, nil
}

// rotate replaces V by V Q and v_{m+1} and H by T and the last row of H Q.
func (k *krylov) rotate(t, q []float64, kept int) {
	m, n := k.m, k.op.Len()
	last := k.h.At(m, m-1)
	row := make([]float64, m)
	for i := range n {
		for j := range kept {
			sum := 0.0
			for l := range m {
				sum += k.v[l][i] * q[l*m+j]
			}
			row[j] = sum
		}
		for j := range kept {
			k.v[j][i] = row[j]
		}
	}
	copy(k.v[kept], k.v[m])
	k.h.Zero()
	for i := range kept {
		for j := range kept {
			k.h.Set(i, j, t[i*m+j])
		}
	}
	for j := range kept {
		k.h.Set(kept, j, last*q[(m-1)*m+j])
	}
	if last == 0 {
		k.fresh(kept)
	}
}

// collect returns the eigenvalues of L; it reports false where one may be aliased.
func (k *krylov) collect(mus []complex128, order []int, right, left *mat.CDense) (*found, bool) {
	f := &found{spectrum: &Spectrum{Tau: k.tau}}
	n := k.op.Len()
	for _, j := range order {
		re, im := make([]float64, n), make([]float64, n)
		for l := range k.m {
			y := right.At(l, j)
			floats.AddScaled(re, real(y), k.v[l])
			floats.AddScaled(im, imag(y), k.v[l])
		}
		lambda := cmplx.Log(mus[j]) / complex(k.tau, 0)
		// Of another branch it would be 2 pi/tau or more, of a mixture a share of that.
		residual := eigenResidual(k.op, lambda, re, im)
		if residual > mixedShare*math.Pi/k.tau {
			return nil, false
		}
		e := Eigenvalue{Value: lambda, Residual: residual, Condition: conditionOf(left, right, j), Grid: math.NaN()}
		// In terms of mu, with the rounding of e^{tau L}.
		size := cmplx.Abs(mus[j])
		e.Algebra = e.Condition * (k.residual(right, j) + k.dropped + k.rounding) / (size * k.tau)
		f.spectrum.Values = append(f.spectrum.Values, e)
		f.re, f.im = append(f.re, re), append(f.im, im)
	}
	f.spectrum.Applications = k.op.count
	return f, true
}

// rounding estimates that of one application of e^{tau L} to a field of length 1. What a
// polynomial rounds, its terms being up to e^6 times the sum, is amplified by as much as
// |e^{tL}| grows before tau. Two random sign fields show that.
func (t *taylor) rounding(tau float64, rnd *rand.Rand) (float64, bool) {
	const perStep, fields = 1e-14, 2
	growth := 1.0
	for range fields {
		v := make([]float64, t.op.Len())
		for i := range v {
			v[i] = float64(2*rnd.IntN(2) - 1)
		}
		for s := 0.0; s < tau; {
			dt := min(t.step, tau-s)
			var ok bool
			if v, ok = t.expTo(dt, 1, v); !ok {
				return 0, false
			}
			s += dt
			growth = max(growth, maxAbs(v))
		}
	}
	return perStep * growth, true
}
