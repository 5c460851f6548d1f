package par

import (
	"sync/atomic"
	"testing"
)

func TestDoRunsEveryTaskOnce(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{0, 1, 2, 7} {
		for _, n := range []int{0, 1, 5, 100} {
			count := make([]atomic.Int64, n)
			Do(workers, n, func(i int) { count[i].Add(1) })
			for i := range count {
				if got := count[i].Load(); got != 1 {
					t.Errorf("workers=%d n=%d: task %d ran %d times", workers, n, i, got)
				}
			}
		}
	}
}

func TestDoRaisesPanicInCaller(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := recover(); got != "boom" {
			t.Errorf("recovered %v, want boom", got)
		}
	}()
	Do(3, 20, func(i int) {
		if i == 7 {
			panic("boom")
		}
	})
}

func TestSplitCoversOnce(t *testing.T) {
	t.Parallel()
	for n := range 20 {
		for parts := 1; parts < 8; parts++ {
			end := 0
			for k := range parts {
				lo, hi := Split(n, parts, k)
				if lo != end || hi < lo {
					t.Fatalf("Split(%d, %d, %d) = %d, %d after %d", n, parts, k, lo, hi, end)
				}
				end = hi
			}
			if end != n {
				t.Fatalf("n=%d parts=%d: ends at %d", n, parts, end)
			}
		}
	}
}

// Ranges covers every item once, in no more pieces than items, and calls nothing for none.
func TestRanges(t *testing.T) {
	for _, n := range []int{0, 1, 3, 16, 1000} {
		var calls atomic.Int64
		seen := make([]int, n)
		Ranges(3, n, func(lo, hi int) {
			calls.Add(1)
			if lo >= hi {
				t.Errorf("%d items: an empty range at %d", n, lo)
			}
			for i := lo; i < hi; i++ {
				seen[i]++
			}
		})
		for i, times := range seen {
			if times != 1 {
				t.Fatalf("%d items: item %d was in %d ranges", n, i, times)
			}
		}
		if got, want := int(calls.Load()), min(n, 16); got != want {
			t.Errorf("%d items: %d ranges, want %d", n, got, want)
		}
	}
}
