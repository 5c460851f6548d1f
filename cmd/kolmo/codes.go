package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kolmo/internal/outfolder"
	"kolmo/study/document"
)

// Exit codes.
const (
	codeDone        = 0
	codeFailed      = 1   // input or output, or an internal error
	codeInput       = 2   // study file, flags or arguments
	codeUncertified = 3   // everything is written, but something asked for has no answer
	codeDisagreed   = 4   // two methods of kolmo verify, or two results of kolmo compare, disagree
	codeInterrupted = 130 // 128 + SIGINT, as shells have it
)

// errUncertified ends a run whose results are complete and not all certified.
var errUncertified = errors.New("not certified")

// usageError is a fault in how the command was called.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usage(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// panicError is a panic of the program.
type panicError struct{ value any }

func (e *panicError) Error() string {
	return fmt.Sprintf("internal error: %v; please report it with the study file", e.value)
}

// guarded calls f and returns a panic in it as an error.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicError{p}
		}
	}()
	return f()
}

// exitCode returns the exit code for the error that ended the command.
func exitCode(err error) int {
	var bad *document.Error
	var wrong *usageError
	var apart *disagreement
	var folder *outfolder.Fault
	switch {
	case err == nil:
		return codeDone
	case errors.Is(err, errUncertified):
		return codeUncertified
	case errors.As(err, &apart):
		return codeDisagreed
	case errors.Is(err, context.Canceled):
		return codeInterrupted
	case errors.As(err, &bad), errors.As(err, &wrong), errors.As(err, &folder):
		return codeInput
	}
	return codeFailed
}

// message returns the line that tells the user about err, or "". Faults in files
// begin with their place, as compilers write it.
func message(err error) string {
	var bad *document.Error
	var kept *interruption
	switch {
	case err == nil, errors.Is(err, errUncertified):
		return ""
	case errors.As(err, &kept):
		return "kolmo: interrupted; what is finished is kept, and the same command goes on from there (--fresh starts over)"
	case errors.Is(err, context.Canceled):
		return "kolmo: interrupted; nothing was written"
	case errors.As(err, &bad):
		return escapeLine(bad.Error())
	}
	return "kolmo: " + strings.Join(strings.Fields(err.Error()), " ")
}
