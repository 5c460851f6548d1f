package outfolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kolmo/internal/wholefile"
)

// Work is a folder in which files are made, locked while it is used: one for the work
// alone, or that of a shard.
type Work struct {
	Dir   string // where the files are made, until Commit
	Units *Units // finished units
	// Resumed is true if finished units of the same work were there.
	Resumed bool

	folder *Folder
	record *Record
	names  []string // that are the work's to write
	lock   *os.File
	made   []string // folders above that did not exist, outermost first
	spare  *os.File // what clearing up needs where no more files can be opened
	closed bool     // what is in Dir is nothing to clear up
	stays  bool     // Dir is the user's own
}

// Begin takes a folder for the ticket's work, which may make files with the names, or goes
// on with the one that an interrupted run left. It refuses, before anything is changed, if
// a name is taken in the output folder by a file that is not the program's, or if there is
// other unfinished work, unless fresh is true, which starts over.
func (f *Folder) Begin(t Ticket, names []string, fresh bool) (*Work, error) {
	if f.Record != nil && f.Record.Shard != "" {
		return nil, fault("the folder %s holds shard %s; choose another with --out", f.Shown, f.Record.Shard)
	}
	if err := nameFits(names); err != nil {
		return nil, err
	}
	if err := f.free(names, fresh, ", or --fresh to write beside what is there"); err != nil {
		return nil, err
	}
	return f.take(f.part, t, names, fresh)
}

// BeginShard is Begin for a shard, whose folder stays and is the one worked in.
func (f *Folder) BeginShard(t Ticket, names []string, fresh bool) (*Work, error) {
	if f.exists && (f.Record == nil || f.Record.Shard == "") {
		if strange, err := f.strangers(f.Path); err != nil {
			return nil, err
		} else if f.Record != nil || strange != "" {
			return nil, fault("the folder %s is not empty and holds no shard; choose another with --out", f.Shown)
		}
	}
	if err := nameFits(names); err != nil {
		return nil, err
	}
	for _, name := range names {
		beside, _ := temporary(name)
		for _, n := range append(beside, name) {
			if f.Record != nil && !f.Record.Finished && slices.Contains(f.Record.Writing, name) {
				continue
			}
			if err := vacant(f.Path, filepath.ToSlash(n), f.Record, nil); err != nil {
				return nil, err
			}
		}
	}
	return f.take(f.Path, t, names, fresh)
}

// take makes the folder dir for the ticket's work or takes it over.
func (f *Folder) take(dir string, t Ticket, names []string, fresh bool) (*Work, error) {
	w := &Work{Dir: dir, Units: newUnits(dir, t), folder: f, closed: true}
	err := w.make(t, names, fresh)
	if err != nil {
		w.End(false)
		return nil, err
	}
	return w, nil
}

func (w *Work) make(t Ticket, names []string, fresh bool) error {
	f := w.folder
	if err := w.makeParents(filepath.Dir(w.Dir)); err != nil {
		return err
	}
	var err error
	if w.spare, err = os.Open(os.DevNull); err != nil {
		return err
	}
	err = os.Mkdir(w.Dir, 0o777)
	isNew := err == nil
	if errors.Is(err, fs.ErrExist) {
		err = checkFolder(w.Dir)
	}
	if err != nil {
		return err
	}
	w.stays = f.exists && w.Dir == f.Path
	if w.lock, err = lockFolder(w.Dir, f.Shown); err != nil {
		if isNew && !errors.Is(err, errBusy) {
			os.Remove(w.Dir)
		}
		return err
	}
	w.closed = !isNew
	old, err := ReadRecord(w.Dir)
	if err != nil {
		return err
	}
	if old == nil {
		if stranger, err := f.strangers(w.Dir); err != nil {
			return err
		} else if stranger != "" {
			return fault("kolmo would work in the folder %s, which is not its own, as it holds %s; move it away, or choose another output folder with --out", short(w.Dir), stranger)
		}
		old = new(Record)
	}
	if err := removeBeginnings(w.Dir); err != nil {
		return err
	}
	keep := !fresh && old.Format != 0
	if keep {
		if how := t.Differs(&old.Ticket); how != "" {
			if w.Units.any() {
				state := "unfinished"
				if old.Finished {
					state = "finished"
				}
				return fault("the folder %s holds %s work %s; choose another with --out, or --fresh to start over", f.Shown, state, how)
			}
			keep = false
		}
	}
	w.record = &Record{Ticket: t, Writing: names}
	if old.Format == 0 {
		w.closed = false // it was free or empty: what is in it now is of this run
	}
	if old.Finished { // of a shard: it has its files no longer
		unfinished := *old
		unfinished.Finished = false
		if err := f.disk.write(&unfinished, w.Dir); err != nil {
			return err
		}
	}
	if err := f.disk.clear(w.Dir, old, keep); err != nil {
		return err
	}
	if keep {
		for _, name := range old.Writing {
			if !slices.Contains(names, name) {
				w.record.Writing = append(slices.Clip(w.record.Writing), name)
			}
		}
	}
	w.names = w.record.Writing
	if err := f.disk.write(w.record, w.Dir); err != nil {
		return err
	}
	w.closed = false
	w.Resumed = keep && w.Units.any()
	return makeFolder(filepath.Join(w.Dir, UnitsDir))
}

