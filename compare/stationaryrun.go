package compare

import (
	"context"
	"math"

	"kolmo/grid"
)

// Constants of stationary studies.
const (
	// settledRange is the range of a field over the ball, relative to its size, at which
	// it counts as constant and the run ends.
	settledRange = 1e-10
	// nullTolerance is the residual at which the invariant law of S is found.
	nullTolerance = 1e-13
	// nullDense is the most nodes on which the null vector of L^T is solved for directly.
	nullDense = 1200
	// nullKrylov is the residual at which Arnoldi's method ends on larger grids; the
	// steps of the power method after it go on to rounding.
	nullKrylov = 1e-8
)

// stationarySide is what is known of the limits of SGD or of one model: of the
// observables and then of the coordinates from the ball's centre.
type stationarySide struct {
	null, run []estimate
	spread    []float64    // the variances of the fields, by the null vector; zero without
	missed    [2][]float64 // of the observables, on the fine and on the coarse grid
	hides     [2][]float64 // likewise, what the grid misses of the loss does
	t         float64      // where the run ended
	err       error        // why there is nothing
}

// newSide returns a side without values.
func newSide(fields int, data *gridData, hides []float64) *stationarySide {
	v := &stationarySide{t: math.NaN(), spread: make([]float64, fields)}
	v.missed[0], v.hides[0] = data.missed, hides
	for range fields {
		v.null, v.run = append(v.null, noEstimate()), append(v.run, noEstimate())
	}
	return v
}

// add adds to the errors of a field's values by both methods, which share the grid.
func (v *stationarySide) add(f int, err float64) {
	for _, e := range []*estimate{&v.null[f], &v.run[f]} {
		if e.err += err; e.err-e.err != 0 {
			*e = noEstimate()
		}
	}
}

// raise adds the offsets of the observables to the limits of what is left of them.
func (v *stationarySide) raise(by *offsets) {
	raise(by, v.null)
	raise(by, v.run)
}

// raise adds the offsets to limits of the observables, which are the first of a list.
func raise(f *offsets, limits []estimate) {
	for o, v := range f.offset {
		limits[o].value += v
	}
}

// limit returns the value of a field by the method with the smaller error, and by how
// much the two differ beyond their errors, NaN where one of them is missing: what they
// then differ by is the error.
func (v *stationarySide) limit(f int) (e estimate, off float64) {
	e, off = best(v.null[f], v.run[f]), conflict(v.null[f], v.run[f])
	if off > 0 {
		e.err = math.Abs(v.null[f].value - v.run[f].value)
	}
	return e, off
}

// setNull sets the values by a null vector: mean returns a field's with its error.
func (v *stationarySide) setNull(fields [][]float64, mean func(u []float64) (value, err float64)) {
	square := make([]float64, len(fields[0]))
	for f, u := range fields {
		value, off := mean(u)
		v.null[f] = estimate{value, off}
		for i, x := range u {
			square[i] = (x - value) * (x - value)
		}
		variance, _ := mean(square)
		v.spread[f] = math.Abs(variance)
	}
}

// stationaryFields returns the observables, less their offsets, and the coordinates from
// the centre on a grid.
func (s *stationaryKind) stationaryFields(data *gridData) [][]float64 {
	fields := copyFields(data.phi)
	x := make([]float64, data.g.Dim())
	for k := range x {
		c := make([]float64, data.g.Len())
		for i := range c {
			data.g.PointTo(x, i)
			c[i] = x[k] - s.p.Ball.Center[k]
		}
		fields = append(fields, c)
	}
	return fields
}

// fieldSize returns the size of a field of stationaryFields on the ball.
func (s *stationaryKind) fieldSize(f int) float64 {
	if f < len(s.size) {
		return s.size[f]
	}
	return s.p.Ball.R
}

// marcher advances fields step by step: a propagator, or powers of S.
type marcher interface {
	// Start begins with the fields u, which are copied.
	Start(u [][]float64)
	// Advance stores in out[j] the fields after j+1 more steps.
	Advance(out [][][]float64) error
}

// evolution is one step of the chain or of a model on functions, A u = S u or e^{eta L} u,
// on one grid. It owns workspace.
type evolution struct {
	g      *grid.Grid
	width  int // of interpolation
	march  marcher
	powers chain       // of so many steps; nil where these are taken one after another
	stride int         // 0 is 1
	growth float64     // of its powers
	fields [][]float64 // of stationaryFields
	law    []float64   // weights p with A^T p = p and p.1 = 1; nil where not found
}

