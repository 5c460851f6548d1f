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
	"slices"
	"strings"

	"kolmo/internal/wholefile"
)

// CopyShard copies the units of a shard and the files that belong to them from its folder,
// whose record is r, into the folder of the work. A file that is not as recorded is a
// *Fault. more is asked before every file whether to go on.
func (w *Work) CopyShard(from string, r *Record, more func() error) error {
	for _, f := range r.Files {
		if !strings.HasPrefix(f.Name, UnitsDir+"/") && (f.Name == StudyFile || !slices.Contains(w.names, f.Name)) {
			continue // the study and its data, which are read and not copied
		}
		if err := more(); err != nil {
			return err
		}
		if err := makeFolders(w.Dir, f.Name); err != nil {
			return err
		}
		if err := copyFile(w.Dir, from, f); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies the recorded file f of the folder from into the folder to. It is whole
// or absent afterwards.
func copyFile(to, from string, f File) error {
	if err := checkParents(from, f.Name); err != nil {
		return err
	}
	src, err := open(filepath.Join(from, filepath.FromSlash(f.Name)))
	if errors.Is(err, fs.ErrNotExist) {
		return missing(from, f.Name)
	}
	if err != nil {
		return err
	}
	defer src.Close()
	var bad *Fault
	err = wholefile.Write(filepath.Join(to, filepath.FromSlash(f.Name)), func(w io.Writer) error {
		h := sha256.New()
		if _, err := io.Copy(io.MultiWriter(w, h), src); err != nil {
			return err
		}
		if hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
			return changed(from, f.Name)
		}
		return nil
	})
	if errors.As(err, &bad) {
		return bad // it names the file itself
	}
	return err
}

// CheckFile returns a *Fault unless the file f of dir is as it was recorded.
func CheckFile(dir string, f File) error {
	switch state, err := Compare(dir, f); {
	case err != nil:
		return err
	case state == Missing:
		return missing(dir, f.Name)
	case state == Changed:
		return changed(dir, f.Name)
	}
	return nil
}

func missing(dir, name string) error {
	return fault("%s is missing, which kolmo wrote; --fresh computes the folder's files again", short(filepath.Join(dir, name)))
}

func changed(dir, name string) error {
	return fault("%s was changed since kolmo wrote it; move it away, and --fresh computes the folder's files again", short(filepath.Join(dir, name)))
}

// CopyInput copies the file name, with slashes, of the folder from, which is the user's,
// into the folder of the work. Its digest must be sum.
func (w *Work) CopyInput(from, name, sum string) error {
	if err := makeFolders(w.Dir, name); err != nil {
		return err
	}
	path := filepath.Join(from, filepath.FromSlash(name))
	src, err := os.Open(path)
	if err != nil {
		return err
	}
	defer src.Close()
	return wholefile.Write(filepath.Join(w.Dir, filepath.FromSlash(name)), func(w io.Writer) error {
		h := sha256.New()
		if _, err := io.Copy(io.MultiWriter(w, h), src); err != nil {
			return err
		}
		if hex.EncodeToString(h.Sum(nil)) != sum {
			return fmt.Errorf("%s changed while it was read", path)
		}
		return nil
	})
}
