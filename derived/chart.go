package derived

import (
	"fmt"
	"math"
	"strings"

	"kolmo/grid"
	"kolmo/internal/jacobi"
	"kolmo/process"
)

// Chart is a change of coordinates from the state z to q.
//
//	y = P^(1/2) (z - center),   y = q/sqrt(1 + c |q|^2/R_q^2),   R_q = R_2 sqrt(1+c).
//
// Balls of |z - center|_P are balls of |q|, and |y| = R_2 is |q| = R_q. For
// c > 0 the box of half-width R_q has corners that lie closer in y than those of a square:
// with c large enough a drift that turns does not leave it, as it would leave a square.
// Coordinates with a range of their own have no part in that: q has them as z does, or a clock as
// Low + (High - Low) ln(1 + Bend r)/ln(1 + Bend), see process.Clock. Where P is the
// identity and c = 0 the others need not be changed either: the ball is about center, and else about 0.
type Chart struct {
	d         int
	center    []float64
	root, inv Matrix              // P^(1/2) and P^(-1/2)
	bend      float64             // c/R_q^2
	straight  bool                // q = z but for clocks
	r         float64             // R
	corner    float64             // |y| at the corners of the box of radius R_2
	ranges    []*process.Interval // nil entries, or no entries, belong to the ball
	users     *grid.Ellipsoid     // the ball in z
}

// NewChart returns the chart of a ball |z - center|_P <= R in one of radius R2; P, row by row, is nil for the
// identity. Ranges are those of coordinates that do not belong to the ball; center and P
// are of the others. The error is a P that is not symmetric and positive definite.
func NewChart(center, P []float64, R, R2, c float64, ranges ...*process.Interval) (*Chart, error) {
	n := len(center)
	ch := &Chart{r: R, bend: c / (R2 * R2 * (1 + c)), ranges: ranges}
	ch.corner = ch.near(math.Sqrt(float64(n)) * ch.far(R2))
	var round []int // coordinates of the ball
	for len(round) < n || ch.d < len(ranges) {
		k := ch.d
		ch.d++
		if ch.ranged(k) {
			ch.root[k][k], ch.inv[k][k] = 1, 1
			ch.center = append(ch.center, 0)
			continue
		}
		ch.center = append(ch.center, center[len(round)])
		round = append(round, k)
	}
	ch.straight = c == 0 && isIdentity(P, n)
	if P == nil {
		for _, k := range round {
			ch.root[k][k], ch.inv[k][k] = 1, 1
		}
		var err error
		ch.users, err = grid.NewEllipsoid(center, R, nil)
		return ch, err
	}
	var p Matrix
	for k := range n {
		for l := range n {
			if p[k][l] = P[k*n+l]; P[k*n+l] != P[l*n+k] {
				return nil, fmt.Errorf("the metric is not symmetric")
			}
		}
	}
	values, vectors := jacobi.Eigen(p, n)
	for j := range n {
		switch most := max(math.Abs(values[0]), math.Abs(values[n-1])); {
		case !(values[j] > 0):
			return nil, fmt.Errorf("the metric is not positive definite: its least eigenvalue is %.4g", values[j])
		case !(values[j] > leastMetric*most):
			return nil, fmt.Errorf("the metric is too narrow: its eigenvalues are %.4g and %.4g, whose ratio may be %g at the most", values[j], most, 1/leastMetric)
		}
		s := math.Sqrt(values[j])
		for i, k := range round {
			for m, l := range round {
				ch.root[k][l] += vectors[i][j] * vectors[m][j] * s
				ch.inv[k][l] += vectors[i][j] * vectors[m][j] / s
			}
		}
	}
	var err error
	ch.users, err = grid.NewEllipsoid(center, R, P)
	return ch, err
}

// isIdentity reports that a matrix, row by row, is that; nil stands for it.
func isIdentity(P []float64, n int) bool {
	for i, v := range P {
		if i%(n+1) == 0 && v != 1 || i%(n+1) != 0 && v != 0 {
			return false
		}
	}
	return true
}

// ranged reports that coordinate k has a range of its own.
func (c *Chart) ranged(k int) bool { return k < len(c.ranges) && c.ranges[k] != nil }

// middle returns coordinate k of the centre of the ball in q.
func (c *Chart) middle(k int) float64 {
	if c.straight {
		return c.center[k]
	}
	return 0
}

// radius returns |y| of q.
func (c *Chart) radius(q []float64) float64 {
	var from Vector
	for k, v := range q {
		from[k] = v - c.middle(k)
	}
	return c.near(math.Sqrt(c.round(from[:c.d])))
}

