package verify

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/gap"
	"kolmo/compare/look"
	"kolmo/compare/survey"
	"kolmo/grid"
	"kolmo/montecarlo"
	"kolmo/sgdop"
)

const (
	// mostSigmas is how many standard errors a sampled mean may be off: the chance
	// that one of a hundred right ones is farther off is 6e-5 for normal means.
	mostSigmas = 5
	// MostDraws is the number of samples' gradients that are drawn at a learning rate
	// for montecarlo.DefaultPaths paths or fewer; for more, it grows with the paths.
	MostDraws = 50_000_000
)

// sample compares U^n with sampled means at the largest learning rate and the smallest
// that is affordable, at the step where the gap is largest, or at the last affordable
// one.
func (r *Verifier) sample(ctx context.Context, s *gap.Kind, rows [][][]compare.GapRow) error {
	dynamics := r.Sampled.Dynamics
	if _, ok := dynamics.Chain(r.First.Etas[0].Value).NewSampler(rand.New(rand.NewPCG(0, 0))); !ok {
		r.v.Warnings = append(r.v.Warnings, "the law of the sample cannot be drawn from: nothing was sampled")
		return nil
	}
	r.Batch = dynamics.Law().Draws
	pick := []int{0}
	for i := len(rows) - 1; i > 0; i-- {
		if starts, _, n := r.starts(rows[i]); n <= r.Affordable(len(starts)) {
			pick = append(pick, i)
			break
		}
	}
	for k, i := range pick {
		const at = firstShare + secondShare
		share := (1 - at) / float64(len(pick))
		if err := r.sampleAt(ctx, s, rows[i], r.First.Etas[i], r.watch(at+share*float64(k), share, "paths, ")); err != nil {
			return err
		}
	}
	return nil
}

// Affordable returns the largest number of steps that may be sampled from so many
// points, at least one.
func (r *Verifier) Affordable(starts int) int {
	return max(1, r.Draws/(starts*r.Batch*min(r.Cfg.Paths, montecarlo.DefaultPaths)))
}

// starts returns the starting points for one learning rate - the centre, two points
// of the sphere, and every observable's worst point - with the indices of those of
// every observable, and the largest step.
func (r *Verifier) starts(rows [][]compare.GapRow) (starts [][]float64, of [][]int, last int) {
	d, round := len(r.First.Ball.Center), r.First.Ball.Round()
	c, radius := r.First.Ball.Center, r.First.Ball.R
	low := slices.Clone(c)
	high := slices.Clone(c)
	high[0] += radius
	for k := range low {
		if r.First.Ball.Range(k) == nil {
			low[k] -= radius / math.Sqrt(float64(round))
		}
	}
	add := func(x []float64) int {
		for i, y := range starts {
			if fit.Distance(x, y) <= 1e-6*radius {
				return i
			}
		}
		starts = append(starts, x)
		return len(starts) - 1
	}
	common := []int{add(slices.Clone(c)), add(high), add(low)}
	for _, models := range rows {
		list := slices.Clone(common)
		row := worst(models)
		if len(row.X) == d {
			x := r.First.FromUser(row.X)
			if i := add(x); !slices.Contains(list, i) {
				list = append([]int{i}, list...)
			}
		}
		of = append(of, list)
		last = max(last, step(row))
	}
	return starts, of, last
}

// worst returns the first row that has a gap, in the order of the models, or else the
// first.
func worst(models []compare.GapRow) *compare.GapRow {
	for m := range models {
		if Finite(models[m].Gap) {
			return &models[m]
		}
	}
	return &models[0]
}

// step returns the step at which a row's gap is largest; a row without any is sampled
// after unit time.
func step(row *compare.GapRow) int {
	if row.N > 0 {
		return row.N
	}
	return int(math.Ceil(1 / row.Eta))
}

