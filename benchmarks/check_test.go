package benchmarks

import (
	"testing"

	"kolmo/assumptions"
)

// BenchmarkCheck is the check of the assumptions for many samples.
func BenchmarkCheck(b *testing.B) {
	const rows = 100_000
	l := logistic(b, 2, rows)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := assumptions.Check(l, l, []float64{0, 0}, 4, 6, nil); err != nil {
			b.Fatal(err)
		}
	}
}
