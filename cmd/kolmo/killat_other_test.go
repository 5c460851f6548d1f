//go:build !linux

package main

import (
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// startUntil starts a command and kills it after n milliseconds, which stand for the changes
// that are counted on Linux; none is 0. The channel has what Wait returned.
func startUntil(t *testing.T, cmd *exec.Cmd, n int, folders ...string) (done <-chan error, seen func() int) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if n > 0 {
		time.AfterFunc(time.Duration(n)*time.Millisecond, func() { cmd.Process.Signal(syscall.SIGKILL) })
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return ended, func() int { return 1000 }
}
