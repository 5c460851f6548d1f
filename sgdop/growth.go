package sgdop

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"kolmo/grid"
)

// Growth is how powers of S treat a random field.
type Growth struct {
	Factor float64 // max over n of |S^n v| at the nodes over |v|
	Step   int     // the n of that maximum
	Steps  int     // the steps looked at
	Seed   uint64
}

// mostGrowth is the factor up to which |S^n v| <= |v| counts as fulfilled.
const mostGrowth = 1.001

// Warning returns a sentence that names the excess, or "" if there is none: Lemma 1
// says |S phi| <= |phi|, and where the powers of an interpolated S grow, so do its
// errors.
func (g Growth) Warning() string {
	if g.Factor <= mostGrowth {
		return ""
	}
	return fmt.Sprintf("S^%d enlarges a random field %.4g times (seed %d); Lemma 1 allows 1, and more than %g means that errors grow too", g.Step, g.Factor, g.Seed, mostGrowth)
}

// Growth applies S steps times to a random field v, independent normal values at the nodes,
// and returns the largest |S^n v|, n >= 1, over the nodes of the ball (nil: all nodes) in
// units of |v|, the largest value of v's interpolant in the box, looked for at the
// nodes and between them. The error is the context's. Cost: steps applications and an
// interpolation to 3^d times as many points.
func (s *Operator) Growth(ctx context.Context, workers, steps int, seed uint64, ball *grid.Ball) (Growth, error) {
	r := Growth{Steps: steps, Seed: seed}
	rnd := rand.New(rand.NewPCG(seed, 1))
	u, v := make([]float64, s.g.Len()), make([]float64, s.g.Len())
	for i := range u {
		u[i] = rnd.NormFloat64()
	}
	size := s.supremum(u)
	inside := s.inside(ball)
	for n := 1; n <= steps; n++ {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		s.ApplyAllTo(workers, [][]float64{v}, [][]float64{u})
		u, v = v, u
		largest := 0.0
		for _, i := range inside {
			if a := math.Abs(u[i]); !(a <= largest) {
				largest = a
			}
		}
		if f := largest / size; !(f <= r.Factor) {
			r.Factor, r.Step = f, n
		}
		if math.IsNaN(r.Factor) || math.IsInf(r.Factor, 0) {
			break
		}
	}
	return r, nil
}

// between is the number of points that supremum looks at in every interval, its
// first node included.
const between = 3

// supremum returns the largest |interpolant of u| at the nodes and between them.
func (s *Operator) supremum(u []float64) float64 {
	points := make([][]float64, s.g.Dim())
	for k := range points {
		axis := s.g.Axis(k)
		for i := range axis.Len() - 1 {
			a, b := axis.Node(i), axis.Node(i+1)
			for j := range between {
				points[k] = append(points[k], a+(b-a)*float64(j)/between)
			}
		}
		points[k] = append(points[k], axis.Hi())
	}
	t := grid.NewTransfer(s.g, points, s.width)
	fine := make([]float64, t.Len())
	t.ApplyTo(fine, u)
	largest := 0.0
	for _, v := range fine {
		largest = max(largest, math.Abs(v))
	}
	return largest
}

// inside returns the nodes in the ball, all for nil.
func (s *Operator) inside(ball *grid.Ball) []int {
	var list []int
	x := make([]float64, s.g.Dim())
	for i := range s.g.Len() {
		if s.g.PointTo(x, i); ball == nil || ball.Contains(x) {
			list = append(list, i)
		}
	}
	return list
}
