package grid

// Interpolator evaluates fields and their first and second derivatives at a
// point by tensor-product polynomial interpolation. It is a workspace: one
// goroutine at a time, no allocation after construction.
type Interpolator struct {
	g     *Grid
	width [MaxDim]int
	base  [MaxDim]int
	w     [MaxDim][]float64 // 3 x width: value, first, second derivative
	row   []float64         // contraction over x1
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
	in.row = make([]float64, 3*rows)
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

// contract1 stores in in.row, for each of the rows of the window, the
// contraction over x1 with the derivative weights 0 .. m.
func (in *Interpolator) contract1(u []float64, m int) (rows int) {
	g, w1 := in.g, in.width[0]
	n2, n3 := 1, 1
	if g.Dim() > 1 {
		n2 = in.width[1]
	}
	if g.Dim() > 2 {
		n3 = in.width[2]
	}
	rows = n2 * n3
	for k := range n3 {
		for j := range n2 {
			off := in.base[0]
			if g.Dim() > 1 {
				off += (in.base[1] + j) * g.stride[1]
			}
			if g.Dim() > 2 {
				off += (in.base[2] + k) * g.stride[2]
			}
			line := u[off : off+w1]
			for p := 0; p <= m; p++ {
				w := in.w[0][p*w1 : (p+1)*w1]
				sum := 0.0
				for i, v := range line {
					sum += w[i] * v
				}
				in.row[p*rows+k*n2+j] = sum
			}
		}
	}
	return rows
}

// Value returns the interpolant of u at the point of the last Locate or
// LocateJet; len(u) must be the grid's Len(), and Value panics if it is too short
// for the window. Cost: 2 w^d operations.
func (in *Interpolator) Value(u []float64) float64 {
	rows := in.contract1(u, 0)
	return in.contractRest(in.row[:rows], 0, 0)
}

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
	rows := in.contract1(u, 2)
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
