package spectrum

import (
	"errors"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/kernel"
)

// Constants of the iteration of blocks.
const (
	blockExtra = 8   // vectors beyond the modes that are looked for
	blockMost  = 150 // rounds
	blockLook  = 3   // rounds between looks at the modes
	// blockEnough is the change of the first modes between looks, relative to the size of
	// rates, at which they are known: what is left is its square, since values are improved by left and right vectors. It is above
	// what rounding moves modes by that are far from orthogonal.
	blockEnough = 1e-10
)

// ErrSlow reports modes that were not found in the rounds allowed.
var ErrSlow = errors.New("the slowest modes have not converged")

// Step applies to a block of fields, to every column, a function of the matrix whose slowest
// modes it enhances, or that of its transpose.
type Step func(block *mat.Dense, transposed bool) error

// PowerStep returns the step a^k, k being a power of two. Cost: 2 n^3 log2(k) once.
func PowerStep(a *mat.Dense, k int) Step {
	n, _ := a.Dims()
	power, next := slices.Clone(a.RawMatrix().Data), make([]float64, n*n)
	for ; k > 1; k /= 2 {
		kernel.Mul(n, n, n, power, n, power, n, next, n)
		power, next = next, power
	}
	adjoint := next
	kernel.Transpose(n, n, power, n, adjoint, n)
	return func(block *mat.Dense, transposed bool) error {
		m, of := block.RawMatrix(), power
		if transposed {
			of = adjoint
		}
		image := make([]float64, n*m.Cols)
		kernel.Mul(n, m.Cols, n, of, n, m.Data, m.Stride, image, m.Cols)
		block.Copy(mat.NewDense(n, m.Cols, image))
		return nil
	}
}

// InverseStep returns the step (shift - a)^{-1}, shift > 0: of the slowest modes it
// prefers those that do not turn by much more than shift. Cost: (2/3) n^3 once.
func InverseStep(a *mat.Dense, shift float64) Step {
	n, _ := a.Dims()
	m := mat.NewDense(n, n, nil)
	m.Scale(-1, a)
	for i := range n {
		m.Set(i, i, m.At(i, i)+shift)
	}
	var lu mat.LU
	lu.Factorize(m)
	return func(block *mat.Dense, transposed bool) error {
		var next mat.Dense
		if err := lu.SolveTo(&next, transposed, block); err != nil {
			if _, ill := err.(mat.Condition); !ill {
				return err
			}
		}
		block.Copy(&next)
		return nil
	}
}

// Block returns what Dense does, for matrices too large for it, from blocks of right and of
// left vectors that a step is applied to again and again: multiple modes are as many as they
// are. It ends when the first few modes, want of them, have settled. The list ends before the first mode that is not known, and where so many do
// not settle before the first that does not. The error is ErrSlow, if none does, ErrFailed or the step's. Cost: some tens of
// steps on count vectors and a few more, twice.
func Block(a *mat.Dense, shape []int, scale Scale, count, want int, step Step) (*Spectrum, error) {
	n, _ := a.Dims()
	if !bounded(a, n) {
		return nil, ErrLarge
	}
	m := count + blockExtra
	rnd := rand.New(rand.NewPCG(21, 22))
	v, w := mat.NewDense(n, m, nil), mat.NewDense(n, m, nil)
	for i := range n {
		for j := range m {
			v.Set(i, j, rnd.NormFloat64())
			w.Set(i, j, rnd.NormFloat64())
		}
	}
	var before []complex128
	for round := 1; round <= blockMost; round++ {
		for _, side := range []struct {
			block      *mat.Dense
			transposed bool
		}{{v, false}, {w, true}} {
			if err := step(side.block, side.transposed); err != nil {
				return nil, err
			}
			if !orthonormal(side.block) {
				return nil, ErrFailed
			}
		}
		if round%blockLook != 0 {
			continue
		}
		right, left, values, err := ritz(a, v, w)
		if err != nil {
			return nil, err
		}
		now := slowest(scale, values, count)
		n := settled(before, now)
		if enough := n >= want || n == len(now); enough || n > 0 && round == blockMost {
			s := collect(a, shape, scale, values, left, right, count)
			if !enough {
				s.Modes = s.Modes[:n]
			}
			s.known()
			return s, nil
		}
		before = now
	}
	return nil, ErrSlow
}

