package nc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// The variables that make TestMain run a child's task in place of the tests.
const (
	childTask = "KOLMO_NC_TEST_TASK"
	childPath = "KOLMO_NC_TEST_PATH"
)

func TestMain(m *testing.M) {
	os.Unsetenv("HDF5_USE_FILE_LOCKING") // set to FALSE it would take the locks that tests look for
	tasks := map[string]func(path string) error{
		"exit":    exitChild,
		"endless": endlessChild,
		"limit":   limitChild,
		"kill":    killChild,
	}
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := tasks[task](os.Getenv(childPath)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child returns the command that runs a task with a path.
func child(t *testing.T, task, path string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path)
	return cmd
}

// exitChild appends three steps of a sample and ends without Close.
func exitChild(path string) error {
	s := newSample(2, 5)
	w, err := s.create(path)
	if err != nil {
		return err
	}
	for i := range 3 {
		if err := w.Append(s.step(i)); err != nil {
			return err
		}
	}
	return nil
}

func TestExitWithoutCloseKeepsTheSteps(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "run.nc")
	if out, err := child(t, "exit", path).CombinedOutput(); err != nil || len(out) != 0 {
		t.Fatalf("%v: %s", err, out)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc.part"}) {
		t.Errorf("files %v", got)
	}
	f, err := Read(path + ".part")
	if err != nil {
		t.Fatal(err)
	}
	if err := newSample(2, 5).diff(f, 3); err != nil {
		t.Error(err)
	}
	// The next run takes over.
	if err := newSample(1, 2).write(path); err != nil {
		t.Fatal(err)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
		t.Errorf("files %v", got)
	}
}

// endlessStep returns the one field's values in step i of an endless child.
func endlessStep(i int) []float64 {
	v := make([]float64, 50)
	for j := range v {
		v[j] = float64(1000*i + j)
	}
	return v
}

// endlessChild appends a step for every byte that it reads and then prints a dot.
func endlessChild(path string) error {
	nodes := make([]float64, 50)
	for i := range nodes {
		nodes[i] = float64(i)
	}
	w, err := Create(path, &Spec{Axes: []Axis{{Name: "x1", Nodes: nodes}}, Fields: []Variable{{Name: "u"}}, Series: []Variable{{Name: "s"}}, Steps: 1000})
	if err != nil {
		return err
	}
	order := make([]byte, 1)
	for i := 0; ; i++ {
		if _, err := os.Stdin.Read(order); err != nil {
			return err
		}
		if err := w.Append(float64(i), int64(i), [][]float64{endlessStep(i)}, []float64{float64(-i)}); err != nil {
			return err
		}
		os.Stdout.WriteString(".")
	}
}

