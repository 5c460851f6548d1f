package nc

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kolmo/internal/slow"
)

// killsVariable is the number of kills of TestKillAtAnyMoment; by default 50. In a
// folder in memory (TMPDIR=/dev/shm) more of them hit what is not waiting for a disk.
const killsVariable = "KOLMO_KILLS"

// keptFiles is the number of files, at most, that other readers check at the end.
const keptFiles = 200

// killSteps is the number of steps of every file that a writer to be killed writes.
const killSteps = 60

// killSample returns what round k writes: dimension, compression, a surplus of
// announced steps and all values depend on it. testdata/killed.py knows the values.
func killSample(k int) *sample {
	s := newSample(1+k%3, 0)
	s.compression, s.spare = k/3%2, k/6%2*3
	s.attrs = []Attr{{Name: "round", Value: int64(k)}}
	s.fields, s.series = s.fields[:3], s.series[:1]
	s.values, s.norms = make([][][]float64, 3), make([][]float64, 1)
	for i := range killSteps {
		s.t, s.n = append(s.t, float64(i)+float64(k)/1024), append(s.n, int64(i+k))
		for f := range s.values {
			v := make([]float64, gridLen(s.axes))
			for j := range v {
				v[j] = float64(k) + 1e3*float64(f) + float64(i)/64 + float64(j)/8192
			}
			s.values[f] = append(s.values[f], v)
		}
		s.norms[0] = append(s.norms[0], float64(-i-k))
	}
	return s
}

// killChild writes one file after the other to the same path, and says after every
// step which one that was.
func killChild(path string) error {
	for k := 0; ; k++ {
		s := killSample(k)
		fmt.Println(k, "begins")
		w, err := s.create(path)
		if err != nil {
			return err
		}
		fmt.Println(k, 0)
		for i := range killSteps {
			if err := w.Append(s.step(i)); err != nil {
				return err
			}
			fmt.Println(k, i+1)
		}
		if err := w.Close(); err != nil {
			return err
		}
		fmt.Println(k, "closed")
	}
}

// TestKillAtAnyMoment kills writers wherever they are: what they leave is the last
// complete file, and a .part, if there is one, that opens with exactly the steps
// written: those whose Append returned, or one more.
func TestKillAtAnyMoment(t *testing.T) {
	slow.Skip(t)
	kills := 50
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", killsVariable, err)
		}
	}
	dir, kept := t.TempDir(), t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	parts, steps, hidden := 0, 0, 0
	var list []string
	for kill := range kills {
		path := filepath.Join(dir, "run.nc")
		said := killOne(t, path, time.Duration(rng.Int64N(int64(40*time.Millisecond))))
		found, err := checkKilled(path, said)
		if err != nil {
			t.Fatalf("kill %d, after %q: %v", kill, said, err)
		}
		if found >= 0 {
			parts, steps = parts+1, steps+found
		}
		if _, err := os.Stat(hiddenPath(path)); err == nil {
			hidden++
		}
		if kill < keptFiles/2 {
			for _, p := range []string{path, path + partExt} {
				to := filepath.Join(kept, fmt.Sprintf("%d%s", kill, filepath.Base(p)))
				if text, err := os.ReadFile(p); err == nil {
					if err := os.WriteFile(to, text, 0o666); err != nil {
						t.Fatal(err)
					}
					list = append(list, to)
				}
			}
		}
		// The next run takes over whatever was left.
		s := newSample(1, 2)
		if err := s.write(path); err != nil {
			t.Fatalf("kill %d, after %q: %v", kill, said, err)
		}
		if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
			t.Fatalf("kill %d: files %v", kill, got)
		}
	}
	t.Logf("%d kills: %d left a .part, with %d steps in all, %d a hidden file", kills, parts, steps, hidden)
	if parts == 0 {
		t.Errorf("none of %d kills met an open file", kills)
	}
	checkKilledByReaders(t, list)
}

// checkKilledByReaders compares what other readers see of files of killSample with its
// values.
func checkKilledByReaders(t *testing.T, list []string) {
	t.Helper()
	for _, reader := range []string{"h5py", "h5netcdf", "netcdf4"} {
		_, err := runProgram(systemPython, append([]string{filepath.Join("testdata", "killed.py"), reader}, list...)...)
		if err != nil && !(errors.Is(err, errNoReader) && os.Getenv(requireReaders) != "1") {
			t.Errorf("%s: %v", reader, err)
		}
	}
	for _, p := range list {
		if _, err := runProgram("ncdump", p); err != nil && !(errors.Is(err, errNoReader) && os.Getenv(requireReaders) != "1") {
			t.Errorf("ncdump: %v", err)
		}
	}
}

// killOne starts a writer, kills it a while after its first words, and returns the
// last ones.
func killOne(t *testing.T, path string, delay time.Duration) string {
	t.Helper()
	cmd := child(t, "kill", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	last := ""
	for lines.Scan() {
		if last == "" {
			time.AfterFunc(delay, func() { cmd.Process.Kill() })
		}
		last = lines.Text()
	}
	cmd.Wait() // its error is the kill
	return last
}

// checkKilled compares what a killed writer left with the last words it said. It
// returns the number of steps of the .part, or -1 if there is none.
func checkKilled(path, said string) (int, error) {
	number, what, _ := strings.Cut(said, " ")
	round, err := strconv.Atoi(number)
	if err != nil {
		return 0, err
	}
	written, err := strconv.Atoi(what)
	if err != nil {
		written = -1 // no step of this round is known
	}
	whole, err := checkRound(path, killSteps, killSteps)
	switch {
	case errors.Is(err, os.ErrNotExist):
		whole = -1
	case err != nil:
		return 0, err
	}
	part, err := checkRound(path+partExt, max(written, 0), min(max(written, 0)+1, killSteps))
	switch {
	case err == nil && part != round:
		return 0, fmt.Errorf("the .part is of round %d", part)
	case err == nil && whole == round:
		return 0, fmt.Errorf("both files are of round %d", round)
	case err == nil:
		f, err := Read(path + partExt)
		if err != nil {
			return 0, err
		}
		return len(f.T), nil
	case !errors.Is(err, os.ErrNotExist):
		return 0, err
	}
	// No .part: before it, or after it.
	if what == "begins" && (whole == round-1 || whole == -1 && round == 0) || (what == "closed" || written == killSteps) && whole == round {
		return -1, nil
	}
	return 0, fmt.Errorf("no .part, and a whole file of round %d", whole)
}

// checkRound reads a file of killSample, which must have from least to most steps,
// and returns its round.
func checkRound(path string, least, most int) (int, error) {
	f, err := Read(path)
	if err != nil {
		return 0, err
	}
	if f.Attr("round") == nil && len(f.T) == 2 {
		return -1, nil // of the test's own, between two kills
	}
	k, ok := f.Attr("round").(int64)
	if !ok || len(f.T) < least || len(f.T) > most {
		return 0, fmt.Errorf("%s: round %v with %d steps, want %d to %d", path, f.Attr("round"), len(f.T), least, most)
	}
	if err := killSample(int(k)).diff(f, len(f.T)); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return int(k), nil
}
