package survey

import (
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/grid"
	"kolmo/internal/par"
)

const (
	// residualTasks is the number of parts of the ball, each of which looks for what is missed on its own.
	residualTasks = 16
	// residualCopies is how many points between those of the survey there are for each on the line, where a kink is one
	// point; in the plane and in space it is a curve or a surface, near which many points are.
	residualCopies = 8
	// residualHalvings is how often the step is halved with which a maximum of what is missed is approached.
	// The miss at a kink has a kink itself, so that what is left is in proportion to the last step.
	residualHalvings = 10
	// MissFloor is what interpolants miss of a smooth phi by rounding, relative to |phi|.
	MissFloor = 1e-12
)

// betweenPoints are points of the ball of which few are nodes of any grid, where interpolants are held against phi.
type betweenPoints struct {
	x       [][]float64
	phi     [][]float64 // per observable, less its offset
	spacing float64
}

// newBetweenPoints moves the points of the survey by up to half their spacing, unless they would leave the ball. Along each
// axis these are multiples of a power of the root of y^(d+1) = y + 1, the golden section on the line. Their fractions fill
// the cell evenly.
func (s *Survey) newBetweenPoints(p *compare.Problem, workers int) betweenPoints {
	d := len(p.Ball.Center)
	root := 2.0
	for range 60 {
		root = math.Pow(1+root, 1/float64(d+1))
	}
	points := s.Q.X
	if d == 1 {
		points = slices.Repeat(points, residualCopies)
	}
	b := betweenPoints{spacing: s.Q.Ball.R / float64(surveyRefine[d]*look.PointDensity[d])}
	for i, x := range points {
		y, share := make([]float64, d), 1.0
		for k := range y {
			share /= root
			_, part := math.Modf(float64(i+1) * share)
			y[k] = x[k] + (part-0.5)*b.spacing
		}
		if !s.Q.Ball.Contains(y) {
			y = x
		}
		b.x = append(b.x, y)
	}
	for o, phi := range p.Observables {
		v := valuesAt(phi, b.x, workers)
		for i := range v {
			v[i] -= s.Offset[o]
		}
		b.phi = append(b.phi, v)
	}
	return b
}

// centers returns the middles of a grid's cells in the ball, and phi there, less its offset, per observable.
func (s *Survey) centers(p *compare.Problem, g *grid.Grid, workers int) (x [][]float64, phi [][]float64) {
	d, cells := g.Dim(), 1
	for k := range d {
		cells *= g.Axis(k).Len() - 1
	}
	for i := range cells {
		y, rest := make([]float64, d), i
		for k := range y {
			a := g.Axis(k)
			j := rest % (a.Len() - 1)
			rest /= a.Len() - 1
			y[k] = a.Node(j)/2 + a.Node(j+1)/2
		}
		if s.Q.Ball.Contains(y) {
			x = append(x, y)
		}
	}
	for o, of := range p.Observables {
		v := valuesAt(of, x, workers)
		for i := range v {
			v[i] -= s.Offset[o]
		}
		phi = append(phi, v)
	}
	return x, phi
}

// residuals returns, per observable, by how much the interpolant of its values at the nodes of a grid misses it in the
// ball: between the points of the survey and in the middles of the grid's cells, and from the worst of each part of them up
// to a maximum, since points miss the tip of a kink or of a cone.
func (s *Survey) residuals(p *compare.Problem, g *grid.Grid, width int, phi [][]float64, workers int) []float64 {
	x, values := s.centers(p, g, workers)
	x = append(x, s.between.x...)
	for o := range values {
		values[o] = append(values[o], s.between.phi[o]...)
	}
	parts := make([][]float64, residualTasks)
	par.Do(workers, residualTasks, func(task int) {
		in := grid.NewInterpolator(g, width)
		worst, at := make([]float64, len(phi)), make([]int, len(phi))
		lo, hi := par.Split(len(x), residualTasks, task)
		for i := lo; i < hi; i++ {
			in.Locate(x[i])
			for o := range phi {
				if miss := math.Abs(in.Value(phi[o]) - values[o][i]); miss > worst[o] {
					worst[o], at[o] = miss, i
				}
			}
		}
		for o := range phi {
			if worst[o] <= MissFloor*s.Size[o] {
				continue
			}
			f := p.Observables[o].NewFunc()
			_, worst[o] = climbMiss(s.Q.Ball, s.between.spacing, x[at[o]], worst[o], func(x []float64) float64 {
				in.Locate(x)
				return math.Abs(in.Value(phi[o]) - (f(x) - s.Offset[o]))
			})
		}
		parts[task] = worst
	})
	worst := make([]float64, len(phi))
	for _, part := range parts {
		for o := range worst {
			worst[o] = max(worst[o], part[o])
		}
	}
	return worst
}

// climbMiss climbs a miss in the ball along the axes from a point where it has a value, with steps that begin with the
// spacing of the points and are halved where none leads up. It returns where it ends and the miss there.
func climbMiss(ball grid.Ball, spacing float64, from []float64, value float64, miss func(x []float64) float64) ([]float64, float64) {
	x, step := slices.Clone(from), spacing
	for range residualHalvings {
		step /= 2
		for k := range x {
			for _, to := range []float64{x[k] - step, x[k] + step} {
				old := x[k]
				x[k] = to
				if v := miss(x); ball.Contains(x) && v > value {
					value = v
					break
				}
				x[k] = old
			}
		}
	}
	return x, value
}
