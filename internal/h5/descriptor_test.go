package h5

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// runs starts a program that lasts until the test ends.
func runs(t *testing.T) {
	t.Helper()
	cmd := exec.Command("cat")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
}

// free reports whether nobody holds a lock of the file.
func free(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
		t.Fatal(err)
	}
	// Closing alone would not do: see closeUnlocked.
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	}
	return err == nil
}

// closed closes a file.
func closed(t *testing.T, f *File) {
	t.Helper()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestProgramsInheritNoFile: a program that is started while a file is open, written or
// read, keeps neither it nor its lock once it is closed.
func TestProgramsInheritNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.h5")
	for _, open := range []func(string) (*File, error){CreateFile, OpenFile, OpenFile} {
		f, err := open(path)
		if err != nil {
			t.Fatal(err)
		}
		runs(t)
		flags := -1
		if err := do(func() error {
			flags, err = unix.FcntlInt(uintptr(descriptor(f.file)), unix.F_GETFD, 0)
			return err
		}); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("flags %#x of the descriptor, %v: programs get it", flags, err)
		}
		closed(t, f)
		if !free(t, path) {
			t.Error("the file is closed and locked")
		}
	}
}

// TestCloseUnlocks: what a program being started holds of a file until it is executed, a
// copy of its descriptor, does not keep it locked.
func TestCloseUnlocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.h5")
	f, err := CreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var copied int
	if err := do(func() error { copied = duplicate(descriptor(f.file)); return nil }); err != nil {
		t.Fatal(err)
	}
	if copied < 0 {
		t.Fatal("the file has no descriptor")
	}
	defer syscall.Close(copied)
	if free(t, path) {
		t.Error("a file that is being written is not locked")
	}
	closed(t, f)
	if !free(t, path) {
		t.Error("the file is closed and locked")
	}
}

// TestSecondReaderStaysLocked: closing one of two readers of a file leaves the other's
// lock.
func TestSecondReaderStaysLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.h5")
	f, err := CreateFile(path)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, f)
	one, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	two, err := OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, one)
	if free(t, path) {
		t.Error("closing one reader unlocked the other's file")
	}
	closed(t, two)
	if !free(t, path) {
		t.Error("both readers are closed and the file is locked")
	}
}
