package kolmogorov

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"

	"gonum.org/v1/gonum/floats"

	arnoldi "kolmo/internal/krylov"
)

// Constants of the null vector of L^T by bases.
const (
	// nullParts is the most parts of the time scale that one application of e^{tau L^T}
	// takes: vectors are cheaper than time.
	nullParts = 8
	// nullVectors is the most vectors of a basis, and nullStage those between two looks at it.
	nullVectors, nullStage = 160, 8
	// gapShare is the error of the gap, relative to it, at which it counts as known.
	gapShare = 0.05
	// nullResidual is the residual of p, relative to its size, at which rounding has it, and
	// nullRounding that below which it counts for rounding if it does not fall.
	nullResidual, nullRounding = 1e-15, 1e-11
	// resolventShare is s in units of the rate that belongs to the time scale: eigenvalues
	// of the resolvent are small but for those below s.
	resolventShare = 0.1
	// mostPolish is the largest number of steps of the power method after the basis.
	mostPolish = 4
)

// nullVector finds p with E p = p and 1.p = 1, where E is the resolvent (I - L^T/s)^{-1} if it
// has factors, and otherwise e^{tau L^T}. On fields that sum to zero, which E keeps, I - E is regular where p is unique. There
//
//	p = u + (I - E)^{-1} (E u - u),   1.u = 1,
//
// from a basis of the powers of E on E u - u, and one on a random field tells the gap.
type nullVector struct {
	op       *Operator
	taylor   *taylor
	tau      float64
	parts    int // that the time scale has of tau
	rounding float64
	failed   bool // a propagation is no number

	resolvent *resolvent // nil where e^{tau L^T} is applied
	s         float64
}

// krylovInvariant is Invariant by e^{tau L^T}.
func (op *Operator) krylovInvariant(c SpectrumConfig) (*Invariant, error) {
	t := op.Transpose()
	n := &nullVector{op: op, taylor: newTaylor(t, taylorTolerance), tau: op.timescale(), parts: 1}
	for n.parts < nullParts && n.tau/2 > n.taylor.step {
		n.tau, n.parts = n.tau/2, 2*n.parts
	}
	rnd := rand.New(rand.NewPCG(9, 10))
	var ok bool
	whole := n.tau * float64(n.parts)
	if n.rounding, ok = n.taylor.rounding(whole, rnd); !ok {
		return nil, ErrStiff
	}
	n.s = resolventShare / whole
	n.resolvent = newResolvent(op, t, n.s)
	gap, err := n.gap(rnd)
	if err != nil {
		return nil, err
	}
	v := &Invariant{Gap: gap.Value, tau: whole, Residual: math.Inf(1)}
	p, err := n.solve()
	if err != nil {
		return nil, err
	}
	v.Weights = p
	for range mostPolish {
		next, ok := n.taylor.expTo(whole, n.taylor.parts(whole), v.Weights)
		if !ok {
			return nil, ErrStiff
		}
		rest := floats.Distance(next, v.Weights, 1)
		if !(rest < v.Residual) {
			break
		}
		v.Residual = rest
		sum := floats.Sum(next)
		if math.Abs(sum) <= 1/mostCondition*floats.Norm(next, 1) {
			break
		}
		floats.Scale(1/sum, next)
		v.Weights = next
	}
	if !(v.Residual <= c.Tolerance*floats.Norm(v.Weights, 1)) {
		return nil, fmt.Errorf("%w: the null vector of L^T has the residual %.3g", ErrNotConverged, v.Residual)
	}
	v.rounding = n.rounding * floats.Norm(v.Weights, 1)
	return v, nil
}

// applyTo stores E v without its mean in dst.
func (n *nullVector) applyTo(dst, v []float64) {
	if n.resolvent != nil {
		n.resolvent.applyTo(dst, v)
	} else {
		w, ok := n.taylor.expTo(n.tau, n.taylor.parts(n.tau), v)
		n.failed = n.failed || !ok
		copy(dst, w)
	}
	toZeroSum(dst)
}

