package sgdop

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/sgd"
)

// best returns the best of the widths that are ranked.
func best(ctx context.Context, g *grid.Grid, chain process.Chain, cfg *Config) (Choice, error) {
	c := cfg.withDefaults()
	list, err := ranked(ctx, g, chain, &c)
	if err != nil {
		return Choice{Error: math.NaN()}, err
	}
	return list[0], nil
}

// probed is a function of every kind of smoothness that a probe may meet.
func probed(wave float64) func(x []float64) float64 {
	return func(x []float64) float64 {
		s := 0.5
		for k, v := range x {
			s += wave * v / float64(k+1)
		}
		return math.Cos(s)
	}
}

// trueError returns the largest error of one application at the nodes whose images stay
// inside, against the images themselves.
func trueError(s *Operator, o *gradients, phi func(x []float64) float64) float64 {
	u, v := sample(s.g, phi), make([]float64, s.g.Len())
	s.ApplyTo(v, u)
	worst, x := 0.0, make([]float64, s.g.Dim())
	for i := range v {
		s.g.PointTo(x, i)
		worst = max(worst, math.Abs(v[i]-enumerate(o, s.Eta(), 1, phi, x)))
	}
	return worst
}

// The width chosen meets the accuracy asked for, by its true error too; the one below
// would not have been enough, or more work.
func TestChooseMeetsTheAccuracy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind     grid.Kind
		d, nodes int
		wave     float64
		accuracy float64
	}{
		{grid.KindUniform, 1, 120, 2, 1e-4}, {grid.KindUniform, 1, 120, 2, 1e-7}, {grid.KindUniform, 1, 120, 2, 1e-9},
		{grid.KindUniform, 2, 60, 1.5, 1e-4}, {grid.KindUniform, 2, 60, 1.5, 1e-7},
		{grid.KindChebyshev, 1, 80, 2, 1e-9}, {grid.KindChebyshev, 2, 20, 1, 1e-9}, {grid.KindChebyshev, 2, 40, 1, 1e-6},
		{grid.KindChebyshev, 3, 14, 1, 2e-6},
	} {
		g := cube(t, c.kind, c.d, 2, c.nodes)
		o := curved(c.d)
		const eta, steps = 0.125, 8
		phi := probed(c.wave)
		probe := &Probe{Fields: []func([]float64) float64{phi}, Accuracy: c.accuracy, Steps: steps}
		s := kept(t, g, o, eta, Config{Width: WidthAuto, Probe: probe})
		ch := s.Choice()
		got := steps * trueError(s, o, phi)
		t.Logf("%v d=%d N=%d accuracy %.0e: true %.2e, %v", c.kind, c.d, c.nodes, c.accuracy, got, ch)
		if !(ch.Error <= c.accuracy) || !strings.Contains(ch.Why, "meets") {
			t.Errorf("%v d=%d N=%d: accuracy %.0e not met: %v", c.kind, c.d, c.nodes, c.accuracy, ch)
		}
		if got > 3*c.accuracy {
			t.Errorf("%v d=%d N=%d: true error %.2e for %.0e", c.kind, c.d, c.nodes, got, c.accuracy)
		}
		if ch.Width > leastWidth {
			below := kept(t, g, o, eta, Config{Width: ch.Width - widthStep})
			if e := steps * trueError(below, o, phi); e < c.accuracy/30 {
				t.Errorf("%v d=%d N=%d: degree %d would have had %.2e", c.kind, c.d, c.nodes, ch.Width-3, e)
			}
		}
	}
}

