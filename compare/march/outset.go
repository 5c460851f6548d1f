package march

import (
	"strings"

	"kolmo/compare"
	"kolmo/grid"
)

// outset are the coordinates that belong to the ball, without those that have a range of their own:
// what is drawn and stored of fields is where paths start, in the middle where that is an interval.
type outset struct {
	G    *grid.Grid // of S, or its axes that are left
	Ball grid.Ball
	kept []int
	at   []float64      // of those that are not kept
	cut  *grid.Transfer // nil where all are kept
}

// Outset returns the engine's.
func (e *Engine) Outset() *outset {
	if e.starts != nil {
		return e.starts
	}
	g, ball := e.Data.Grid, e.Problem.Ball
	o := &outset{G: g, Ball: ball, at: ball.Center}
	e.starts = o
	if ball.Round() == len(ball.Center) {
		for k := range ball.Center {
			o.kept = append(o.kept, k)
		}
		return o
	}
	o.Ball = grid.Ball{R: ball.R}
	points := make([][]float64, len(ball.Center))
	var axes []*grid.Axis
	for k, c := range ball.Center {
		if points[k] = []float64{c}; ball.Range(k) != nil {
			continue
		}
		a := g.Axis(k)
		points[k] = make([]float64, a.Len())
		for i := range points[k] {
			points[k][i] = a.Node(i)
		}
		axes, o.kept = append(axes, a), append(o.kept, k)
		o.Ball.Center = append(o.Ball.Center, c)
	}
	var err error
	if o.G, err = grid.New(axes...); err != nil {
		panic("compare: " + err.Error()) // a ball has a coordinate
	}
	o.cut = grid.NewTransfer(g, points, e.Width)
	return o
}

// Of returns a field on the grid of S, where paths start.
func (o *outset) Of(u []float64) []float64 {
	if o.cut == nil || u == nil {
		return u
	}
	v := make([]float64, o.cut.Len())
	o.cut.ApplyTo(v, u)
	return v
}

// Point returns a copy of the coordinates of x that are kept.
func (o *outset) Point(x []float64) []float64 {
	y := make([]float64, len(o.kept))
	for i, k := range o.kept {
		y[i] = x[k]
	}
	return y
}

// Points returns lists of points along the kept coordinates as lists along all, of which the
// others are those of the point at.
func (o *outset) Points(kept [][]float64, at []float64) [][]float64 {
	all := make([][]float64, len(o.at))
	for k, c := range at {
		all[k] = []float64{c}
	}
	for i, k := range o.kept {
		all[k] = kept[i]
	}
	return all
}

// Held says where the coordinates of x are that are not kept and start at more than one value.
func (e *Engine) Held(x []float64) string {
	var at []string
	for k, name := range e.Problem.Dynamics.State().Names {
		if r := e.Problem.Ball.Range(k); r != nil && r.Low < r.High {
			at = append(at, compare.Say("%s = %.4g", name, x[k]))
		}
	}
	return strings.Join(at, ", ")
}