// slowest returns the leading rates of eigenvalues without the constant's.
func slowest(scale Scale, values []complex128, count int) []complex128 {
	var list []complex128
	rates, order, constant := leading(scale, values, count)
	for _, j := range order {
		if j != constant {
			list = append(list, rates[j])
		}
	}
	return list
}

// settled returns how many of the first modes have not moved. Each is held to the nearest one before: vectors that have not converged make
// values anywhere, and at another place at every look.
func settled(before, now []complex128) int {
	size := 0.0
	if len(now) > 0 {
		size = cmplx.Abs(now[min(sizeMode, len(now))-1])
	}
	for k, v := range now {
		moved := math.Inf(1)
		for _, b := range before {
			moved = min(moved, cmplx.Abs(b-v))
		}
		if !(moved <= blockEnough*max(size, cmplx.Abs(v))) {
			return k
		}
	}
	return len(now)
}

// orthonormal makes the columns of a block orthonormal by Gram and Schmidt, twice; it
// reports false if one is not finite.
func orthonormal(b *mat.Dense) bool {
	n, m := b.Dims()
	columns := make([][]float64, m)
	for j := range m {
		columns[j] = mat.Col(nil, j, b)
		for range 2 {
			for k := range j {
				sum := 0.0
				for i, x := range columns[k] {
					sum += x * columns[j][i]
				}
				for i, x := range columns[k] {
					columns[j][i] -= sum * x
				}
			}
			norm := 0.0
			for _, x := range columns[j] {
				norm += x * x
			}
			norm = math.Sqrt(norm)
			if !(norm > 0) || math.IsInf(norm, 0) {
				return false
			}
			for i := range n {
				columns[j][i] /= norm
			}
		}
		b.SetCol(j, columns[j])
	}
	return true
}

// ritz returns the eigenvalues of (W^T V)^{-1} W^T A V with the right and left vectors that
// belong to them.
func ritz(a, v, w *mat.Dense) (right, left *mat.CDense, values []complex128, err error) {
	var av, small, cross, h mat.Dense
	av.Mul(a, v)
	small.Mul(w.T(), &av)
	cross.Mul(w.T(), v)
	if err := h.Solve(&cross, &small); err != nil {
		if _, ill := err.(mat.Condition); !ill {
			return nil, nil, nil, err
		}
	}
	var eig mat.Eigen
	if !eig.Factorize(&h, mat.EigenBoth) {
		return nil, nil, nil, ErrFailed
	}
	var r, l mat.CDense
	eig.VectorsTo(&r)
	eig.LeftVectorsTo(&l)
	// A left vector of the matrix is W (W^T V)^{-T} l.
	var dual mat.Dense
	if err := dual.Solve(cross.T(), identity(h.RawMatrix().Rows)); err != nil {
		if _, ill := err.(mat.Condition); !ill {
			return nil, nil, nil, err
		}
	}
	var wd mat.Dense
	wd.Mul(w, &dual)
	return times(v, &r), times(&wd, &l), eig.Values(nil), nil
}

func identity(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

// times returns the product of a real and a complex matrix.
func times(a *mat.Dense, b *mat.CDense) *mat.CDense {
	n, k := a.Dims()
	_, m := b.Dims()
	out := mat.NewCDense(n, m, nil)
	for i := range n {
		row := a.RawRowView(i)
		for j := range m {
			var sum complex128
			for l := range k {
				sum += complex(row[l], 0) * b.At(l, j)
			}
			out.Set(i, j, sum)
		}
	}
	return out
}

// known cuts the list before the first mode that the block does not know.
func (s *Spectrum) known() {
	k := slices.IndexFunc(s.Modes, func(m Mode) bool { return !(m.Algebra <= near*s.Size) })
	if k >= 0 {
		s.Modes = s.Modes[:k]
	}
}
