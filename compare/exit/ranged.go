package exit

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Ranged is an open interval of the one coordinate of the ball, times the range of another, whose ends no path passes.
type Ranged struct {
	Box
	along int        // the axis of the interval
	own   [2]float64 // its ends, and x, in the dynamics' coordinates
	from  []float64
}

// rangedModel is of collocation, whose errors fall faster than any power of the cells.
var rangedModel = ladder{first: 11, most: 40, order: math.MaxInt32, grids: 4, finer: 1.2, fall: 1. / 4, share: 3e-5, left: 1e-5}

// ranged is placed where a coordinate has a range.
func ranged(p *compare.Problem) (domain, error) {
	e, names := p.Exit, p.Dynamics.State().Names
	if len(names) != 2 || p.Ball.Round() != 1 {
		return wrong("studies", "a study of exit times speaks of one coordinate of the ball and one with a range of its own at the most, and the state has %d coordinates; leave exit out", len(names))
	}
	if e == nil || e.Box != nil || e.X == nil {
		return wrong("exit", "a study of exit times beside a range needs the interval of the ball's coordinate that is left, and from where; want exit: {interval: [-1, 1], x: 0}")
	}
	at, z := new(Ranged), p.ToUser(p.Ball.Center)
	for k := range names {
		switch r, whole := p.Ball.Range(k), p.Region(p.Ball.R).Range(k); {
		case r == nil:
			at.along = k
		case r.Low < r.High:
			return wrong("exit", "%s starts anywhere from %g to %g, and times are from one point; want one number as its start", names[k], r.Low, r.High)
		default:
			at.Lo[k], at.Hi[k], at.X[k], at.Kept[k] = whole.Low, whole.High, r.Low, true
		}
	}
	k := at.along
	own := func(v float64) float64 {
		z[k] = compare.Number(v)
		return p.FromUser(z)[k]
	}
	var err error
	if at.own[0], at.own[1], err = endsOf(e, own, p.Ball.Center[k], p.Ball.R); err != nil {
		return nil, err
	}
	at.Lo[k], at.Hi[k], at.X[k], at.from = e.Interval[0], e.Interval[1], *e.X, append(at.from, p.Ball.Center...)
	at.from[k] = own(*e.X)
	return at, nil
}

// modelOn is by collocation, with rows T = 0 at the ends of the interval and none at those of the range, where drifts do not
// lead out: L is there as the gap's equations have it.
func (at *Ranged) modelOn(p *compare.Problem, d process.Dynamics, m *process.Diffusion, eta float64, workers int) (onModel, ladder) {
	return func(cells int) (t, thick float64, why string) {
		box := p.Region((at.own[1] - at.own[0]) / 2)
		box.Center = append([]float64(nil), at.from...)
		box.Center[at.along] = (at.own[0] + at.own[1]) / 2
		g, err := box.Box(grid.KindChebyshev, []int{cells + 1})
		if err != nil {
			return math.NaN(), 0, err.Error()
		}
		fields, err := d.On(g, workers)
		if err != nil {
			return math.NaN(), 0, err.Error()
		}
		c := m.Coefficients(fields, eta)
		op, err := kolmogorov.NewOperator(g, c, fd.FullWidth)
		if err != nil {
			return math.NaN(), 0, err.Error()
		}
		if t, why = absorbed(op.WithWorkers(1), at.along, c.A[at.along][at.along], at.from); t <= 0 {
			thick = math.Inf(1) // the grid does not resolve it, and its time is none to judge by
		}
		return t, thick, why
	}, rangedModel
}

// absorbed returns the solution of L T = -1 at a point, T = 0 at both ends of an axis, along which the noise is a.
func absorbed(op *kolmogorov.Operator, along int, a, x []float64) (t float64, why string) {
	g := op.Grid()
	var free []int
	for i := range g.Len() {
		switch k := i / g.Stride(along) % g.Axis(along).Len(); {
		case k > 0 && k < g.Axis(along).Len()-1:
			free = append(free, i)
		case a == nil || !(a[i] > 0):
			return math.NaN(), "its noise vanishes at an end of the interval, and with it the meaning of an end that absorbs"
		}
	}
	n := len(free)
	matrix, right := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
	e, column, value := make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, 1)
	for k, j := range free {
		e[j] = 1
		op.ApplyTo(column, nil, 1, e)
		e[j] = 0
		for l, i := range free {
			matrix.Set(l, k, column[i])
		}
		right.SetVec(k, -1)
	}
	// With the weights of the value at the point, at.T, and L^T green = at, rounding does to it what green does to its residuals.
	at, green := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	place := make([][]float64, len(x))
	for k := range x {
		place[k] = x[k : k+1]
	}
	weights := grid.NewTransfer(g, place, 0)
	for k, j := range free {
		e[j] = 1
		weights.ApplyTo(value, e)
		e[j] = 0
		at.SetVec(k, value[0])
	}
	var lu mat.LU
	lu.Factorize(matrix)
	time := mat.NewVecDense(n, nil)
	for _, solve := range []error{lu.SolveVecTo(time, false, right), lu.SolveVecTo(green, true, at)} {
		if _, near := solve.(mat.Condition); solve != nil && !near {
			return math.NaN(), solve.Error()
		}
	}
	lost := 0.0
	for k := range n {
		row := 1.0
		for l, v := range matrix.RawRowView(k) {
			row += math.Abs(v * time.AtVec(l))
		}
		lost += math.Abs(green.AtVec(k)) * row
	}
	t = mat.Dot(at, time)
	if lost *= rounding; !(lost <= rangedModel.left*math.Abs(t)) {
		return math.NaN(), compare.Say("rounding may change it by %.2g of itself on a grid of %d nodes", lost/math.Abs(t), g.Len())
	}
	return t, ""
}

func (at *Ranged) shown(p *compare.Problem) compare.ExitPlace {
	return compare.ExitPlace{Interval: &[2]compare.Number{compare.Number(at.Lo[at.along]), compare.Number(at.Hi[at.along])}, Box: [][2]compare.Number{}, X: p.ToUser(at.from)}
}
