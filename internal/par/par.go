// Package par runs independent tasks on a fixed number of goroutines. It does
// not know what the tasks are; results cannot depend on the number of workers
// as long as every task writes only what it owns.
package par

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Do calls task(i) for i = 0 .. n-1, each exactly once, on at most workers
// goroutines (runtime.GOMAXPROCS(0) if workers < 1), and returns when all have
// returned. Tasks are handed out in order. A panic in a task is raised again in
// the caller after the others have ended.
func Do(workers, n int, task func(i int)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			task(i)
		}
		return
	}
	var (
		next     atomic.Int64
		wg       sync.WaitGroup
		once     sync.Once
		panicked any
	)
	work := func() {
		defer wg.Done()
		defer func() {
			if p := recover(); p != nil {
				once.Do(func() { panicked = p })
				next.Store(int64(n))
			}
		}()
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			task(i)
		}
	}
	wg.Add(workers)
	for range workers - 1 {
		go work()
	}
	work()
	wg.Wait()
	if panicked != nil {
		panic(panicked)
	}
}

// pieces is how many ranges Ranges makes, for any number of workers.
const pieces = 16

// Ranges calls task for half-open ranges that cover 0 .. n-1, in the way of Do. There are
// no more than 16 of them and none is empty: what a task makes for itself is made as often.
func Ranges(workers, n int, task func(lo, hi int)) {
	parts := min(pieces, n)
	Do(workers, parts, func(k int) { task(Split(n, parts, k)) })
}

// Split returns the half-open range of part k of n items cut into parts pieces
// of nearly equal size.
func Split(n, parts, k int) (lo, hi int) {
	return n * k / parts, n * (k + 1) / parts
}
