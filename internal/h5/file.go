package h5

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"gonum.org/v1/hdf5"
)

// errClosed is returned by calls on a File after Close.
var errClosed = errors.New("file already closed")

// File is an open HDF5 file.
type File struct {
	path string
	size int64      // in bytes, -1 of a file that is written
	far  *child     // which reads it, nil if this process does
	file *hdf5.File // nil after Close, and if a child process reads it
	sets []*Dataset // open datasets, in order of opening
}

// CreateFile creates the file and opens it for writing. It must not exist: to
// empty one that another process has open, as HDF5 would before it looks at the
// lock, destroys that process's data. The caller must Close it.
func CreateFile(path string) (*File, error) {
	return openWith("create", path, func() (*hdf5.File, error) {
		return createFile(path)
	})
}

// OpenFile opens an existing regular file for reading, in a child process if
// ReadApart was called. The caller must Close it. While another process writes the
// file the error is syscall.EAGAIN.
func OpenFile(path string) (*File, error) {
	if apart {
		return openApart(path)
	}
	return OpenOwn(path)
}

// OpenOwn is OpenFile in this process: for files that it wrote itself.
func OpenOwn(path string) (*File, error) {
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	f, err := openWith("open", path, func() (*hdf5.File, error) {
		return hdf5.OpenFile(path, hdf5.F_ACC_RDONLY)
	})
	if err != nil {
		return nil, err
	}
	f.size = info.Size()
	return f, nil
}

// stat returns what the system says of a regular file. Opening a pipe would wait for
// its other end, deaf to signals, and a device may do anything.
func stat(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		return nil, &Error{Op: "open", Path: path, Text: errno.Error(), Errno: errno}
	case err != nil:
		return nil, &Error{Op: "open", Path: path, Text: err.Error()}
	case info.IsDir():
		return nil, &Error{Op: "open", Path: path, Text: syscall.EISDIR.Error(), Errno: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return nil, &Error{Op: "open", Path: path, Text: "not a regular file"}
	}
	return info, nil
}

// openWith opens a file by open on the library's thread.
func openWith(op, path string, open func() (*hdf5.File, error)) (*File, error) {
	f := &File{path: path, size: -1}
	err := do(func() error {
		clearErrors()
		file, err := openPrivately(open)
		if err != nil {
			return newError(op, path, "", err)
		}
		f.file = file
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Path returns the path the file was opened by, or that it was given since.
func (f *File) Path() string { return f.path }

// Rename gives the file another path, in its folder's file system, and replaces what
// is there.
func (f *File) Rename(path string) error {
	if err := os.Rename(f.path, path); err != nil {
		return fmt.Errorf("h5: %w", err)
	}
	f.path = path
	return nil
}

// call runs fn on the library's thread and describes its error by op and the
// object's name. It fails if the file is closed.
func (f *File) call(op, object string, fn func() error) error {
	return do(func() error {
		if f.file == nil {
			return fmt.Errorf("h5: %s %s: %w", op, f.path, errClosed)
		}
		clearErrors()
		if err := fn(); err != nil {
			return newError(op, f.path, object, err)
		}
		return nil
	})
}

// Flush hands everything written so far to the operating system, so that the
// file can be opened should the process die. It does not wait for the disk.
func (f *File) Flush() error {
	return f.call("write", "", func() error { return f.file.Flush(hdf5.F_SCOPE_GLOBAL) })
}

// Close closes the datasets still open and the file. The first error is
// returned and the rest is closed regardless. A second Close does nothing.
func (f *File) Close() error {
	if f.far != nil {
		return f.far.close()
	}
	return do(func() error {
		if f.file == nil {
			return nil
		}
		clearErrors()
		var first error
		for _, d := range f.sets {
			if err := d.release(); err != nil && first == nil {
				first = newError("close", f.path, d.name, err)
			}
		}
		if err := closeUnlocked(f.file); err != nil && first == nil {
			first = newError("close", f.path, "", err)
		}
		f.file, f.sets = nil, nil
		return first
	})
}

// Names returns the names of the datasets in the root group, sorted. Links there that
// are not followed are errors, since they may stand for datasets.
func (f *File) Names() ([]string, error) {
	if f.far != nil {
		return f.far.names()
	}
	var names []string
	err := f.call("list", "", func() (err error) {
		names, err = f.names()
		return err
	})
	return names, err
}

// CreateGroup creates the group name. Datasets go into it by names with a slash:
// CreateDataset(f, "S/data", ..) after CreateGroup("S").
func (f *File) CreateGroup(name string) error {
	return f.call("create", name, func() error {
		g, err := f.file.CreateGroup(name)
		if err != nil {
			return err
		}
		return g.Close()
	})
}
