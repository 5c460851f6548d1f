package march

import (
	"math"
	"math/bits"
	"slices"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/kolmogorov"
)

// departure is how far U^n or u(n eta) is from its limit: sum_j Start(n)[j] times the fields that
// FieldTo stores. Leap takes coefficients 2^i steps on, i <= Leaps(), Later bounds the norm of
// these and of all that follow, and BoundAlways what the basis errs by.
type departure interface {
	Dim() int
	FieldTo(dst []float64, j int)
	Start(n int) []float64
	Leap(y []float64, i int) []float64
	Leaps() int
	Later(y []float64) float64
	BoundAlways() float64
}

// departing is a propagator of u by a basis.
type departing interface {
	Departure(n, f int, tolerance float64) *kolmogorov.Departure
}

// ahead is what the bases of U and u say of all later steps of a row.
type ahead struct {
	step []int
	most []float64 // sup over l, m >= step[k] of |D_l - D_m|, D = U - u, over the ball
	err  float64   // what both bases err by at most, at all steps
}

// Constants of looks ahead.
const (
	// aheadFrom is the time, in units of one over the problem's fastest rate, from which bases
	// are asked for later steps.
	aheadFrom = 1
	// aheadAgain is the factor of n after which bases are asked again.
	aheadAgain = 2
	// aheadErr is the share of the tail that each basis may err by.
	aheadErr = 1. / 16
	// aheadRest is the share of the tail that the norms of what is left may take.
	aheadRest = 1. / 16
	// aheadLooks is the number of looks until the steps between them double, and aheadMost the
	// most of all.
	aheadLooks, aheadMost = 8, 400
	// aheadSlack widens what was sampled.
	aheadSlack = 1.05
)

// side is the departure of U or u at the points of the search.
type side struct {
	departure
	at   []float64 // Dim() x points
	size float64   // the largest norm of a point's row
	y    []float64 // coefficients at looks and a step later
}

// asksRho reports that the row's one-step errors are looked at: no basis tells what follows.
func (r *Row) asksRho(e *Engine) bool { return e.everyRho || r.ahead == nil }

// lookAhead asks the row's bases for all steps after n, unless they have answered. It follows
// D_m = U^m - u^m, which is D_inf and what both are away from their limits. It ends where what is left is
// below the tail that closes the row, and leaves r.ahead nil where the bases do not serve that.
func (r *Row) lookAhead(e *Engine, n int) {
	prop, ok := r.Prop.(departing)
	if !ok || !(e.mu > 0) || e.Powers == nil || e.EveryGap || e.Problem.Transient() || !r.Model.open() || r.ahead != nil ||
		n < max(firstTraces, r.aheadAt) || float64(n)*e.Eta*e.rate < aheadFrom {
		return
	}
	r.aheadAt = aheadAgain * n
	tail := r.mostTail(e)
	l := prop.Departure(n, 0, aheadErr*tail)
	if l == nil {
		return
	}
	u := e.Powers.Departure(e.s, n, r.Observable, aheadErr*tail)
	if u == nil {
		return
	}
	points := len(e.search.X)
	sides := [2]side{r.side(e, u, nil), r.side(e, l, r.transfer)}
	a := &ahead{err: u.BoundAlways() + l.BoundAlways()}
	// Looks, farther and farther apart.
	y := [2][]float64{sides[0].Start(n), sides[1].Start(n)}
	var rest float64
	for leap := bits.Len(uint(n/aheadLooks)) - 1; ; {
		a.step = append(a.step, n)
		for i := range sides {
			s := &sides[i]
			s.y = append(append(s.y, y[i]...), s.Leap(y[i], 0)...)
		}
		if len(a.step)%aheadLooks == 0 {
			if rest = sides[0].rest(y[0]) + sides[1].rest(y[1]); rest <= aheadRest*tail {
				break
			}
			if len(a.step) > aheadMost {
				return
			}
			leap++
		}
		leap = max(0, min(leap, sides[0].Leaps(), sides[1].Leaps()))
		n += 1 << leap
		for i := range sides {
			y[i] = sides[i].Leap(y[i], leap)
		}
	}
	// Two rows for every look: D - D_inf there and a step later.
	rows := 2 * len(a.step)
	d, part := make([]float64, rows*points), make([]float64, rows*points)
	for i := range sides {
		s := &sides[i]
		if s.Dim() == 0 {
			continue
		}
		kernel.Mul(rows, points, s.Dim(), s.y, s.Dim(), s.at, points, part, points)
		for k, v := range part {
			d[k] += float64(1-2*i) * v
		}
	}
	a.most = make([]float64, len(a.step))
	low, high := make([]float64, points), make([]float64, points)
	for i := range low {
		low[i], high[i] = -rest, rest
	}
	a.most[len(a.step)-1] = aheadSlack * 2 * rest
	for k := len(a.step) - 2; k >= 0; k-- {
		a.most[k] = aheadSlack * widen(low, high, d[2*k*points:(2*k+4)*points], float64(a.step[k+1]-a.step[k]))
	}
	r.ahead = a
}

