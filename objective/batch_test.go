package objective

import (
	"errors"
	"testing"

	"kolmo/law"
)

// TestBatchLarge: a law that is not enumerated says so, does not allocate, and
// is refined.
func TestBatchLarge(t *testing.T) {
	l := logistic(t, 300)
	for _, replacement := range []bool{true, false} {
		for _, m := range []int{3, 200, 300} {
			b, err := NewBatch(l, m, replacement)
			if err != nil {
				t.Fatal(err)
			}
			of := b.Law()
			if m == 300 && !replacement {
				var s Moments
				b.NewEvaluator().MomentsTo(&s, []float64{0.3, -0.4})
				if of.Len() != 1 || !of.Exact || s.Sigma != [3][3]float64{} {
					t.Errorf("all rows: %+v, %+v", of, s)
				}
				continue
			}
			if of.Exact || !of.Moving || of.Note == "" || b.Size() != m || b.Replacement() != replacement || b.Loss() != l {
				t.Errorf("law %+v", of)
			}
			x := []float64{0.3, -0.4}
			fine, ok := b.Refine()
			if !ok {
				t.Fatal("no refinement")
			}
			if fine := fine.Law(); fine.Exact || !fine.Moving || fine.Len() == of.Len() {
				t.Errorf("refined: law %+v", fine)
			}
			e := b.NewEvaluator()
			weights, grads := make([]float64, of.Len()), make([]float64, 2*of.Len())
			if n := testing.AllocsPerRun(5, func() { e.NodesTo(weights, grads, x) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		}
	}
}

func TestBatchErrors(t *testing.T) {
	t.Parallel()
	unequal, err := law.Discrete([]string{"a"}, [][]float64{{1}, {2}}, []float64{0.25, 0.75})
	lu := build(t, 1, "a*x", unequal, err)
	continuous, err := law.Independent([]law.Variable{{Name: "a", Law: law.Uniform{Low: 0, High: 1}}}, 5)
	lc := build(t, 1, "a*x", continuous, err)
	equal, err := law.Discrete([]string{"a"}, [][]float64{{1}, {2}, {2}}, nil)
	le := build(t, 1, "a*x", equal, err)
	for _, c := range []struct {
		l    *Loss
		size int
		re   bool
		want error
	}{
		{le, 0, true, law.ErrBatchSize}, {le, 4, false, law.ErrBatchSize}, {lu, 2, false, law.ErrReplacement}, {lc, 2, false, law.ErrReplacement},
		{le, 3, false, nil}, {lu, 7, true, nil}, {lc, 2, true, nil},
	} {
		b, err := NewBatch(c.l, c.size, c.re)
		if !errors.Is(err, c.want) {
			t.Errorf("size %d, replacement %v: %v", c.size, c.re, err)
		}
		if c.l == lc && err == nil {
			if fine, ok := b.Refine(); b.Law().Exact || b.Law().Len() != 15 || !ok || fine.Law().Len() != 210 {
				t.Errorf("batches of a quadrature: %d nodes", b.Law().Len())
			}
		}
	}
}
