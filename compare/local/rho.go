package local

import (
	"cmp"
	"context"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/gap"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/internal/par"
)

// rhoOther is the same row on other grids or by another order, and the share of the
// difference from it that is error.
type rhoOther struct {
	row   *march.Row
	share float64
}

// commonRho returns the points whose steps all the others have too, with their errors. These
// are the error in t, and for each of the others the difference of the two fields
// S u^{j-1} - u^j at the traced steps about this one, since suprema may agree by chance.
// They are never less than the difference of the suprema of this step and its neighbours.
func commonRho(e *march.Engine, r *march.Row, others []rhoOther) march.RhoSeries {
	s := r.RhoSeries()
	scalar, fields := make([]float64, len(s)), make([]float64, len(s))
	in := make([]int, len(s)) // how many of the others have the step
	for _, o := range others {
		have := make(map[int]float64)
		for _, p := range o.row.RhoSeries() {
			have[p.N] = p.Rho
		}
		apart := rhoDistance(e, r, o)
		for i, p := range s {
			if v, ok := have[p.N]; ok {
				in[i]++
				scalar[i] += o.share * math.Abs(p.Rho-v)
				fields[i] += apart.about(p.N)
			}
		}
	}
	var both march.RhoSeries
	for i, p := range s {
		if in[i] < len(others) {
			continue
		}
		most := scalar[i]
		for _, k := range []int{i - 1, i + 1} {
			if k >= 0 && k < len(s) && in[k] == len(others) && s[k].N-p.N <= 1 && p.N-s[k].N <= 1 {
				most = max(most, scalar[k])
			}
		}
		p.Err += max(most, fields[i])
		both = append(both, p)
	}
	return both
}

// rhoApart is how far the fields of two runs' one-step errors are apart, in the order of
// the steps.
type rhoApart []march.RhoPoint

// rhoDistance compares the fields at the traced steps that both runs have. It returns their
// distance near the largest one-step error, within R/4 of it, and by how much the one-step
// error elsewhere could then exceed that; anywhere in the ball where the error falls
// irregularly.
func rhoDistance(e *march.Engine, r *march.Row, o rhoOther) rhoApart {
	var apart rhoApart
	for n, a := range r.RhoAt {
		b := o.row.RhoAt[n]
		if b == nil {
			continue
		}
		worst := 0
		for i, v := range a {
			if math.Abs(v) > math.Abs(a[worst]) {
				worst = i
			}
		}
		top, off := math.Abs(a[worst]), 0.0
		near := e.RhoPoints.Ball.About(e.RhoPoints.X[worst], e.Problem.Ball.R/gap.NearShare)
		for i, v := range a {
			d := o.share * math.Abs(v-b[i])
			if off = max(off, math.Abs(v)+d-top); r.Irregular() || near.Contains(e.RhoPoints.X[i]) {
				off = max(off, d)
			}
		}
		apart = append(apart, march.RhoPoint{N: n, Err: off})
	}
	slices.SortFunc(apart, func(a, b march.RhoPoint) int { return cmp.Compare(a.N, b.N) })
	return apart
}

// stepTips returns, by traced step, by how much the one-step error may exceed its supremum on the grid by what S phi is missed between nodes. That
// is all of it within R/4 of the supremum, as for distances of fields, and what is above the supremum elsewhere on the line. A kink
// of later steps is as sharp as u is steep.
func stepTips(e *march.Engine, r *march.Row) (apart rhoApart) {
	ball := e.Problem.Ball
	for n, a := range r.RhoAt {
		worst := 0
		for i, v := range a {
			if math.Abs(v) > math.Abs(a[worst]) {
				worst = i
			}
		}
		off := 0.0
		for _, m := range e.StepMiss[r.Observable] {
			if !(m.Miss > survey.MissFloor*e.Size[r.Observable]) {
				continue
			}
			if len(m.X) > 1 || ball.About(e.RhoPoints.X[worst], ball.R/gap.NearShare).Contains(m.X) {
				off = max(off, m.Miss)
				continue
			}
			nearest := slices.MinFunc(e.RhoPoints.X, func(x, y []float64) int {
				return cmp.Compare(math.Abs(x[0]-m.X[0]), math.Abs(y[0]-m.X[0]))
			})
			at := slices.IndexFunc(e.RhoPoints.X, func(x []float64) bool { return x[0] == nearest[0] })
			off = max(off, math.Abs(a[at])+m.Miss-math.Abs(a[worst]))
		}
		apart = append(apart, march.RhoPoint{N: n, Err: off})
	}
	slices.SortFunc(apart, func(a, b march.RhoPoint) int { return cmp.Compare(a.N, b.N) })
	return apart
}

// about returns the larger of the distances at the steps before and after n.
func (d rhoApart) about(n int) float64 {
	i, found := slices.BinarySearchFunc(d, n, func(p march.RhoPoint, n int) int { return cmp.Compare(p.N, n) })
	switch {
	case found:
		return d[i].Err
	case len(d) == 0:
		return 0
	case i == len(d):
		return d[i-1].Err
	case i == 0:
		return d[0].Err
	}
	return max(d[i-1].Err, d[i].Err)
}

