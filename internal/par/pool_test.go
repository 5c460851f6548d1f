package par

import (
	"runtime"
	"testing"
	"time"
)

func TestPoolRunsEveryTaskOnce(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 3, 8} {
		p := NewPool(workers)
		for _, n := range []int{0, 1, 2, 7, 100} {
			counts := make([]int, n)
			last := make([]int, p.Workers()) // raced if two tasks shared a worker
			p.Run(n, func(worker, i int) {
				counts[i]++
				last[worker] = i
			})
			for i, c := range counts {
				if c != 1 {
					t.Errorf("workers %d, n %d: task %d ran %d times", workers, n, i, c)
				}
			}
		}
	}
}

func TestPoolDoesNotAllocate(t *testing.T) {
	p := NewPool(3)
	sums := make([]float64, 64)
	task := func(_, i int) { sums[i] += float64(i) }
	if n := testing.AllocsPerRun(20, func() { p.Run(len(sums), task) }); n != 0 {
		t.Errorf("%v allocations per run", n)
	}
}

func TestPoolRaisesPanics(t *testing.T) {
	p := NewPool(3)
	func() {
		defer func() {
			if r := recover(); r != "task 5" {
				t.Errorf("recovered %v", r)
			}
		}()
		p.Run(20, func(_, i int) {
			if i == 5 {
				panic("task 5")
			}
		})
	}()
	n := make([]int, 20)
	p.Run(20, func(_, i int) { n[i]++ }) // and it still works
	for i, c := range n {
		if c != 1 {
			t.Errorf("after a panic: task %d ran %d times", i, c)
		}
	}
}

// The goroutines of a pool that nobody holds end.
func TestPoolsAreCollected(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 50 {
		NewPool(4).Run(8, func(_, _ int) {})
	}
	for range 200 {
		runtime.GC()
		if runtime.NumGoroutine() <= before+10 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