// longRun is what is left of a run of N steps until the fields were constant over the
// ball. c is a constant near the limit, taken away so that sums stay small.
type longRun struct {
	g     *grid.Grid
	width int
	c     []float64   // per field
	sum   [][]float64 // sum of A^n (phi - c) over n < N
	rest  [][]float64 // A^N (phi - c)
}

// followToEnd advances the fields of a process until they are constant over the ball, or to
// t = 40/mu, and sets the side's values by long runs: from a basis as far as that serves, and
// by steps from there. The error is the context's, or the process's.
func (s *stationaryKind) followToEnd(ctx context.Context, p *evolution, eta float64, v *stationarySide) (*longRun, error) {
	q := newPoints(s.p.Ball, pointDensity[len(s.p.Ball.Center)])
	r := &longRun{g: p.g, width: p.width, rest: copyFields(p.fields)}
	for f, u := range r.rest {
		c := v.null[f].value
		if c-c != 0 {
			c = u[len(u)/2]
		}
		r.c = append(r.c, c)
		for i := range u {
			u[i] -= c
		}
		r.sum = append(r.sum, make([]float64, len(u)))
	}
	sample := newSampler(p.g, p.width, q, newSphereMatrix(p.g, p.width, q))
	values := make([]float64, len(q.x))
	last := s.stationaryEnd(eta)
	n, miss, err := s.settle(ctx, p, r, last)
	if err != nil {
		return nil, err
	}
	out := newBlock(blockSteps, len(r.rest), p.g.Len())
	p.march.Start(r.rest)
	for n < last && !s.ranges(r, v.run, sample, values) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		k := min(blockSteps, last-n)
		if err := p.march.Advance(out[:k]); err != nil {
			return nil, err
		}
		for f, sum := range r.sum {
			for i, u := range r.rest[f] {
				sum[i] += u
			}
			for j := range k - 1 {
				for i, u := range out[j][f] {
					sum[i] += u
				}
			}
			copy(r.rest[f], out[k-1][f])
		}
		n += k
	}
	s.ranges(r, v.run, sample, values)
	v.t = float64(n) * eta
	for f := range v.run {
		v.run[f].err += (roundoff*(1+math.Sqrt(float64(n))) + miss) * s.fieldSize(f)
	}
	return r, nil
}

// stationaryEnd is the step at which a run ends even if it is not constant.
func (s *stationaryKind) stationaryEnd(eta float64) int {
	return int(min(math.Ceil(decayTimes/s.mu/eta), mostSteps))
}

// ranges reads a run's fields at points of the ball: it sets the middle of their ranges
// with half of it, and reports whether all are settled, or no numbers any more.
func (s *stationaryKind) ranges(r *longRun, run []estimate, sample *sampler, values []float64) bool {
	all := true
	for f, u := range r.rest {
		sample.sampleTo(values, u, 1)
		lo, hi := limits(values)
		run[f] = estimate{r.c[f] + (lo+hi)/2, (hi - lo) / 2}
		if hi-lo-(hi-lo) != 0 {
			return true
		}
		all = all && hi-lo <= settledRange*s.fieldSize(f)
	}
	return all
}

// against returns, per field, a bound of the difference between the limits on the run's
// grid and those of a process on another grid, of another order or under another law of
// xi. With W = sum of A^n (phi - c) over n < N, taken over to the process's grid, and its
// step B with the invariant weights p,
//
//	r = W - B W - (phi - c - A^N (phi - c)),   p.r = lim A^n phi - lim B^n phi,
//
// since p.(W - B W) = 0. What is returned is |p|.|r|, which no cancellation makes small: r
// is by how much the two grids differ in one step, as fields. Where there are no weights it
// is sup |r|, as for any law on the nodes.
func (r *longRun) against(p *evolution) ([]float64, error) {
	take := grid.NewGridTransfer(r.g, p.g, r.width)
	w := newBlock(1, len(r.sum), p.g.Len())[0]
	for f := range w {
		take.ApplyTo(w[f], r.sum[f])
	}
	out := newBlock(1, len(w), p.g.Len())
	p.march.Start(w)
	if err := p.march.Advance(out); err != nil {
		return nil, err
	}
	off := make([]float64, len(w))
	rest := make([]float64, p.g.Len())
	for f, phi := range p.fields {
		take.ApplyTo(rest, r.rest[f])
		for i := range rest {
			d := math.Abs(w[f][i] - out[0][f][i] - (phi[i] - r.c[f] - rest[i]))
			if p.law != nil {
				off[f] += math.Abs(p.law[i]) * d
			} else if !(d <= off[f]) {
				off[f] = d
			}
		}
	}
	return off, nil
}
