package outfolder

import (
	"path/filepath"
	"slices"
)

// VerifyPrefix is how the names of files begin that are kept when results of the same study
// and data are replaced.
const VerifyPrefix = "verify."

// Addition is a folder to which files are added that are whole by themselves.
type Addition struct {
	folder *Folder
	names  []string
	record Record
	work   Work // the lock and what was made
}

// Add takes the folder for files with the names, which must be the ticket's study's: it is
// made if need be, and must otherwise be empty or have a record of the same study. A name
// that is taken by a file that is not the program's is a *Fault.
func (f *Folder) Add(t Ticket, names []string) (*Addition, error) {
	switch r := f.Record; {
	case r != nil && r.Shard != "":
		return nil, fault("the folder %s holds shard %s; choose another with --out", f.Shown, r.Shard)
	case r != nil && r.Study != t.Study:
		return nil, fault("the folder %s holds another study; choose another with --out", f.Shown)
	case r != nil && r.Data != t.Data:
		return nil, fault("the study's data file has changed since the files in %s were written; choose another folder with --out", f.Shown)
	}
	if err := f.free(names, false, ""); err != nil {
		return nil, err
	}
	a := &Addition{folder: f, names: names, work: Work{Dir: f.Path, folder: f, closed: true}}
	if err := a.take(t); err != nil {
		a.End()
		return nil, err
	}
	return a, nil
}

func (a *Addition) take(t Ticket) error {
	f, w := a.folder, &a.work
	w.stays = f.exists
	if err := w.makeParents(f.Path); err != nil {
		return err
	}
	var err error
	if w.lock, err = lockFolder(f.Path, f.Shown); err != nil {
		return err
	}
	old, err := ReadRecord(f.Path)
	if err != nil {
		return err
	}
	if old == nil {
		a.record = Record{Ticket: t}
		if err := removeBeginnings(f.Path); err != nil {
			return err
		}
	} else {
		a.record = *old
	}
	intent := a.record
	for _, name := range a.names {
		if !slices.Contains(intent.Writing, name) {
			intent.Writing = append(slices.Clip(intent.Writing), name)
		}
	}
	intent.Files = slices.Clone(intent.Files)
	if old == nil {
		w.record, w.closed = &intent, false
	}
	return intent.write(f.Path)
}

// Commit records the files that were written.
func (a *Addition) Commit() error {
	r := a.record
	r.Files = slices.DeleteFunc(slices.Clone(r.Files), func(f File) bool { return slices.Contains(a.names, f.Name) })
	r.Writing = slices.DeleteFunc(slices.Clone(r.Writing), func(n string) bool { return slices.Contains(a.names, n) })
	for _, name := range a.names {
		f, err := Sum(a.folder.Path, name)
		if err != nil {
			return err
		}
		r.Files = append(r.Files, f)
	}
	a.work.closed, a.work.made = true, nil
	a.record = r
	return r.write(a.folder.Path)
}

// End gives the folder up. Without Commit, one that was made for the files goes, and the
// record of one that was there is as before.
func (a *Addition) End() {
	if a.work.lock != nil && a.work.closed && stands(filepath.Join(a.folder.Path, RecordName)) {
		_ = a.record.write(a.folder.Path) // names in Writing are taken for the program's
	}
	a.work.End(false)
}
