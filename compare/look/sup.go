package look

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
)

// MaxFinder finds the maximum of |e| over the closed ball for fields e on a grid, from
// samples at points. The best sample and the best ones far from it are each improved by
// Newton's method on the interpolant, inside and along the sphere. It is a workspace.
type MaxFinder struct {
	q      *Points
	in     *grid.Interpolator
	starts int
	jet    grid.Jet
	x, y   []float64
	Best   []float64
}

func NewMaxFinder(g *grid.Grid, width int, q *Points, starts int) *MaxFinder {
	d := g.Dim()
	return &MaxFinder{q: q, in: grid.NewInterpolator(g, width), starts: starts,
		x: make([]float64, d), y: make([]float64, d), Best: make([]float64, d)}
}

// candidateShare is the share of the largest sample that another local maximum
// must reach to be polished too.
const candidateShare = 0.95

// Find returns the maximum of |e| and stores its place in m.best. values are the
// samples of e at the points.
func (m *MaxFinder) Find(e, values []float64) float64 {
	var starts []int
	top := 0.0
	for len(starts) < m.starts {
		best, at := -1.0, -1
		for i, v := range values {
			if a := math.Abs(v); a > best && m.farFrom(starts, i) {
				best, at = a, i
			}
		}
		if at < 0 || best < candidateShare*top {
			break
		}
		top = max(top, best)
		starts = append(starts, at)
	}
	value := -1.0
	for _, at := range starts {
		copy(m.x, m.q.X[at])
		v := math.Abs(values[at])
		sign := 1.0
		if values[at] < 0 {
			sign = -1
		}
		v = m.polish(e, sign, v)
		if v > value {
			value = v
			copy(m.Best, m.x)
		}
	}
	return value
}

// farFrom reports that point i is a quarter of the radius away from the starts.
func (m *MaxFinder) farFrom(starts []int, i int) bool {
	for _, s := range starts {
		sum := 0.0
		for k, c := range m.q.X[s] {
			sum += (c - m.q.X[i][k]) * (c - m.q.X[i][k])
		}
		if sum < m.q.Ball.R*m.q.Ball.R/16 {
			return false
		}
	}
	return true
}

// Limits of the local search.
const (
	polishSteps     = 20
	polishTolerance = 1e-13
)

// polish climbs sign*e from m.x, where it is value, and returns the largest
// value found, at m.x.
func (m *MaxFinder) polish(e []float64, sign, value float64) float64 {
	d := len(m.x)
	ball := m.q.Ball
	trust := 2 * ball.R / float64(len(m.q.Axes[0]))
	for range polishSteps {
		m.in.LocateJet(m.x)
		m.in.JetTo(&m.jet, e)
		for k := range d {
			m.jet.Grad[k] *= sign
			for l := range d {
				m.jet.Hess[k][l] *= sign
			}
		}
		step := m.step(trust)
		for k := range d {
			m.y[k] = m.x[k] + step[k]
		}
		ball.Project(m.y)
		m.in.Locate(m.y)
		v := sign * m.in.Value(e)
		if !(v > value) {
			if trust /= 4; trust < 1e-9*ball.R {
				break
			}
			continue
		}
		gain := v - value
		value = v
		m.x, m.y = m.y, m.x
		if gain < polishTolerance*value {
			break
		}
	}
	return value
}

// step returns Newton's step from m.x within the trust radius: in the whole
// space, or along the sphere when m.x lies on it and the gradient points out.
// Where the Hessian is not negative definite it is a step up the gradient.
func (m *MaxFinder) step(trust float64) [grid.MaxDim]float64 {
	d := len(m.x)
	basis, rank, along, curvature := m.directions()
	var step [grid.MaxDim]float64
	if rank == 0 {
		return step
	}
	grad := mat.NewVecDense(rank, nil)
	hess := mat.NewSymDense(rank, nil)
	for i := range rank {
		g := 0.0
		for k := range d {
			g += basis[i][k] * m.jet.Grad[k]
		}
		grad.SetVec(i, g)
		for j := i; j < rank; j++ {
			h := 0.0
			for k := range d {
				for l := range d {
					h += basis[i][k] * m.jet.Hess[k][l] * basis[j][l]
				}
			}
			if i == j && i < along {
				h -= curvature
			}
			hess.SetSym(i, j, -h)
		}
	}
	var chol mat.Cholesky
	move := mat.NewVecDense(rank, nil)
	if !chol.Factorize(hess) || chol.SolveVecTo(move, grad) != nil {
		if norm := mat.Norm(grad, 2); norm > 0 {
			move.ScaleVec(trust/norm, grad)
		}
	}
	if norm := mat.Norm(move, 2); norm > trust {
		move.ScaleVec(trust/norm, move)
	}
	for i := range rank {
		for k := range d {
			step[k] += move.AtVec(i) * basis[i][k]
		}
	}
	return step
}

// directions returns orthonormal directions to move in from m.x, rank of them: all, or along
// the sphere when m.x lies on it and the gradient points out, the first so many, with its
// curvature then. Coordinates with a range do not move out of it.
func (m *MaxFinder) directions() (basis [grid.MaxDim][grid.MaxDim]float64, rank, along int, curvature float64) {
	ball := m.q.Ball
	var round []int // coordinates of the ball
	for k := range m.x {
		if ball.Range(k) == nil {
			round = append(round, k)
		}
	}
	normal, outward := [grid.MaxDim]float64{}, 0.0
	if r := ball.Distance(m.x); r > ball.R*(1-1e-9) {
		for i, k := range round {
			normal[i] = (m.x[k] - ball.Center[k]) / r
			outward += normal[i] * m.jet.Grad[k]
		}
	}
	if outward > 0 {
		var own [grid.MaxDim][grid.MaxDim]float64
		tangents(&own, normal, len(round))
		along, curvature = len(round)-1, outward/ball.R
		for rank < along {
			for i, k := range round {
				basis[rank][k] = own[rank][i]
			}
			rank++
		}
	} else {
		for _, k := range round {
			basis[rank][k] = 1
			rank++
		}
	}
	for k := range m.x {
		r := ball.Range(k)
		if r == nil || m.x[k] <= r.Low && !(m.jet.Grad[k] > 0) || m.x[k] >= r.High && !(m.jet.Grad[k] < 0) {
			continue
		}
		if r.Low < r.High {
			basis[rank][k] = 1
			rank++
		}
	}
	return basis, rank, along, curvature
}

// tangents stores d-1 orthonormal directions orthogonal to normal in basis.
func tangents(basis *[grid.MaxDim][grid.MaxDim]float64, normal [grid.MaxDim]float64, d int) {
	switch d {
	case 2:
		basis[0] = [grid.MaxDim]float64{-normal[1], normal[0]}
	case 3:
		// The axis least along the normal, made orthogonal, and its cross product.
		k := 0
		for l := 1; l < 3; l++ {
			if math.Abs(normal[l]) < math.Abs(normal[k]) {
				k = l
			}
		}
		var a [grid.MaxDim]float64
		a[k] = 1
		norm := 0.0
		for l := range 3 {
			a[l] -= normal[k] * normal[l]
			norm += a[l] * a[l]
		}
		for l := range 3 {
			a[l] /= math.Sqrt(norm)
		}
		basis[0] = a
		basis[1] = [grid.MaxDim]float64{
			normal[1]*a[2] - normal[2]*a[1],
			normal[2]*a[0] - normal[0]*a[2],
			normal[0]*a[1] - normal[1]*a[0],
		}
	}
}