// rhoEngines advances a list of plans until their gaps are closed, with the one-step
// errors of every step, and goes on with u alone until the rates of those have settled.
func (s *Kind) rhoEngines(ctx context.Context, cache *survey.Cache, eta compare.Rate, list []march.Planned, share float64) ([]*march.Engine, error) {
	return s.Each(ctx, cache, eta, list, share, func(e *march.Engine, share float64) error {
		e.KeepRho()
		if err := s.Follow(ctx, e, eta, share); err != nil {
			return err
		}
		for _, m := range e.Models {
			if m.Err == nil && s.Mu > 0 {
				if err := s.followRho(ctx, e, m, eta); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Constants of the one-step errors after the gap is closed.
const (
	// rhoTimes is the most times 1/mu that they are followed.
	rhoTimes = 12
	// rhoSpacing is the time between them, in units of one over the problem's fastest rate.
	rhoSpacing = 0.05
	// rhoSettled is the relative change of the rate between the two last fifths of the
	// time at which it has settled.
	rhoSettled = 2e-3
	// rhoSlowest is by how much that rate may exceed the least there is, relatively.
	rhoSlowest = 0.05
	// rhoFaded is the share of the largest one-step error at which they end.
	rhoFaded = 1e-10
)

// followRho follows u of one model, whose gap is closed, and its one-step errors.
func (s *Kind) followRho(ctx context.Context, e *march.Engine, m *march.Model, eta compare.Rate) error {
	var rows []*march.Row
	for _, r := range e.Rows {
		if r.Model == m {
			rows = append(rows, r)
		}
	}
	closed := make([]bool, len(e.Models))
	for i, other := range e.Models {
		closed[i], other.Closed = other.Closed, other != m
	}
	defer func() {
		for i, other := range e.Models {
			other.Closed = closed[i]
		}
	}()
	n := len(rows[0].Rhos)
	last := min(s.LastStep(e.Eta), int(rhoTimes/s.Mu/e.Eta))
	for n < last && !s.settledRho(e, rows, eta) {
		if err := ctx.Err(); err != nil {
			return err
		}
		steps := min(e.Block, last-n)
		par.Do(e.Workers, len(rows), func(i int) { rows[i].Advance(steps) })
		if e.MeetErrors(); m.Err != nil {
			return nil
		}
		for j := range steps {
			if (n+j+1)%e.Stride(n+j+1, rhoSpacing) != 0 {
				continue
			}
			step := n + j + 1
			sups := e.OneStep(j, func(r *march.Row, su []float64) float64 {
				if e.Traced(step) {
					r.RhoAt[step] = r.OneStepAt(su)
				}
				return e.RhoSup(r, su)
			})
			for i, r := range e.Rows {
				if r.Model == m {
					r.Late = append(r.Late, march.RhoPoint{N: step, Rho: sups[i], Err: e.RhoTime(r, step, j)})
				}
			}
		}
		for _, r := range rows {
			r.GoOn(steps)
		}
		n += steps
	}
	return nil
}

// settledRho reports that the one-step errors of all rows fall at rates that no longer
// change and than which no mode is slower, or have fallen to rounding.
func (s *Kind) settledRho(e *march.Engine, rows []*march.Row, eta compare.Rate) bool {
	for _, r := range rows {
		series := r.RhoSeries()
		if len(series) == 0 {
			return false
		}
		top := 0.0
		for _, p := range series {
			top = max(top, p.Rho)
		}
		end := series[len(series)-1]
		if end.Rho <= max(rhoFaded*top, rhoRounding/100*e.Size[r.Observable]) {
			continue
		}
		var at [2]march.RhoPoint // at three and four fifths of the time
		for k := range at {
			for _, p := range series {
				if 5*p.N <= (3+k)*end.N {
					at[k] = p
				}
			}
		}
		if at[0].N == 0 || at[0].N == at[1].N {
			return false
		}
		early := math.Log(at[0].Rho/at[1].Rho) / float64(at[1].N-at[0].N)
		late := math.Log(at[1].Rho/end.Rho) / float64(end.N-at[1].N)
		slowest := late <= (1+rhoSlowest)*s.leastRate(r, eta)*s.Problem.Time(1, eta.Value)
		if !(math.Abs(early-late) <= rhoSettled*math.Abs(late)) || !slowest {
			return false
		}
	}
	return true
}

// localUnderRules returns, by step, what the quadrature over xi does to the one-step errors
// of a row: its difference from the richest rule, and half of that from the other one, as
// fields.
func localUnderRules(e *march.Engine, own *march.Row, rich []*march.Row) rhoApart {
	shares := []float64{fit.OrderSafety}
	if len(rich) > 1 {
		shares = []float64{0.5, fit.RichSafety}
	}
	var others []rhoOther
	for k, r := range rich {
		others = append(others, rhoOther{r, shares[k]})
	}
	time := map[int]float64{}
	for _, p := range own.RhoSeries() {
		time[p.N] = p.Err
	}
	var apart rhoApart
	for _, p := range commonRho(e, own, others) {
		apart = append(apart, march.RhoPoint{N: p.N, Err: p.Err - time[p.N]})
	}
	return apart
}
