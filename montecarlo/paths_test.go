package montecarlo

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/grid"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/sgd"
	"kolmo/sgdop"
)

// function is an observable given by a Go function.
type function func(x []float64) float64

func (f function) Name() string                       { return "f" }
func (f function) NewFunc() func(x []float64) float64 { return f }

func loss(t testing.TB, text string, parameters []string, s *law.Samples) *objective.Loss {
	t.Helper()
	e, err := expr.Parse(text, expr.Scope{Parameters: parameters, Variables: s.Variables()})
	if err != nil {
		t.Fatal(err)
	}
	l, err := objective.New(parameters, e, s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// coin is f = (x - xi)^2/2 with xi = -1 or 1.
func coin(t testing.TB) *objective.Loss {
	t.Helper()
	s, err := law.Discrete([]string{"xi"}, [][]float64{{-1}, {1}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return loss(t, "(x - xi)^2/2", []string{"x"}, s)
}

// continuous is a loss that is not convex in every sample, with continuous laws.
func continuous(t testing.TB) *objective.Loss {
	t.Helper()
	s, err := law.Independent([]law.Variable{{Name: "a", Law: law.Uniform{Low: -1, High: 1}}, {Name: "b", Law: law.Beta{Alpha: 2, Beta: 2}}}, 16)
	if err != nil {
		t.Fatal(err)
	}
	return loss(t, "(x^2 + y^2)/2 + a*sin(x + y) + b*cos(y)", []string{"x", "y"}, s)
}

// data is ridge logistic regression on a few rows.
func data(t testing.TB) *objective.Loss {
	t.Helper()
	s, err := law.Data([]string{"a", "b", "y"}, [][]float64{{1, -0.5, 2, 0.3, -1.2, 0.7}, {0.2, 1, -1, 0.4, 0.5, -0.3}, {1, -1, 1, 1, -1, -1}})
	if err != nil {
		t.Fatal(err)
	}
	return loss(t, "softplus(-y*(v*a + w*b)) + 0.1*(v^2 + w^2)", []string{"v", "w"}, s)
}

// A million paths from each of 20 points agree with S^n phi, computed without
// sampling, within four standard errors at every point: for continuous laws, for data,
// and for batches without replacement. The error of S^n itself is far below.
func TestPathsAgainstTheOperator(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	batch, err := objective.NewBatch(data(t), 2, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		o     objective.Sampled
		paths int
	}{{"continuous", continuous(t), 1_000_000}, {"data", data(t), 200_000}, {"batch", batch, 100_000}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if raceEnabled {
				c.paths /= 50
			}
			const eta, n, half = 0.25, 6, 2.0
			phi := []objective.Observable{
				function(func(x []float64) float64 { return math.Cos(x[0] + 0.5*x[1]) }),
				function(func(x []float64) float64 { return x[0]*x[0] + x[1]*x[1] }),
			}
			g, err := grid.Box(grid.KindChebyshev, []int{32}, []float64{0, 0}, half)
			if err != nil {
				t.Fatal(err)
			}
			s, err := sgdop.Assemble(t.Context(), g, sgd.NewChain(c.o, eta), nil)
			if err != nil {
				t.Fatal(err)
			}
			u, v := make([][]float64, len(phi)), make([][]float64, len(phi))
			x := make([]float64, 2)
			for k, f := range phi {
				u[k], v[k] = make([]float64, g.Len()), make([]float64, g.Len())
				for i := range u[k] {
					g.PointTo(x, i)
					u[k][i] = f.NewFunc()(x)
				}
			}
			if err := s.PowerTo(t.Context(), 1, n, v, u); err != nil {
				t.Fatal(err)
			}
			var starts [][]float64
			for i := range 20 { // a spiral
				r, a := 1.9*math.Sqrt((float64(i)+0.5)/20), 2.4*float64(i)
				starts = append(starts, []float64{r * math.Cos(a), r * math.Sin(a)})
			}
			e, err := Run(t.Context(), sgd.NewChain(c.o, eta), phi, starts, []int{n}, &Config{Paths: c.paths, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			in := grid.NewInterpolator(g, 0)
			worst, largest := 0.0, 0.0
			for p, x := range starts {
				in.Locate(x)
				for k := range phi {
					m := e.Means[p][0][k]
					z := (m.Value - in.Value(v[k])) / m.Error
					worst, largest = max(worst, math.Abs(z)), max(largest, m.Error)
					if !(math.Abs(z) <= 4) || !(m.Error < 1/math.Sqrt(float64(c.paths))) {
						t.Errorf("x = %.3f, observable %d: %.6f +- %.2g from paths, S^n gives %.6f: %.1f standard errors", x, k, m.Value, m.Error, in.Value(v[k]), z)
					}
				}
			}
			t.Logf("largest deviation %.2f standard errors of at most %.2g", worst, largest)
		})
	}
}

// The standard error is honest: over 300 seeds the deviation from the closed form in
// units of it has variance 1, within four standard deviations of a variance, and mean 0.
func TestStandardErrorIsHonest(t *testing.T) {
	t.Parallel()
	const eta, n, runs = 0.25, 5, 300
	square := function(func(x []float64) float64 { return x[0] * x[0] })
	x0 := 0.8
	q := math.Pow(1-eta, 2*n)
	want := q*x0*x0 + eta*(1-q)/(2-eta)
	var mean, variance float64
	for seed := range uint64(runs) {
		e, err := Run(t.Context(), sgd.NewChain(coin(t), eta), []objective.Observable{square}, [][]float64{{x0}}, []int{n}, &Config{Paths: 3000, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		m := e.Means[0][0][0]
		z := (m.Value - want) / m.Error
		mean += z / runs
		variance += z * z / runs
	}
	t.Logf("mean %.3f, variance %.3f", mean, variance)
	if math.Abs(mean) > 4/math.Sqrt(runs) || math.Abs(variance-1) > 4*math.Sqrt(2./runs) {
		t.Errorf("deviations in standard errors have mean %.3f and variance %.3f", mean, variance)
	}
}

// Results depend on the seed and not on the workers; steps come in the order asked for,
// step 0 is the start, and means of several steps are those of runs of each.
func TestRunsAreReproducible(t *testing.T) {
	t.Parallel()
	id := function(func(x []float64) float64 { return x[0] })
	phi := []objective.Observable{id, function(func(x []float64) float64 { return x[0] * x[0] })}
	starts := [][]float64{{0.5}, {-1}}
	do := func(steps []int, cfg Config) *Estimate {
		e, err := Run(t.Context(), sgd.NewChain(coin(t), 0.25), phi, starts, steps, &cfg)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	one := do([]int{3, 0, 7}, Config{Paths: 10_000, Seed: 5, Workers: 1})
	var told []float64
	many := do([]int{3, 0, 7}, Config{Paths: 10_000, Seed: 5, Workers: 4, Progress: func(s float64) { told = append(told, s) }})
	alone := do([]int{7}, Config{Paths: 10_000, Seed: 5})
	other := do([]int{7}, Config{Paths: 10_000, Seed: 6})
	for p := range starts {
		for s := range one.Steps {
			if !slices.Equal(one.Means[p][s], many.Means[p][s]) {
				t.Errorf("point %d, step %d: %v with one worker, %v with four", p, one.Steps[s], one.Means[p][s], many.Means[p][s])
			}
		}
		if m := one.Means[p][1][0]; m.Value != starts[p][0] || m.Error != 0 {
			t.Errorf("step 0 from %v is %+v", starts[p], m)
		}
		if !slices.Equal(one.Means[p][2], alone.Means[p][0]) || slices.Equal(alone.Means[p][0], other.Means[p][0]) {
			t.Errorf("point %d: %v among others, %v alone, %v with another seed", p, one.Means[p][2], alone.Means[p][0], other.Means[p][0])
		}
	}
	if one.Means[0][0][0] == one.Means[1][0][0] || one.Paths != 10_000 {
		t.Error("both points have the same paths")
	}
	if len(told) == 0 || !slices.IsSorted(told) || told[len(told)-1] != 1 {
		t.Errorf("progress %v", told)
	}
	if d, err := Run(t.Context(), sgd.NewChain(coin(t), 0.25), phi, starts[:1], []int{0}, nil); err != nil || d.Paths != DefaultPaths {
		t.Errorf("defaults: %v, %v", d, err)
	}
}

// Wrong arguments, paths that run away and an ended context are errors.
func TestRunsRefuse(t *testing.T) {
	t.Parallel()
	id := []objective.Observable{function(func(x []float64) float64 { return x[0] })}
	at := [][]float64{{1}}
	for name, f := range map[string]func() (*Estimate, error){
		"one path": func() (*Estimate, error) {
			return Run(t.Context(), sgd.NewChain(coin(t), 0.1), id, at, []int{1}, &Config{Paths: 1})
		},
		"no eta": func() (*Estimate, error) { return Run(t.Context(), sgd.NewChain(coin(t), 0), id, at, []int{1}, nil) },
		"no phi": func() (*Estimate, error) { return Run(t.Context(), sgd.NewChain(coin(t), 0.1), nil, at, []int{1}, nil) },
		"dimension": func() (*Estimate, error) {
			return Run(t.Context(), sgd.NewChain(coin(t), 0.1), id, [][]float64{{1, 2}}, []int{1}, nil)
		},
		"past":     func() (*Estimate, error) { return Run(t.Context(), sgd.NewChain(coin(t), 0.1), id, at, []int{-1}, nil) },
		"no start": func() (*Estimate, error) { return Run(t.Context(), sgd.NewChain(coin(t), 0.1), id, nil, []int{1}, nil) },
		"eta is NaN": func() (*Estimate, error) {
			return Run(t.Context(), sgd.NewChain(coin(t), math.NaN()), id, at, []int{1}, nil)
		},
	} {
		if _, err := f(); err == nil || !strings.HasPrefix(err.Error(), "montecarlo: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	var d *DivergedError
	if _, err := Run(t.Context(), sgd.NewChain(coin(t), 1e30), id, at, []int{20}, &Config{Paths: 10}); !errors.As(err, &d) || d.Step != 20 || d.Start[0] != 1 {
		t.Errorf("error %v for a path that runs away", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, sgd.NewChain(coin(t), 0.1), id, at, []int{1}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v under an ended context", err)
	}
}

// Moments merged block by block are those of all values at once, whatever the blocks'
// means and sizes.
func TestMomentsMerge(t *testing.T) {
	t.Parallel()
	var all []float64
	var merged moments
	for block, n := range []int{1, 7, 300, 2} {
		var values []float64
		for i := range n {
			values = append(values, float64(10*block)+math.Sin(float64(3*i)))
		}
		all = append(all, values...)
		m := momentsOf(values)
		merged.merge(&m)
	}
	want := momentsOf(all)
	if merged.n != want.n || math.Abs(merged.average-want.average) > 1e-13*want.average || math.Abs(merged.squares-want.squares) > 1e-12*want.squares {
		t.Errorf("merged %+v, at once %+v", merged, want)
	}
}
