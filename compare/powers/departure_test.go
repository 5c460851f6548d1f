package powers

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"kolmo/compare/look"
	"kolmo/compare/trial"
)

// How far U is from its limit, by the basis, is what later steps add to it: to the bound for all
// steps, which is met, by as many vectors as it takes.
func TestDepartures(t *testing.T) {
	t.Parallel()
	more := false
	for seed := range uint64(10) {
		c := trial.DrawChain(rand.New(rand.NewPCG(seed, 1)), 80, 1./32)
		phi, size := trial.TwoFields(80)
		p := New(c, 1, 1, phi, size, 40)
		const from, to = 40, 900
		u := look.CopyFields(phi)
		var at [2][][]float64
		for n := 1; n <= to; n++ {
			next := look.CopyFields(u)
			c.ApplyAllTo(1, next, u)
			if u = next; n == from {
				at[0] = look.CopyFields(u)
			}
		}
		at[1] = u
		for f := range phi {
			tolerance := 1e-12 * size[f]
			d := p.Departure(c, from, f, tolerance)
			if d == nil || !(d.BoundAlways() <= tolerance) {
				t.Fatalf("seed %d, observable %d: not met", seed, f)
			}
			more = more || d.Dim() > p.Stages[0].Dim()
			sum, field := make([]float64, 80), make([]float64, 80)
			a, b := d.Start(from), d.Start(to)
			for j := range d.Dim() {
				d.FieldTo(field, j)
				for i, v := range field {
					sum[i] += (b[j] - a[j]) * v
				}
			}
			for i, v := range sum {
				if off := math.Abs(v - (at[1][f][i] - at[0][f][i])); off > 2*d.BoundAlways()+trial.TestRounding*size[f] {
					t.Errorf("seed %d, observable %d: off by %.3g, want at most %.3g", seed, f, off, 2*d.BoundAlways())
				}
			}
		}
	}
	if !more {
		t.Error("no vectors were added: nothing was tested")
	}
}

// Who looked ahead before shows in no bit of U, nor how far U was taken in a look ahead.
func TestLooksAheadLeaveNoTrace(t *testing.T) {
	t.Parallel()
	c := trial.DrawChain(rand.New(rand.NewPCG(9, 1)), 90, 1./32)
	phi, size := trial.TwoFields(90)
	at := func(p *Powers, n int) [][]float64 {
		out := look.NewBlock(1, 2, 90)
		if p.Advance(c, n-1, out) != 1 {
			t.Fatalf("step %d is not served", n)
		}
		return out[0]
	}
	p, q := New(c, 1, 1, phi, size, 45), New(c, 1, 1, phi, size, 45)
	before := p.Departure(c, 50, 0, 1e-12*size[0])
	if before == nil || before.Dim() <= p.Stages[0].Dim() {
		t.Fatal("want more vectors than those of the first stage")
	}
	for _, n := range []int{10, 64, 70, 400} {
		if u, v := at(p, n), at(q, n); !slices.EqualFunc(u, v, slices.Equal) || p.Miss(n) != q.Miss(n) {
			t.Errorf("step %d depends on the look ahead", n)
		}
	}
	if after := q.Departure(c, 50, 0, 1e-12*size[0]); after == nil || after.Dim() != before.Dim() || after.BoundAlways() != before.BoundAlways() {
		t.Errorf("the look ahead depends on later steps: %d vectors, bound %g; %d and %g before", after.Dim(), after.BoundAlways(), before.Dim(), before.BoundAlways())
	}
	if d := p.Departure(c, 50, 0, 1e-30); d != nil {
		t.Errorf("a bound of %g for 1e-30", d.BoundAlways())
	}
}
