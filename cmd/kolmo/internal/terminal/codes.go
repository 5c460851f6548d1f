package terminal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"kolmo/internal/outfolder"
	"kolmo/study/document"
)

// Exit codes.
const (
	CodeDone        = 0
	CodeFailed      = 1   // input or output, or an internal error
	CodeInput       = 2   // study file, flags or arguments
	CodeUncertified = 3   // everything is written, but something asked for has no answer
	CodeDisagreed   = 4   // two methods of kolmo verify, or two results of kolmo compare, disagree
	CodeInterrupted = 130 // 128 + SIGINT, as shells have it
)

// errUncertified ends a run whose results are complete and not all certified.
var ErrUncertified = errors.New("not certified")

// usageError is a fault in how the command was called.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func Usage(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// panicError is a panic of the program.
type panicError struct{ value any }

func (e *panicError) Error() string {
	return fmt.Sprintf("internal error: %v; please report it with the study file", e.value)
}

// guarded calls f and returns a panic in it as an error.
func Guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p}
		}
	}()
	return f()
}

// exitCode returns the exit code for the error that ended the command.
func ExitCode(err error) int {
	var bad *document.Error
	var wrong *usageError
	var apart *Disagreement
	var folder *outfolder.Fault
	switch {
	case err == nil:
		return CodeDone
	case errors.Is(err, ErrUncertified):
		return CodeUncertified
	case errors.As(err, &apart):
		return CodeDisagreed
	case errors.Is(err, context.Canceled):
		return CodeInterrupted
	case errors.As(err, &bad), errors.As(err, &wrong), errors.As(err, &folder):
		return CodeInput
	}
	return CodeFailed
}

// message returns the line that tells the user about err, or "". Faults in files
// begin with their place, as compilers write it.
func Message(err error) string {
	var bad *document.Error
	var kept *Interruption
	switch {
	case err == nil, errors.Is(err, ErrUncertified):
		return ""
	case errors.As(err, &kept):
		return "kolmo: interrupted; what is finished is kept, and the same command goes on from there (--fresh starts over)"
	case errors.Is(err, context.Canceled):
		return "kolmo: interrupted; nothing was written"
	case errors.As(err, &bad):
		return EscapeLine(bad.Error())
	}
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("%w: make room and give the same command again, which goes on from what is finished", err)
	}
	return "kolmo: " + strings.Join(strings.Fields(err.Error()), " ")
}

// interruption ends a run that was interrupted with finished units kept.
type Interruption struct{ Cause error }

func (e *Interruption) Error() string { return e.Cause.Error() }
func (e *Interruption) Unwrap() error { return e.Cause }

// disagreement ends a comparison in which something disagrees.
type Disagreement struct{ Msg string }

func (e *Disagreement) Error() string { return e.Msg }
