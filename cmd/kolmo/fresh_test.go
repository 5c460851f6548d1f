//go:build !race

package main

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kolmo/export"
	"kolmo/export/field"
	"kolmo/internal/slow"
)

// tiny is a study that takes a fraction of a second, with fields.
const tiny = `name: tiny
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/4, 1/8]
models: [first-order]
accuracy: 0.1
output: {fields: [u, gap], eta: [1/4, 1/8]}
`

// killsOf returns how often a test kills: n, or what the environment's KOLMO_KILLS says.
func killsOf(t *testing.T, n int) int {
	if text := os.Getenv("KOLMO_KILLS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// TestKilledFreshRuns kills runs with --fresh over finished results, of the same study or of
// another: at random moments, or after a random one of the changes by which the new files
// replace the old ones. Nothing is lost. There is results.json with all of its files or not
// at all, the next run ends with the files of one that was not disturbed, and files of the
// user's stay.
func TestKilledFreshRuns(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	dir := t.TempDir()
	studies := map[string]string{"tiny.yaml": tiny, "other.yaml": strings.Replace(tiny, "R: 2", "R: 3", 1)}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command("kolmo", append([]string{"run", "--quiet"}, args...)...)
		cmd.Dir = dir
		return cmd
	}
	var length time.Duration
	want := make(map[string]map[string]string)
	for name, text := range studies {
		write(t, filepath.Join(dir, name), text)
		begun := time.Now()
		if out, err := command("--out", "whole-"+name, name).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		length = max(length, time.Since(begun))
		want[name] = contents(t, filepath.Join(dir, "whole-"+name))
	}
	out := filepath.Join(dir, "out")
	mine := map[string]string{"notes.txt": "mine", "fields/mine.nc": "mine", "gap.pdf": "mine"}
	if text, err := command("--out", "out", "tiny.yaml").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for name, text := range mine {
		write(t, filepath.Join(out, name), text)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	// How many changes there are where the files are.
	counted, seen := startUntil(t, command("--fresh", "--out", "out", "other.yaml"), 0, out, filepath.Join(out, field.Dir))
	if err := <-counted; err != nil {
		t.Fatal(err)
	}
	changes := seen()
	kills, between := killsOf(t, 20), 0
	for killed := 0; killed < kills; {
		name := []string{"tiny.yaml", "other.yaml"}[rng.IntN(2)]
		after, never := 1+rng.IntN(changes), make(<-chan time.Time)
		if killed%2 == 0 {
			after, never = 0, time.After(time.Duration(rng.Float64()*float64(length)))
		}
		cmd := command("--fresh", "--out", "out", name)
		done, _ := startUntil(t, cmd, after, out, filepath.Join(out, field.Dir))
		var err error
		select {
		case err = <-done:
		case <-never:
			cmd.Process.Signal(syscall.SIGKILL)
			err = <-done
		}
		if cmd.ProcessState.Sys().(syscall.WaitStatus).Signaled() {
			killed++
		} else if err != nil {
			t.Fatalf("a run after %d kills ended with %v", killed, err)
		}
		if whole(t, out, mine, want) {
			if rng.IntN(2) == 0 {
				continue // another fresh run begins where this one was killed
			}
		} else {
			between++
		}
		if text, err := exec.Command("kolmo", "show", out).CombinedOutput(); err != nil || !bytes.Contains(text, []byte("all 2 gaps are certified")) {
			t.Fatalf("kolmo show after %d kills: %v: %s", killed, err, text)
		}
		if !whole(t, out, mine, want) {
			t.Fatalf("after %d kills kolmo show left the results half replaced", killed)
		}
		finish := command("--fresh", "--out", "out", name)
		if _, err := os.Stat(filepath.Join(out, ".kolmo.part")); err == nil {
			finish = command("--out", "out", name) // goes on
			text, err := finish.CombinedOutput()
			if err == nil {
				continue
			}
			// Killed before its first unit was kept, over results of another study.
			if !bytes.Contains(text, []byte("holds another study")) {
				t.Fatalf("going on after %d kills: %v: %s", killed, err, text)
			}
			finish = command("--fresh", "--out", "out", name)
		}
		if text, err := finish.CombinedOutput(); err != nil {
			t.Fatalf("after %d kills: %v: %s", killed, err, text)
		}
	}
	if text, err := command("--fresh", "--out", "out", "tiny.yaml").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	last := maps.Clone(want["tiny.yaml"])
	maps.Copy(last, mine)
	wantSame(t, contents(t, out), last)
	wantNames(t, dir, "other.yaml", "out", "tiny.yaml", "whole-other.yaml", "whole-tiny.yaml")
	t.Logf("%d kills, %d of them while files were replaced", kills, between)
}

// whole fails if a file of the user's is changed, or if there is a results.json without the
// files that belong to it. It reports that there is a results.json.
func whole(t *testing.T, out string, mine map[string]string, want map[string]map[string]string) bool {
	t.Helper()
	got := contents(t, out)
	for name, text := range mine {
		if got[name] != text {
			t.Fatalf("%s, the user's, is %q", name, got[name])
		}
	}
	results, ok := got[export.ResultsFile]
	if !ok {
		return false
	}
	for _, files := range want {
		if files[export.ResultsFile] != results {
			continue
		}
		for name, text := range files {
			if got[name] != text && !strings.HasPrefix(name, ".") {
				t.Fatalf("results.json is there, and %s is not its", name)
			}
		}
		return true
	}
	t.Fatal("results.json is of no run")
	return false
}
