package krylov

import (
	"math"
	"slices"
	"testing"
)

// Fields are the sums of their columns, and neither how many are asked for together, nor how
// many of their rows, nor the workers show in a bit.
func TestFieldsAreSumsOfColumns(t *testing.T) {
	t.Parallel()
	const n, m, count = 333, 70, 21
	a := applyOf(chain(drifting(n, 1, 1)))
	var first [][]float64
	for _, workers := range []int{1, 3} {
		cfg := modulo(n)
		cfg.Workers = workers
		b, err := New(a, smooth(n), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Extend(m); err != nil {
			t.Fatal(err)
		}
		var y, all, head [][]float64
		for i := range count {
			c := make([]float64, b.Columns())
			for j := range c {
				c[j] = math.Cos(float64((i + 1) * (j + 2)))
			}
			y, all, head = append(y, c), append(all, make([]float64, n)), append(head, make([]float64, 200))
		}
		b.FieldsTo(all, y)
		b.FieldsTo(head[:5], y[:5])
		b.FieldsTo(head[5:], y[5:])
		one := make([]float64, n)
		for i, c := range y {
			if b.FieldTo(one, c); !slices.Equal(one, all[i]) || !slices.Equal(head[i], one[:200]) {
				t.Fatalf("field %d depends on what is asked for with it", i)
			}
			for row := range n {
				sum, size := 0.0, 0.0
				for j, v := range c {
					sum += v * b.Column(j)[row]
					size += math.Abs(v * b.Column(j)[row])
				}
				if math.Abs(sum-one[row]) > 1e-14*size {
					t.Fatalf("field %d is %g at row %d, want %g", i, one[row], row, sum)
				}
			}
		}
		if first != nil && !slices.EqualFunc(first, all, slices.Equal) {
			t.Error("the workers show")
		}
		first = all
	}
}
