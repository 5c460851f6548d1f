package compare

import (
	"context"
	"math"
	"testing"

	"kolmo/kolmogorov"
	"kolmo/sgdop"
)

// Bases take a long run to where steps do, with the same sums on the way: of S, and of blocks
// of a model's steps.
func TestBasesOfLongRuns(t *testing.T) {
	t.Parallel()
	s := &stationaryKind{setup: newTestSetup(t, rootCase(t).problem, &Config{})}
	ctx, eta := context.Background(), s.p.Etas[1].Value
	l := level{method: chebyshev(), nodes: []int{24}}
	data, err := s.cache.get(l, s.p.Ball.R)
	if err != nil {
		t.Fatal(err)
	}
	processes := make(map[string]*evolution)
	op, err := sgdop.Assemble(ctx, data.g, s.p.Dynamics.Chain(eta), &sgdop.Config{Means: data.means})
	if err != nil {
		t.Fatal(err)
	}
	growth, err := powersGrowth(ctx, op, 0)
	if err != nil {
		t.Fatal(err)
	}
	processes["S"] = &evolution{march: &powers{op: op}, powers: op, growth: growth}
	model := s.p.Models[1]
	l1, half := l.onBox(s.p, model)
	own, err := s.cache.get(l1, half)
	if err != nil {
		t.Fatal(err)
	}
	run := &modelRun{model: model, level: l1, data: own}
	if run.op, run.growth, err = equation(own.fields, model, eta, l1.order); err != nil {
		t.Fatal(err)
	}
	prop, err := l1.propagator(run.op, eta)
	if err != nil {
		t.Fatal(err)
	}
	const steps = 3
	byBlock, err := l1.propagator(run.op, steps*eta)
	if err != nil {
		t.Fatal(err)
	}
	inBlocks := &blocks{prop: byBlock, steps: steps}
	processes[model.Name] = &evolution{march: prop, powers: inBlocks, stride: inBlocks.steps, growth: run.growth}
	for name, p := range processes {
		p.g = data.g
		if name != "S" {
			p.g = own.g
		}
		p.fields = s.stationaryFields(data)
		r := &longRun{g: p.g, rest: copyFields(p.fields), sum: newBlock(1, len(p.fields), p.g.Len())[0]}
		n, miss, err := s.settle(ctx, p, r, 400)
		if err != nil {
			t.Fatal(err)
		}
		if n < 60 || n%max(1, p.stride) != 0 || miss > 1e-9 {
			t.Errorf("%s: %d steps, missed by %.3g", name, n, miss)
		}
		p.march.Start(p.fields)
		u, sum := copyFields(p.fields), newBlock(1, len(p.fields), p.g.Len())[0]
		out := newBlock(1, len(u), p.g.Len())
		for range n {
			for f := range u {
				for i, v := range u[f] {
					sum[f][i] += v
				}
			}
			if err := p.march.Advance(out); err != nil {
				t.Fatal(err)
			}
			for f := range u {
				copy(u[f], out[0][f])
			}
		}
		for f := range u {
			size := s.fieldSize(f)
			for i := range u[f] {
				if d := math.Abs(u[f][i] - r.rest[f][i]); d > (miss+1e-11)*size {
					t.Fatalf("%s, field %d: the fields are %.3g apart", name, f, d)
				}
				if d := math.Abs(sum[f][i] - r.sum[f][i]); d > (miss+1e-11)*float64(n)*size {
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
	s := &stationaryKind{setup: newTestSetup(t, rootCase(t).problem, &Config{})}
	const steps = 3
	ctx, eta, model := context.Background(), s.p.Etas[1].Value, s.p.Models[1]
	l, half := level{method: chebyshev(), nodes: []int{24}}.onBox(s.p, model)
	data, err := s.cache.get(l, half)
	if err != nil {
		t.Fatal(err)
	}
	op, growth, err := equation(data.fields, model, eta, l.order)
	if err != nil {
		t.Fatal(err)
	}
	prop, err := l.propagator(op, eta)
	if err != nil {
		t.Fatal(err)
	}
	byBlock, err := l.propagator(op, steps*eta)
	if err != nil {
		t.Fatal(err)
	}
	p := &evolution{g: data.g, width: l.width, march: prop, stride: steps, growth: growth,
		powers: &blocks{prop: erring{byBlock}, steps: steps}, fields: s.stationaryFields(data)}
	r := &longRun{g: p.g, rest: copyFields(p.fields), sum: newBlock(1, len(p.fields), p.g.Len())[0]}
	n, miss, err := s.settle(ctx, p, r, 60)
	if err != nil || n == 0 || miss < 1e-6 {
		t.Errorf("%d steps, missed by %.3g, error %v", n, miss, err)
	}
	v := &stationarySide{null: make([]estimate, len(p.fields)), run: make([]estimate, len(p.fields))}
	if _, err := s.followToEnd(ctx, p, eta, v); err != nil {
		t.Fatal(err)
	}
	for f, e := range v.run {
		if !(e.err >= 1e-6*s.fieldSize(f)) {
			t.Errorf("field %d: error %.3g", f, e.err)
		}
	}
}
