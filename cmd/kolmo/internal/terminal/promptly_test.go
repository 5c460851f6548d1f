package terminal

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestPromptly: a task that does not heed its context is given up, one that panics gives
// an error, and one that ends although it was interrupted has ended.
func TestPromptly(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	forever := make(chan struct{})
	ended := make(chan struct{})
	time.AfterFunc(10*time.Millisecond, cancel)
	value, err := Promptly(ctx, func() (int, error) {
		defer close(ended)
		<-forever
		return 1, nil
	})
	if value != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("a task without end: %d, %v", value, err)
	}
	close(forever)
	<-ended // what an abandoned task makes is not the caller's: the race detector looks
	err = PromptlyDo(t.Context(), func() error { panic("lost") })
	if ExitCode(err) != CodeFailed || !strings.Contains(Message(err), "lost") {
		t.Errorf("a panic: %v", err)
	}
	if err := PromptlyDo(t.Context(), func() error { return ErrUncertified }); err != ErrUncertified {
		t.Errorf("an error: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	value, err = Promptly(ctx, func() (int, error) { cancel(); return 2, nil })
	if value != 2 || err != nil {
		t.Errorf("a task that ended when it was interrupted: %d, %v", value, err)
	}
}
