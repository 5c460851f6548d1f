package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// startUntil starts a command and kills it as soon as n files were renamed into the folders
// or removed from them, which must exist; none is 0. The channel has what Wait returned, and
// seen how many there were by then.
func startUntil(t *testing.T, cmd *exec.Cmd, n int, folders ...string) (done <-chan error, seen func() int) {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	events := os.NewFile(uintptr(fd), "inotify")
	for _, folder := range folders {
		if _, err := syscall.InotifyAddWatch(fd, folder, syscall.IN_MOVED_TO|syscall.IN_DELETE); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	count := 0
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		b := make([]byte, 1<<16)
		for {
			m, err := events.Read(b)
			if err != nil {
				return // closed
			}
			for at := 0; at+syscall.SizeofInotifyEvent <= m; count++ {
				at += syscall.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(b[at+12:])) // the name's length
			}
			if n > 0 && count >= n {
				cmd.Process.Signal(syscall.SIGKILL)
			}
		}
	}()
	ended := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		events.Close()
		ended <- err
	}()
	return ended, func() int { <-counted; return count }
}
