package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"kolmo/cmd/kolmo/internal/terminal"
)

// long is a study that takes much longer than a test.
const long = `name: long
parameters: [x, y]
loss: (x - a)^2/2 + (y - b)^2 + cos(x + y)*a/4
sample: {kind: discrete, variables: [a, b], values: [[1, 0.5], [-1, -0.5]]}
ball: {R: 3}
observables: {square: x^2 + y^2, cosine: cos(x)}
eta: [1/64, 1/1024, 1/4096, 1/8192]
models: [modified, second-order, first-order, gradient-flow]
accuracy: 0.000001
`

// stopWithin bounds the time from the signal to the end of the process. It ends
// after 0.6 s at the latest by itself; the rest is for a machine that is busy.
const stopWithin = 5 * time.Second

// TestInterrupt: a signal during the work ends it with exit code 130 and one
// sentence, and leaves the output folder as it was.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		before bool // the folder holds a file
	}{
		{"new folder", syscall.SIGINT, false},
		{"existing folder", syscall.SIGTERM, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, filepath.Join(dir, "long.yaml"), long)
			old := filepath.Join(dir, "out", "long", "notes.txt")
			if c.before {
				write(t, old, "old")
			}
			cmd := exec.Command("kolmo", "run", "--fresh", "--progress", "long.yaml")
			cmd.Dir = dir
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stdout bytes.Buffer
			cmd.Stdout = &stdout
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { cmd.Process.Kill() })
			lines := bufio.NewReader(stderr)
			if _, err := lines.ReadString('\n'); err != nil { // the work has begun
				t.Fatal(err)
			}
			sent := time.Now()
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(lines)
			if err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			if took := time.Since(sent); took > stopWithin {
				t.Errorf("it took %v to stop", took)
			}
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != terminal.CodeInterrupted {
				t.Errorf("ended with %v", err)
			}
			if !bytes.HasSuffix(rest, []byte("kolmo: interrupted; nothing was written\n")) || stdout.Len() > 0 {
				t.Errorf("stderr %q, stdout %q", rest, stdout.String())
			}
			if !c.before {
				wantNames(t, dir, "long.yaml")
				return
			}
			wantNames(t, filepath.Join(dir, "out"), "long")
			wantNames(t, filepath.Dir(old), "notes.txt")
			if b, err := os.ReadFile(old); err != nil || string(b) != "old" {
				t.Errorf("the file that was there is %q, %v", b, err)
			}
		})
	}
}

// write writes a file and the folders above it.
func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wantNames fails unless the folder holds exactly the names, in order.
func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if len(got) != len(want) {
		t.Fatalf("%s holds %q, want %q", dir, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s holds %q, want %q", dir, got, want)
		}
	}
}
