package look

import (
	"math"

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

// polish climbs sign*e from m.x, where it is value, until a step promises no more than
// rounding, and returns the largest value found, at m.x.
func (m *MaxFinder) polish(e []float64, sign, value float64) float64 {
	d := len(m.x)
	ball := m.q.Ball
	trust, moved := 2*ball.R/float64(len(m.q.Axes[0])), true
	for range polishSteps {
		if moved {
			m.in.LocateJet(m.x)
			m.in.JetTo(&m.jet, e)
			for k := range d {
				m.jet.Grad[k] *= sign
				for l := range d {
					m.jet.Hess[k][l] *= sign
				}
			}
		}
		step, promise := m.step(trust)
		if !(promise > polishTolerance*value) {
			break
		}
		for k := range d {
			m.y[k] = m.x[k] + step[k]
		}
		ball.Project(m.y)
		m.in.Locate(m.y)
		v := sign * m.in.Value(e)
		if moved = v > value; !moved {
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

// step returns Newton's step from m.x within the trust radius, and by how much the field rises
// on it to second order: in the whole space, or along the sphere when m.x lies on it and the gradient points out.
// Where the Hessian is not negative definite it is a step up the gradient, and the rise is that of first order.
func (m *MaxFinder) step(trust float64) (step [grid.MaxDim]float64, rise float64) {
	d := len(m.x)
	basis, rank, along, curvature := m.directions()
	if rank == 0 {
		return step, 0
	}
	var grad, move [grid.MaxDim]float64
	var hess [grid.MaxDim][grid.MaxDim]float64 // of -e
	for i := range rank {
		for k := range d {
			grad[i] += basis[i][k] * m.jet.Grad[k]
		}
		for j := range rank {
			for k := range d {
				for l := range d {
					hess[i][j] -= basis[i][k] * m.jet.Hess[k][l] * basis[j][l]
				}
			}
		}
		if i < along {
			hess[i][i] += curvature
		}
	}
	concave := solve(&move, hess, grad, rank)
	if !concave {
		if norm := length(grad); norm > 0 {
			for i := range rank {
				move[i] = trust / norm * grad[i]
			}
		}
	}
	if norm := length(move); norm > trust {
		for i := range rank {
			move[i] *= trust / norm
		}
	}
	for i := range rank {
		rise += grad[i] * move[i]
		for j := range rank {
			if concave {
				rise -= move[i] * hess[i][j] * move[j] / 2
			}
		}
		for k := range d {
			step[k] += move[i] * basis[i][k]
		}
	}
	return step, rise
}

// solve stores the solution of a x = b in x by Cholesky's factorisation and reports whether a is positive definite. It is
// written out for the few rows there are: most of a search on the line was what a library's matrices allocate.
func solve(x *[grid.MaxDim]float64, a [grid.MaxDim][grid.MaxDim]float64, b [grid.MaxDim]float64, rows int) bool {
	for j := range rows {
		for i := j; i < rows; i++ {
			for k := range j {
				a[i][j] -= a[i][k] * a[j][k]
			}
			if i > j {
				a[i][j] /= a[j][j]
			} else if a[j][j] > 0 {
				a[j][j] = math.Sqrt(a[j][j])
			} else {
				return false
			}
		}
		for k := range j {
			b[j] -= a[j][k] * b[k]
		}
		b[j] /= a[j][j]
	}
	for j := rows - 1; j >= 0; j-- {
		for k := j + 1; k < rows; k++ {
			b[j] -= a[k][j] * b[k]
		}
		b[j] /= a[j][j]
	}
	*x = b
	return true
}

// length returns the Euclidean norm.
func length(v [grid.MaxDim]float64) float64 {
	return math.Hypot(math.Hypot(v[0], v[1]), v[2])
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
