package exit

import (
	"fmt"
	"math"

	"kolmo/compare"
)

// restCells are those at whose ends the limit's drift is looked at, and placeRounding is what two
// lengths that are the same may differ by.
const (
	restCells     = 512
	placeRounding = 1e-9
)

// placed returns the interval and the point of a study of exit times in the dynamics'
// coordinates. The error is an *InputError.
func placed(p *compare.Problem) (*Place, error) {
	wrong := func(key, format string, args ...any) (*Place, error) {
		return nil, &compare.InputError{Key: key, Msg: fmt.Sprintf(format, args...)}
	}
	e := p.Exit
	if d := len(p.Ball.Center); d > 1 {
		return wrong("studies", "a study of exit times speaks of intervals, and the state has %d coordinates: mean times jump at every preimage of a boundary, which grids of points in more than one dimension do not resolve; leave exit out", d)
	}
	if e == nil {
		return wrong("exit", "a study of exit times needs the interval that is left; want exit: {interval: [-1, 1], x: 0}")
	}
	ends, x := e.Interval, (e.Interval[0]+e.Interval[1])/2
	if e.X != nil {
		x = *e.X
	}
	switch {
	case !(ends[0] < ends[1]) || math.IsInf(ends[1]-ends[0], 0):
		return wrong("exit.interval", "found [%g, %g]; want an interval [low, high] of finite numbers with low below high", ends[0], ends[1])
	case !(ends[0] < x && x < ends[1]):
		return wrong("exit.x", "found %g; want a point inside the interval from %g to %g, or leave x out", x, ends[0], ends[1])
	}
	own := func(v float64) float64 { return p.FromUser([]compare.Number{compare.Number(v)})[0] }
	lo, hi := own(e.Interval[0]), own(e.Interval[1])
	lo, hi = min(lo, hi), max(lo, hi)
	if c, r := p.Ball.Center[0], p.Ball.R*(1+placeRounding); lo < c-r || hi > c+r {
		return wrong("exit.interval", "the interval goes beyond the ball, and there models may be others; want one inside, or a larger R")
	}
	if e.X != nil {
		return &Place{Lo: lo, Hi: hi, X: own(*e.X)}, nil
	}
	points := make([][]float64, restCells+1)
	for i := range points {
		points[i] = []float64{lo + (hi-lo)*float64(i)/restCells}
	}
	drift := func(points [][]float64) []float64 {
		f, b, jacobian := p.Dynamics.At(points, 1), make([]float64, len(points)), make([]float64, 1)
		for i := range b {
			f.FlowTo(b[i:i+1], jacobian, i)
		}
		return b
	}
	b, rests := drift(points), 0
	for i := range restCells {
		if !(b[i] > 0 && b[i+1] <= 0) {
			continue
		}
		u, v := points[i][0], points[i+1][0]
		for v-u > placeRounding*(hi-lo) {
			mid := u + (v-u)/2
			if drift([][]float64{{mid}})[0] > 0 {
				u = mid
			} else {
				v = mid
			}
		}
		if near := 2 * placeRounding * (hi - lo); v > lo+near && v < hi-near {
			rests, x = rests+1, v
		}
	}
	if rests != 1 {
		return wrong("exit", "the limit eta -> 0 has %d stable points of rest in the interval, and times are taken from one; say from where, as in exit: {interval: [-1, 1], x: 0}", rests)
	}
	return &Place{Lo: lo, Hi: hi, X: x}, nil
}
