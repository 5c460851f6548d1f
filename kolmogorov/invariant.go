package kolmogorov

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// ErrNotUnique reports an operator that has no single invariant measure, as with two
// attractors and no noise.
var ErrNotUnique = errors.New("kolmogorov: the invariant measure is not unique")

// Invariant is the invariant measure pi of L on a grid as weights p on the nodes,
//
//	pi(phi) = p.phi,   L^T p = 0,   p.1 = 1.
//
// They are the weights of a functional and no density: some are negative, and of a
// point mass (no noise) they are those of an interpolation. It is immutable.
type Invariant struct {
	// Weights are p.
	Weights []float64
	// Residual is |L^T p|_1, and by a basis |e^{tau L^T} p - p|_1.
	Residual float64
	// Gap is the spectral gap on the grid, to some percent; zero where L was dense.
	Gap float64

	dense    *mat.LU   // of the bordered matrix
	rest     []float64 // its residual
	tau      float64
	rounding float64 // of e^{tau L^T} p
}

// Invariant returns the invariant measure. On small grids (SpectrumConfig.Dense) it
// solves the bordered system
//
//	( L^T 1 ) (p)   (0)
//	( 1^T 0 ) (s) = (1),
//
// which is regular if zero is a simple eigenvalue. On others p comes from a basis on fields
// that sum to zero: of the powers of (I - L^T/s)^{-1} in two dimensions while its factors are
// not too large, and of e^{tau L^T} otherwise. Some steps of the power method follow. The error
// is ErrNotUnique, ErrNotConverged, ErrStiff or, where fields are seen to grow, ErrNoGap: the
// resolvent sees eigenvalues near zero alone, so that CheckGrowth should come first. Without
// noise (a = 0) and with one attractor x* in the box pi is the point mass there, so that p.phi
// interpolates phi at x*: exactly where x* is a node, and with the error of the derivatives
// elsewhere. With several attractors it is not unique. Cost: n^3 operations for n dense nodes,
// or some 20 to 50 propagations over the time scale of L; with factors the work of these, and
// 32 to 64 solves.
func (op *Operator) Invariant(cfg *SpectrumConfig) (*Invariant, error) {
	c := cfg.withDefaults()
	if op.Len() <= c.Dense {
		return denseInvariant(op)
	}
	return krylovInvariant(op, c)
}

// mostCondition is the condition number of the bordered matrix beyond which it
// counts as singular.
const mostCondition = 1e14

// denseInvariant solves the bordered system.
func denseInvariant(op *Operator) (*Invariant, error) {
	n := op.Len()
	t := op.Transpose()
	// Scaled so that the border is of the size of L, for the condition number.
	l := denseMatrix(t)
	border := max(mat.Norm(l, 1), math.SmallestNonzeroFloat64) / float64(n)
	m := mat.NewDense(n+1, n+1, nil)
	for i := range n {
		copy(m.RawRowView(i), l.RawRowView(i))
		m.Set(i, n, border)
		m.Set(n, i, border)
	}
	v := &Invariant{Weights: make([]float64, n), dense: new(mat.LU)}
	v.dense.Factorize(m)
	if cond := conditionEstimate(v.dense, mat.Norm(m, 2)); !(cond < mostCondition) {
		return nil, fmt.Errorf("%w: the bordered matrix has the condition number %.3g", ErrNotUnique, cond)
	}
	right, p := mat.NewVecDense(n+1, nil), mat.NewVecDense(n+1, nil)
	right.SetVec(n, border)
	if err := v.dense.SolveVecTo(p, false, right); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotUnique, err)
	}
	copy(v.Weights, p.RawVector().Data)
	var image mat.VecDense
	image.MulVec(m, p)
	image.SubVec(&image, right)
	v.rest = image.RawVector().Data
	rest := make([]float64, n)
	t.ApplyTo(rest, nil, 1, v.Weights)
	v.Residual = floats.Norm(rest, 1)
	return v, nil
}

// conditionEstimate returns |M^{-1} z| |M|/|z|, M of the given Frobenius norm, at its
// largest over a few random z and both M and its transpose: below the condition number,
// by about the root of the size as a rule. The estimator of LU.Cond begins with the
// vector of ones, which the border solves: it is off by any factor here.
func conditionEstimate(lu *mat.LU, norm float64) float64 {
	const tries = 3
	rnd := rand.New(rand.NewPCG(11, 12))
	n, _ := lu.Dims()
	most := 1.0
	z, x := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for range tries {
		for i := range n {
			z.SetVec(i, rnd.NormFloat64())
		}
		for _, transposed := range []bool{false, true} {
			if err := lu.SolveVecTo(x, transposed, z); err != nil {
				return math.Inf(1)
			}
			most = max(most, norm*mat.Norm(x, 2)/mat.Norm(z, 2))
		}
	}
	return most
}

// Mean returns pi(phi) and an estimate of its error as a functional of the matrix L,
// rounding included; the error of the grid shows on another grid. Where L was dense
// the estimate is |w|.|r| with the residual r of p and L w = phi - pi(phi), w.1 = 0;
// otherwise it is |phi - pi(phi)| times the residual and the rounding in it over
// 1 - e^{-gap tau}. len(phi) must be the number of nodes, or it panics.
func (v *Invariant) Mean(phi []float64) (value, err float64) {
	if len(phi) != len(v.Weights) {
		panic(fmt.Sprintf("kolmogorov: a field of length %d on a grid of %d nodes", len(phi), len(v.Weights)))
	}
	value = floats.Dot(v.Weights, phi)
	const unit = 0x1p-52
	for i, p := range v.Weights {
		err += unit * math.Abs(p*phi[i])
	}
	if v.dense == nil {
		spread := 0.0
		for _, f := range phi {
			spread = max(spread, math.Abs(f-value))
		}
		return value, err + (v.Residual+v.rounding)*spread/-math.Expm1(-v.Gap*v.tau)
	}
	n := len(phi)
	right, w := mat.NewVecDense(n+1, nil), mat.NewVecDense(n+1, nil)
	for i, f := range phi {
		right.SetVec(i, f)
	}
	if fail := v.dense.SolveVecTo(w, true, right); fail != nil {
		return value, math.Inf(1)
	}
	for i, r := range v.rest {
		err += math.Abs(w.AtVec(i) * r)
	}
	return value, err
}
