package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// text returns what gives a text to a writer.
func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// names returns the names in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		out = append(out, e.Name())
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A file is new or old, never half, and a user's own NAME.part stays.
func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.yaml")
	for _, name := range []string{"a.yaml.part", ".a.yaml.part"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("0123456789abcdef", 1<<13)
	for _, s := range []string{"one", long, ""} {
		if err := Write(path, text(s)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != s {
			t.Errorf("%d bytes read, %d written", len(got), len(s))
		}
	}
	bad := errors.New("no more")
	before := "kept"
	if err := Write(path, text(before)); err != nil {
		t.Fatal(err)
	}
	err := Write(path, func(w io.Writer) error {
		if got := read(t, path); got != before {
			t.Errorf("%q while it is written, want %q", got, before)
		}
		return errors.Join(text(long)(w), bad)
	})
	if !errors.Is(err, bad) || err.Error() != path+": no more" {
		t.Errorf("error %v", err)
	}
	if got := read(t, path); got != before {
		t.Errorf("%q after an error, want %q", got, before)
	}
	if got := fmt.Sprint(names(t, dir)); got != "[.a.yaml.part a.yaml a.yaml.part]" {
		t.Errorf("the folder has %s", got)
	}
	if got := read(t, path+".part") + read(t, filepath.Join(dir, ".a.yaml.part")); got != "minemine" {
		t.Errorf("the user's own files hold %q", got)
	}
}

// The mode is that of any file the program makes.
func TestMode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain, err := os.Create(filepath.Join(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	plain.Close()
	if err := Write(filepath.Join(dir, "whole"), text("x")); err != nil {
		t.Fatal(err)
	}
	want, err1 := os.Stat(filepath.Join(dir, "plain"))
	got, err2 := os.Stat(filepath.Join(dir, "whole"))
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if got.Mode() != want.Mode() {
		t.Errorf("mode %v, want %v", got.Mode(), want.Mode())
	}
}

// Errors name the file that was asked for and wrap the system's.
func TestErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		is   error
	}{
		{filepath.Join(dir, "absent", "a"), fs.ErrNotExist},
		{filepath.Join(dir, "folder"), fs.ErrExist},
	} {
		err := Write(c.path, text("x"))
		if !errors.Is(err, c.is) || !strings.HasPrefix(err.Error(), c.path+": ") || strings.Contains(err.Error(), ".part") {
			t.Errorf("error %q, want one of %s: %v", err, c.path, c.is)
		}
	}
	failed := fmt.Errorf("its own: %w", syscall.ENOSPC)
	if err := Write(filepath.Join(dir, "b"), func(io.Writer) error { return failed }); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if got := fmt.Sprint(names(t, dir)); got != "[folder]" {
		t.Errorf("the folder has %s", got)
	}
}
