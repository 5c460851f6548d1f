package montecarlo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"kolmo/internal/par"
	"kolmo/process"
)

// Config holds the choices of a run. The zero value and nil mean the defaults.
type Config struct {
	// Paths is the number of paths from every starting point. Default 0: DefaultPaths.
	Paths int
	// Seed is that of all random streams.
	Seed uint64
	// Workers is the number of goroutines. Default 0: all processors.
	Workers int
	// Progress, if not nil, is told the share of the paths that is done, in [0,1], one
	// call at a time and never less than before.
	Progress func(share float64)
}

// DefaultPaths is the default number of paths.
const DefaultPaths = 100_000

// Mean is an estimated mean.
type Mean struct {
	Value float64
	Error float64 // standard error: the deviation of the paths over sqrt(their number)
}

// Estimate is what a run found.
type Estimate struct {
	Paths int
	Steps []int // the steps asked for, in the given order
	// Means[p][s][o] is the mean of observable o after Steps[s] steps from point p.
	Means [][][]Mean
}

// DivergedError reports a path that left the finite numbers.
type DivergedError struct {
	Step  int       // the step after which it was not finite
	Start []float64 // where it came from
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("montecarlo: a path from x = %.6g is not finite after %d steps", e.Start, e.Step)
}

// pathsPerBlock is the number of paths that share a random stream.
const pathsPerBlock = 2048

// Run runs paths of a chain from every starting point and returns
// the means of the observables after the given steps. Paths of different points are
// independent. The errors are wrong arguments, a *DivergedError, or the context's, asked
// once per block and step. Cost: a random step per path and step up to the largest one.
func Run(ctx context.Context, chain process.Chain, phi []process.Observable, starts [][]float64, steps []int, cfg *Config) (*Estimate, error) {
	var c Config
	if cfg != nil {
		c = *cfg
	}
	if c.Paths == 0 {
		c.Paths = DefaultPaths
	}
	if err := check(chain, phi, starts, steps, &c); err != nil {
		return nil, err
	}
	blocks := (c.Paths + pathsPerBlock - 1) / pathsPerBlock
	parts := make([][]moments, blocks*len(starts))
	errs := make([]error, len(parts))
	var mu sync.Mutex
	done := 0
	par.Do(c.Workers, len(parts), func(task int) {
		point, block := task/blocks, task%blocks
		lo, hi := par.Split(c.Paths, blocks, block)
		parts[task], errs[task] = run(ctx, chain, phi, starts[point], steps, hi-lo, stream(c.Seed, point, block))
		mu.Lock()
		defer mu.Unlock()
		done++
		if c.Progress != nil && errs[task] == nil {
			c.Progress(float64(done) / float64(len(parts)))
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	e := &Estimate{Paths: c.Paths, Steps: append([]int(nil), steps...)}
	for point := range starts {
		total := make([]moments, len(steps)*len(phi))
		for block := range blocks { // in their order
			for i := range total {
				total[i].merge(&parts[point*blocks+block][i])
			}
		}
		means := make([][]Mean, len(steps))
		for s := range steps {
			for k := range phi {
				means[s] = append(means[s], total[s*len(phi)+k].mean())
			}
		}
		e.Means = append(e.Means, means)
	}
	return e, nil
}

// check returns an error for arguments that make no sense.
func check(chain process.Chain, phi []process.Observable, starts [][]float64, steps []int, c *Config) error {
	switch {
	case c.Paths < 2:
		return fmt.Errorf("montecarlo: %d paths; want at least 2", c.Paths)
	case !(chain.Eta() > 0) || math.IsInf(chain.Eta(), 0):
		return fmt.Errorf("montecarlo: eta = %v; want a positive number", chain.Eta())
	case len(phi) == 0 || len(starts) == 0 || len(steps) == 0:
		return errors.New("montecarlo: want observables, starting points and steps, at least one of each")
	}
	for _, x := range starts {
		if len(x) != chain.Dim() {
			return fmt.Errorf("montecarlo: a starting point of %d coordinates for %d", len(x), chain.Dim())
		}
	}
	for _, n := range steps {
		if n < 0 {
			return fmt.Errorf("montecarlo: step %d; want 0 or more", n)
		}
	}
	return nil
}

// stream returns the random numbers of a block: a cipher's, so that near seeds have
// nothing in common.
func stream(seed uint64, point, block int) *rand.Rand {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[0:], seed)
	binary.LittleEndian.PutUint64(key[8:], uint64(point))
	binary.LittleEndian.PutUint64(key[16:], uint64(block))
	return rand.New(rand.NewChaCha8(key))
}

// run moves n paths from start and returns the moments of the observables by step.
func run(ctx context.Context, chain process.Chain, phi []process.Observable, start []float64, steps []int, n int, rnd *rand.Rand) ([]moments, error) {
	d := len(start)
	sampler, ok := chain.NewSampler(rnd)
	if !ok {
		return nil, errors.New("montecarlo: the chain cannot be sampled")
	}
	x := make([]float64, n*d)
	for p := range n {
		copy(x[p*d:], start)
	}
	functions := make([]func(x []float64) float64, len(phi))
	for k, f := range phi {
		functions[k] = f.NewFunc()
	}
	last := 0
	for _, s := range steps {
		last = max(last, s)
	}
	out := make([]moments, len(steps)*len(phi))
	values := make([]float64, n)
	for step := 0; ; step++ {
		for s, at := range steps {
			if at != step {
				continue
			}
			for k, f := range functions {
				for p := range values {
					values[p] = f(x[p*d : (p+1)*d])
					if math.IsNaN(values[p]) || math.IsInf(values[p], 0) {
						return nil, &DivergedError{Step: step, Start: start}
					}
				}
				out[s*len(phi)+k] = momentsOf(values)
			}
		}
		if step == last {
			return out, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		sampler.Step(x)
	}
}

// moments are the number, the mean and the sum of squared deviations of values.
type moments struct{ n, average, squares float64 }

func momentsOf(values []float64) moments {
	m := moments{n: float64(len(values))}
	for _, v := range values {
		m.average += v
	}
	m.average /= m.n
	for _, v := range values {
		m.squares += (v - m.average) * (v - m.average)
	}
	return m
}

// merge adds other values (Chan, Golub and LeVeque, American Statistician 37, 1983).
func (m *moments) merge(o *moments) {
	n := m.n + o.n
	delta := o.average - m.average
	m.squares += o.squares + delta*delta*m.n*o.n/n
	m.average += delta * o.n / n
	m.n = n
}

func (m *moments) mean() Mean {
	return Mean{Value: m.average, Error: math.Sqrt(m.squares / (m.n * (m.n - 1)))}
}
