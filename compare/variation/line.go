package variation

import (
	"context"
	"errors"
	"math"

	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Constants of rates on the line.
const (
	// leastCells and mostCells are the numbers of cells that are tried, each twice the last.
	leastCells, mostCells = 512, 16384
	// lineAccuracy is the error of a rate, relatively, at which no finer cells are tried.
	lineAccuracy = 1e-5
	// lineOrder is the power of the cells with which errors fall where coefficients are smooth.
	lineOrder = 2
	// sturmTolerance is the width of the last interval of a bisection, relative to the first.
	sturmTolerance = 1e-14
	// drifting is the drift over the diffusion in a cell beyond which e^-drifting is nothing.
	drifting = 500
)

// A rate on the line is found a second time, on equal cells, by matrices that keep the sign of m as the equation does. A
// polynomial through nodes does not, so that grids that miss a narrow peak of the mode may agree on an eigenvalue that is none.
// The leading eigenvalue of a matrix without negative entries off its diagonal is real, and so is the mode's sign (Perron and Frobenius).

// hold puts the rate on cells in the place of a grid's that has a larger error, or is beyond the error of that on cells.
func (s *Kind) hold(ctx context.Context, fine, coarse *varied, e *variedErrors, m *process.Diffusion, eta, p float64) error {
	rate, off, err := s.moment(m, eta, p).rate(ctx, s.Cache, fine.half)
	if err != nil || math.IsInf(off, 1) {
		return err
	}
	if agrees(fine.rate[0], e.rate[0], rate, off) {
		return nil
	}
	fine.rate, coarse.rate, e.rate = []float64{rate}, []float64{rate}, []float64{off}
	coarse.onCells = true
	return nil
}

// agrees reports that a rate of grids is known better than that on cells, and is one that this may be.
func agrees(grid, error, cells, off float64) bool {
	return error <= off && math.Abs(grid-cells) <= off
}

// lineMoment is E|dX|^p of a model, or of the chain where that is nil, on the line.
type lineMoment struct {
	*unit.Setup
	m      *process.Diffusion
	eta, p float64
}

func (s *Kind) moment(m *process.Diffusion, eta, p float64) *lineMoment {
	return &lineMoment{s.Setup, m, eta, p}
}

// rate returns that on finer and finer cells of a box, and its error, infinite where it is not known.
func (l *lineMoment) rate(ctx context.Context, cache *survey.Cache, half float64) (rate, off float64, err error) {
	on := l.ofChain
	if l.m != nil {
		on = l.ofModel
		if l.m.Noise == process.NoNoise { // what rests beyond the ball is not reached
			half = l.Problem.Ball.R
		}
	}
	return settle(func(cells int) (rate, algebra float64, err error) {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		g, err := cache.Problem.Ball.With(half).Box(grid.KindUniform, []int{cells + 1})
		if err != nil {
			return 0, 0, err
		}
		return on(cache, g, half)
	})
}

// settle returns a rate on finer and finer cells, and its error with what the algebra leaves.
func settle(on func(cells int) (rate, algebra float64, err error)) (rate, off float64, err error) {
	var apart float64
	off = math.Inf(1)
	for cells := leastCells; cells <= mostCells && !(off <= lineAccuracy*math.Abs(rate)); cells *= 2 {
		next, algebra, err := on(cells)
		if errors.Is(err, errLinks) {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		now := math.Abs(next - rate)
		if cells > 2*leastCells {
			off = cellError(now, apart) + algebra + rateRounding*math.Abs(next)
		}
		rate, apart = next, now
	}
	return rate, off, nil
}

// cellError is the error of the finest of three rates, now and before being how far the last two and those before are
// apart: twice what remains if differences go on to fall as they did, and no faster than their order.
func cellError(now, before float64) float64 {
	full := math.Pow(2, lineOrder)
	remains := math.Max(now, before/full) / (full - 1)
	if now > 0 {
		if fall := before / now; fall > 1 {
			remains = math.Max(remains, math.Min(now/(fall-1), march.MostRemaining*now))
		} else {
			remains = march.MostRemaining * now
		}
	}
	return variationSafety * remains
}

// ofModel returns the rate of a model on cells.
func (l *lineMoment) ofModel(cache *survey.Cache, g *grid.Grid, half float64) (rate, algebra float64, err error) {
	d := cache.Problem.Dynamics.(process.Varied)
	m, err := unit.ModelUnder(d, l.Problem.Dynamics, l.m)
	if err != nil {
		return 0, 0, err
	}
	at, err := d.On(g, l.Config.Workers)
	if err != nil {
		return 0, 0, err
	}
	m, root, err := boxed(l.Problem, d, half, m, l.eta)
	if err != nil {
		return 0, 0, err
	}
	c := m.Coefficients(at, l.eta)
	t, err := newTerms(g, c, survey.Uniform(l.Problem.Solver.Order).Order, root, stateOf(d), l.Config.Workers)
	if err != nil {
		return 0, 0, err
	}
	a := newLine(g, c, t, l.p)
	return 0 - math.Max(a.leading(), a.rest)/l.Problem.Pace(), 0, a.finite()
}

// line is the matrix of m_t = (a/2) m” + (b + p sum s s') m' + (p b' + p (p-1)/2 sum s'^2) m on equal cells, whose
// diagonal is source - left - right. What a drift carries out of a cell and what noise does are in the shares that solve the equation
// between two nodes with constant coefficients (Scharfetter and Gummel), and nothing comes from beyond the ends.
type line struct {
	source, left, right []float64
	rest                float64 // the largest source at a point of rest
}

// newLine returns the matrix of coefficients and terms.
func newLine(g *grid.Grid, c *kolmogorov.Coefficients, t *terms, p float64) *line {
	n, h := g.Len(), g.Axis(0).Node(1)-g.Axis(0).Node(0)
	l := &line{make([]float64, n), make([]float64, n), make([]float64, n), math.Inf(-1)}
	for i := range n {
		drift, spread := 0.0, 0.0
		if c.B[0] != nil {
			drift = c.B[0][i]
		}
		if c.A[0][0] != nil {
			spread = c.A[0][0][i] / 2
		}
		l.source[i] = p * t.db[0][i]
		if t.square != nil {
			drift += p * t.mixed[0][i]
			l.source[i] += p * (p - 1) / 2 * t.square[0][i]
		}
		if i > 0 {
			l.left[i] = share(-drift/h, spread/(h*h))
		}
		if i < n-1 {
			l.right[i] = share(drift/h, spread/(h*h))
		}
	}
	for i := range n - 1 {
		if at, ok := resting(c, t, i, h); ok {
			l.rest = math.Max(l.rest, l.source[i]+at*(l.source[i+1]-l.source[i]))
		}
	}
	return l
}

// silent is the largest share of a cell between a point of rest and one without noise that are taken for the same.
const silent = 0.01

// resting finds where in a cell neither drift nor noise moves a point, as a share of the cell; false where there is no such point.
// What starts there stays, also where the drift leads away from it, and no sum over cells sees that.
func resting(c *kolmogorov.Coefficients, t *terms, i int, h float64) (at float64, ok bool) {
	if c.B[0] == nil || c.B[0][i]*c.B[0][i+1] > 0 || c.B[0][i] == c.B[0][i+1] {
		return 0, false
	}
	at = c.B[0][i] / (c.B[0][i] - c.B[0][i+1])
	if c.A[0][0] == nil {
		return at, true
	}
	if t.square == nil {
		return at, false
	}
	near := func(k int, share float64) bool {
		return math.Abs(math.Sqrt(c.A[0][0][k]/t.square[0][k])-share*h) <= silent*h
	}
	return at, near(i, at) && near(i+1, 1-at)
}

// share is the rate at which a drift and a spread go to the next node: spread z/(1 - e^-z), z = drift/spread.
func share(drift, spread float64) float64 {
	switch z := drift / spread; {
	case !(math.Abs(z) <= drifting):
		return math.Max(drift, 0)
	case z == 0:
		return spread
	default:
		return -drift / math.Expm1(-z)
	}
}

// finite reports an equation that is not finite.
func (l *line) finite() error {
	for i, v := range l.source {
		if v += l.left[i] + l.right[i]; v-v != 0 {
			return errors.New("variation: the equation is not finite")
		}
	}
	return nil
}

// leading is the largest eigenvalue. A tridiagonal matrix without negative entries off its diagonal is similar to a symmetric
// one, and an eigenvalue lies above v where an elimination of v minus it meets a pivot that is not positive. None lies above
// the largest source, the largest sum of a row, and one lies at least at the largest diagonal entry.
func (l *line) leading() float64 {
	low, high := math.Inf(-1), math.Inf(-1)
	for i, v := range l.source {
		low, high = math.Max(low, v-l.left[i]-l.right[i]), math.Max(high, v)
	}
	above := func(v float64) bool {
		pivot := 1.0
		for i, s := range l.source {
			d := v - s + l.left[i] + l.right[i]
			if i > 0 {
				d -= l.right[i-1] * l.left[i] / pivot
			}
			if pivot = d; !(pivot > 0) {
				return false
			}
		}
		return true
	}
	for width := sturmTolerance * (high - low); high-low > width; {
		mid := low + (high-low)/2
		if mid <= low || mid >= high {
			break
		}
		if above(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