// What no width reaches is said, and the best one taken; a probe that says nothing is
// refused; a budget moves the choice from whole axes to local windows.
func TestChooseTellsWhatItCannot(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 1, 2, 24)
	phi := []func([]float64) float64{probed(8)}
	c, err := best(t.Context(), g, sgd.NewChain(curved(1), 0.25), &Config{Probe: &Probe{Fields: phi, Accuracy: 1e-12}})
	if err != nil || !strings.Contains(c.Why, "misses") || !(c.Error > 1e-12) {
		t.Errorf("%v, %v", c, err)
	}
	for name, p := range map[string]*Probe{
		"none": nil, "no fields": {Accuracy: 1}, "no accuracy": {Fields: phi},
		"zero": {Fields: []func([]float64) float64{func([]float64) float64 { return 0 }}, Accuracy: 1},
		"NaN":  {Fields: []func([]float64) float64{func([]float64) float64 { return math.NaN() }}, Accuracy: 1},
	} {
		if _, err := best(t.Context(), g, sgd.NewChain(curved(1), 0.25), &Config{Probe: p}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	bad := &gradients{d: 1, weights: []float64{1}, grad: func(dst, _ []float64, _ int) { dst[0] = math.Inf(1) }}
	if _, err := best(t.Context(), g, sgd.NewChain(bad, 0.25), &Config{Probe: &Probe{Fields: phi, Accuracy: 1}}); !errors.As(err, new(*objective.NonFiniteError)) {
		t.Errorf("error %v for an infinite gradient", err)
	}
}

// In three dimensions on 24 Chebyshev nodes per axis whole-axis rows take 1.5 GB. What
// is chosen instead within a budget, for a smooth field and several accuracies: local
// windows while they are accurate enough and fit, otherwise factors, which take a
// fraction of the memory, and beyond degree 11 those of whole axes. Errors are those of one application against the images.
func TestChooseInThreeDimensions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	g := cube(t, grid.KindChebyshev, 3, 2, 24)
	o := curved(3)
	const eta, steps = 1.0 / 16, 16
	phi := probed(1)
	if b := FullBytes(g.Len()); b < 1_500_000_000 {
		t.Fatalf("whole-axis rows take %d bytes", b)
	}
	for _, c := range []struct {
		accuracy float64
		most     int64
		width    int
		storage  Storage
	}{
		{1e-4, 1 << 30, 6, StorageWindows},
		{1e-6, 1 << 30, 8, StorageWindows},
		{1e-10, 1 << 30, 12, StorageWindows},
		{1e-10, 100 << 20, 12, StorageFactors},
		{1e-12, 1 << 30, 0, StorageFactors},
		{1e-12, 1 << 20, 0, StorageNone},
	} {
		probe := &Probe{Fields: []func([]float64) float64{phi}, Accuracy: c.accuracy, Steps: steps}
		ch, err := best(t.Context(), g, sgd.NewChain(o, eta), &Config{MaxBytes: c.most, Probe: probe})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("accuracy %.0e, %s: %v", c.accuracy, size(c.most), ch)
		if ch.Width != c.width || ch.Storage != c.storage || !(ch.Error <= c.accuracy) {
			t.Errorf("accuracy %.0e, %s: chose %v", c.accuracy, size(c.most), ch)
			continue
		}
		if ch.Storage == StorageNone {
			continue // the same numbers as from factors, computed anew
		}
		s := kept(t, g, o, eta, Config{Width: ch.Width, MaxBytes: c.most})
		if got := s.Choice(); got.Storage != ch.Storage || got.Bytes > c.most {
			t.Errorf("assembled %v", got)
		}
		e := steps * trueError(s, o, phi)
		t.Logf("true error %.2e, %s", e, size(s.Choice().Bytes))
		if e > 3*c.accuracy {
			t.Errorf("accuracy %.0e: true error %.2e", c.accuracy, e)
		}
	}
}

// Where SGD is repelled from the middle, polynomials beyond the constants grow, and so do
// the powers of every S: all widths are tried, the one with the least error is taken, and
// why is said.
func TestChooseSeesPowersThatGrow(t *testing.T) {
	t.Parallel()
	away := &gradients{d: 1, weights: []float64{1}, grad: func(dst, x []float64, _ int) { dst[0] = -x[0] }}
	g := cube(t, grid.KindUniform, 1, 2, 24)
	probe := &Probe{Fields: []func([]float64) float64{probed(0.5)}, Accuracy: 1e-2}
	s := kept(t, g, away, 0.25, Config{Width: WidthAuto, Probe: probe})
	why := s.Choice().Why
	for _, want := range []string{"powers with degree 3 grow", "powers with degree 11 grow", "the least error of all is"} {
		if !strings.Contains(why, want) {
			t.Errorf("no %q in %q", want, why)
		}
	}
	r, err := s.Growth(t.Context(), 1, 64, 2, nil)
	if err != nil || !r.Unstable() || !(r.Rate > 1.1) || !strings.Contains(r.Warning(), "without bound") {
		t.Errorf("%+v %q %v", r, r.Warning(), err)
	}
}

// A field that is easy at first and hard later: the width that would do for phi does
// not do for U^n, and the choice says so.
func TestChooseLooksAtLaterFields(t *testing.T) {
	t.Parallel()
	g := cube(t, grid.KindUniform, 1, 2, 60)
	// x -> x - eta (x/2 + sin(4 x) +- 0.3) folds a line into waves.
	o := &gradients{d: 1, weights: []float64{0.5, 0.5}, grad: func(dst, x []float64, k int) {
		dst[0] = x[0]/2 + math.Sin(4*x[0]) + 0.6*(float64(k)-0.5)
	}}
	probe := &Probe{Fields: []func([]float64) float64{func(x []float64) float64 { return x[0] }}, Accuracy: 1e-3, Steps: 8}
	first, err := best(t.Context(), g, sgd.NewChain(o, 0.2), &Config{Probe: probe})
	if err != nil {
		t.Fatal(err)
	}
	s := kept(t, g, o, 0.2, Config{Width: WidthAuto, Probe: probe})
	t.Logf("at first %v", first)
	t.Logf("then %v", s.Choice())
	if first.Width != leastWidth || s.Choice().Width <= first.Width || !strings.Contains(s.Choice().Why, "degree 3 misses 1.0e-03 for later U^n") {
		t.Errorf("chose width %d at first, then %v", first.Width, s.Choice())
	}
}
