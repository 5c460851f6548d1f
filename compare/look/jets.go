package look

import (
	"math"
	"slices"

	"kolmo/compare/fit"
	"kolmo/grid"
	"kolmo/kolmogorov"
)

// MostDerivative is the largest |J|.
const MostDerivative = kolmogorov.MaxDerivative

// Jets evaluates all derivatives d^J, 0 < |J| <= mostDerivative, of the interpolant of
// fields at points: those of its polynomials, on windows of as many nodes as given. At
// the tensor points the axes are contracted one after another, so that derivatives that
// agree along the first axes share the work. It owns workspace.
type Jets struct {
	G     *grid.Grid
	width int
	Q     *Points
	Js    [][]int
	At    map[[grid.MaxDim]int]int // index in js
	axes  [grid.MaxDim][MostDerivative + 1]*grid.AxisMatrix
	diff  [grid.MaxDim][]float64 // differentiation of axes that are used as a whole
	part  [grid.MaxDim][]float64
	near  []nodeJet // of the points on the sphere
	One   nodeJet   // of any point
	line  [grid.MaxDim][]float64
	along [][]float64 // see Along; nil: derivatives are along the axes
	mixed []float64
}

// nodeJet holds the weights of derivatives at one point: derivative m along axis k has
// weight[k][m*w+i] at node base[k]+i.
type nodeJet struct {
	base   [grid.MaxDim]int
	weight [grid.MaxDim][]float64
}

func NewJets(g *grid.Grid, width int, q *Points, js [][]int) *Jets {
	s := &Jets{G: g, width: width, Q: q, Js: js, At: make(map[[grid.MaxDim]int]int)}
	for k, j := range js {
		s.At[IndexOf(j)] = k
	}
	d := g.Dim()
	inner, rest := 1, g.Len()
	for k := range d {
		a := g.Axis(k)
		if a.Width(width) == a.Len() {
			s.diff[k] = a.Differentiation()
		}
		var rows [MostDerivative + 1][]grid.Row
		for _, x := range q.Axes[k] {
			w := a.Width(width)
			flat := make([]float64, (MostDerivative+1)*w)
			base := s.weightsTo(flat, k, x, MostDerivative)
			for m := range rows {
				rows[m] = append(rows[m], grid.Row{Base: base, Weights: flat[m*w : (m+1)*w]})
			}
		}
		for m := range rows {
			s.axes[k][m] = grid.NewAxisMatrix(rows[m], a.Len())
		}
		inner *= len(q.Axes[k])
		rest /= a.Len()
		s.part[k] = make([]float64, inner*rest)
	}
	s.One = s.newNodeJet()
	for _, x := range q.Sphere {
		p := s.newNodeJet()
		s.Locate(&p, x, MostDerivative)
		s.near = append(s.near, p)
	}
	for k, n := 1, 1; k < d; k++ {
		n *= g.Axis(k - 1).Width(width)
		s.line[k] = make([]float64, n)
	}
	return s
}

func IndexOf(j []int) (key [grid.MaxDim]int) {
	copy(key[:], j)
	return key
}

func (s *Jets) newNodeJet() (p nodeJet) {
	for k := range s.G.Dim() {
		p.weight[k] = make([]float64, (MostDerivative+1)*s.G.Axis(k).Width(s.width))
	}
	return p
}

// weightsTo stores the weights of the derivatives 0 .. most at x along axis k and
// returns the first node.
func (s *Jets) weightsTo(dst []float64, k int, x float64, most int) (base int) {
	a := s.G.Axis(k)
	w := a.Width(s.width)
	base = a.WindowTo(dst[:w], x, s.width)
	if s.diff[k] == nil {
		nodes := make([]float64, w)
		for i := range nodes {
			nodes[i] = a.Node(base + i)
		}
		for m, c := range grid.DerivativeWeights(most, x, nodes) {
			copy(dst[m*w:(m+1)*w], c)
		}
		return base
	}
	// The derivative of the interpolant is the interpolant of the derivative.
	for m := range most {
		from, to := dst[m*w:(m+1)*w], dst[(m+1)*w:(m+2)*w]
		clear(to)
		for i, v := range from {
			if v != 0 {
				for j, c := range s.diff[k][i*w : (i+1)*w] {
					to[j] += v * c
				}
			}
		}
	}
	return base
}

// Locate finds the weights of the derivatives 0 .. most at a point.
func (s *Jets) Locate(p *nodeJet, x []float64, most int) {
	for k := range s.G.Dim() {
		p.base[k] = s.weightsTo(p.weight[k], k, x[k], most)
	}
}

