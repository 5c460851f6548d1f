package outfolder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// File is a file of a folder: its name there, with slashes, and what it holds.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// open opens a plain file for reading. A link, a pipe or a device is a *Fault, and is not
// waited for.
func open(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, notPlain(path, info.Mode())
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		if err == nil { // it was exchanged meanwhile
			err = notPlain(path, info.Mode())
		}
		return nil, err
	}
	return f, nil
}

func notPlain(path string, mode fs.FileMode) error {
	return fault("%s is %s where kolmo needs a plain file; move it away, or choose another folder with --out", short(path), kindName(mode))
}

// ReadFile reads a plain file of at most limit bytes. Anything else under that name, or a
// larger file, is a *Fault; links are not followed and pipes not waited for.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fault("%s has more than the %d bytes that kolmo reads; move it away", short(path), limit)
	}
	return b, err
}

// Sum returns size and digest of the plain file name in dir.
func Sum(dir, name string) (File, error) {
	f, err := open(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{Name: name, Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// State is how a file on the disk compares with what was recorded of it.
type State int

// States of a file.
const (
	Same    State = iota // its size and digest are those recorded
	Missing              // there is no such file
	Changed              // it has other content, or is no plain file
)

// Compare returns the state of the file f in dir. It is read only if its size is that
// recorded.
func Compare(dir string, f File) (State, error) {
	var bad *Fault
	if err := checkParents(dir, f.Name); errors.As(err, &bad) {
		return Changed, nil
	} else if err != nil {
		return Changed, err
	}
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return Missing, nil
	case err != nil:
		return Changed, err
	case !info.Mode().IsRegular() || info.Size() != f.Size:
		return Changed, nil
	}
	now, err := Sum(dir, f.Name)
	if err != nil {
		return Changed, err
	}
	if now != f {
		return Changed, nil
	}
	return Same, nil
}

// checkParents returns a *Fault unless every folder between dir and the file name is
// missing or a folder indeed, no link to one.
func checkParents(dir, name string) error {
	path := dir
	for _, part := range parents(name) {
		path = filepath.Join(dir, filepath.FromSlash(part))
		if err := checkFolder(path); errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

// parents returns the folders of a name with slashes, outermost first: a, a/b of a/b/c.
func parents(name string) []string {
	var out []string
	for i, c := range name {
		if c == '/' {
			out = append(out, name[:i])
		}
	}
	return out
}

// checkFolder returns nil if path is a folder and no link to one, an error that wraps
// fs.ErrNotExist if there is nothing, and a *Fault otherwise.
func checkFolder(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !info.IsDir() {
		err = fault("%s is %s where kolmo needs a folder of its own; move it away, or choose another folder with --out", short(path), kindName(info.Mode()))
	}
	return err
}

// makeFolders makes the folders above the file name in dir; those that are there must be
// folders indeed.
func makeFolders(dir, name string) error {
	for _, part := range parents(name) {
		if err := makeFolder(filepath.Join(dir, filepath.FromSlash(part))); err != nil {
			return err
		}
	}
	return nil
}

// makeFolder makes a folder, or finds that there is one.
func makeFolder(path string) error {
	if err := os.Mkdir(path, 0o777); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return checkFolder(path)
}

// Fault says in one sentence what is wrong with a folder and what to do.
type Fault struct{ msg string }

func (f *Fault) Error() string { return f.msg }

func fault(format string, args ...any) error { return &Fault{fmt.Sprintf(format, args...)} }

// kindName returns what a file that is neither plain nor a folder is called, with its
// article.
func kindName(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "a link"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m.IsDir():
		return "a folder"
	case m.IsRegular():
		return "a file"
	}
	return "no plain file"
}

// short returns a path as seen from the current folder, if it is below.
func short(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if below, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(below) {
		return below
	}
	return path
}