// makeParents makes dir and remembers which folders are new.
func (w *Work) makeParents(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := w.makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	w.made = append(w.made, dir)
	return nil
}

// strangers returns the name of something in dir, which has no record, that is not the
// beginning of one; "" if there is nothing.
func (f *Folder) strangers(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		ours, err := isBeginning(dir, e)
		if err != nil {
			return "", err
		}
		if !ours {
			return e.Name(), nil
		}
	}
	return "", nil
}

// isBeginning reports that an entry of dir is a record that was being written when the
// program was killed, as its name and its content say.
func isBeginning(dir string, e fs.DirEntry) (bool, error) {
	if ok, err := filepath.Match(wholefile.Unfinished(RecordName), e.Name()); !ok || !e.Type().IsRegular() {
		return false, err
	}
	b, err := firstBytes(filepath.Join(dir, e.Name()), len(recordStart))
	return err == nil && beginning(b), err
}

func removeBeginnings(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		ours, err := isBeginning(dir, e)
		if err == nil && ours {
			err = os.Remove(filepath.Join(dir, e.Name()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// HasUnits reports that there are finished units.
func (w *Work) HasUnits() bool { return w.Units.any() }

// Whole makes an absent unit an error: all should be there.
func (w *Work) Whole() { w.Units.whole = true }

// Keep records that the files with the names are finished, so that one that is changed from
// now on is the user's.
func (w *Work) Keep(names ...string) error {
	for _, name := range names {
		f, err := Sum(w.Dir, name)
		if err != nil {
			return err
		}
		w.record.Files = append(w.record.Files, f)
	}
	w.record.Writing = slices.DeleteFunc(slices.Clone(w.record.Writing), func(n string) bool { return slices.Contains(names, n) })
	return w.folder.disk.write(w.record, w.Dir)
}

// MakeFolder makes the folder name in that of the work.
func (w *Work) MakeFolder(name string) error { return makeFolder(filepath.Join(w.Dir, name)) }

// End gives the folder up. keep leaves what is in it for another run; otherwise what is the
// program's is removed, with the folders that were made for it. After Commit, and in the
// folder of a shard that was there before, everything stays.
func (w *Work) End(keep bool) {
	if w.spare != nil {
		w.spare.Close()
		w.spare = nil
	}
	if !keep && !w.closed {
		const attempts = 3 // an abandoned task may still add a file
		for range attempts {
			if w.clear() {
				break
			}
		}
	}
	w.closed = true
	if !keep {
		for i := len(w.made) - 1; i >= 0; i-- {
			os.Remove(w.made[i]) // fails, as it should, if something is in it
		}
	}
	w.made = nil
	if w.lock != nil {
		unlock(w.lock)
		w.lock = nil
	}
}

// clear removes what is the program's, and the folder if nothing else is in it; the record
// goes only with the folder.
func (w *Work) clear() bool {
	if w.record != nil {
		_ = w.folder.disk.clear(w.Dir, w.record, false) // what cannot be removed is seen below
	}
	_ = removeBeginnings(w.Dir)
	entries, err := os.ReadDir(w.Dir)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	if len(entries) > 1 || len(entries) == 1 && entries[0].Name() != RecordName {
		return false
	}
	_ = os.Remove(filepath.Join(w.Dir, RecordName))
	return w.stays || os.Remove(w.Dir) == nil
}
