package sgdop

import (
	"context"
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// InvariantConfig holds the choices of Invariant. The zero value and nil mean the
// defaults.
type InvariantConfig struct {
	Tolerance float64 // of the residual. Default 0: 1e-10
	Restarts  int     // most restarts. Default 0: 200
	Workers   int     // default 0: all processors
}

// Invariant is the invariant law of SGD on the grid: the weights p with S^T p = p
// and sum 1.
type Invariant struct {
	g *grid.Grid
	// Law holds the weights of the nodes.
	Law []float64
	// Residual is sum |S^T p - p|.
	Residual float64
	// Gap is the distance from 1 of the next largest absolute value of an eigenvalue
	// of S, as found from a smooth field: laws approach the invariant one as
	// (1 - Gap)^n.
	Gap float64
	// Negative is the sum of the negative weights' absolute values: zero for a law,
	// and small where interpolation of high degree resolves one.
	Negative float64
	// Steps is the number of applications of S^T.
	Steps int
}

// ConvergenceError reports an invariant law that was not found to the tolerance.
type ConvergenceError struct {
	Residual, Tolerance float64
	Steps               int
}

func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("sgdop: the invariant law's residual is %.2e after %d applications of S, want %.2e", e.Residual, e.Steps, e.Tolerance)
}

// krylov is the dimension of the search space between restarts.
const krylov = 40

// Invariant returns the invariant law. It minimises |S^T p - p| over Krylov spaces of
// weights of sum zero, restarted (GMRES for the singular, consistent system (I - S^T)
// z = r; Saad and Schultz, SIAM J. Sci. Stat. Comput. 7, 1986, doi:10.1137/0907058),
// from a point mass in the middle of the box. Where S has several invariant laws, or
// nearly so (wells that are rarely left), Gap is near zero and the law is
// one of them. The error is a *ConvergenceError, with the best law found, or the
// context's. Cost: 70 fields, Steps
// applications of S^T and 30 of S.
func (s *Operator) Invariant(ctx context.Context, cfg *InvariantConfig) (*Invariant, error) {
	var c InvariantConfig
	if cfg != nil {
		c = *cfg
	}
	if c.Tolerance == 0 {
		c.Tolerance = 1e-10
	}
	if c.Restarts == 0 {
		c.Restarts = 200
	}
	n := s.g.Len()
	middle := make([]float64, s.g.Dim())
	for k := range middle {
		middle[k] = s.g.Axis(k).Lo()/2 + s.g.Axis(k).Hi()/2
	}
	v := &Invariant{g: s.g, Law: s.PointLaw(middle)}
	m := min(krylov, n-1)
	basis := make([][]float64, m+1)
	for i := range basis {
		basis[i] = make([]float64, n)
	}
	image := make([]float64, n)
	// residual stores S^T p - p in the first basis vector.
	residual := func() float64 {
		s.AdjointTo(c.Workers, image, v.Law)
		v.Steps++
		v.Residual = 0
		for i, q := range image {
			basis[0][i] = q - v.Law[i]
			v.Residual += math.Abs(basis[0][i])
		}
		return floats.Norm(basis[0], 2)
	}
	best := append([]float64(nil), v.Law...)
	norm := residual()
	least := v.Residual
	for restart := 0; v.Residual > c.Tolerance && restart < c.Restarts; restart++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		floats.Scale(1/norm, basis[0])
		h := mat.NewDense(m+1, m, nil)
		size := 0
		for j := range m {
			// A = I - S^T.
			s.AdjointTo(c.Workers, image, basis[j])
			v.Steps++
			w := basis[j+1]
			floats.SubTo(w, basis[j], image)
			before := floats.Norm(w, 2)
			orthogonalise(h, basis, w, j)
			size = j + 1
			left := floats.Norm(w, 2)
			h.Set(j+1, j, left)
			if left <= 1e-14*before || left == 0 {
				break // the space is invariant
			}
			floats.Scale(1/left, w)
		}
		y, err := leastSquares(h, size, norm)
		if err != nil {
			return nil, err
		}
		for j := range size {
			floats.AddScaled(v.Law, y[j], basis[j])
		}
		floats.Scale(1/floats.Sum(v.Law), v.Law)
		before := v.Residual
		norm = residual()
		if v.Residual < least {
			least = v.Residual
			copy(best, v.Law)
		}
		if math.IsNaN(v.Residual) || norm == 0 || v.Residual > before/2 && v.Residual < 1e3*c.Tolerance {
			break // rounding is reached
		}
	}
	if v.Residual > least || math.IsNaN(v.Residual) {
		copy(v.Law, best)
		v.Residual = least
	}
	v.Gap = s.gap(c.Workers, v.Law)
	for _, p := range v.Law {
		v.Negative += max(-p, 0)
	}
	if !(v.Residual <= c.Tolerance) {
		return v, &ConvergenceError{Residual: v.Residual, Tolerance: c.Tolerance, Steps: v.Steps}
	}
	return v, nil
}

