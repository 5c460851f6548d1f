package kinds

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/look"
	"kolmo/compare/march"
	"kolmo/compare/powers"
	"kolmo/compare/stationary"
	"kolmo/compare/survey"
	"kolmo/kolmogorov"
	"kolmo/sgdop"
)

// Bases take a long run to where steps do, with the same sums on the way: of S, of blocks of a
// model's steps, and of L.
func TestBasesOfLongRuns(t *testing.T) {
	t.Parallel()
	s := &stationary.Kind{Setup: newTestSetup(t, rootCase(t).problem, &compare.Config{})}
	ctx, eta := context.Background(), s.Problem.Etas[1].Value
	l := survey.Level{Method: survey.Chebyshev(), Nodes: []int{24}}
	data, err := s.Cache.Get(l, s.Problem.Ball.R)
	if err != nil {
		t.Fatal(err)
	}
	processes := make(map[string]*stationary.Evolution)
	op, err := sgdop.Assemble(ctx, data.Grid, s.Problem.Dynamics.Chain(eta), &sgdop.Config{Means: data.Means})
	if err != nil {
		t.Fatal(err)
	}
	growth, err := powers.PowersGrowth(ctx, op, 0)
	if err != nil {
		t.Fatal(err)
	}
	processes["S"] = &stationary.Evolution{March: &stationary.Powers{Op: op}, Powers: op, Growth: growth}
	model := s.Problem.Models[1]
	l1, half := l.OnBox(s.Problem, model)
	own, err := s.Cache.Get(l1, half)
	if err != nil {
		t.Fatal(err)
	}
	run := &march.Model{Model: model, Level: l1, Data: own}
	if run.Op, run.Growth, err = survey.Equation(own.Fields, model, eta, l1.Order); err != nil {
		t.Fatal(err)
	}
	prop, err := l1.Propagator(run.Op, eta)
	if err != nil {
		t.Fatal(err)
	}
	const steps = 3
	byBlock, err := l1.Propagator(run.Op, steps*eta)
	if err != nil {
		t.Fatal(err)
	}
	inBlocks := &stationary.Blocks{Prop: byBlock, Steps: steps, Parts: 1}
	processes[model.Name] = &stationary.Evolution{March: prop, Powers: inBlocks, Stride: inBlocks.Steps, Growth: run.Growth}
	one, err := l1.Propagator(run.Op, eta)
	if err != nil {
		t.Fatal(err)
	}
	const parts = march.BlockSteps + 7 // a block of the model's own steps, in more calls than one
	steppedAlone, err := l1.Propagator(run.Op, eta)
	if err != nil {
		t.Fatal(err)
	}
	processes["parts"] = &stationary.Evolution{March: steppedAlone, Powers: &stationary.Blocks{Prop: one, Steps: parts, Parts: parts}, Stride: parts, Growth: run.Growth}
	alone, err := l1.Propagator(run.Op, eta)
	if err != nil {
		t.Fatal(err)
	}
	processes["L"] = &stationary.Evolution{March: alone, Stride: steps, L: run.Op, Block: steps * eta,
		Powers: &stationary.Blocks{}} // not asked
	for name, p := range processes {
		p.G = data.Grid
		if name != "S" {
			p.G = own.Grid
		}
		p.Fields = s.StationaryFields(data)
		r := &stationary.LongRun{G: p.G, Rest: look.CopyFields(p.Fields), Sum: look.NewBlock(1, len(p.Fields), p.G.Len())[0]}
		n, miss, err := s.Settle(ctx, p, r, 400)
		if err != nil {
			t.Fatal(err)
		}
		if n < 60 || n%max(1, p.Stride) != 0 || miss > 1e-9 {
			t.Errorf("%s: %d steps, missed by %.3g", name, n, miss)
		}
		p.March.Start(p.Fields)
		u, sum := look.CopyFields(p.Fields), look.NewBlock(1, len(p.Fields), p.G.Len())[0]
		out := look.NewBlock(1, len(u), p.G.Len())
		for range n {
			for f := range u {
				for i, v := range u[f] {
					sum[f][i] += v
				}
			}
			if err := p.March.Advance(out); err != nil {
				t.Fatal(err)
			}
			for f := range u {
				copy(u[f], out[0][f])
			}
		}
		for f := range u {
			size := s.FieldSize(f)
			for i := range u[f] {
				if d := math.Abs(u[f][i] - r.Rest[f][i]); d > (miss+1e-11)*size {
					t.Fatalf("%s, field %d: the fields are %.3g apart", name, f, d)
				}
				if d := math.Abs(sum[f][i] - r.Sum[f][i]); d > (miss+1e-11)*float64(n)*size {
					t.Fatalf("%s, field %d: the sums are %.3g apart", name, f, d)
				}
			}
		}
	}
}

// erring is a propagator that tells of an error in t.
type erring struct{ kolmogorov.Propagator }

// TimeError implements kolmogorov.Propagator.
func (erring) TimeError() float64 { return 1e-6 }

// What the blocks of a long run err by in t is told by settle, and in the limit's error.
func TestLongRunsTellTheirErrors(t *testing.T) {
	t.Parallel()
	s := &stationary.Kind{Setup: newTestSetup(t, rootCase(t).problem, &compare.Config{})}
	const steps = 3
	ctx, eta, model := context.Background(), s.Problem.Etas[1].Value, s.Problem.Models[1]
	l, half := survey.Level{Method: survey.Chebyshev(), Nodes: []int{24}}.OnBox(s.Problem, model)
	data, err := s.Cache.Get(l, half)
	if err != nil {
		t.Fatal(err)
	}
	op, growth, err := survey.Equation(data.Fields, model, eta, l.Order)
	if err != nil {
		t.Fatal(err)
	}
	prop, err := l.Propagator(op, eta)
	if err != nil {
		t.Fatal(err)
	}
	byBlock, err := l.Propagator(op, steps*eta)
	if err != nil {
		t.Fatal(err)
	}
	p := &stationary.Evolution{G: data.Grid, Width: l.Width, March: prop, Stride: steps, Growth: growth,
		Powers: &stationary.Blocks{Prop: erring{byBlock}, Steps: steps, Parts: 1}, Fields: s.StationaryFields(data)}
	r := &stationary.LongRun{G: p.G, Rest: look.CopyFields(p.Fields), Sum: look.NewBlock(1, len(p.Fields), p.G.Len())[0]}
	n, miss, err := s.Settle(ctx, p, r, 60)
	if err != nil || n == 0 || miss < 1e-6 {
		t.Errorf("%d steps, missed by %.3g, error %v", n, miss, err)
	}
	v := &stationary.StationarySide{Null: make([]stationary.Estimate, len(p.Fields)), Run: make([]stationary.Estimate, len(p.Fields))}
	if _, err := s.FollowToEnd(ctx, p, eta, v); err != nil {
		t.Fatal(err)
	}
	for f, e := range v.Run {
		if !(e.Err >= 1e-6*s.FieldSize(f)) {
			t.Errorf("field %d: error %.3g", f, e.Err)
		}
	}
}
