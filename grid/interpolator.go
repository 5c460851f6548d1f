package grid

import "kolmo/internal/kernel"

// Interpolator evaluates fields and their first and second derivatives at a
// point by tensor-product polynomial interpolation. It is a workspace: one
// goroutine at a time, no allocation after construction.
type Interpolator struct {
	g     *Grid
	width [MaxDim]int
	base  [MaxDim]int
	w     [MaxDim][]float64 // 3 x width: value, first, second derivative
	along []float64         // width x jetColumns: those along x1, side by side
	lines []float64         // rows x jetColumns: contractions over x1
	row   []float64         // 3 x rows: the same, by derivative
	jet   bool
}

// Jet is a value with its gradient and Hessian, Grad[k] = d/dx_k and Hess[k][l] =
// d^2/dx_k dx_l; only the leading Dim() entries are set.
type Jet struct {
	Value float64
	Grad  [MaxDim]float64
	Hess  [MaxDim][MaxDim]float64
}

// NewInterpolator returns an interpolator with width nodes per axis (0: all).
func NewInterpolator(g *Grid, width int) *Interpolator {
	in := &Interpolator{g: g}
	rows := 1
	for k, a := range g.axes {
		in.width[k] = a.Width(width)
		in.w[k] = make([]float64, 3*in.width[k])
		if k > 0 {
			rows *= in.width[k]
		}
	}
	in.along = make([]float64, jetColumns*in.width[0])
	in.lines, in.row = make([]float64, jetColumns*rows), make([]float64, 3*rows)
	return in
}

// Locate moves the interpolator to x, for values only. len(x) must be at least
// the grid's Dim(). Cost: one WindowTo per axis.
func (in *Interpolator) Locate(x []float64) {
	for k, a := range in.g.axes {
		in.base[k] = a.WindowTo(in.w[k], x[k], in.width[k])
	}
	in.jet = false
}

// LocateJet moves the interpolator to x, for values and derivatives. len(x) must
// be at least the grid's Dim(). Cost: O(w^2) per axis of w nodes.
func (in *Interpolator) LocateJet(x []float64) {
	for k, a := range in.g.axes {
		in.base[k] = a.derivativeWindowTo(in.w[k], x[k], in.width[k])
	}
	in.jet = true
}

// first returns the first node of the window and the strides of x2 and x3.
func (in *Interpolator) first() (node, s2, s3 int) {
	g := in.g
	node = in.base[0]
	if g.Dim() > 1 {
		s2 = g.stride[1]
		node += in.base[1] * s2
	}
	if g.Dim() > 2 {
		s3 = g.stride[2]
		node += in.base[2] * s3
	}
	return node, s2, s3
}

// jetColumns is the number of columns of the weights along x1: a value, two derivatives and a
// zero, as many as the product of matrices takes at once.
const jetColumns = 4

// contract stores in in.row, for each of the rows of the window, the contractions over x1 with
// the weights of the value and of both derivatives.
func (in *Interpolator) contract(u []float64) (rows int) {
	w1, n2, n3 := in.width[0], 1, 1
	if in.g.Dim() > 1 {
		n2 = in.width[1]
	}
	if in.g.Dim() > 2 {
		n3 = in.width[2]
	}
	for p := range 3 {
		for i, v := range in.w[0][p*w1 : (p+1)*w1] {
			in.along[i*jetColumns+p] = v
		}
	}
	rows = n2 * n3
	node, s2, s3 := in.first()
	for k := range n3 {
		kernel.Mul(n2, jetColumns, w1, u[node+k*s3:], max(s2, w1), in.along, jetColumns, in.lines[k*n2*jetColumns:], jetColumns)
	}
	for r := range rows {
		for p := range 3 {
			in.row[p*rows+r] = in.lines[r*jetColumns+p]
		}
	}
	return rows
}

// Value returns the interpolant of u at the point of the last Locate or
// LocateJet; len(u) must be the grid's Len(), and Value panics if it is too short
// for the window. Cost: 2 w^d operations.
func (in *Interpolator) Value(u []float64) float64 {
	node, s2, s3 := in.first()
	w2, w3 := one, one
	if in.g.Dim() > 1 {
		w2 = in.w[1][:in.width[1]]
	}
	if in.g.Dim() > 2 {
		w3 = in.w[2][:in.width[2]]
	}
	return kernel.DotTensor(u[node:], s2, s3, in.w[0][:in.width[0]], w2, w3)
}

// one is the weight along an axis that is not there.
var one = []float64{1}

// contractRest contracts a field over x2, x3 with the derivative weights p2, p3.
func (in *Interpolator) contractRest(v []float64, p2, p3 int) float64 {
	if in.g.Dim() == 1 {
		return v[0]
	}
	w2 := in.width[1]
	w := in.w[1][p2*w2 : (p2+1)*w2]
	if in.g.Dim() == 2 {
		return dot(w, v)
	}
	w3 := in.w[2][p3*in.width[2] : (p3+1)*in.width[2]]
	sum := 0.0
	for k, c := range w3 {
		sum += c * dot(w, v[k*w2:(k+1)*w2])
	}
	return sum
}

func dot(w, v []float64) float64 {
	v = v[:len(w)]
	sum := 0.0
	for i, c := range w {
		sum += c * v[i]
	}
	return sum
}

// JetTo stores the interpolant's value, gradient and Hessian at the point
// located by LocateJet. Entries of j beyond the dimension are left alone. It
// panics after Locate alone. Cost: 6 w^d operations.
func (in *Interpolator) JetTo(j *Jet, u []float64) {
	if !in.jet {
		panic("grid: JetTo without LocateJet")
	}
	rows := in.contract(u)
	v0, v1, v2 := in.row[:rows], in.row[rows:2*rows], in.row[2*rows:3*rows]
	j.Value = in.contractRest(v0, 0, 0)
	j.Grad[0] = in.contractRest(v1, 0, 0)
	j.Hess[0][0] = in.contractRest(v2, 0, 0)
	if in.g.Dim() > 1 {
		j.Grad[1] = in.contractRest(v0, 1, 0)
		j.Hess[1][1] = in.contractRest(v0, 2, 0)
		j.Hess[0][1] = in.contractRest(v1, 1, 0)
		j.Hess[1][0] = j.Hess[0][1]
	}
	if in.g.Dim() > 2 {
		j.Grad[2] = in.contractRest(v0, 0, 1)
		j.Hess[2][2] = in.contractRest(v0, 0, 2)
		j.Hess[0][2] = in.contractRest(v1, 0, 1)
		j.Hess[2][0] = j.Hess[0][2]
		j.Hess[1][2] = in.contractRest(v0, 1, 1)
		j.Hess[2][1] = j.Hess[1][2]
	}
}