// leastSquares returns the y that minimises |norm e_1 - h y| over the leading columns
// of the Hessenberg matrix.
func leastSquares(h *mat.Dense, size int, norm float64) ([]float64, error) {
	rhs := mat.NewVecDense(size+1, nil)
	rhs.SetVec(0, norm)
	var y mat.VecDense
	if err := y.SolveVec(h.Slice(0, size+1, 0, size), rhs); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			return nil, fmt.Errorf("sgdop: invariant law: %w", err)
		}
	}
	return y.RawVector().Data, nil
}

// Constants of the gap's search.
const (
	gapSteps  = 30
	gapBreaks = 1e-9 // share of a new direction below which it is rounding
)

// gap returns the distance from 1 of the largest absolute value that an eigenvalue of S
// has besides the first, by Arnoldi's method from a smooth field: slow modes are
// smooth, and rough ones would only add rounding.
func (s *Operator) gap(workers int, law []float64) float64 {
	n := s.g.Len()
	x := make([]float64, s.g.Dim())
	basis := [][]float64{make([]float64, n)}
	for i := range basis[0] {
		s.g.PointTo(x, i)
		sum := 0.0
		for k, v := range x {
			a := s.g.Axis(k)
			sum += (2*v - a.Lo() - a.Hi()) / (a.Hi() - a.Lo()) / (1 + 0.6*float64(k))
		}
		basis[0][i] = math.Exp(0.7 * sum)
	}
	// centre takes the invariant mean away.
	centre := func(u []float64) { floats.AddConst(-floats.Dot(law, u), u) }
	centre(basis[0])
	floats.Scale(1/floats.Norm(basis[0], 2), basis[0])
	m := min(gapSteps, n-1)
	h := mat.NewDense(m+1, m, nil)
	size := 0
	for j := range m {
		w := make([]float64, n)
		s.ApplyAllTo(workers, [][]float64{w}, basis[j:j+1])
		centre(w)
		before := floats.Norm(w, 2)
		orthogonalise(h, basis, w, j)
		size = j + 1
		left := floats.Norm(w, 2)
		if !(left > gapBreaks*before) {
			break
		}
		h.Set(j+1, j, left)
		floats.Scale(1/left, w)
		basis = append(basis, w)
	}
	var e mat.Eigen
	if !e.Factorize(h.Slice(0, size, 0, size), mat.EigenNone) {
		return math.NaN()
	}
	largest := 0.0
	for _, l := range e.Values(nil) {
		largest = max(largest, cmplx.Abs(l))
	}
	return 1 - largest
}

// orthogonalise makes w orthogonal to the basis by Gram and Schmidt, twice, and adds
// the coefficients to column j of h.
func orthogonalise(h *mat.Dense, basis [][]float64, w []float64, j int) {
	for range 2 {
		for i := range j + 1 {
			a := floats.Dot(basis[i], w)
			h.Set(i, j, h.At(i, j)+a)
			floats.AddScaled(w, -a, basis[i])
		}
	}
}

// Mean returns the invariant mean of a field, and an estimate of its error from the
// residual: half the field's range times Residual/Gap, what the residual becomes when
// it is summed over all later steps; infinite without a positive gap. It panics if u is no field on the grid.
func (v *Invariant) Mean(u []float64) (mean, err float64) {
	if len(u) != len(v.Law) {
		panic(fmt.Sprintf("sgdop: a field of length %d on a grid of %d nodes", len(u), len(v.Law)))
	}
	if !(v.Gap > 0) {
		return floats.Dot(u, v.Law), math.Inf(1)
	}
	return floats.Dot(u, v.Law), (floats.Max(u) - floats.Min(u)) / 2 * v.Residual / v.Gap
}

// Moments returns the mean and the covariance matrix of the invariant law, and the
// larger of the estimated errors of their entries, as Mean has them.
func (v *Invariant) Moments() (mean []float64, covariance *mat.SymDense, err float64) {
	d := v.g.Dim()
	mean, covariance = make([]float64, d), mat.NewSymDense(d, nil)
	x, u := make([]float64, d), make([]float64, v.g.Len())
	for k := range d {
		for i := range u {
			v.g.PointTo(x, i)
			u[i] = x[k]
		}
		var e float64
		mean[k], e = v.Mean(u)
		err = max(err, e)
	}
	for k := range d {
		for l := k; l < d; l++ {
			for i := range u {
				v.g.PointTo(x, i)
				u[i] = (x[k] - mean[k]) * (x[l] - mean[l])
			}
			c, e := v.Mean(u)
			covariance.SetSym(k, l, c)
			err = max(err, e)
		}
	}
	return mean, covariance, err
}