// TestKillKeepsTheSteps kills a child between two steps: every step whose Append
// returned must be there, whole. A kill inside HDF5's flush is another matter:
// that is several writes, and the file may be damaged.
func TestKillKeepsTheSteps(t *testing.T) {
	for k, steps := range []int{1, 2, 7, 40, 255, 256, 257, 300} {
		path := filepath.Join(t.TempDir(), "run.nc")
		cmd := child(t, "endless", path)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(make([]byte, steps)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, steps)); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // its error is the kill
		f, err := Read(path + ".part")
		if err != nil {
			t.Fatalf("kill %d after %d steps: %v", k, steps, err)
		}
		if len(f.T) != steps {
			t.Errorf("kill %d: %d steps in the file, %d were written", k, len(f.T), steps)
		}
		for i := range f.T {
			if f.T[i] != float64(i) || f.N[i] != int64(i) || f.Series[0].Values[i] != float64(-i) || !sameBits(f.Fields[0].Values[i], endlessStep(i)) {
				t.Fatalf("kill %d: step %d of %d is damaged", k, i, len(f.T))
			}
		}
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.nc")
	s := newSample(2, 3)
	w, err := s.create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Append(s.step(0)); err != nil {
		t.Fatal(err)
	}
	out, err := child(t, "exit", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another process is writing "+path+".part") {
		t.Errorf("%v: %s", err, out)
	}
	for i := 1; i < 3; i++ {
		if err := w.Append(s.step(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.diff(f, 3); err != nil {
		t.Errorf("the refused process did damage: %v", err)
	}
}

// limitChild writes under a limit on the size of files, which is what a full
// disk is to a program: at some step the system refuses. It checks the error, that
// Close keeps the steps before it and Abort leaves nothing, and that after
// either the same process writes whole files again and ends well.
func limitChild(path string) error {
	s := newSample(2, 200)
	for _, closing := range []bool{true, false, false} {
		steps, err := appendUnderLimit(s, path, closing)
		if !errors.Is(err, syscall.EFBIG) || !strings.HasPrefix(err.Error(), "h5: write "+path+".part") || !strings.HasSuffix(err.Error(), ": file too large") {
			return fmt.Errorf("append: %v", err)
		}
		if steps == 0 || steps == len(s.t) {
			return fmt.Errorf("the limit let %d of %d steps through", steps, len(s.t))
		}
		if _, err := os.Stat(path + ".part"); closing != (err == nil) {
			return fmt.Errorf("closing %v: .part: %v", closing, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("an incomplete file was given the final name: %v", err)
		}
	}
	if err := createUnderLimit(s, path); err != nil {
		return err
	}
	s.compression = 1
	if err := rewriteUnderLimit(s, path); err != nil {
		return err
	}
	if err := s.write(path); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	f, err := Read(path)
	if err != nil {
		return err
	}
	return s.diff(f, len(s.t))
}

// limitFiles limits the size of the files that the process writes and returns what
// ends that.
func limitFiles(size uint64) (free func(), err error) {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		return nil, err
	}
	limit := old
	limit.Cur = size
	return func() { syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old) }, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

// appendUnderLimit returns how many steps were appended before the error, and
// the error, after it closed or aborted the writer.
func appendUnderLimit(s *sample, path string, closing bool) (int, error) {
	w, err := s.create(path)
	if err != nil {
		return 0, err
	}
	info, err := os.Stat(path + partExt)
	if err != nil {
		return 0, err
	}
	free, err := limitFiles(uint64(info.Size()) - 16_000) // amid the last field
	if err != nil {
		return 0, err
	}
	defer free()
	for i := range s.t {
		if err := w.Append(s.step(i)); err != nil {
			if again := w.Append(s.step(i)); again != err {
				return i, fmt.Errorf("second Append: %v", again)
			}
			if closing {
				if closed := w.Close(); closed != err {
					return i, fmt.Errorf("Close: %v", closed)
				}
				f, opened := Read(path + partExt)
				if opened != nil {
					return i, opened
				}
				if diff := s.diff(f, i); diff != nil {
					return i, fmt.Errorf("the steps before: %w", diff)
				}
				return i, err
			}
			if aborted := w.Abort(); aborted != nil {
				return i, fmt.Errorf("Abort: %v", aborted)
			}
			return i, err
		}
	}
	return len(s.t), w.Abort()
}

// createUnderLimit meets the limit in Create, which leaves nothing.
func createUnderLimit(s *sample, path string) error {
	free, err := limitFiles(4_000)
	if err != nil {
		return err
	}
	defer free()
	_, err = s.create(path)
	if !errors.Is(err, syscall.EFBIG) || !strings.HasPrefix(err.Error(), "nc: create "+path+": ") || strings.Contains(err.Error(), "\n") {
		return fmt.Errorf("create: %v", err)
	}
	return nil
}

// rewriteUnderLimit meets the limit where Close compresses: the .part keeps all
// steps.
func rewriteUnderLimit(s *sample, path string) error {
	w, err := s.create(path)
	if err != nil {
		return err
	}
	for i := range s.t {
		if err := w.Append(s.step(i)); err != nil {
			return err
		}
	}
	free, err := limitFiles(40_000)
	if err != nil {
		return err
	}
	defer free()
	if err := w.Close(); !errors.Is(err, syscall.EFBIG) || !strings.HasPrefix(err.Error(), "nc: close "+path+": ") {
		return fmt.Errorf("close: %v", err)
	}
	f, err := Read(path + partExt)
	if err != nil {
		return err
	}
	return s.diff(f, len(s.t))
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	out, err := child(t, "limit", filepath.Join(dir, "run.nc")).CombinedOutput()
	if err != nil || len(out) != 0 {
		t.Fatalf("%v: %s", err, out)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
		t.Errorf("files %v", got)
	}
}
