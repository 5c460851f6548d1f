package outfolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// StudyFile is the copy of the study in a folder.
const StudyFile = "study.yaml"

// partName is the folder of work inside an output folder that exists.
const partName = ".kolmo.part"

// Folder is an output folder, which may not exist yet.
type Folder struct {
	Shown  string  // as it was given
	Path   string  // absolute, without a link at its end
	Record *Record // nil: it has none
	part   string  // the folder of work
	exists bool
	disk   disk
}

// Open looks at the output folder that the user calls shown. A link to a folder is
// followed, one to nowhere refused. A commit that was cut short is completed. Nothing else
// is changed, and nothing is made.
func Open(shown string) (*Folder, error) { return openFolder(shown, disk{}) }

func openFolder(shown string, d disk) (*Folder, error) {
	f := &Folder{Shown: shown, disk: d}
	var err error
	if f.Path, f.exists, err = resolve(shown); err != nil {
		return nil, err
	}
	f.part = filepath.Join(filepath.Dir(f.Path), "."+filepath.Base(f.Path)+".part")
	if f.exists {
		f.part = filepath.Join(f.Path, partName)
		if f.Record, err = ReadRecord(f.Path); err != nil {
			return nil, err
		}
	}
	switch err := checkFolder(f.part); {
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, syscall.ENAMETOOLONG):
		return nil, fault("the name of the output folder %s is too long; choose a shorter one with --out", shown)
	case err != nil:
		return nil, err
	default:
		if err := f.settle(); err != nil {
			return nil, err
		}
	}
	f.tidy()
	return f, nil
}

// resolve returns where an output folder is or would be.
func resolve(shown string) (path string, exists bool, err error) {
	if path, err = filepath.Abs(shown); err != nil {
		return "", false, err
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir() && info.Mode().IsRegular():
		return "", false, fault("the output folder %s is a file; choose another with --out", shown)
	case err == nil && !info.IsDir():
		return "", false, fault("the output folder %s is %s; choose another with --out", shown, kindName(info.Mode()))
	case err == nil:
		path, err = filepath.EvalSymlinks(path)
		return path, true, err
	case errors.Is(err, syscall.ELOOP):
		return "", false, fault("the output folder %s is a link to itself; remove it, or choose another with --out", shown)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return "", false, fault("the name of the output folder %s is too long; choose a shorter one with --out", shown)
	case errors.Is(err, syscall.ENOTDIR):
		file := path
		for !stands(file) {
			file = filepath.Dir(file)
		}
		return "", false, fault("%s, in which the output folder %s would be, is no folder; choose another with --out", short(file), shown)
	case !errors.Is(err, fs.ErrNotExist):
		return "", false, err
	}
	// What is missing may be where a link points to.
	for p := path; p != filepath.Dir(p); p = filepath.Dir(p) {
		info, err := os.Lstat(p)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && !stands(p) {
			return "", false, fault("%s, where the output folder %s would be, is a link to nowhere; make the folder it points to, or choose another with --out", short(p), shown)
		}
		if err == nil {
			break
		}
	}
	return path, false, nil
}

func stands(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// settle completes a commit that was cut short.
func (f *Folder) settle() error {
	r, err := ReadRecord(f.part)
	if err != nil || r == nil || !r.Finished {
		return err
	}
	lock, err := lockFolder(f.part, f.Shown)
	if err != nil {
		return err
	}
	defer unlock(lock)
	if r, err = ReadRecord(f.part); err != nil || r == nil || !r.Finished {
		return err
	}
	if !f.exists {
		if err := f.disk.rename(f.part, f.Path); err != nil {
			return err
		}
		f.exists, f.part = true, filepath.Join(f.Path, partName)
		syncFolder(filepath.Dir(f.Path))
	} else if err := f.disk.forward(f.Path, f.part, r); err != nil {
		return err
	}
	f.Record, err = ReadRecord(f.Path)
	return err
}

// tidy removes the units of finished results, as a commit does that is not cut short. It is
// no matter whether it can.
func (f *Folder) tidy() {
	if f.Record == nil || !f.Record.Finished || f.Record.Shard != "" {
		return
	}
	if checkFolder(filepath.Join(f.Path, UnitsDir)) != nil {
		return
	}
	if lock, err := lockFolder(f.Path, f.Shown); err == nil {
		_ = f.disk.removeUnits(f.Path, true)
		unlock(lock)
	}
}

// Resumable reports that there are finished units of the ticket's work.
func (f *Folder) Resumable(t Ticket) (bool, error) {
	if err := checkFolder(f.part); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	r, err := ReadRecord(f.part)
	if err != nil || r == nil || t.Differs(&r.Ticket) != "" {
		return false, err
	}
	return newUnits(f.part, t).any(), nil
}

// free returns a *Fault if the work may not write files with the names into the folder:
// it is not empty and has no record, unless beside is true, or one of the names is taken by
// a file that is not the program's or was changed since. It reads the files with those
// names that are the program's. or is what the sentence adds, of how it is possible all the
// same.
func (f *Folder) free(names []string, beside bool, or string) error {
	if !f.exists {
		return nil
	}
	if f.Record == nil && !beside {
		entries, err := os.ReadDir(f.Path)
		if err != nil {
			return err
		}
		entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == partName })
		if len(entries) > 0 {
			return fault("the folder %s is not empty and has no record of files that kolmo wrote there (earlier versions made none); choose another with --out%s", f.Shown, or)
		}
	}
	for _, name := range names {
		if err := vacant(f.Path, name, f.Record, nil); err != nil {
			return err
		}
	}
	return nil
}

// vacant returns a *Fault if a file of the given name cannot be put into dir, because what
// is there is neither what is put there, to, nor a file that the record has, as it has it.
func vacant(dir, name string, r *Record, to *File) error {
	if err := checkParents(dir, name); err != nil {
		return err
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, syscall.ENAMETOOLONG):
		return fault("the name of the file %s is too long; shorten the name of the observable", name)
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return notPlain(path, info.Mode())
	}
	recorded := r.file(name)
	for _, f := range []*File{to, recorded} {
		if f == nil {
			continue
		}
		if state, err := Compare(dir, *f); err != nil || state == Same {
			return err
		}
	}
	switch {
	case recorded != nil:
		return fault("%s was changed since kolmo wrote it, and would be replaced; move it away, or choose another folder with --out", short(path))
	case r != nil && slices.Contains(r.Writing, name):
		return nil
	}
	return fault("%s is not kolmo's, and would be replaced; move it away, or choose another folder with --out", short(path))
}

// nameFits returns a *Fault if a file of that name cannot be made, as its name or that of
// one beside it is too long.
func nameFits(names []string) error {
	const longest = 255 // bytes, on all common file systems
	for _, name := range names {
		base := name[strings.LastIndexByte(name, '/')+1:]
		if len(base)+len(".")+len(".01234567.part") > longest {
			return fault("the name of the file %s is too long; shorten the names that the study gives", name)
		}
	}
	return nil
}
