package outfolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kolmo/internal/wholefile"
)

// disk makes the changes of a folder whose order matters. Tests stop it before any of
// them, as a kill would.
type disk struct {
	before func() error // nil: nothing
}

func (d disk) ask() error {
	if d.before == nil {
		return nil
	}
	return d.before()
}

func (d disk) rename(from, to string) error {
	if err := d.ask(); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// remove removes a file, which may be gone already.
func (d disk) remove(path string) error {
	if err := d.ask(); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (d disk) write(r *Record, dir string) error {
	if err := d.ask(); err != nil {
		return err
	}
	return r.write(dir)
}

// removePlain removes what has the name path if that is a plain file, no link and no pipe.
func (d disk) removePlain(path string) error {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return d.remove(path)
}

// temporary returns the names that a file may have while it is written, and the pattern of
// further ones.
func temporary(name string) (names []string, pattern string) {
	dir, base := filepath.Split(filepath.FromSlash(name))
	names = []string{dir + "." + base + ".new"}
	if strings.HasSuffix(base, ".nc") {
		names = append(names, dir+base+".part")
	}
	return names, dir + wholefile.Unfinished(base)
}

// clear removes from a folder of work what its record says is the program's: all, or, if
// the units and their files are kept, the rest. A finished file that was changed stays.
// Then folders of the program's that are empty go too. The record itself stays.
func (d disk) clear(dir string, r *Record, keep bool) error {
	for _, name := range r.Writing {
		if checkParents(dir, name) != nil {
			continue // through a link lies somebody else's
		}
		names, pattern := temporary(name)
		more, err := fs.Glob(os.DirFS(dir), filepath.ToSlash(pattern))
		if err != nil {
			return err
		}
		names = append(names, more...)
		if !keep || !strings.Contains(name, "/") {
			names = append(names, name)
		}
		for _, n := range names {
			if err := d.removePlain(filepath.Join(dir, filepath.FromSlash(n))); err != nil {
				return err
			}
		}
	}
	if err := d.removeUnits(dir, !keep); err != nil {
		return err
	}
	if keep {
		return nil
	}
	for _, f := range r.Files {
		if err := d.removeOwn(dir, f); err != nil {
			return err
		}
	}
	removeParents(dir, r.Writing)
	return nil
}

// removeOwn removes a file that is as it was recorded, and the folders above that are
// empty then.
func (d disk) removeOwn(dir string, f File) error {
	state, err := Compare(dir, f)
	if err != nil || state != Same {
		return err
	}
	if err := d.remove(filepath.Join(dir, filepath.FromSlash(f.Name))); err != nil {
		return err
	}
	removeParents(dir, []string{f.Name})
	return nil
}

// removeParents removes the folders between dir and the files with the names that are
// empty.
func removeParents(dir string, names []string) {
	for _, name := range names {
		above := parents(name)
		for i := len(above) - 1; i >= 0; i-- {
			path := filepath.Join(dir, filepath.FromSlash(above[i]))
			if checkFolder(path) == nil {
				os.Remove(path) // fails, as it should, if something is in it
			}
		}
	}
}

// syncFolder makes the names in a folder survive a loss of power. Where the file system
// cannot do that for folders, nothing can be done.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		f.Close()
	}
}
