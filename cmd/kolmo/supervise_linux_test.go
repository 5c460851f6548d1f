//go:build !race

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/slow"
)

// wide is a study whose S takes 1.7 GB.
const wide = `name: wide
parameters: [x, y]
loss: (x - a)^2/2 + (y - b)^2
sample: {kind: discrete, variables: [a, b], values: [[1, 0.5], [-1, -0.5]]}
ball: {R: 3}
observables: {square: x^2 + y^2}
eta: [1/4]
models: [first-order]
solver: {space: chebyshev, nodes: [120]}
`

// limited returns kolmo, built without the race detector, which takes more memory than any limit,
// under a limit of so many KiB.
func limited(t *testing.T, kolmo, dir string, kib int, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command("sh", append([]string{"-c", fmt.Sprintf(`ulimit -v %d; exec "$@"`, kib), "sh", kolmo}, args...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	return cmd, &stderr
}

// TestMemoryLimit: under ulimit -v what does not fit ends in one sentence with exit code 1, what
// does is as without; exit codes, messages and signals pass.
func TestMemoryLimit(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	dir := t.TempDir()
	kolmo := filepath.Join(dir, "kolmo")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", kolmo, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	write(t, filepath.Join(dir, "wide.yaml"), wide)
	write(t, filepath.Join(dir, "long.yaml"), long)
	const gigabyte = 1_000_000
	for _, c := range []struct {
		kib, code int
		stderr    string
		args      []string
	}{
		{0.6 * gigabyte, terminal.CodeFailed, "kolmo: out of memory: 614 MB are allowed (ulimit -v)", []string{"--version"}},
		{1.3 * gigabyte, terminal.CodeFailed, "kolmo: out of memory: 1331 MB are allowed (ulimit -v)", []string{"--version"}},
		{1.5 * gigabyte, terminal.CodeFailed, "kolmo: ", []string{"run", "--quiet", "wide.yaml"}},
		{1.5 * gigabyte, terminal.CodeInput, "kolmo: --nodes 120: S on 14400 nodes may need ", []string{"operator", "--quiet", "--eta", "1/4", "--nodes", "120", "--width", "120", "wide.yaml"}},
		{4 * gigabyte, terminal.CodeDone, "", []string{"check", "wide.yaml"}},
		{4 * gigabyte, terminal.CodeInput, "none.yaml:1:1: the study cannot be read: no such file or directory", []string{"check", "none.yaml"}},
		{4 * gigabyte, terminal.CodeInput, "kolmo: the folder . holds no results.json", []string{"show", "."}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			cmd, stderr := limited(t, kolmo, dir, c.kib, c.args...)
			err := cmd.Run()
			if got := cmd.ProcessState.ExitCode(); got != c.code {
				t.Errorf("exit code %d (%v), want %d", got, err, c.code)
			}
			if text := stderr.String(); !strings.HasPrefix(text, c.stderr) || c.code != terminal.CodeDone && strings.Count(text, "\n") != 1 || c.code == terminal.CodeFailed && !strings.Contains(text, "out of memory") {
				t.Errorf("stderr %q, want one line that begins with %q", text, c.stderr)
			}
		})
	}
	// Where the heap begins is random: what has too little room fails now and then.
	t.Run("just enough", func(t *testing.T) {
		for range 40 {
			cmd, stderr := limited(t, kolmo, dir, 1_465_000, "run", "--quiet", "wide.yaml")
			if err := cmd.Run(); cmd.ProcessState.ExitCode() != terminal.CodeFailed || strings.Count(stderr.String(), "\n") != 1 {
				t.Fatalf("%v, stderr %q, want one line", err, stderr)
			}
		}
	})
	t.Run("interrupt", func(t *testing.T) {
		cmd, stderr := limited(t, kolmo, dir, 3*gigabyte, "run", "--progress", "long.yaml")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		began := time.Now()
		cmd.Process.Signal(syscall.SIGINT)
		err := cmd.Wait()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != terminal.CodeInterrupted || time.Since(began) > stopWithin || !strings.HasSuffix(stderr.String(), "kolmo: interrupted; nothing was written\n") {
			t.Errorf("ended with %v after %v and %q", err, time.Since(began), stderr)
		}
	})
}
