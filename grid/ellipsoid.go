package grid

import (
	"errors"
	"math"
)

// Ellipsoid is the closed ball |z - Center|_P <= R in the norm |z|_P = sqrt(z.P z). It is immutable.
//
//	y = Center + U (z - Center),   P = U^T U,
//
// with U upper triangular are coordinates in which it is the Euclidean ball about the same point. Points have the
// length of Center, and methods panic where they are shorter.
type Ellipsoid struct {
	Center    []float64
	R         float64
	Metric    []float64               // P, row by row; nil: the identity, with y = z
	root, inv [MaxDim][MaxDim]float64 // U and its inverse
}

// ErrMetric says that a matrix is the metric of no ellipsoid.
var ErrMetric = errors.New("grid: the metric is not symmetric and positive definite")

// NewEllipsoid returns the ball of a metric, which is ErrMetric unless it is nil or symmetric and positive definite.
func NewEllipsoid(center []float64, R float64, metric []float64) (*Ellipsoid, error) {
	e := &Ellipsoid{Center: center, R: R, Metric: metric}
	d := len(center)
	if metric == nil {
		return e, nil
	}
	if len(metric) != d*d {
		return nil, ErrMetric
	}
	for k := range d {
		for l := k; l < d; l++ {
			sum := metric[k*d+l]
			for m := range k {
				sum -= e.root[m][k] * e.root[m][l]
			}
			switch {
			case metric[k*d+l] != metric[l*d+k] || l == k && !(sum > 0 && sum-sum == 0):
				return nil, ErrMetric
			case l == k:
				e.root[k][k] = math.Sqrt(sum)
			default:
				e.root[k][l] = sum / e.root[k][k]
			}
		}
	}
	for l := range d {
		e.inv[l][l] = 1 / e.root[l][l]
		for k := l - 1; k >= 0; k-- {
			for m := k + 1; m <= l; m++ {
				e.inv[k][l] -= e.root[k][m] * e.inv[m][l] / e.root[k][k]
			}
		}
	}
	return e, nil
}

// Ball returns the ball of y.
func (e *Ellipsoid) Ball() Ball { return Ball{Center: e.Center, R: e.R} }

// FromBall stores z of y, and ToBall y of z; they may not be the same slice.
func (e *Ellipsoid) FromBall(z, y []float64) { e.move(z, y, &e.inv) }

// ToBall stores y of z.
func (e *Ellipsoid) ToBall(y, z []float64) { e.move(y, z, &e.root) }

// move stores Center + M (in - Center).
func (e *Ellipsoid) move(out, in []float64, by *[MaxDim][MaxDim]float64) {
	if e.Metric == nil {
		copy(out, in[:len(e.Center)])
		return
	}
	for k, c := range e.Center {
		out[k] = c
		for l := k; l < len(e.Center); l++ {
			out[k] += by[k][l] * (in[l] - e.Center[l])
		}
	}
}

// Contains reports that z belongs to the set, up to rounding.
func (e *Ellipsoid) Contains(z []float64) bool {
	var y [MaxDim]float64
	e.ToBall(y[:], z)
	return e.Ball().Contains(y[:len(e.Center)])
}

// Half returns the half-widths of the smallest box around the set, R sqrt((P^-1)_kk).
func (e *Ellipsoid) Half() []float64 {
	half := make([]float64, len(e.Center))
	for k := range half {
		if half[k] = e.R; e.Metric != nil {
			half[k] *= math.Hypot(math.Hypot(e.inv[k][0], e.inv[k][1]), e.inv[k][2])
		}
	}
	return half
}

// Section returns, of a set with d = 3, its section z_across = Center[across] + offset as a set of the two other
// coordinates; |offset| must be less than Half()[across].
//
//	Center' = Center_r - o Q^-1 p,   R'^2 = R^2 - o^2 (P_kk - p.Q^-1 p),
//
// k is across, r are the others, Q = P_rr is the metric, p = P_rk and o the offset.
func (e *Ellipsoid) Section(across int, offset float64) *Ellipsoid {
	a, b := (across+1)%3, (across+2)%3
	a, b = min(a, b), max(a, b)
	s := &Ellipsoid{Center: []float64{e.Center[a], e.Center[b]}, R: math.Sqrt(e.R*e.R - offset*offset)}
	if e.Metric == nil {
		return s
	}
	p := func(k, l int) float64 { return e.Metric[3*k+l] }
	det := p(a, a)*p(b, b) - p(a, b)*p(a, b)
	u := (p(b, b)*p(a, across) - p(a, b)*p(b, across)) / det
	v := (p(a, a)*p(b, across) - p(a, b)*p(a, across)) / det
	left := e.R*e.R - offset*offset*(p(across, across)-p(a, across)*u-p(b, across)*v)
	center := []float64{e.Center[a] - offset*u, e.Center[b] - offset*v}
	s, err := NewEllipsoid(center, math.Sqrt(left), []float64{p(a, a), p(a, b), p(a, b), p(b, b)})
	if err != nil {
		panic(err) // a part of a positive definite matrix is one
	}
	return s
}

// Box returns evenly spaced points, n per axis, of the smallest box around the set.
func (e *Ellipsoid) Box(n int) [][]float64 {
	lines := make([][]float64, len(e.Center))
	for k, half := range e.Half() {
		lines[k] = make([]float64, n)
		for i := range lines[k] {
			lines[k][i] = e.Center[k] + half*(float64(2*i-(n-1))/float64(n-1))
		}
	}
	return lines
}
