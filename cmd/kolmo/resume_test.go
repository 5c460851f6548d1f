//go:build !race

package main

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/export/nc"
	"kolmo/internal/outfolder"
	"kolmo/internal/slow"
)

// brief is a study of many short units, with fields.
const brief = `name: brief
parameters: [x]
loss: (x - xi)^2/2 + 0.3*xi*cos(x)
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/4, 1/8, 1/16]
models: [modified, second-order, first-order, gradient-flow]
accuracy: 0.1
studies: [gap, local-error]
output: {fields: [u, U, gap], every: 8, eta: [1/4, 1/16]}
`

// contents returns the files below a folder with what they hold.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantSame fails unless two folders hold the same files, byte by byte.
func wantSame(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if other, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if other != text {
			t.Errorf("%s differs", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too much", name)
		}
	}
}

// TestKilledRunsResume kills runs at random moments, or as their results get their name.
// Started again they end with the files of a run that was not disturbed, byte by byte, and
// nothing else. Every field file that a killed run leaves can be read.
func TestKilledRunsResume(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "brief.yaml"), brief)
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command("kolmo", append([]string{"run", "brief.yaml"}, args...)...)
		cmd.Dir = dir
		return cmd
	}
	begun := time.Now()
	if out, err := command("--out", "whole").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	length := time.Since(begun)
	want := contents(t, filepath.Join(dir, "whole"))
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	out := filepath.Join(dir, "out")
	kills, killed, finished, resumed := killsOf(t, 20), 0, 0, 0
	for killed < kills {
		if err := os.MkdirAll(out, 0o777); err != nil {
			t.Fatal(err)
		}
		after := 0
		var never <-chan time.Time
		if rng.IntN(4) == 0 {
			after = 1
		} else {
			never = time.After(time.Duration(rng.Float64() * float64(length)))
		}
		cmd := command()
		done, _ := startUntil(t, cmd, after, out)
		var err error
		select {
		case err = <-done:
		case <-never:
			cmd.Process.Signal(syscall.SIGKILL)
			err = <-done
		}
		if !cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
			if err != nil {
				t.Fatalf("a run after %d kills ended with %v", killed, err)
			}
			finished++
			wantSame(t, contents(t, filepath.Join(out, "brief")), want)
			wantNames(t, out, "brief")
			if err := os.RemoveAll(out); err != nil {
				t.Fatal(err)
			}
			continue
		}
		killed++
		if units, _ := filepath.Glob(filepath.Join(out, ".brief.part", outfolder.UnitsDir, "gap", "*", "*")); len(units) > 0 {
			resumed++
		}
		readable(t, out)
	}
	if text, err := command().CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	wantSame(t, contents(t, filepath.Join(out, "brief")), want)
	wantNames(t, out, "brief")
	t.Logf("%d kills, %d with finished units, %d runs finished between them", killed, resumed, finished)
}

// readable fails unless every field file below dir can be read.
func readable(t *testing.T, dir string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".nc") && !strings.HasSuffix(path, ".nc.part") || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		f, err := nc.Read(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		_ = f
		return nil
	})
}

// TestInterruptKeepsUnits: a signal ends a run with what is finished kept and a sentence
// that says how to go on, and the next run does.
func TestInterruptKeepsUnits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "brief.yaml"), brief)
	units := filepath.Join(dir, "out", ".brief.part", outfolder.UnitsDir, "gap", "1_4", "*")
	for attempt := 0; ; attempt++ {
		cmd := exec.Command("kolmo", "run", "brief.yaml")
		cmd.Dir = dir
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		var err error
		for waiting := true; waiting; {
			select {
			case err = <-ended: // before a unit was seen
				waiting = false
			case <-time.After(time.Millisecond):
				if found, _ := filepath.Glob(units); len(found) > 0 {
					cmd.Process.Signal(os.Interrupt)
					err, waiting = <-ended, false
				}
			}
		}
		if err == nil && attempt < 10 { // it was faster
			os.RemoveAll(filepath.Join(dir, "out"))
			continue
		}
		if cmd.ProcessState.ExitCode() != terminal.CodeInterrupted || !strings.HasSuffix(stderr.String(), "kolmo: interrupted; what is finished is kept, and the same command goes on from there (--fresh starts over)\n") {
			t.Fatalf("%v: %s", err, stderr.String())
		}
		break
	}
	// Another study does not go on from there.
	write(t, filepath.Join(dir, "other.yaml"), strings.Replace(brief, "accuracy: 0.1", "accuracy: 0.05", 1))
	other := exec.Command("kolmo", "run", "other.yaml")
	other.Dir = dir
	if out, err := other.CombinedOutput(); other.ProcessState.ExitCode() != terminal.CodeInput || !strings.Contains(string(out), "holds unfinished work of another study") {
		t.Errorf("%v: %s", err, out)
	}
	// A run that can write nothing at all loses nothing either.
	full := exec.Command("sh", "-c", "ulimit -f 0; exec kolmo run brief.yaml")
	full.Dir = dir
	if out, err := full.CombinedOutput(); full.ProcessState.ExitCode() != terminal.CodeFailed {
		t.Errorf("%v: %s", err, out)
	}
	cmd := exec.Command("kolmo", "run", "--progress", "brief.yaml")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), " was there already\n") {
		t.Fatalf("%v: %s", err, out)
	}
	wantNames(t, filepath.Join(dir, "out"), "brief")
}
