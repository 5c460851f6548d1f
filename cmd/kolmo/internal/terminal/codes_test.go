package terminal

import (
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

// A full disk is told with what to do; another error of the system is left as it is.
func TestMessageOfAFullDisk(t *testing.T) {
	t.Parallel()
	of := func(errno syscall.Errno) string {
		return Message(fmt.Errorf("writing: %w", &fs.PathError{Op: "write", Path: "a.nc", Err: errno}))
	}
	const advice = ": make room and give the same command again, which goes on from what is finished"
	if got := of(syscall.ENOSPC); !strings.HasPrefix(got, "kolmo: writing: write a.nc: ") || !strings.HasSuffix(got, advice) {
		t.Errorf("%q", got)
	}
	if got := of(syscall.EACCES); strings.Contains(got, advice) {
		t.Errorf("%q", got)
	}
}
