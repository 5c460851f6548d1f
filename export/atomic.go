package export

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writeFile writes the file path through a temporary file in the same folder,
// which takes the name path only when it is whole: a reader sees the old file
// or the new one, and no half-written file is left.
func writeFile(path string, write func(w io.Writer) error) error {
	return writeFileContext(context.Background(), path, write)
}

// writeFileContext is writeFile that ends with ctx's error once that is done, if write
// does too. The temporary file is then removed at once, whatever the writing waits for:
// a process that does not wait for it leaves nothing.
func writeFileContext(ctx context.Context, path string, write func(w io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part")
	if err != nil {
		return fmt.Errorf("export: %s: %w", path, cause(path, err))
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("export: %s: %w", path, cause(path, err))
			f.Close()
			os.Remove(f.Name())
		}
	}()
	whole := removedAfter(ctx, f.Name())
	w := bufio.NewWriterSize(f, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	// CreateTemp makes files that only their owner may read.
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := whole(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// removedAfter removes a temporary file or folder when ctx is done. whole is called once
// it is written: from then on it stays, or ctx's error is returned.
func removedAfter(ctx context.Context, temporary string) (whole func() error) {
	stop := context.AfterFunc(ctx, func() { os.RemoveAll(temporary) })
	return func() error {
		if !stop() {
			return context.Cause(ctx)
		}
		return nil
	}
}

// cause returns err without the name of a temporary file in the folder of path,
// which says nothing to a reader.
func cause(path string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) && filepath.Dir(at.Path) == filepath.Dir(path) && strings.HasPrefix(filepath.Base(at.Path), "."+filepath.Base(path)) {
		return at.Err
	}
	return err
}