// Along makes derivatives be along other coordinates, of which those of the grid are linear functions with the given
// matrix. All J of an order must be among Js, or none.
func (s *Jets) Along(rows [][]float64) {
	s.along, s.mixed = make([][]float64, len(s.Js)), make([]float64, len(s.Js))
	for k, j := range s.Js {
		// d^J is a product of sums of derivatives along axes.
		terms := map[[grid.MaxDim]int]float64{{}: 1}
		for a, m := range j {
			for range m {
				next := map[[grid.MaxDim]int]float64{}
				for to, v := range terms {
					for l := range rows {
						by := to
						by[l]++
						next[by] += v * rows[l][a]
					}
				}
				terms = next
			}
		}
		s.along[k] = make([]float64, len(s.Js))
		for to, v := range terms {
			s.along[k][s.At[to]] = v
		}
	}
}

// SampleTo stores d^J u of a field at all points in dst[J].
func (s *Jets) SampleTo(dst [][]float64, u []float64) {
	s.tensor(dst, u, 0, 1, [grid.MaxDim]int{}, 0)
	for i := range s.near {
		s.sphere(dst, u, &s.near[i], len(s.Q.Inside)+i)
	}
	if s.along == nil {
		return
	}
	for i := range dst[0] {
		for k, row := range s.along {
			s.mixed[k] = 0
			for l, v := range row {
				s.mixed[k] += v * dst[l][i]
			}
		}
		for k, v := range s.mixed {
			dst[k][i] = v
		}
	}
}

// tensor contracts axis k of u, whose earlier axes are points already.
func (s *Jets) tensor(dst [][]float64, u []float64, k, inner int, j [grid.MaxDim]int, sum int) {
	outer := len(u) / (inner * s.G.Axis(k).Len())
	for m := 0; m <= MostDerivative-sum; m++ {
		j[k] = m
		out := s.part[k]
		if k < s.G.Dim()-1 {
			s.axes[k][m].MulTo(out, u, outer, inner)
			s.tensor(dst, out, k+1, inner*len(s.Q.Axes[k]), j, sum+m)
			continue
		}
		to, ok := s.At[j]
		if !ok {
			continue // u itself
		}
		s.axes[k][m].MulTo(out, u, outer, inner)
		for i, node := range s.Q.Inside {
			dst[to][i] = out[node]
		}
	}
}

// sphere stores the derivatives at one point with given weights in dst[J][i].
func (s *Jets) sphere(dst [][]float64, u []float64, p *nodeJet, i int) {
	var j [grid.MaxDim]int
	s.axis(u, p, s.G.Dim()-1, s.Offset(p), j, 0, func(j [grid.MaxDim]int, v float64) {
		if to, ok := s.At[j]; ok {
			dst[to][i] = v
		}
	})
}

func (s *Jets) Offset(p *nodeJet) int {
	at := 0
	for k := range s.G.Dim() {
		at += p.base[k] * s.G.Stride(k)
	}
	return at
}

// axis contracts the last axis of the window at offset, then the axes before it. The
// field is u on the grid's strides for the last axis, and afterwards the packed window.
func (s *Jets) axis(u []float64, p *nodeJet, k, offset int, j [grid.MaxDim]int, sum int, leaf func(j [grid.MaxDim]int, v float64)) {
	w := s.G.Axis(k).Width(s.width)
	packed := k < s.G.Dim()-1
	rows := 1 // entries of the window of the axes before k
	for l := range k {
		rows *= s.G.Axis(l).Width(s.width)
	}
	for m := 0; m <= MostDerivative-sum; m++ {
		j[k] = m
		weight := p.weight[k][m*w : (m+1)*w]
		if k == 0 {
			v := 0.0
			for i, c := range weight {
				v += c * u[offset+i]
			}
			leaf(j, v)
			continue
		}
		out := s.line[k][:rows]
		clear(out)
		for i, c := range weight {
			if packed {
				for r, v := range u[offset+i*rows : offset+(i+1)*rows] {
					out[r] += c * v
				}
				continue
			}
			s.addWindow(out, u, k, offset+i*s.G.Stride(k), c)
		}
		s.axis(out, p, k-1, 0, j, sum+m, leaf)
	}
}

// addWindow adds c times the window of the axes before k at offset, on the grid's
// strides, to out.
func (s *Jets) addWindow(out, u []float64, k, offset int, c float64) {
	w := s.G.Axis(0).Width(s.width)
	if k == 1 {
		for r, v := range u[offset : offset+w] {
			out[r] += c * v
		}
		return
	}
	for i := range s.G.Axis(1).Width(s.width) {
		s.addWindow(out[i*w:(i+1)*w], u, 1, offset+i*s.G.Stride(1), c)
	}
}

