package spectrum

import (
	"cmp"
	"errors"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// Mode is an eigenvalue as a rate: its eigenfunction falls like e^{-real(Rate) t} and turns
// by imag(Rate) t.
type Mode struct {
	Rate complex128
	// Algebra bounds, to first order, the error of Rate as one of the matrix on the grid.
	Algebra float64
	// PerMiss is the error of Rate, to first order, per that of each component of the image of Vector. Missed is what it is by what S
	// does between nodes, where the grid misses of the loss.
	PerMiss []float64
	Missed  float64
	// Rough is how much the eigenvector differs from its own means over two neighbours along
	// an axis, relative to its length: 1 for what alternates in the middle, 2 at the most.
	Rough float64
	// Vector is the eigenvector less its mean under the stationary law on the grid, which is
	// zero for the operator's, and MeanError what rounding leaves of that mean.
	Vector    []complex128
	MeanError float64
}

// Spectrum holds the leading modes of one grid, the slowest first, without the constant's.
type Spectrum struct {
	Modes []Mode
	// Zero is the constant's computed rate, which should be zero.
	Zero complex128
	// Least is the rate below which nothing is told from zero, and Size that of the leading
	// modes.
	Least, Size float64
	// Law is the left vector of the constant, with the sum 1: the stationary law's weights.
	Law []float64
	// Grid is that of the matrix, and Width the nodes per axis of interpolation on it.
	Grid  *grid.Grid
	Width int
	// Missed is what the grid misses between its nodes of the coefficients, relative to them; zero where it resolves them.
	Missed float64
}

// Scale makes rates of eigenvalues; per is |d rate/d lambda|.
type Scale func(lambda complex128) (rate complex128, per float64)

// Power is the scale of the steps of a chain: -log(lambda)/eta, turning by angle/eta.
func Power(eta float64) Scale {
	return func(lambda complex128) (complex128, float64) {
		size := cmplx.Abs(lambda)
		return complex(-math.Log(size)/eta, cmplx.Phase(lambda)/eta), 1 / (eta * size)
	}
}

// Generator is the scale of a generator: -real(lambda), turning by imag(lambda).
func Generator(lambda complex128) (complex128, float64) {
	return complex(-real(lambda), imag(lambda)), 1
}

// ErrFailed reports that the QR algorithm did not converge.
var ErrFailed = errors.New("the QR algorithm failed")

// ErrLarge reports a matrix of which rounding leaves nothing. With what is not finite balancing would never end.
var ErrLarge = errors.New("the grid's matrix has entries that are too large, as where images lie far beyond the box: want a smaller eta, a larger ball.R, or ball.taper farther out")

// mostEntry is the largest entry of a matrix that is looked at. Those of derivatives on 256 nodes are about 1e10.
const mostEntry = 1e15

// ulp is the distance from 1 to the next number.
const ulp = 0x1p-52

// sizeMode is the index of the mode whose eigenvalue stands for the size of the leading ones.
const sizeMode = 4

// entryRounding is the error of a matrix entry and of its product, in units.
const entryRounding = 4

// Dense returns the leading modes of a matrix on a grid of a shape, count and those of one more where a pair would
// be cut, by the QR algorithm, so that none is missed. Every value is
// improved by its Rayleigh quotient w.A v/w.v, w the left eigenvector. Algebra is as follows.
//
//	sum_i |w_i| (|A v - lambda v|_i + 4 units (|A| |v|)_i) / |w.v|.
//
// For matrices of differentiation that is far below |w| |v| |A|: w is small where their
// entries are large. Cost: about 30 n^3 operations.
func Dense(a *mat.Dense, shape []int, scale Scale, count int) (*Spectrum, error) {
	if n, _ := a.Dims(); !bounded(a, n) {
		return nil, ErrLarge
	}
	var eig mat.Eigen
	if !eig.Factorize(a, mat.EigenBoth) {
		return nil, ErrFailed
	}
	values := eig.Values(nil)
	var right, left mat.CDense
	eig.VectorsTo(&right)
	eig.LeftVectorsTo(&left)
	return collect(a, shape, scale, values, &left, &right, count), nil
}

// bounded reports that no entry of a square matrix is larger than mostEntry, or no number.
func bounded(a *mat.Dense, n int) bool {
	for i := range n {
		for _, v := range a.RawRowView(i) {
			if !(math.Abs(v) <= mostEntry) {
				return false
			}
		}
	}
	return true
}

// collect returns the leading modes among eigenvalues with their vectors.
func collect(a *mat.Dense, shape []int, scale Scale, values []complex128, left, right *mat.CDense, count int) *Spectrum {
	rates, order, constant := leading(scale, values, count)
	s := new(Spectrum)
	var one complex128
	if constant >= 0 {
		s.Zero, one, s.Law = rates[constant], values[constant], lawOf(left, constant)
		_, per := scale(one)
		at := order[min(sizeMode, len(order)-1)]
		s.Size = cmplx.Abs(rates[at])
		s.Least = zero * per * max(cmplx.Abs(values[at]), cmplx.Abs(one))
	}
	for _, j := range order {
		if j != constant {
			s.Modes = append(s.Modes, s.improved(a, shape, values[j], one, left, right, j, scale))
		}
	}
	return s
}

// leading returns the rates of eigenvalues, which of them are the slowest in order, with the constant's among
// them, and which the constant's is: -1 if there is none.
func leading(scale Scale, values []complex128, count int) (rates []complex128, order []int, constant int) {
	rates, constant = make([]complex128, len(values)), -1
	for j, v := range values {
		if rates[j], _ = scale(v); cmplx.IsNaN(rates[j]) || cmplx.IsInf(rates[j]) {
			continue // of the matrix' null space, infinitely fast
		}
		order = append(order, j)
		if constant < 0 || cmplx.Abs(rates[j]) < cmplx.Abs(rates[constant]) {
			constant = j
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return slower(rates[i], rates[j]) })
	n, last := 0, 0i // the modes so far, and the rate of the last
	for k, j := range order {
		if j == constant {
			continue
		}
		if n > count || n == count && !(n > 0 && imag(rates[j]) < 0 && imag(last) > 0) {
			return rates, order[:k], constant
		}
		n, last = n+1, rates[j]
	}
	return rates, order, constant
}

// slower orders rates: the smallest first, of a pair the one above the axis.
func slower(a, b complex128) int {
	return cmp.Or(cmp.Compare(real(a), real(b)), cmp.Compare(math.Abs(imag(a)), math.Abs(imag(b))), cmp.Compare(imag(b), imag(a)))
}

// lawOf returns a column of left vectors with the sum 1.
func lawOf(left *mat.CDense, j int) []float64 {
	n, _ := left.Dims()
	law := make([]float64, n)
	var sum complex128
	for i := range law {
		sum += left.At(i, j)
	}
	for i := range law {
		law[i] = real(left.At(i, j) / sum)
	}
	return law
}

// improved returns the mode of column j; one is the constant's eigenvalue. Its mean under
// the law w0 is improved as its value is: w0.v less w0.(A v - one v)/(lambda - one), which the law's own share of the left
// vector does not enter.
func (s *Spectrum) improved(a *mat.Dense, shape []int, lambda, one complex128, left, right *mat.CDense, j int, scale Scale) Mode {
	n, _ := a.Dims()
	v, sizes := make([]complex128, n), make([]float64, n)
	for i := range v {
		v[i] = right.At(i, j)
		sizes[i] = cmplx.Abs(v[i])
	}
	var along, rest complex128 // w.v and w.(A v - lambda v)
	var mean, moved complex128 // the same of the law, with one for lambda
	bound, unsure, weights := 0.0, 0.0, make([]float64, n)
	for i := range v {
		var re, im, size float64
		for k, m := range a.RawRowView(i) {
			re += m * real(v[k])
			im += m * imag(v[k])
			size += math.Abs(m) * sizes[k]
		}
		image := complex(re, im)
		w := cmplx.Conj(left.At(i, j))
		r := image - lambda*v[i]
		along += w * v[i]
		rest += w * r
		weights[i] = cmplx.Abs(w)
		bound += cmplx.Abs(w) * (cmplx.Abs(r) + entryRounding*ulp*size)
		if s.Law != nil {
			w0 := complex(s.Law[i], 0)
			mean += w0 * v[i]
			moved += w0 * (image - one*v[i])
			unsure += math.Abs(s.Law[i]) * entryRounding * ulp * size
		}
	}
	// What is too sensitive to rounding would be moved to anywhere.
	if _, per := scale(lambda); per*cmplx.Abs(rest) <= near*s.Size*cmplx.Abs(along) {
		lambda += rest / along
	}
	rate, per := scale(lambda)
	m := Mode{Rate: rate, Algebra: per * bound / cmplx.Abs(along), Rough: roughness(v, shape), PerMiss: weights}
	floats.Scale(per/cmplx.Abs(along), weights)
	mean -= moved / (lambda - one)
	for i := range v {
		v[i] -= mean
	}
	m.Vector, m.MeanError = v, unsure/cmplx.Abs(lambda-one)
	return m
}

// roughness returns the largest, over the axes of a grid with the first one contiguous, of
// |v_i - (v_{i-1} + v_{i+1})/2| over |v_i| inside.
func roughness(v []complex128, shape []int) float64 {
	worst, stride := 0.0, 1
	for _, n := range shape {
		var off, size float64
		for i := range v {
			size += real(v[i])*real(v[i]) + imag(v[i])*imag(v[i])
			if at := i / stride % n; at > 0 && at < n-1 {
				d := v[i] - (v[i-stride]+v[i+stride])/2
				off += real(d)*real(d) + imag(d)*imag(d)
			}
		}
		worst, stride = max(worst, math.Sqrt(off/size)), stride*n
	}
	return worst
}
