package nc

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// smallDisk returns a folder that holds the given number of bytes, which only the
// superuser can make; else it reports false. TestFullDisk shows to everybody what
// happens where the system refuses a write.
func smallDisk(t *testing.T, bytes string) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+bytes); err != nil {
		t.Logf("no small disk: %v", err)
		return dir, false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, true
}

// TestSmallDisk fills a disk: the error is one sentence that names the file and the
// reason, the .part keeps the steps before, an earlier file stays as it was, and a
// writer that gives up makes room.
func TestSmallDisk(t *testing.T) {
	dir, small := smallDisk(t, "1m")
	path := filepath.Join(dir, "run.nc")
	old := newSample(1, 3)
	if err := old.write(path); err != nil {
		t.Fatal(err)
	}
	s := newSample(3, 1000)
	w, err := s.create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	steps := 0
	for i := range s.t {
		if err = w.Append(s.step(i)); err != nil {
			break
		}
		steps++
	}
	if !small {
		if err != nil || steps != len(s.t) {
			t.Errorf("%d steps, %v", steps, err)
		}
		return
	}
	if want := "h5: write " + path + partExt + " ("; !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "): no space left on device") {
		t.Errorf("after %d steps: %v", steps, err)
	}
	if steps == 0 {
		t.Error("no step was written")
	}
	if closed := w.Close(); closed != err {
		t.Errorf("Close: %v", closed)
	}
	f, err := Read(path + partExt)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.diff(f, steps); err != nil {
		t.Errorf("the steps before: %v", err)
	}
	if f, err = Read(path); err != nil || old.diff(f, 3) != nil {
		t.Errorf("the earlier file: %v, %v", f, err)
	}
	if err := os.Remove(path + partExt); err != nil {
		t.Fatal(err)
	}
	if err := newSample(2, 20).write(path); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if got := listing(t, dir); !slices.Equal(got, []string{"run.nc", "run.xmf2"}) {
		t.Errorf("files %v", got)
	}
}