// Value returns d^J u at x.
func (s *Jets) Value(u []float64, k int, x []float64) float64 {
	j := s.Js[k]
	most := slices.Max(j)
	if s.along != nil {
		most = OrderOf(j)
	}
	p := &s.One
	s.Locate(p, x, most)
	if s.along == nil {
		return s.Sum(u, p, j, len(j)-1, s.Offset(p))
	}
	total := 0.0
	for l, v := range s.along[k] {
		if v != 0 {
			total += v * s.Sum(u, p, s.Js[l], len(j)-1, s.Offset(p))
		}
	}
	return total
}

// Sum contracts the window of the axes 0 .. k at offset with the weights of J.
func (s *Jets) Sum(u []float64, p *nodeJet, j []int, k, offset int) float64 {
	w := s.G.Axis(k).Width(s.width)
	weight, total := p.weight[k][j[k]*w:(j[k]+1)*w], 0.0
	if k == 0 {
		for i, v := range u[offset : offset+w] {
			total += weight[i] * v
		}
		return total
	}
	for i, c := range weight {
		total += c * s.Sum(u, p, j, k-1, offset+i*s.G.Stride(k))
	}
	return total
}

// Constants of the search for the largest |d^J u|.
const (
	// jetHalvings is how often the step of the search, half the spacing of the points
	// at first, is halved: what is left out is about 2^-2jetHalvings of what samples miss.
	jetHalvings = 5
	// jetMoves bounds the steps of one length.
	jetMoves = 8
)

// Largest returns sup |d^J u| over the ball, from its samples and the place of another
// field's supremum, by a search along the axes from the better of the two; the place is
// replaced by that of the supremum. left is an estimate of what the search leaves out.
func (s *Jets) Largest(u []float64, k int, samples, place []float64) (top, left float64) {
	at := -1
	for i, v := range samples {
		if a := math.Abs(v); a > top {
			top, at = a, i
		}
	}
	if at < 0 {
		return 0, 0
	}
	if v := math.Abs(s.Value(u, k, place)); v > top {
		top = v
	} else {
		copy(place, s.Q.X[at])
	}
	ball := s.Q.Ball
	step := ball.R / float64(len(s.Q.Axes[0]))
	x := make([]float64, len(place))
	for range jetHalvings {
		for range jetMoves {
			moved := false
			for a := range x {
				for _, sign := range []float64{1, -1} {
					copy(x, place)
					x[a] += sign * step
					ball.Project(x)
					if v := math.Abs(s.Value(u, k, x)); v > top {
						top, moved = v, true
						copy(place, x)
						break
					}
				}
			}
			if !moved {
				break
			}
		}
		step /= 2
	}
	return top, s.left(u, k, place, top, 2*step)
}

// left returns what a search whose last step is given leaves of the largest |d^J u|: the sum
// of what parabolas rise above the value found at a place, along the axes or, on the sphere, along it.
func (s *Jets) left(u []float64, k int, place []float64, top, step float64) float64 {
	sum, ball := 0.0, s.Q.Ball
	x, far := make([]float64, len(place)), ball.Distance(place)
	for a := range x {
		along, length := make([]float64, len(x)), 1.0
		if along[a] = 1; far >= ball.R*(1-onSphere) {
			out := (place[a] - ball.Center[a]) / far
			for l := range along {
				along[l] -= out * (place[l] - ball.Center[l]) / far
			}
			length = math.Sqrt(max(0, 1-out*out))
		}
		if length < leastAlong {
			continue // another axis is nearer to the sphere
		}
		v, ok := [3]float64{1: top}, true
		for i, sign := range []float64{0: -1, 2: 1} {
			if sign == 0 {
				continue
			}
			moved := 0.0
			for l := range x {
				x[l] = place[l] + sign*step*along[l]/length
			}
			ball.Project(x)
			for l := range x {
				moved += (x[l] - place[l]) * (x[l] - place[l])
			}
			ok = ok && moved > step*step/4 // the sphere is not in the way
			v[i] = math.Abs(s.Value(u, k, x))
		}
		if ok {
			sum += fit.OrderSafety*max(0, v[0]-top, v[2]-top) + fit.Between([]float64{-step, 0, step}, v[:], 1)
		}
	}
	return sum
}

const (
	// leastAlong is the least share of an axis that lies along the sphere, for that to be looked at.
	leastAlong = 0.5
	// onSphere is the distance from the sphere, over R, that is rounding.
	onSphere = 1e-12
)

// MultiIndices returns the J of decay studies in d dimensions.
func MultiIndices(d int) [][]int { return kolmogorov.MultiIndices(d, MostDerivative) }

// OrderOf returns |J|.
func OrderOf(j []int) int {
	sum := 0
	for _, m := range j {
		sum += m
	}
	return sum
}
