package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/terminal"
)

// supervised is the environment variable that tells a process that it is watched.
const supervised = "KOLMO_SUPERVISED"

// A process that meets a limit of its memory ends inside Go's runtime, with a dump and no
// chance to say a word. Where such a limit is in force, the work is done by a child whose
// last words are read: its stderr is file 3, and file 2, where dumps go, leads to its parent.

// supervise does the work in a child where the memory of the process is limited, and
// returns its exit code. It reports false where the work is the caller's; messages then go to stderr.
func supervise(args []string) (code int, done bool, stderr *os.File) {
	if os.Getenv(supervised) != "" {
		os.Unsetenv(supervised)
		return 0, false, os.NewFile(3, "stderr")
	}
	limit := memory.MemoryLimit()
	if limit == 0 {
		return 0, false, os.Stderr
	}
	self, err := os.Executable()
	if err != nil {
		return 0, false, os.Stderr
	}
	runtime.LockOSThread() // the child's life hangs on this thread
	var last tail
	cmd := &exec.Cmd{
		Path: self, Args: args, Env: append(os.Environ(), supervised+"=1", "GOTRACEBACK=none"),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: &last, ExtraFiles: []*os.File{os.Stderr},
		// A group of its own: what the terminal sends to this one is handed on, once.
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	if err := cmd.Start(); err != nil {
		return 0, false, os.Stderr // then without a watch
	}
	go func() {
		for s := range signals {
			cmd.Process.Signal(s)
		}
	}()
	err = cmd.Wait()
	signal.Reset()
	var exit *exec.ExitError
	switch {
	case err == nil:
		os.Stderr.Write(last.text)
		return terminal.CodeDone, true, nil
	case !errors.As(err, &exit):
		fmt.Fprintf(os.Stderr, "kolmo: %v\n", err)
		return terminal.CodeFailed, true, nil
	case last.outOfMemory():
		fmt.Fprintf(os.Stderr, "kolmo: out of memory: %s are allowed (ulimit -v) and more are needed; raise the limit, or ask for fewer nodes; what is finished is kept\n", terminal.BytesWords(limit))
		return terminal.CodeFailed, true, nil
	}
	os.Stderr.Write(last.text)
	status := exit.Sys().(syscall.WaitStatus)
	if status.Signaled() { // as if it had met this process
		signal.Reset(status.Signal())
		syscall.Kill(os.Getpid(), status.Signal())
		return 128 + int(status.Signal()), true, nil
	}
	return status.ExitStatus(), true, nil
}

// tail keeps the end of what is written to it, which may be long.
type tail struct{ text []byte }

// mostTail is the length that is kept.
const mostTail = 1 << 16

var _ io.Writer = (*tail)(nil)

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > 2*mostTail {
		t.text = append(t.text[:0], t.text[len(t.text)-mostTail:]...)
	}
	return len(p), nil
}

// outOfMemory reports that these are the last words of a runtime without memory.
func (t *tail) outOfMemory() bool {
	for _, words := range []string{"out of memory", "cannot allocate memory", "cannot map pages", "failed to create new OS thread", "newosproc", "pthread_create failed", "std::bad_alloc", "cannot reserve"} {
		if bytes.Contains(t.text, []byte(words)) {
			return true
		}
	}
	return false
}
