package stationary

import (
	"context"
	"math"

	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/powers"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/kolmogorov"
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

// StationarySide is what is known of the limits of SGD or of one model: of the
// observables and then of the coordinates from the ball's centre.
type StationarySide struct {
	Null, Run []Estimate
	spread    []float64        // the variances of the fields, by the null vector; zero without
	missed    [2][]float64     // of the observables, on the fine and on the coarse grid
	hides     [2][]float64     // likewise, what the grid misses of the loss does
	layer     []float64        // of all fields, what a layer that the grid does not resolve does; nil where it does
	outward   []bool           // by field: no distance bounds what the ends of the noise do
	t         float64          // where the run ended
	rough     survey.Roughness // of the coefficients on the grid
	Err       error            // why there is nothing
}

// newSide returns a side without values.
func newSide(fields int, data *survey.Data) *StationarySide {
	v := &StationarySide{t: math.NaN(), spread: make([]float64, fields), outward: make([]bool, fields)}
	v.missed[0] = data.Missed
	for range fields {
		v.Null, v.Run = append(v.Null, noEstimate()), append(v.Run, noEstimate())
	}
	return v
}

// add adds to the errors of a field's values by both methods, which share the grid.
func (v *StationarySide) add(f int, err float64) {
	for _, e := range []*Estimate{&v.Null[f], &v.Run[f]} {
		if e.Err += err; e.Err-e.Err != 0 {
			*e = noEstimate()
		}
	}
}

// remains adds what is left of the differences off from a coarser grid: a share of them. Where grids miss something of rough coefficients errors depend on where a
// kink is between nodes, so that two may agree by chance: limits on other coarser grids, the witnesses, are no farther than slow falls allow.
func (v *StationarySide) remains(off []float64, share float64, witnesses []*StationarySide) {
	least := make([]float64, len(off))
	for f := range off {
		e, _ := v.limit(f)
		for _, w := range witnesses {
			other, _ := w.limit(f)
			if d := v.rough.Remaining(w.rough, limitGain) * math.Abs(e.Value-other.Value); d > least[f] {
				least[f] = d
			}
		}
	}
	for f, d := range off {
		v.add(f, max(share*d, fit.OrderSafety*least[f]))
	}
}

// raise adds the offsets of the observables to the limits of what is left of them.
func (v *StationarySide) raise(by *survey.Offsets) {
	raise(by, v.Null)
	raise(by, v.Run)
}

// raise adds the offsets to limits of the observables, which are the first of a list.
func raise(f *survey.Offsets, limits []Estimate) {
	for o, v := range f.Offset {
		limits[o].Value += v
	}
}

// limit returns the value of a field by the method with the smaller error, and by how
// much the two differ beyond their errors, NaN where one of them is missing: what they
// then differ by is the error.
func (v *StationarySide) limit(f int) (e Estimate, off float64) {
	e, off = best(v.Null[f], v.Run[f]), conflict(v.Null[f], v.Run[f])
	if off > 0 {
		e.Err = math.Abs(v.Null[f].Value - v.Run[f].Value)
	}
	return e, off
}

// setNull sets the values by a null vector: mean returns a field's with its error.
func (v *StationarySide) setNull(fields [][]float64, mean func(u []float64) (value, err float64)) {
	square := make([]float64, len(fields[0]))
	for f, u := range fields {
		value, off := mean(u)
		v.Null[f] = Estimate{value, off}
		for i, x := range u {
			square[i] = (x - value) * (x - value)
		}
		variance, _ := mean(square)
		v.spread[f] = math.Abs(variance)
	}
}

// StationaryFields returns the observables, less their offsets, and the coordinates from
// the centre on a grid.
func (s *Kind) StationaryFields(data *survey.Data) [][]float64 {
	fields := look.CopyFields(data.Phi)
	x := make([]float64, data.Grid.Dim())
	for k := range x {
		c := make([]float64, data.Grid.Len())
		for i := range c {
			data.Grid.PointTo(x, i)
			c[i] = x[k] - s.Problem.Ball.Center[k]
		}
		fields = append(fields, c)
	}
	return fields
}

// FieldSize returns the size of a field of stationaryFields in the region.
func (s *Kind) FieldSize(f int) float64 {
	if f < len(s.Size) {
		return s.Size[f]
	}
	k := f - len(s.Size)
	if r := s.region().Range(k); r != nil {
		return max(r.High-s.Problem.Ball.Center[k], s.Problem.Ball.Center[k]-r.Low)
	}
	return s.Problem.Ball.R
}

// region is where the processes live: what is the same at all starting points need not stay so unless it is the same in all of it.
func (s *Kind) region() grid.Ball { return s.Problem.Region(s.Problem.Ball.R) }

// marcher advances fields step by step: a propagator, or powers of S.
type marcher interface {
	// Start begins with the fields u, which are copied.
	Start(u [][]float64)
	// Advance stores in out[j] the fields after j+1 more steps.
	Advance(out [][][]float64) error
}

// Evolution is one step of the chain or of a model on functions, A u = S u or e^{eta L} u,
// on one grid. It owns workspace.
type Evolution struct {
	G      *grid.Grid
	Width  int // of interpolation
	March  marcher
	Powers powers.Chain // of so many steps; nil where these are taken one after another
	Stride int          // 0 is 1
	Growth float64      // of its powers
	// L is of models on collocation grids, and Block the time of Stride steps.
	L      *kolmogorov.Operator
	Block  float64
	Fields [][]float64 // of stationaryFields
	law    []float64   // weights p with A^T p = p and p.1 = 1; nil where not found
}

// LongRun is what is left of a run of N steps until the fields were constant over the
// ball. c is a constant near the limit, taken away so that sums stay small.
type LongRun struct {
	G     *grid.Grid
	width int
	c     []float64   // per field
	Sum   [][]float64 // sum of A^n (phi - c) over n < N
	Rest  [][]float64 // A^N (phi - c)
	lost  bool        // they will not be constant by the last step
}

// FollowToEnd advances the fields of a process until they are constant over the ball, or to
// the last step, and sets the side's values by long runs: from a basis as far as that serves, and
// by steps from there. The error is the context's, or the process's.
func (s *Kind) FollowToEnd(ctx context.Context, p *Evolution, eta float64, v *StationarySide) (*LongRun, error) {
	q := look.NewPoints(s.region(), look.PointDensity[len(s.Problem.Ball.Center)])
	r := &LongRun{G: p.G, width: p.Width, Rest: look.CopyFields(p.Fields)}
	for f, u := range r.Rest {
		c := v.Null[f].Value
		if c-c != 0 {
			c = u[len(u)/2]
		}
		r.c = append(r.c, c)
		for i := range u {
			u[i] -= c
		}
		r.Sum = append(r.Sum, make([]float64, len(u)))
	}
	sample := look.NewSampler(p.G, p.Width, q, look.NewSphereMatrix(p.G, p.Width, q))
	values := make([]float64, len(q.X))
	onBases, last := lastSteps(s.Setup, eta)
	n, miss, err := s.Settle(ctx, p, r, onBases)
	if err != nil {
		return nil, err
	}
	out := look.NewBlock(march.BlockSteps, len(r.Rest), p.G.Len())
	p.March.Start(r.Rest)
	for n < last && !r.lost && !s.ranges(r, v.Run, sample, values) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		k := min(march.BlockSteps, last-n)
		if err := p.March.Advance(out[:k]); err != nil {
			return nil, err
		}
		for f, sum := range r.Sum {
			for i, u := range r.Rest[f] {
				sum[i] += u
			}
			for j := range k - 1 {
				for i, u := range out[j][f] {
					sum[i] += u
				}
			}
			copy(r.Rest[f], out[k-1][f])
		}
		n += k
	}
	s.ranges(r, v.Run, sample, values)
	v.t = float64(n) * eta
	for f := range v.Run {
		if s.Mu <= 0 { // there may be several invariant laws
			v.Null[f].Err += v.Run[f].Err
		}
		v.Run[f].Err += (fit.Roundoff*(1+math.Sqrt(float64(n))) + miss) * s.FieldSize(f)
	}
	return r, nil
}

