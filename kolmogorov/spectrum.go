package kolmogorov

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/kolmogorov/parity"
)

// SpectrumConfig holds the choices of Spectrum and Invariant. The zero value and nil
// mean the defaults.
type SpectrumConfig struct {
	// Values is the number of leading eigenvalues; a complex pair is not cut.
	// Default 6.
	Values int
	// Dense is the largest number of nodes for which L is a dense matrix; beyond it
	// e^{tau L} is applied to fields. Default 256; negative: never dense.
	Dense int
	// Tolerance is the residual of an eigenvector of e^{tau L}, relative to its
	// eigenvalue, at which it counts as found. Default 1e-11.
	Tolerance float64
	// Restarts is the most Krylov spaces that are built. Default 60.
	Restarts int
	// Of is a field u; nil: any. The modes are those of constants and of the parities that e^{tL} u has under reflections
	// of the grid's axes. Other fields have the eigenvalue -100 over the time in which drift or diffusion crosses half the box.
	Of []float64
}

// withDefaults returns the choices with the defaults filled in; nil is zero.
func (c *SpectrumConfig) withDefaults() SpectrumConfig {
	var f SpectrumConfig
	if c != nil {
		f = *c
	}
	if f.Values <= 0 {
		f.Values = 6
	}
	if f.Dense == 0 {
		f.Dense = 256
	}
	if f.Tolerance <= 0 {
		f.Tolerance = 1e-11
	}
	if f.Restarts <= 0 {
		f.Restarts = 60
	}
	return f
}

// ErrNotConverged reports eigenvalues that were not found.
var ErrNotConverged = errors.New("kolmogorov: eigenvalues have not converged")

// Eigenvalue is one eigenvalue of L on a grid.
type Eigenvalue struct {
	Value complex128
	// Residual is |L v - lambda v| of the eigenvector v of length 1, in the
	// Euclidean norm over the nodes.
	Residual float64
	// Condition is |w| |v| / |<w, v>|, w the left eigenvector: by how much the
	// eigenvalue may move, per size of a small perturbation of the matrix. By
	// Arnoldi it is that of the matrix on the Krylov space, an estimate.
	Condition float64
	// Algebra estimates the error as an eigenvalue of the matrix: condition times
	// residual, to first order a bound.
	Algebra float64
	// Grid is the distance from the eigenvalue of the other grid, NaN before
	// Spectrum.Against.
	Grid float64
}

// Spectrum holds the leading eigenvalues of L on a grid: those of the largest real
// part, by which e^{tL} forgets its start.
type Spectrum struct {
	Values []Eigenvalue // by falling real part, of a pair the one above the axis first
	// Tau is the time of the propagator whose eigenvalues e^{tau lambda} were
	// computed; zero where L was a dense matrix.
	Tau float64
	// Applications is the number of times that L was applied, without those that
	// filled a dense matrix.
	Applications int
}

// Spectrum returns the leading eigenvalues of L: of a dense matrix by the QR
// algorithm if the grid is small, and otherwise those of e^{tau L} by Arnoldi's
// method, lambda = log(mu)/tau. tau is the time in which the drift crosses the box.
// The logarithm's branch is checked: an eigenvalue with |Im lambda| tau >= pi, or
// one that is mixed with such a one, shows by the residual under L itself, which is
// then of the size of 2 pi/tau, and tau is halved. The error is ErrNotConverged or ErrStiff. Where L is far from
// normal, as by closures on noisy faces, eigenvalues are sensitive: Condition and
// Algebra say how much. Cost: about 30 n^3 operations for n nodes that are dense,
// otherwise tens to hundreds of propagations over tau and 60 fields of memory.
// Source: Stewart, A Krylov-Schur algorithm for large eigenproblems, SIAM J. Matrix
// Anal. Appl. 23 (2001), doi:10.1137/S0895479800371529.
func (op *Operator) Spectrum(cfg *SpectrumConfig) (*Spectrum, error) {
	c, l := cfg.withDefaults(), linear(op)
	if c.Of != nil {
		l = onModesOf(op, c.Of)
	}
	if l.Len() <= c.Dense {
		return denseSpectrum(l, c.Values)
	}
	s, err := newKrylov(&counted{op: l}, op.timescale(), c).run()
	if err != nil {
		return nil, err
	}
	return s.spectrum, nil
}

// awayTimes is how fast other fields fall, in units of one over the operator's timescale: faster than any leading mode.
const awayTimes = 100

// modesOf is L on the fields with parities of a closed set; all others fall at the rate away.
type modesOf struct {
	*Operator
	l                    *reflectedOperator
	away                 float64
	folded, packed, part []float64 // workspace: by parities all of a field and its part in the set, and that part
}

// onModesOf returns L on the fields with the parities of u; see SpectrumConfig.
func onModesOf(op *Operator, u []float64) linear {
	checkField(op.g, "a field", u)
	r := parity.NewReflections(op.g)
	folded := make([]float64, r.Blocks*r.Size)
	r.FoldTo(folded, u, math.Sqrt2)
	l := newReflectedOperator(op, r, r.Present(folded)|1)
	if l.set == 1<<r.Blocks-1 {
		return op
	}
	return &modesOf{op, l, awayTimes / op.timescale(), folded, make([]float64, l.Len()), make([]float64, op.Len())}
}