// sampleAt compares at one learning rate.
func (r *Verifier) sampleAt(ctx context.Context, s *gap.Kind, rows [][]compare.GapRow, eta compare.Rate, cfg *compare.Config) error {
	starts, of, last := r.starts(rows)
	most := r.Affordable(len(starts))
	var steps []int
	at := make([]int, len(rows)) // per observable, index of its step
	for o := range rows {
		n := min(step(worst(rows[o])), most)
		if !slices.Contains(steps, n) {
			steps = append(steps, n)
		}
		at[o] = slices.Index(steps, n)
	}
	if last > most {
		r.v.Warnings = append(r.v.Warnings, fmt.Sprintf("eta = %s: sampled after %d steps, not after the %d of the largest gap, which would take too long", eta.Text, most, last))
	}
	u, err := powersAt(ctx, s, s.Cache, eta, starts, steps)
	if err != nil {
		return err
	}
	known := 0.0
	if len(s.Richer) == 0 && !s.Problem.Dynamics.Law().Exact {
		known = math.NaN() // how far the quadrature is off cannot be told
	}
	rich := make([][][][]float64, len(s.Richer))
	for k, cache := range s.Richer {
		if rich[k], err = powersAt(ctx, s, cache, eta, starts, steps); err != nil {
			return err
		}
	}
	mc := &montecarlo.Config{Paths: r.Cfg.Paths, Seed: r.Cfg.Seed, Workers: r.Cfg.Workers}
	if cfg.Watcher != nil {
		mc.Progress = func(share float64) { cfg.Watcher.Progress(share, "eta = "+eta.Text) }
	}
	est, err := montecarlo.Run(ctx, r.Sampled.Dynamics.Chain(eta.Value), r.Sampled.Observables, starts, steps, mc)
	var diverged *montecarlo.DivergedError
	if err != nil && !errors.As(err, &diverged) {
		return err
	}
	for o := range rows {
		gridError := 0.0
		for m := range rows[o] {
			e := &rows[o][m].Errors
			if v := float64(e.Interpolation); v > gridError {
				gridError = v
			}
		}
		gridError += fit.CertifiedFloor * s.Size[o]
		for _, i := range of[o] {
			n := steps[at[o]]
			// U^n may err by more than a gap does, in which u errs alike.
			var others []float64
			for _, v := range rich {
				others = append(others, v[at[o]][o][i])
			}
			gridError := gridError + known + fit.RuleError(u[at[o]][o][i], others)
			m := compare.SampledMean{Observable: r.First.Observables[o].Name(), Eta: eta.Value, EtaText: eta.Text, N: n, T: r.First.Time(n, eta.Value),
				Grid: compare.Number(u[at[o]][o][i]), GridError: compare.Number(gridError)}
			m.X = r.First.ToUser(starts[i])
			if err != nil {
				nan, why := compare.Number(math.NaN()), err.Error()
				m.Mean, m.Error, m.Deviations, m.Difference, m.Allowed = nan, nan, nan, nan, nan
				m.Reason, m.Verdict = &why, compare.Incomplete
			} else {
				judgeMean(&m, est.Means[i][at[o]][o], s.Size[o])
			}
			r.v.Sampled = append(r.v.Sampled, m)
		}
	}
	return nil
}

// judgeMean compares with a sampled mean; size is sup |phi| over the ball.
func judgeMean(m *compare.SampledMean, mean montecarlo.Mean, size float64) {
	m.Mean, m.Error = compare.Number(mean.Value), compare.Number(mean.Error)
	d := float64(m.Mean - m.Grid)
	m.Deviations = compare.Number(math.NaN())
	if mean.Error > 0 {
		m.Deviations = compare.Number(d / mean.Error)
	}
	m.Difference, m.Allowed = compare.Number(math.Abs(d)), mostSigmas*m.Error+m.GridError
	m.Verdict = compare.Disagrees
	switch {
	case !Finite(m.Difference) || !Finite(m.Allowed):
		why := "U^n is not finite"
		m.Verdict, m.Reason = compare.Incomplete, &why
	case float64(m.GridError) >= size && size > 0:
		why := "the error of U^n on the grid is larger than the observable"
		m.Verdict, m.Reason = compare.Incomplete, &why
	case m.Difference <= m.Allowed:
		m.Verdict = compare.Agrees
	}
}

// powersAt returns U^n at points, by step, observable and point, on the finest grid of S
// that the study used at the learning rate, under the rule of the cache.
func powersAt(ctx context.Context, s *gap.Kind, cache *survey.Cache, eta compare.Rate, x [][]float64, steps []int) ([][][]float64, error) {
	l := s.Finest(slices.Index(s.Problem.Etas, eta))
	data, err := cache.Get(l, s.Problem.Reach())
	if err != nil {
		return nil, err
	}
	cache.Forget()
	op, err := sgdop.Assemble(ctx, data.Grid, cache.Problem.Dynamics.Chain(eta.Value), &sgdop.Config{Width: l.Width, Workers: s.Config.Workers, MaxBytes: s.Config.OperatorBytes, Means: data.Means})
	if err != nil {
		return nil, err
	}
	values := make([][][]float64, len(steps))
	now, next := look.CopyFields(data.Phi), look.CopyFields(data.Phi)
	in := grid.NewInterpolator(data.Grid, l.Width)
	for n := 1; n <= slices.Max(steps); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.ApplyAllTo(s.Config.Workers, next, now)
		now, next = next, now
		k := slices.Index(steps, n)
		if k < 0 {
			continue
		}
		for f := range now {
			values[k] = append(values[k], make([]float64, len(x)))
			for i := range x {
				in.Locate(x[i])
				values[k][f][i] = in.Value(now[f]) + s.Cache.Survey.Offset[f]
			}
		}
	}
	return values, nil
}
