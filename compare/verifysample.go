package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"kolmo/grid"
	"kolmo/montecarlo"
	"kolmo/sgdop"
)

// SampledMean is U^n(x) = E phi(X_n), X_0 = x, from the grid of S and from paths.
type SampledMean struct {
	Observable string   `json:"observable"`
	Eta        float64  `json:"eta" col:"eta"`
	EtaText    string   `json:"eta_text"`
	N          int      `json:"n" col:"n"`
	T          float64  `json:"t"`
	X          []Number `json:"x" col:"x; .3"`
	Grid       Number   `json:"grid" col:"U^n; ~Error"`
	GridError  Number   `json:"grid_error"` // interpolation, quadrature, rounding
	Mean       Number   `json:"mean" col:"paths; ~Error"`
	Error      Number   `json:"error" col:"+- error; error"` // standard error of Mean
	// Deviations is (Mean - Grid)/Error; null where no path differs from another.
	Deviations Number  `json:"deviations" col:"sigmas; .2"`
	Difference Number  `json:"difference"` // |Mean - Grid|
	Allowed    Number  `json:"allowed"`    // Verification.Sigmas standard errors and the grid's error
	Verdict    Verdict `json:"verdict" col:"verdict"`
	Reason     *string `json:"reason"` // nil, or why there is no sampled mean
}

const (
	// mostSigmas is how many standard errors a sampled mean may be off: the chance
	// that one of a hundred right ones is farther off is 6e-5 for normal means.
	mostSigmas = 5
	// mostDraws is the number of samples' gradients that are drawn at a learning rate
	// for montecarlo.DefaultPaths paths or fewer; for more, it grows with the paths.
	mostDraws = 50_000_000
)

// sample compares U^n with sampled means at the largest learning rate and the smallest
// that is affordable, at the step where the gap is largest, or at the last affordable
// one.
func (r *verifier) sample(ctx context.Context, s *gapStudy, rows [][][]GapRow) error {
	dynamics := r.sampled.Dynamics
	if _, ok := dynamics.Chain(r.first.Etas[0].Value).NewSampler(rand.New(rand.NewPCG(0, 0))); !ok {
		r.v.Warnings = append(r.v.Warnings, "the law of the sample cannot be drawn from: nothing was sampled")
		return nil
	}
	r.batch = dynamics.Law().Draws
	pick := []int{0}
	for i := len(rows) - 1; i > 0; i-- {
		if starts, _, n := r.starts(rows[i]); n <= r.affordable(len(starts)) {
			pick = append(pick, i)
			break
		}
	}
	for k, i := range pick {
		const at = firstShare + secondShare
		share := (1 - at) / float64(len(pick))
		if err := r.sampleAt(ctx, s, rows[i], r.first.Etas[i], r.watch(at+share*float64(k), share, "paths, ")); err != nil {
			return err
		}
	}
	return nil
}

// affordable returns the largest number of steps that may be sampled from so many
// points, at least one.
func (r *verifier) affordable(starts int) int {
	return max(1, r.draws/(starts*r.batch*min(r.cfg.Paths, montecarlo.DefaultPaths)))
}

