package outfolder

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Fault says in one sentence what is wrong with a folder and what to do.
type Fault struct{ msg string }

// Error implements error.
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