// widen widens the ranges of the points' values by those between two looks and returns the
// widest. d has the values at each look and a step later. Between them a value is no farther from
// the mean of both than a slope as large as either takes it.
func widen(low, high, d []float64, steps float64) float64 {
	points, most := len(low), 0.0
	for i := range points {
		a, b := d[i], d[2*points+i]
		lo, hi := min(a, b), max(a, b)
		if steps > 1 {
			slope := max(math.Abs(d[points+i]-a), math.Abs(d[3*points+i]-b))
			lo, hi = min(lo, (a+b-slope*steps)/2), max(hi, (a+b+slope*steps)/2)
		}
		low[i], high[i] = min(low[i], lo), max(high[i], hi)
		most = max(most, high[i]-low[i])
	}
	return most
}

// side returns a departure at the points of the search, its fields taken to the grid of S.
func (r *Row) side(e *Engine, of departure, transfer *grid.Transfer) side {
	n, points := e.Data.Grid.Len(), len(e.search.X)
	s := side{departure: of, at: make([]float64, of.Dim()*points)}
	field := make([]float64, r.Model.Data.Grid.Len())
	for j := 0; j < of.Dim(); j += e.Block {
		count := min(e.Block, of.Dim()-j)
		for k := range count {
			dst := r.Differences[k*n : (k+1)*n] // the block's gap fields are spent
			if transfer == nil {
				of.FieldTo(dst, j+k)
				continue
			}
			of.FieldTo(field, j+k)
			transfer.ApplyTo(dst, field)
		}
		r.sampler.SampleTo(s.at[j*points:], r.Differences, count)
	}
	for i := range points {
		sum := 0.0
		for j := range of.Dim() {
			sum += s.at[j*points+i] * s.at[j*points+i]
		}
		s.size = max(s.size, math.Sqrt(sum))
	}
	return s
}

// rest bounds the departure at the points from the step of coefficients y on.
func (s *side) rest(y []float64) float64 { return s.size * s.Later(y) }

// bound returns by how much gap_m, m > n, may exceed the largest gap so far.
func (a *ahead) bound(r *Row, n int) float64 {
	k, found := slices.BinarySearch(a.step, n)
	if !found {
		k--
	}
	now := min(r.Best, r.Curve[n]*(1+r.deficit)) // steps below the largest are not polished
	return max(0, now+a.most[k]+2*a.err-r.Best)  // the bases err at both steps
}

// mostTail is the tail that closes a row: its share of the accuracy, or what is below anything
// that is certified.
func (r *Row) mostTail(e *Engine) float64 {
	return max(tailShare*e.Problem.Accuracy*r.Best, tailFloor*e.Size[r.Observable])
}