// starts returns the starting points for one learning rate - the centre, two points
// of the sphere, and every observable's worst point - with the indices of those of
// every observable, and the largest step.
func (r *verifier) starts(rows [][]GapRow) (starts [][]float64, of [][]int, last int) {
	d, round := len(r.first.Ball.Center), r.first.Ball.Round()
	c, radius := r.first.Ball.Center, r.first.Ball.R
	low := slices.Clone(c)
	high := slices.Clone(c)
	high[0] += radius
	for k := range low {
		if r.first.Ball.Range(k) == nil {
			low[k] -= radius / math.Sqrt(float64(round))
		}
	}
	add := func(x []float64) int {
		for i, y := range starts {
			if distance(x, y) <= 1e-6*radius {
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
			x := r.first.fromUser(row.X)
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
func worst(models []GapRow) *GapRow {
	for m := range models {
		if finite(models[m].Gap) {
			return &models[m]
		}
	}
	return &models[0]
}

// step returns the step at which a row's gap is largest; a row without any is sampled
// after unit time.
func step(row *GapRow) int {
	if row.N > 0 {
		return row.N
	}
	return int(math.Ceil(1 / row.Eta))
}

// sampleAt compares at one learning rate.
func (r *verifier) sampleAt(ctx context.Context, s *gapStudy, rows [][]GapRow, eta Rate, cfg *Config) error {
	starts, of, last := r.starts(rows)
	most := r.affordable(len(starts))
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
	u, err := s.powers(ctx, s.cache, eta, starts, steps)
	if err != nil {
		return err
	}
	known := 0.0
	if len(s.richer) == 0 && !s.p.Dynamics.Law().Exact {
		known = math.NaN() // how far the quadrature is off cannot be told
	}
	rich := make([][][][]float64, len(s.richer))
	for k, cache := range s.richer {
		if rich[k], err = s.powers(ctx, cache, eta, starts, steps); err != nil {
			return err
		}
	}
	mc := &montecarlo.Config{Paths: r.cfg.Paths, Seed: r.cfg.Seed, Workers: r.cfg.Workers}
	if cfg.Watcher != nil {
		mc.Progress = func(share float64) { cfg.Watcher.Progress(share, "eta = "+eta.Text) }
	}
	est, err := montecarlo.Run(ctx, r.sampled.Dynamics.Chain(eta.Value), r.sampled.Observables, starts, steps, mc)
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
		gridError += certifiedFloor * s.size[o]
		for _, i := range of[o] {
			n := steps[at[o]]
			// U^n may err by more than a gap does, in which u errs alike.
			var others []float64
			for _, v := range rich {
				others = append(others, v[at[o]][o][i])
			}
			gridError := gridError + known + ruleError(u[at[o]][o][i], others)
			m := SampledMean{Observable: r.first.Observables[o].Name(), Eta: eta.Value, EtaText: eta.Text, N: n, T: r.first.time(n, eta.Value),
				Grid: Number(u[at[o]][o][i]), GridError: Number(gridError)}
			m.X = r.first.toUser(starts[i])
			if err != nil {
				nan, why := Number(math.NaN()), err.Error()
				m.Mean, m.Error, m.Deviations, m.Difference, m.Allowed = nan, nan, nan, nan, nan
				m.Reason, m.Verdict = &why, Incomplete
			} else {
				m.judge(est.Means[i][at[o]][o], s.size[o])
			}
			r.v.Sampled = append(r.v.Sampled, m)
		}
	}
	return nil
}

// judge compares with a sampled mean; size is sup |phi| over the ball.
func (m *SampledMean) judge(mean montecarlo.Mean, size float64) {
	m.Mean, m.Error = Number(mean.Value), Number(mean.Error)
	d := float64(m.Mean - m.Grid)
	m.Deviations = Number(math.NaN())
	if mean.Error > 0 {
		m.Deviations = Number(d / mean.Error)
	}
	m.Difference, m.Allowed = Number(math.Abs(d)), mostSigmas*m.Error+m.GridError
	m.Verdict = Disagrees
	switch {
	case !finite(m.Difference) || !finite(m.Allowed):
		why := "U^n is not finite"
		m.Verdict, m.Reason = Incomplete, &why
	case float64(m.GridError) >= size && size > 0:
		why := "the error of U^n on the grid is larger than the observable"
		m.Verdict, m.Reason = Incomplete, &why
	case m.Difference <= m.Allowed:
		m.Verdict = Agrees
	}
}

// powers returns U^n at points, by step, observable and point, on the finest grid of S
// that the study used at the learning rate, under the rule of the cache.
func (s *gapStudy) powers(ctx context.Context, cache *gridCache, eta Rate, x [][]float64, steps []int) ([][][]float64, error) {
	l := s.finest(slices.Index(s.p.Etas, eta))
	data, err := cache.get(l, s.p.reach())
	if err != nil {
		return nil, err
	}
	op, err := sgdop.Assemble(ctx, data.g, cache.p.Dynamics.Chain(eta.Value), &sgdop.Config{Width: l.width, Workers: s.cfg.Workers, MaxBytes: s.cfg.operatorBytes, Means: data.means})
	if err != nil {
		return nil, err
	}
	values := make([][][]float64, len(steps))
	now, next := copyFields(data.phi), copyFields(data.phi)
	in := grid.NewInterpolator(data.g, l.width)
	for n := 1; n <= slices.Max(steps); n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		op.ApplyAllTo(s.cfg.Workers, next, now)
		now, next = next, now
		k := slices.Index(steps, n)
		if k < 0 {
			continue
		}
		for f := range now {
			values[k] = append(values[k], make([]float64, len(x)))
			for i := range x {
				in.Locate(x[i])
				values[k][f][i] = in.Value(now[f]) + s.cache.survey.offset[f]
			}
		}
	}
	return values, nil
}
