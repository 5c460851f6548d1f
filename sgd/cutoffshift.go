package sgd

import (
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// CutoffShift is how far the place of the cutoff moves the modified model's solution
// in the ball.
type CutoffShift struct {
	// Value is the largest |u_{R2} - u_{R2'}| at time Time over points of B(0,R),
	// R2' = R2 + (R2-R)/2.
	Value float64
	X     []float64 // where it is
	// Error is the largest change of that difference, over the same points, between
	// Nodes nodes per axis and three quarters of them: the discretisation error of the
	// coarser grids, above that of Value as a rule. Where it is not small beside Value,
	// Value says no more than that the shift is not larger than about both.
	Error float64
	R2    [2]float64 // R2 and R2'
	Nodes [2]int     // per axis, of the grids compared
}

// Space is a discretisation of a cube: the kind of axes, nodes per axis and the order
// of the derivatives.
type Space struct {
	Kind  grid.Kind // uniform or Chebyshev
	Nodes int
	Order int // even, or fd.FullWidth
	// Workers is the number of workers, 0 for all processors; no result depends on it.
	Workers int
}

// String returns the space in words.
func (s Space) String() string {
	if s.Order == fd.FullWidth {
		return fmt.Sprintf("%v axes of %d nodes, full width", s.Kind, s.Nodes)
	}
	return fmt.Sprintf("%v axes of %d nodes, order %d", s.Kind, s.Nodes, s.Order)
}

// shiftDensity is the number of points per radius at which a shift is looked at.
const shiftDensity = 24

// NewCutoffShift measures how far the cutoff chi moves the modified model's solution in
// the ball. It solves u_t = L u, u(.,0) = phi, up to the given time with the cutoff's
// R2 and with R2' = R2 + (R2-R)/2, each on the cube of that half-width about the
// centre. It interpolates the difference to points of the ball, and does it all again with
// fewer nodes for the error. The shift is exponentially small in 1/eta, being the
// chance of a path to reach the layer: what a small one shows is often the error. The
// error returned is a cutoff with R2 <= R, a time that is not positive, fewer than
// eight nodes, or that of FieldsOn, kolmogorov.NewOperator or the propagation. Cost: four
// solutions.
func NewCutoffShift(o objective.Objective, cut Cutoff, eta float64, phi process.Observable, time float64, s Space) (*CutoffShift, error) {
	const fewest = 8
	switch {
	case len(cut.Ball.Center) != o.Dim():
		return nil, fmt.Errorf("sgd: a ball in %d dimensions for %d parameters", len(cut.Ball.Center), o.Dim())
	case !(cut.Ball.R > 0) || !(cut.R2 > cut.Ball.R) || math.IsInf(cut.R2, 0):
		return nil, fmt.Errorf("sgd: a cutoff from R = %g to R2 = %g: want 0 < R < R2", cut.Ball.R, cut.R2)
	case !(eta > 0) || !(time > 0) || math.IsInf(time, 0):
		return nil, fmt.Errorf("sgd: eta = %g and time %g: want both positive", eta, time)
	case s.Nodes < fewest:
		return nil, fmt.Errorf("sgd: %d nodes per axis: want at least %d", s.Nodes, fewest)
	}
	far := Cutoff{Ball: cut.Ball, R2: cut.R2 + (cut.R2-cut.Ball.R)/2}
	c := &CutoffShift{R2: [2]float64{cut.R2, far.R2}, Nodes: [2]int{s.Nodes, max(s.Nodes*3/4, fewest*3/4)}}
	points := ballPoints(cut.Ball, shiftDensity)
	var shift [2][]float64
	for i, n := range c.Nodes {
		near, err := modifiedAt(o, cut, eta, phi, time, Space{s.Kind, n, s.Order, s.Workers}, points)
		if err != nil {
			return nil, err
		}
		wide, err := modifiedAt(o, far, eta, phi, time, Space{s.Kind, n, s.Order, s.Workers}, points)
		if err != nil {
			return nil, err
		}
		for j := range near {
			near[j] -= wide[j]
		}
		shift[i] = near
	}
	c.X = points[0]
	for j, v := range shift[0] {
		if math.Abs(v) > c.Value {
			c.Value, c.X = math.Abs(v), points[j]
		}
		c.Error = max(c.Error, math.Abs(v-shift[1][j]))
	}
	return c, nil
}

// modifiedAt returns the modified model's solution at the points.
func modifiedAt(o objective.Objective, cut Cutoff, eta float64, phi process.Observable, time float64, s Space, points [][]float64) ([]float64, error) {
	g, err := grid.Box(s.Kind, []int{s.Nodes}, cut.Ball.Center, cut.R2)
	if err != nil {
		return nil, fmt.Errorf("sgd: %w", err)
	}
	at, err := FieldsOn(g, o, s.Workers)
	if err != nil {
		return nil, err
	}
	op, err := kolmogorov.NewOperator(g, modified.coefficients(at, eta, cut), s.Order)
	if err != nil {
		return nil, err
	}
	u, f, x := make([]float64, g.Len()), phi.NewFunc(), make([]float64, g.Dim())
	for i := range u {
		g.PointTo(x, i)
		u[i] = f(x)
	}
	out := [][][]float64{{make([]float64, g.Len())}}
	p := kolmogorov.NewPolynomial(op.WithWorkers(s.Workers), time)
	p.Start([][]float64{u})
	if err := p.Advance(out); err != nil {
		return nil, err
	}
	width := 0 // the whole axis
	if s.Order != fd.FullWidth {
		width = s.Order + 2
	}
	in := grid.NewInterpolator(g, width)
	values := make([]float64, len(points))
	for i, x := range points {
		in.Locate(x)
		values[i] = in.Value(out[0][0])
	}
	return values, nil
}

// ballPoints returns the centre, and points on spheres of radii R i/density.
func ballPoints(b grid.Ball, density int) [][]float64 {
	points := [][]float64{append([]float64(nil), b.Center...)}
	shells := density
	if len(b.Center) > 1 {
		shells = density / 2
	}
	for i := range shells {
		inner := grid.Ball{Center: b.Center, R: b.R * float64(i+1) / float64(shells)}
		points = append(points, inner.Sphere(max(1, (i+1)*density/(2*shells)))...)
	}
	return points
}
