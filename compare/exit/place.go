package exit

import (
	"math"
	"strconv"

	"kolmo/compare"
)

// restCells are those at whose ends the limit's drift is looked at, restRounding is how well a point of rest
// is found, of the interval, and placeRounding is what two lengths that are the same may differ by.
const (
	restCells     = 512
	restRounding  = 1e-13
	placeRounding = 1e-9
)

// wrong returns an *InputError.
func wrong(key, format string, args ...any) (domain, error) {
	return nil, &compare.InputError{Key: key, Msg: compare.Say(format, args...)}
}

// given is a number as the study has it, which need not be finite.
func given(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// placed returns what is left and the point of a study of exit times: an interval in the dynamics'
// coordinates, a box in the user's. The error is an *InputError.
func placed(p *compare.Problem) (domain, error) {
	switch d := len(p.Ball.Center); {
	case p.Ball.Ranges != nil:
		return ranged(p)
	case d > 2:
		return wrong("studies", "a study of exit times speaks of intervals and of boxes of the plane, and the state has %d coordinates, whose times need more cells than there is memory for; leave exit out", d)
	case d == 2:
		return boxed(p)
	}
	return onLine(p)
}

// boxed is placed in the plane.
func boxed(p *compare.Problem) (domain, error) {
	e := p.Exit
	if e == nil || e.Box == nil {
		return wrong("exit", "a study of exit times of two coordinates needs the box that is left and a point of it; want exit: {box: [[-1, 1], [-1, 1]], x: [0, 0]}")
	}
	if len(e.Box) != 2 || len(e.From) != 2 {
		return wrong("exit.box", "found %d sides and a point of %d coordinates; want two of each", len(e.Box), len(e.From))
	}
	at := new(Box)
	for k, side := range e.Box {
		at.Lo[k], at.Hi[k], at.X[k] = side[0], side[1], e.From[k]
		switch {
		case !(side[0] < side[1]) || math.IsInf(side[1]-side[0], 0):
			return wrong("exit.box", "found [%s, %s]; want sides [low, high] of finite numbers with low below high", given(side[0]), given(side[1]))
		case !(side[0] < e.From[k] && e.From[k] < side[1]):
			return wrong("exit.x", "found %s along axis %d; want a point inside the box, from %g to %g", given(e.From[k]), k+1, side[0], side[1])
		}
	}
	for _, x := range at.nodes([2]int{1, 1}) { // in a metric the ball is convex
		if q := p.FromUser([]compare.Number{compare.Number(x[0]), compare.Number(x[1])}); p.Ball.Distance(q) > p.Ball.R*(1+placeRounding) {
			return wrong("exit.box", "the box goes beyond the ball with its corner (%g, %g), and there models may be others; want one inside, or a larger R", x[0], x[1])
		}
	}
	return at, nil
}

// onLine is placed on the line.
func onLine(p *compare.Problem) (domain, error) {
	e := p.Exit
	if e == nil || e.Box != nil {
		return wrong("exit", "a study of exit times needs the interval that is left; want exit: {interval: [-1, 1], x: 0}")
	}
	own := func(v float64) float64 { return p.FromUser([]compare.Number{compare.Number(v)})[0] }
	lo, hi, err := endsOf(e, own, p.Ball.Center[0], p.Ball.R)
	switch {
	case err != nil:
		return nil, err
	case e.X != nil:
		return &Place{Lo: lo, Hi: hi, X: own(*e.X)}, nil
	}
	x := (lo + hi) / 2
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
	at := math.Pow(10, math.Ceil(math.Log10(restRounding*(hi-lo)))) // what decimals of a point of rest are rounded to: 0 is 0
	for i := range restCells {
		if !(b[i] > 0 && b[i+1] <= 0) {
			continue
		}
		u, v := points[i][0], points[i+1][0]
		for v-u > restRounding*(hi-lo) {
			mid := u + (v-u)/2
			if mid <= u || mid >= v {
				break
			}
			if drift([][]float64{{mid}})[0] > 0 {
				u = mid
			} else {
				v = mid
			}
		}
		if near := 2 * placeRounding * (hi - lo); v > lo+near && v < hi-near {
			rests, x = rests+1, math.Round(v/at)*at
		}
	}
	if rests != 1 {
		return wrong("exit", "the limit eta -> 0 has %d stable points of rest in the interval, and times are taken from one; say from where, as in exit: {interval: [-1, 1], x: 0}", rests)
	}
	return &Place{Lo: lo, Hi: hi, X: x}, nil
}

// endsOf returns the ends of the interval in the dynamics' coordinates, which own brings values to, in a ball about c. The error is
// an *InputError.
func endsOf(e *compare.Exit, own func(v float64) float64, c, R float64) (lo, hi float64, err error) {
	ends, x := e.Interval, (e.Interval[0]+e.Interval[1])/2
	if e.X != nil {
		x = *e.X
	}
	lo, hi = min(own(ends[0]), own(ends[1])), max(own(ends[0]), own(ends[1]))
	switch r := R * (1 + placeRounding); {
	case !(ends[0] < ends[1]) || math.IsInf(ends[1]-ends[0], 0):
		_, err = wrong("exit.interval", "found [%s, %s]; want an interval [low, high] of finite numbers with low below high", given(ends[0]), given(ends[1]))
	case !(ends[0] < x && x < ends[1]):
		_, err = wrong("exit.x", "found %s; want a point inside the interval from %g to %g, or leave x out", given(x), ends[0], ends[1])
	case lo < c-r || hi > c+r:
		_, err = wrong("exit.interval", "the interval goes beyond the ball, and there models may be others; want one inside, or a larger R")
	}
	return lo, hi, err
}