// round returns |q|^2, of a ball about 0, or |y|^2: that of the coordinates of the ball.
func (c *Chart) round(v []float64) float64 {
	square := 0.0
	for k := range c.d {
		if !c.ranged(k) {
			square += v[k] * v[k]
		}
	}
	return square
}

// leastMetric is the least eigenvalue of a metric over its largest.
const leastMetric = 1e-10

// ball returns the region in the chart, without ranges. Its centre is where these start.
func (c *Chart) ball() grid.Ball {
	center := make([]float64, c.d)
	for k := range center {
		if center[k] = c.middle(k); c.ranged(k) {
			center[k] = c.bent(k, c.ranges[k].StartLow/2+c.ranges[k].StartHigh/2)
		}
	}
	return grid.Ball{Center: center, R: c.far(c.r)}
}

// held is ball where coordinates with a range have no value but that of its centre.
func (c *Chart) held() grid.Ball {
	ball := c.ball()
	for k, v := range ball.Center {
		if c.ranged(k) {
			if ball.Ranges == nil {
				ball.Ranges = make([]*grid.Range, c.d)
			}
			ball.Ranges[k] = &grid.Range{Low: v, High: v}
		}
	}
	return ball
}

// states are some of the region.
func (c *Chart) states() [][]float64 {
	ball := c.held()
	points := [][]float64{ball.Center}
	for i := range noiseShells {
		points = append(points, ball.With(ball.R*float64(i+1)/noiseShells).Sphere(roughDensity)...)
	}
	for i, q := range points {
		z := make([]float64, c.d)
		c.toState(z, q)
		points[i] = z
	}
	return points
}

// roughDensity says how densely moments are looked at on a shell.
const roughDensity = 2

// far returns |q| where |y| is y.
func (c *Chart) far(y float64) float64 { return y / math.Sqrt(1-c.bend*y*y) }

// near is its inverse.
func (c *Chart) near(q float64) float64 { return q / math.Sqrt(1+c.bend*q*q) }

// toState stores z of q.
func (c *Chart) toState(z, q []float64) {
	var y Vector
	copy(y[:], q[:c.d])
	for k := range c.d {
		if c.ranged(k) {
			y[k] = c.unbent(k, q[k])
		}
	}
	if c.straight {
		copy(z, y[:c.d])
		return
	}
	s := 1 / math.Sqrt(1+c.bend*c.round(q))
	for k := range c.d {
		if !c.ranged(k) {
			y[k] *= s
		}
	}
	for k := range c.d {
		z[k] = c.center[k]
		for l := range c.d {
			z[k] += c.inv[k][l] * y[l]
		}
	}
}

// toChart stores q of z. States beyond the corners of the box are taken for those of the
// corners' radius in the same direction: no path that begins in the region gets there.
func (c *Chart) toChart(q, z []float64) {
	y, square := c.flat(z)
	if c.straight {
		copy(y[:], z[:c.d])
	}
	if c.bend > 0 {
		corner := c.corner * c.corner // in y
		scale := 1.0
		if square > corner {
			scale, square = math.Sqrt(corner/square), corner
		}
		scale /= math.Sqrt(1 - c.bend*square)
		for k := range y {
			if !c.ranged(k) {
				y[k] *= scale
			}
		}
	}
	for k := range c.d {
		if c.ranged(k) {
			y[k] = c.bent(k, y[k])
		}
	}
	copy(q, y[:c.d])
}

// flat returns y of z, and |y|^2.
func (c *Chart) flat(z []float64) (y Vector, square float64) {
	for k := range c.d {
		for l := range c.d {
			y[k] += c.root[k][l] * (z[l] - c.center[l])
		}
	}
	return y, c.round(y[:])
}

// jet is dq/dy and the second derivatives of q at a point; see Chart.
type jet struct {
	y      Vector // zero in coordinates with a range
	ranged [grid.MaxDim]bool
	g      float64
	turn   Vector  // second derivatives of coordinates with a range along themselves
	g1, g2 float64 // its first two derivatives in |y|^2
	first  Matrix
}

// jetAt returns the jet at z, which must be a state of the box.
func (c *Chart) jetAt(z []float64) *jet {
	j := new(jet)
	var square float64
	j.y, square = c.flat(z)
	rest := 1 - c.bend*square
	j.g = 1 / math.Sqrt(rest)
	j.g1 = c.bend / 2 * j.g / rest
	j.g2 = 1.5 * c.bend * j.g1 / rest
	for k := range c.d {
		if j.ranged[k] = c.ranged(k); j.ranged[k] {
			j.y[k] = 0
		}
	}
	for k := range c.d {
		for l := range c.d {
			j.first[k][l] = 2 * j.g1 * j.y[k] * j.y[l]
		}
		if j.first[k][k] += j.g; j.ranged[k] {
			j.first[k][k], j.turn[k] = c.slopes(k, z[k])
		}
	}
	return j
}