// gapOf returns the rate that belongs to an eigenvalue of E, with its error, and the part of
// that which more vectors take away.
func (n *nullVector) gapOf(e arnoldi.Eigenvalue) (gap SpectralGap, truncated float64) {
	size := cmplx.Abs(e.Value)
	per, rounding := e.Condition/(size*n.tau), n.rounding/float64(n.parts)
	gap = SpectralGap{Value: -math.Log(size) / n.tau, Grid: math.NaN()}
	if n.resolvent != nil {
		per, rounding = e.Condition*n.s/(size*size), max(n.rounding, n.resolvent.miss)
		gap.Value = n.s * real(1/e.Value-1)
	}
	truncated = per * e.Residual
	gap.Algebra = truncated + per*rounding
	return gap, truncated
}

// toZeroSum takes the mean from a field.
func toZeroSum(v []float64) { floats.AddConst(-floats.Sum(v)/float64(len(v)), v) }

// extend adds a stage to a basis; it reports whether more can follow.
func (n *nullVector) extend(b *arnoldi.Basis) (bool, error) {
	more, err := b.Extend(nullStage)
	if n.failed {
		return false, ErrStiff
	}
	return more && b.Dim() < nullVectors, err
}

// gap returns the spectral gap from the leading eigenvalue of E on a random field that sums
// to zero. The error is ErrNotUnique where it is zero to its error.
func (n *nullVector) gap(rnd *rand.Rand) (SpectralGap, error) {
	z := make([]float64, n.op.Len())
	for i := range z {
		z[i] = rnd.NormFloat64()
	}
	toZeroSum(z)
	b, err := arnoldi.New(n.applyTo, z, nil)
	if err != nil {
		return SpectralGap{}, err
	}
	for more := true; ; {
		if more, err = n.extend(b); err != nil {
			return SpectralGap{}, err
		}
		found, err := b.Eigenvalues(1, cmplx.Abs)
		if err != nil {
			return SpectralGap{}, err
		}
		gap, truncated := n.gapOf(found[0])
		known := truncated <= gapShare*math.Abs(gap.Value)
		switch {
		case known && gap.Value > 10*gap.Algebra:
			return gap, nil
		case known && gap.Value < -max(10*gap.Algebra, noise/(n.tau*float64(n.parts))):
			return gap, fmt.Errorf("%w: fields grow at the rate %.4g; use fewer nodes, a wider box or a lower order", ErrNoGap, -gap.Value)
		case !more || known || truncated <= gap.Algebra/2 && math.Abs(gap.Value) < gap.Algebra:
			return gap, fmt.Errorf("%w: the spectral gap is %.3g with an error of %.1g", ErrNotUnique, gap.Value, gap.Algebra)
		}
	}
}

// solve returns p.
func (n *nullVector) solve() ([]float64, error) {
	u := make([]float64, n.op.Len())
	floats.AddConst(1/float64(len(u)), u)
	start := make([]float64, len(u))
	n.applyTo(start, u)
	if n.failed {
		return nil, ErrStiff
	}
	toZeroSum(start)
	b, err := arnoldi.New(n.applyTo, start, nil)
	if err != nil {
		return nil, err
	}
	p, least := u, math.Inf(1)
	for more := !b.Closed(); more; {
		if more, err = n.extend(b); err != nil {
			return nil, err
		}
		w, rest, err := b.Powers(1).Total()
		if err != nil {
			continue
		}
		if rest >= least {
			if least <= nullRounding*floats.Norm(p, 2) {
				break
			}
			continue // residuals may rise before they fall
		}
		sum := make([]float64, len(u))
		b.FieldTo(sum, w)
		floats.Add(sum, u)
		if p, least = sum, rest; rest <= nullResidual*floats.Norm(p, 2) {
			break
		}
	}
	return p, nil
}
