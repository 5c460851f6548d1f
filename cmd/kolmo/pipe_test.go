package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kolmo/cmd/kolmo/internal/terminal"
)

// TestInterruptedReading: a signal ends a command that reads a pipe to which nobody
// writes.
func TestInterruptedReading(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"check"}, {"run"}, {"verify"}, {"operator", "--eta=1/4"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			const name = "pipe.yaml"
			pipe := filepath.Join(dir, name)
			if err := syscall.Mkfifo(pipe, 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("kolmo", append(args, name)...)
			var stderr bytes.Buffer
			cmd.Dir, cmd.Stderr = dir, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			// Only once somebody reads the pipe can it be opened for writing without waiting.
			var writer *os.File
			for writer == nil {
				var err error
				writer, err = os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
				if err == nil {
					break
				}
				select {
				case err := <-ended:
					t.Fatalf("ended with %v: %s", err, stderr.String())
				case <-time.After(10 * time.Millisecond):
				}
				if !errors.Is(err, syscall.ENXIO) {
					t.Fatal(err)
				}
			}
			defer writer.Close()
			cmd.Process.Signal(os.Interrupt)
			const enough = time.Minute // it takes less than a second; the rest is for a machine that is busy
			select {
			case <-ended:
			case <-time.After(enough):
				cmd.Process.Kill()
				<-ended
			}
			if cmd.ProcessState.ExitCode() != terminal.CodeInterrupted || !strings.HasSuffix(stderr.String(), "kolmo: interrupted; nothing was written\n") {
				t.Errorf("ended with %v: %s", cmd.ProcessState, stderr.String())
			}
		})
	}
}