func (w *modesOf) ApplyTo(dst, u []float64, c float64, v []float64) {
	w.l.FoldTo(w.folded, v, math.Sqrt2)
	w.l.packTo(w.packed, w.folded)
	w.l.UnfoldTo(w.part, w.packed, w.l.set)
	w.Operator.ApplyTo(dst, u, c, w.part)
	for i, x := range w.part {
		dst[i] += c * w.away * (x - v[i])
	}
}

// timescale is the time in which drift or diffusion crosses half the box.
func (op *Operator) timescale() float64 {
	rate := 0.0
	for k := range op.Dim() {
		half := (op.g.Axis(k).Hi() - op.g.Axis(k).Lo()) / 2
		if b := op.c.B[k]; b != nil {
			rate = max(rate, maxAbs(b)/half)
		}
		if a := op.c.A[k][k]; a != nil {
			rate = max(rate, maxAbs(a)/(2*half*half))
		}
	}
	if rate == 0 {
		return 1
	}
	return 1 / rate
}

// denseMatrix returns the matrix of an operator.
func denseMatrix(op linear) *mat.Dense {
	n := op.Len()
	m := mat.NewDense(n, n, nil)
	e, column := make([]float64, n), make([]float64, n)
	for j := range n {
		e[j] = 1
		op.ApplyTo(column, nil, 1, e)
		e[j] = 0
		m.SetCol(j, column)
	}
	return m
}

// denseSpectrum is Spectrum by the QR algorithm.
func denseSpectrum(op linear, want int) (*Spectrum, error) {
	var eig mat.Eigen
	if !eig.Factorize(denseMatrix(op), mat.EigenBoth) {
		return nil, fmt.Errorf("%w: the QR algorithm failed on %d nodes", ErrNotConverged, op.Len())
	}
	values := eig.Values(nil)
	var right, left mat.CDense
	eig.VectorsTo(&right)
	eig.LeftVectorsTo(&left)
	s := new(Spectrum)
	c := &counted{op: op}
	re, im := make([]float64, op.Len()), make([]float64, op.Len())
	for _, j := range leading(values, want, func(v complex128) float64 { return real(v) }) {
		for i := range re {
			v := right.At(i, j)
			re[i], im[i] = real(v), imag(v)
		}
		e := Eigenvalue{Value: values[j], Condition: conditionOf(&left, &right, j), Grid: math.NaN()}
		e.Residual = eigenResidual(c, values[j], re, im)
		e.Algebra = e.Condition * e.Residual
		s.Values = append(s.Values, e)
	}
	s.Applications = c.count
	return s, nil
}

// leading returns the indices of the want values of the largest size, and one more
// if a pair would be cut; of a pair the one above the real axis comes first.
func leading(values []complex128, want int, size func(complex128) float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := values[i], values[j]
		return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(math.Abs(imag(a)), math.Abs(imag(b))), cmp.Compare(imag(b), imag(a)))
	})
	want = min(want, len(order))
	if want < len(order) && imag(values[order[want-1]]) > 0 && values[order[want]] == cmplx.Conj(values[order[want-1]]) {
		want++
	}
	return order[:want]
}

// conditionOf returns |w| |v| / |<w, v>| of column j.
func conditionOf(left, right *mat.CDense, j int) float64 {
	n, _ := left.Dims()
	var inner complex128
	var w, v float64
	for i := range n {
		a, b := left.At(i, j), right.At(i, j)
		inner += cmplx.Conj(a) * b
		w += real(a)*real(a) + imag(a)*imag(a)
		v += real(b)*real(b) + imag(b)*imag(b)
	}
	return math.Sqrt(w*v) / cmplx.Abs(inner)
}

// eigenResidual returns |L v - lambda v|/|v| of a complex field.
func eigenResidual(op linear, lambda complex128, re, im []float64) float64 {
	lre, lim := make([]float64, len(re)), make([]float64, len(re))
	op.ApplyTo(lre, nil, 1, re)
	if imag(lambda) != 0 {
		op.ApplyTo(lim, nil, 1, im)
	}
	norm, rest := 0.0, 0.0
	for i := range re {
		v := complex(re[i], im[i])
		norm += real(v)*real(v) + imag(v)*imag(v)
		r := complex(lre[i], lim[i]) - lambda*v
		rest += real(r)*real(r) + imag(r)*imag(r)
	}
	return math.Sqrt(rest / norm)
}

// counted counts the applications of an operator.
type counted struct {
	op    linear
	count int
}

var _ linear = (*counted)(nil)

func (c *counted) Len() int { return c.op.Len() }

func (c *counted) ApplyTo(dst, u []float64, f float64, v []float64) {
	c.count++
	c.op.ApplyTo(dst, u, f, v)
}
