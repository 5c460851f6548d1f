// Package wholefile writes files that are whole or what they were before, whenever
// the program is killed, the disk is full or the power goes.
//
// The text goes to a hidden file beside, .NAME.12345678.part, which takes the name
// when it is on the disk:
//
//	err := wholefile.Write("study.yaml", func(w io.Writer) error {
//		_, err := w.Write(text)
//		return err
//	})
package wholefile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// Write writes the file path, whose folder must exist, with what write gives to a
// buffered writer. A reader sees the old file or the new one; after an error, also one
// of write, the old file is untouched and nothing is left beside it. Its mode is that of
// any new file, 0666 less the umask. Errors name path and never the hidden file, and
// wrap the system's; those of write come back unchanged behind the path. Cost: one pass
// through a buffer of 64 KiB, and two waits for the disk, for the file and its name.
func Write(path string, write func(w io.Writer) error) error {
	return WriteContext(context.Background(), path, write)
}

// WriteBytes is Write of a text.
func WriteBytes(path string, text []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// Unfinished returns the pattern, for filepath.Glob, of what killed programs left beside a
// file called name.
func Unfinished(name string) string {
	return hidden(name) + strings.Repeat("[0-9a-f]", digits) + ".part"
}

// unfinished is the form of the names that Unfinished's patterns match.
var unfinished = regexp.MustCompile(fmt.Sprintf(`^\..+\.[0-9a-f]{%d}\.part$`, digits))

// IsUnfinished reports that name, of a file without its folder, is one that some file has
// while it is written.
func IsUnfinished(name string) bool { return unfinished.MatchString(name) }

// WriteContext is Write that ends with ctx's error once that is done, if write does too.
// The hidden file is then removed at once, whatever the writing waits for: a process that
// does not wait for it leaves nothing.
func WriteContext(ctx context.Context, path string, write func(w io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", path, cause(path, err))
		}
	}()
	f, err := create(path)
	if err != nil {
		return err
	}
	keep := RemoveAfter(ctx, f.Name())
	err = fill(f, write)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = keep()
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// RemoveAfter removes a temporary file or folder when ctx is done. keep is called once it is
// written: from then on it stays, or ctx's error is returned.
func RemoveAfter(ctx context.Context, temporary string) (keep func() error) {
	stop := context.AfterFunc(ctx, func() { os.RemoveAll(temporary) })
	return func() error {
		if !stop() {
			return context.Cause(ctx)
		}
		return nil
	}
}

// digits is the number of hexadecimal digits that tell hidden files apart.
const digits = 8

// hidden is how the names of files beside path begin.
func hidden(path string) string { return "." + filepath.Base(path) + "." }

// create creates a file beside path with a name that is free.
func create(path string) (*os.File, error) {
	for {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf("%s%0*x.part", hidden(path), digits, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// fill gives the file its text and waits until it is on the disk.
func fill(f *os.File, write func(w io.Writer) error) error {
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

// syncFolder makes the names in a folder survive a loss of power, where the file system
// can do that for folders.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// cause returns err without the name of the hidden file beside path, which says nothing
// to a reader.
func cause(path string, err error) error {
	beside := func(name string) bool {
		return filepath.Dir(name) == filepath.Dir(path) && strings.HasPrefix(filepath.Base(name), hidden(path))
	}
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at) && beside(at.Path):
		return at.Err
	case errors.As(err, &link) && beside(link.Old):
		return link.Err
	}
	return err
}