// ranges reads a run's fields at points of the ball: it sets the middle of their ranges
// with half of it, and reports whether all are settled, or no numbers any more.
func (s *Kind) ranges(r *LongRun, run []Estimate, sample *look.Sampler, values []float64) bool {
	all := true
	for f, u := range r.Rest {
		sample.SampleTo(values, u, 1)
		lo, hi := fit.Limits(values)
		run[f] = Estimate{r.c[f] + (lo+hi)/2, (hi - lo) / 2}
		if hi-lo-(hi-lo) != 0 {
			return true
		}
		all = all && hi-lo <= settledRange*s.FieldSize(f)
	}
	return all
}

// against returns, per field, a bound of the difference between the limits on the run's
// grid and those of a process on another grid, of another order or under another law of
// xi. W is the sum of A^n (phi - c) over n < N, taken over to the process's grid; p are the
// invariant weights of its step B, so that p.(W - B W) = 0.
//
//	r = W - B W - (phi - c - A^N (phi - c)),   p.r = lim A^n phi - lim B^n phi.
//
// What is returned is |p|.|r|, which no cancellation makes small: r
// is by how much the two grids differ in one step, as fields. Where there are no weights it
// is sup |r|, as for any law on the nodes.
func (r *LongRun) against(p *Evolution) ([]float64, error) {
	take := grid.NewGridTransfer(r.G, p.G, r.width)
	w := look.NewBlock(1, len(r.Sum), p.G.Len())[0]
	for f := range w {
		take.ApplyTo(w[f], r.Sum[f])
	}
	out := look.NewBlock(1, len(w), p.G.Len())
	p.March.Start(w)
	if err := p.March.Advance(out); err != nil {
		return nil, err
	}
	off := make([]float64, len(w))
	rest := make([]float64, p.G.Len())
	for f, phi := range p.Fields {
		take.ApplyTo(rest, r.Rest[f])
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
