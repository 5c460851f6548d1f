package h5

/*
#cgo LDFLAGS: -lhdf5 -lhdf5_hl
#cgo linux CFLAGS: -I/usr/include/hdf5/serial
#cgo linux,amd64 LDFLAGS: -L/usr/lib/x86_64-linux-gnu/hdf5/serial
#cgo linux,arm64 LDFLAGS: -L/usr/lib/aarch64-linux-gnu/hdf5/serial
#cgo darwin CFLAGS: -I/usr/local/include -I/opt/homebrew/include
#cgo darwin LDFLAGS: -L/usr/local/lib -L/opt/homebrew/lib
#include <hdf5.h>
#include <stdio.h>
#include <string.h>

// The descriptions of the first error since the last clear, innermost first,
// one a line. Only the library's thread touches it.
static char error_text[4096];

static herr_t keep_line(unsigned n, const H5E_error2_t *e, void *unused)
{
	size_t used = strlen(error_text);
	snprintf(error_text + used, sizeof error_text - used, "%s\n", e->desc ? e->desc : "");
	return 0;
}

// Called by HDF5, in place of its printing, where a call of its interface is
// about to return an error; later calls would clear the stack.
static herr_t keep_text(hid_t stack, void *unused)
{
	if (error_text[0] == 0)
		H5Ewalk2(stack, H5E_WALK_UPWARD, keep_line, NULL);
	return 0;
}

// HDF5 must not clean up when the C library's exit runs, which Go calls in race
// builds only: a file that could not be closed makes that crash. Too late once
// the library is open, so it runs before any Go code.
__attribute__((constructor)) static void leave_exit_alone(void) { H5dont_atexit(); }

static void capture_errors(void) { H5Eset_auto2(H5E_DEFAULT, keep_text, NULL); }
static void clear_errors(void) { error_text[0] = 0; }
static const char *errors_text(void) { return error_text; }
*/
import "C"

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// Error is a failed call of the HDF5 library.
type Error struct {
	Op     string        // what was attempted: "create", "write", ...
	Path   string        // the file
	Object string        // the dataset or attribute concerned, or ""
	Text   string        // HDF5's descriptions, innermost first, separated by "; "
	Errno  syscall.Errno // the operating system's reason, 0 if it was not asked
}

// Error returns one sentence: the operation, the file, the object and the
// reason, the operating system's if there is one and else HDF5's innermost.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "h5: %s %s", e.Op, e.Path)
	if e.Object != "" {
		fmt.Fprintf(&b, " (%s)", e.Object)
	}
	reason, _, _ := strings.Cut(e.Text, "; ")
	if e.Errno != 0 {
		reason = e.Errno.Error()
	}
	fmt.Fprintf(&b, ": %s", reason)
	return b.String()
}

// Unwrap returns Errno, so that errors.Is knows syscall.ENOSPC and
// os.ErrNotExist, or nil where there is none.
func (e *Error) Unwrap() error {
	if e.Errno == 0 {
		return nil
	}
	return e.Errno
}

// errnoText finds the system's error number where HDF5's file driver put it:
// "..., errno = 28, error message = 'No space left on device', ...".
var errnoText = regexp.MustCompile(`errno = (\d+)`)

// newError returns err as an *Error with the text kept since clearErrors.
// It must run on the library's thread. An err that already is one stays.
func newError(op, path, object string, err error) error {
	if known := (*Error)(nil); errors.As(err, &known) {
		return err
	}
	e := &Error{Op: op, Path: path, Object: object}
	e.Text = strings.Join(strings.FieldsFunc(C.GoString(C.errors_text()), func(r rune) bool { return r == '\n' }), "; ")
	if e.Text == "" {
		e.Text = err.Error()
	}
	if m := errnoText.FindStringSubmatch(e.Text); m != nil {
		if no, err := strconv.Atoi(m[1]); err == nil {
			e.Errno = syscall.Errno(no)
		}
	}
	return e
}

// errCall stands for the negative value a C call returned.
var errCall = errors.New("the HDF5 library gave no reason")

// checkCall returns errCall if status, the value of a C call, is negative.
func checkCall[T ~int32 | ~int64](status T) error {
	if status < 0 {
		return errCall
	}
	return nil
}

// captureErrors makes HDF5 keep the text of errors on the calling thread in
// place of printing it.
func captureErrors() { C.capture_errors() }

// clearErrors forgets the text kept so far. It comes before every call whose
// error is to be described.
func clearErrors() { C.clear_errors() }
