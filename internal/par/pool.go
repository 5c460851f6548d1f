package par

import (
	"runtime"
	"sync/atomic"
)

// Pool runs tasks on a fixed number of goroutines again and again without
// allocating. It has one owner: one Run at a time. Its goroutines wait between
// runs and end some time after the pool has become unreachable.
type Pool struct{ *crew }

// crew is what the goroutines hold: not the pool, so that it can be collected.
type crew struct {
	workers int
	task    func(worker, i int)
	n       int64
	next    atomic.Int64
	start   chan struct{} // one token per goroutine and run; closed at the end
	done    chan any      // one per goroutine and run: what it panicked with
}

// NewPool returns a pool of the given number of workers, the caller of Run
// included (runtime.GOMAXPROCS(0) if workers < 1).
func NewPool(workers int) *Pool {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := &crew{workers: workers}
	p := &Pool{c}
	if workers == 1 {
		return p
	}
	c.start, c.done = make(chan struct{}), make(chan any, workers-1)
	for w := 1; w < workers; w++ {
		go func() {
			for range c.start {
				c.done <- c.work(w)
			}
		}()
	}
	runtime.AddCleanup(p, func(start chan struct{}) { close(start) }, c.start)
	return p
}

// Workers returns the number of workers.
func (p *Pool) Workers() int { return p.workers }

// Run calls task(worker, i) for i = 0 .. n-1, each exactly once, and returns when
// all have returned; worker, in 0 .. Workers()-1, tells which workspace a call may
// use. Tasks are handed out in order. A panic in a task is raised again in the
// caller after the others have ended.
func (p *Pool) Run(n int, task func(worker, i int)) {
	if p.workers == 1 || n <= 1 {
		for i := range n {
			task(0, i)
		}
		return
	}
	c := p.crew
	c.task, c.n = task, int64(n)
	c.next.Store(0)
	hands := min(c.workers, n) - 1
	for range hands {
		c.start <- struct{}{}
	}
	panicked := c.work(0)
	for range hands {
		if q := <-c.done; q != nil {
			panicked = q
		}
	}
	c.task = nil
	runtime.KeepAlive(p)
	if panicked != nil {
		panic(panicked)
	}
}

// work does tasks until none are left and returns what one panicked with.
func (c *crew) work(worker int) (panicked any) {
	defer func() {
		if panicked = recover(); panicked != nil {
			c.next.Store(c.n)
		}
	}()
	for {
		i := c.next.Add(1) - 1
		if i >= c.n {
			return nil
		}
		c.task(worker, int(i))
	}
}
