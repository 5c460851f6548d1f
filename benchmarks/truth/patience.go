package main

import (
	"context"
	"errors"
	"syscall"
	"time"
)

// errEndless is returned for studies that are given up.
var errEndless = errors.New("the study has not ended within the processor time that it may take")

// runWithin is run, given up with errEndless when it has taken that much processor time, if that is not 0. It is
// processor time, so that other work on the machine does not change what ends.
func (p *problem) runWithin(ctx context.Context, limit time.Duration) ([]verdict, error) {
	if limit <= 0 {
		return p.run(ctx)
	}
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	begin := processorTime()
	go func() {
		const pause = 200 * time.Millisecond
		t := time.NewTicker(pause)
		defer t.Stop()
		for {
			select {
			case <-limited.Done():
				return
			case <-t.C:
				if processorTime()-begin > limit {
					cancel(errEndless)
				}
			}
		}
	}()
	rows, err := p.run(limited)
	if err != nil && errors.Is(context.Cause(limited), errEndless) {
		return nil, errEndless
	}
	return rows, err
}

// processorTime returns what the process has taken so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
