package compare

import (
	"kolmo/grid"
	"kolmo/internal/kernel"
)

// points is the set of points at which fields are looked at first: a uniform
// tensor grid clipped to the ball, and points on the sphere. Local maxima found
// there are polished.
type points struct {
	ball   grid.Ball
	axes   [][]float64 // the tensor grid
	inside []int       // its points in the ball
	sphere [][]float64
	x      [][]float64 // all points: inside, then sphere
}

// pointDensity is R over the spacing of the points at which fields of different levels
// are compared, some of them at every traced step. On the line points cost little.
var pointDensity = [grid.MaxDim + 1]int{0, 256, 12, 6}

// leastSearch is the least R over the spacing of points at which maxima are looked for.
var leastSearch = [grid.MaxDim + 1]int{0, 64, 12, 6}

// searchDensity is R over the spacing of the points at which maxima of a field on
// a grid with n nodes per axis are looked for: as fine as what the grid resolves.
func searchDensity(d, n int) int {
	switch d {
	case 1:
		n *= 2
	case 2:
		n /= 2
	default:
		n /= 3
	}
	return max(leastSearch[d], (n+1)/2*2)
}

func newPoints(ball grid.Ball, density int) *points {
	d := len(ball.Center)
	q := &points{ball: ball}
	total := 1
	for k, c := range ball.Center {
		if r := ball.Range(k); r != nil {
			q.axes = append(q.axes, r.Along(density))
			total *= len(q.axes[k])
			continue
		}
		// An even number of points: a multiple of four suits the kernels.
		axis := make([]float64, 2*density)
		for i := range axis {
			axis[i] = c + ball.R*(float64(2*i-(len(axis)-1))/float64(len(axis)-1))
		}
		q.axes = append(q.axes, axis)
		total *= len(axis)
	}
	for i := range total {
		x := make([]float64, d)
		for k, rest := 0, i; k < d; k++ {
			x[k] = q.axes[k][rest%len(q.axes[k])]
			rest /= len(q.axes[k])
		}
		if ball.Contains(x) {
			q.inside = append(q.inside, i)
			q.x = append(q.x, x)
		}
	}
	if ball.Round() > 1 {
		q.sphere = ball.Sphere(density)
		q.x = append(q.x, q.sphere...)
	}
	return q
}

// sampler evaluates fields on a grid at the points. It is a workspace.
type sampler struct {
	q        *points
	transfer *grid.Transfer
	tensor   []float64
	sphere   *sphereMatrix
}

// sphereMatrix interpolates from a grid to the points on the sphere: as a dense
// matrix where whole axes interpolate, and otherwise by the weights of every point's
// window. It is shared by samplers.
type sphereMatrix struct {
	n, cols int
	t       []float64 // n x cols: the transpose; nil with windows
	window  int       // weights per point
	node    []int32   // cols x window
	weight  []float64
}

func newSphereMatrix(g *grid.Grid, width int, q *points) *sphereMatrix {
	m := &sphereMatrix{n: g.Len(), cols: len(q.sphere), window: 1}
	d := g.Dim()
	w := make([][]float64, d)
	for k := range d {
		w[k] = make([]float64, g.Axis(k).Width(width))
		m.window *= len(w[k])
	}
	dense := m.window == m.n
	if dense {
		m.t = make([]float64, m.n*m.cols)
	}
	base := make([]int, d)
	for c, x := range q.sphere {
		for k := range d {
			base[k] = g.Axis(k).WindowTo(w[k], x[k], width)
		}
		for i := range m.window {
			node, v, rest := 0, 1.0, i
			for k := range d {
				j := rest % len(w[k])
				rest /= len(w[k])
				node += (base[k] + j) * g.Stride(k)
				v *= w[k][j]
			}
			if dense {
				m.t[node*m.cols+c] = v
			} else {
				m.node, m.weight = append(m.node, int32(node)), append(m.weight, v)
			}
		}
	}
	return m
}

// mulTo stores the values at the sphere's points of consecutive fields u; dst has the
// given stride between fields.
func (m *sphereMatrix) mulTo(dst, u []float64, fields, stride int) {
	if m.t != nil {
		kernel.Mul(fields, m.cols, m.n, u, m.n, m.t, m.cols, dst, stride)
		return
	}
	for f := range fields {
		v := u[f*m.n : (f+1)*m.n]
		for c := range m.cols {
			node, weight := m.node[c*m.window:(c+1)*m.window], m.weight[c*m.window:(c+1)*m.window]
			sum := 0.0
			for i, w := range weight {
				sum += w * v[node[i]]
			}
			dst[f*stride+c] = sum
		}
	}
}

func newSampler(g *grid.Grid, width int, q *points, sphere *sphereMatrix) *sampler {
	s := &sampler{q: q, transfer: grid.NewTransfer(g, q.axes, width), sphere: sphere}
	s.tensor = make([]float64, s.transfer.Len())
	return s
}

// sampleTo stores the values of the fields, consecutive in u, at the points:
// dst[j*len(points)+i].
func (s *sampler) sampleTo(dst, u []float64, fields int) {
	n, m := s.sphere.n, len(s.q.x)
	for j := range fields {
		s.transfer.ApplyTo(s.tensor, u[j*n:(j+1)*n])
		for i, node := range s.q.inside {
			dst[j*m+i] = s.tensor[node]
		}
	}
	if len(s.q.sphere) > 0 {
		s.sphere.mulTo(dst[len(s.q.inside):], u, fields, m)
	}
}
