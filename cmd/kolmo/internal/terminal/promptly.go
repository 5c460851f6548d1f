package terminal

import (
	"context"
	"time"
)

// patience is how long an interrupted task may take to stop by itself.
const patience = 600 * time.Millisecond

// promptly calls task, and gives up waiting for it shortly after ctx is done: what is
// left of an abandoned task ends with the process, and its value is nobody's. A task that
// ends in time has ended as it says, interrupted or not. task must hand over what it
// makes as its value and write to nothing that its caller reads.
func Promptly[T any](ctx context.Context, task func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		o.err = Guarded(func() (err error) {
			o.value, err = task()
			return err
		})
		done <- o
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		return o.value, o.err
	case <-time.After(patience):
	}
	var none T
	return none, ctx.Err()
}

// promptlyDo is promptly for a task without a value.
func PromptlyDo(ctx context.Context, task func() error) error {
	_, err := Promptly(ctx, func() (struct{}, error) { return struct{}{}, task() })
	return err
}
