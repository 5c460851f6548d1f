package compare

import (
	"fmt"
	"strings"

	"kolmo/grid"
)

// outset are the coordinates that belong to the ball, without those that have a range of their own:
// what is drawn and stored of fields is where paths start, in the middle where that is an interval.
type outset struct {
	g    *grid.Grid // of S, or its axes that are left
	ball grid.Ball
	kept []int
	at   []float64      // of those that are not kept
	cut  *grid.Transfer // nil where all are kept
}

// outset returns the engine's.
func (e *engine) outset() *outset {
	if e.starts != nil {
		return e.starts
	}
	g, ball := e.data.g, e.p.Ball
	o := &outset{g: g, ball: ball, at: ball.Center}
	e.starts = o
	if ball.Round() == len(ball.Center) {
		for k := range ball.Center {
			o.kept = append(o.kept, k)
		}
		return o
	}
	o.ball = grid.Ball{R: ball.R}
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
		o.ball.Center = append(o.ball.Center, c)
	}
	var err error
	if o.g, err = grid.New(axes...); err != nil {
		panic("compare: " + err.Error()) // a ball has a coordinate
	}
	o.cut = grid.NewTransfer(g, points, e.width)
	return o
}

// of returns a field on the grid of S, where paths start.
func (o *outset) of(u []float64) []float64 {
	if o.cut == nil || u == nil {
		return u
	}
	v := make([]float64, o.cut.Len())
	o.cut.ApplyTo(v, u)
	return v
}

// point returns a copy of the coordinates of x that are kept.
func (o *outset) point(x []float64) []float64 {
	y := make([]float64, len(o.kept))
	for i, k := range o.kept {
		y[i] = x[k]
	}
	return y
}

// points returns lists of points along the kept coordinates as lists along all, of which the
// others are those of the point at.
func (o *outset) points(kept [][]float64, at []float64) [][]float64 {
	all := make([][]float64, len(o.at))
	for k, c := range at {
		all[k] = []float64{c}
	}
	for i, k := range o.kept {
		all[k] = kept[i]
	}
	return all
}

// held says where the coordinates of x are that are not kept and start at more than one value.
func (e *engine) held(x []float64) string {
	var at []string
	for k, name := range e.p.Dynamics.State().Names {
		if r := e.p.Ball.Range(k); r != nil && r.Low < r.High {
			at = append(at, fmt.Sprintf("%s = %.4g", name, x[k]))
		}
	}
	return strings.Join(at, ", ")
}