// second returns d_m d_n q_k.
func (j *jet) second(k, m, n int) float64 {
	if j.ranged[k] || j.ranged[m] || j.ranged[n] {
		if k == m && k == n {
			return j.turn[k]
		}
		return 0
	}
	s := 4 * j.g2 * j.y[k] * j.y[m] * j.y[n]
	if k == m {
		s += 2 * j.g1 * j.y[n]
	}
	if k == n {
		s += 2 * j.g1 * j.y[m]
	}
	if m == n {
		s += 2 * j.g1 * j.y[k]
	}
	return s
}

// pushDrift returns a vector of the state in the chart.
func (c *Chart) pushDrift(j *jet, b *Vector) Vector {
	by := mulVector(&c.root, b)
	return mulVector(&j.first, &by)
}

// pushDiffusion returns a diffusion of the state in the chart, and the drift that goes with
// it there by Ito's formula.
func (c *Chart) pushDiffusion(j *jet, a *Matrix) (out Matrix, ito Vector) {
	ay := sandwich(&c.root, a)
	for k := range c.d {
		for m := range c.d {
			for n := range c.d {
				ito[k] += ay[m][n] * j.second(k, m, n) / 2
			}
		}
	}
	return sandwich(&j.first, &ay), ito
}

// jacobian returns that of m12 in the chart, if the limit has no noise.
func (c *Chart) jacobian(j *jet, m *Moments) Matrix {
	by, dy := mulVector(&c.root, &m.M12), c.flatJacobian(m)
	first := mul(&j.first, &dy)
	for k := range c.d {
		for n := range c.d {
			for i := range c.d {
				first[k][n] += j.second(k, i, n) * by[i]
			}
		}
	}
	// dy/dq, the inverse of dq/dy = g (I + 2 (g1/g) y y^T).
	square := 0.0
	for _, v := range j.y {
		square += v * v
	}
	var back Matrix
	for k := range c.d {
		for l := range c.d {
			back[k][l] = -2 * j.g1 / j.g * j.y[k] * j.y[l] / (j.g + 2*j.g1*square)
		}
		if back[k][k] += 1 / j.g; j.ranged[k] {
			back[k][k] = 1 / j.first[k][k]
		}
	}
	return mul(&first, &back)
}

// flatJacobian returns that of m12 in y.
func (c *Chart) flatJacobian(m *Moments) Matrix {
	left := mul(&c.root, &m.D12)
	return mul(&left, &c.inv)
}

// String says what the coordinates are; names are those of the state.
func (c *Chart) words(names []string) string {
	var rows []string
	var own []string
	var center []float64
	for k := range c.d {
		if c.ranged(k) {
			continue
		}
		own, center = append(own, names[k]), append(center, c.center[k])
		var row []string
		for l := range c.d {
			if !c.ranged(l) {
				row = append(row, fmt.Sprintf("%.6g", c.root[k][l]))
			}
		}
		rows = append(rows, strings.Join(row, " "))
	}
	z := "(" + strings.Join(own, ", ") + ")"
	text := fmt.Sprintf("[%s] (%s - %v)", strings.Join(rows, "; "), z, center)
	if c.bend > 0 {
		return fmt.Sprintf("y/sqrt(1 + %.6g |y|^2) = %s", c.bend, text)
	}
	return "y = " + text
}

func mulVector(a *Matrix, v *Vector) (w Vector) {
	for k := range a {
		for l := range v {
			w[k] += a[k][l] * v[l]
		}
	}
	return w
}

func mul(a, b *Matrix) (c Matrix) {
	for k := range a {
		for l := range b {
			for j := range b {
				c[k][l] += a[k][j] * b[j][l]
			}
		}
	}
	return c
}

// sandwich returns A B A^T.
func sandwich(a, b *Matrix) (c Matrix) {
	left := mul(a, b)
	for k := range a {
		for l := range a {
			for j := range a {
				c[k][l] += left[k][j] * a[l][j]
			}
		}
	}
	return c
}

// norm returns |y| of z.
func (c *Chart) norm(z []float64) float64 {
	_, square := c.flat(z)
	return math.Sqrt(square)
}

// hold puts a state that is farther from the centre than r on the sphere of that radius.
func (c *Chart) hold(z []float64, r float64) {
	if math.IsInf(r, 1) {
		return
	}
	if far := c.norm(z); far > r {
		for k := range z {
			if !c.ranged(k) {
				z[k] = c.center[k] + (z[k]-c.center[k])*(r/far)
			}
		}
	}
}
