package outfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ResultsFile is the file whose presence says that a folder's results are whole: of those
// that are replaced it goes first, and of the new ones it comes last.
const ResultsFile = "results.json"

// Commit makes the work's files the output folder's. The record of the work, once it says
// that they are finished, is what decides: before, the folder is as it was; from then on
// the files' move is completed, by whoever opens the folder next if this is cut short.
// Files of the program's that the folder had before go if they are as they were recorded;
// those of another kind of command stay if they are of the same study. An error leaves the
// work as it is.
func (w *Work) Commit() error {
	f := w.folder
	files, err := w.collect()
	if err != nil {
		return err
	}
	if f.exists {
		for i := range files {
			if err := vacant(f.Path, files[i].Name, f.Record, &files[i]); err != nil {
				return err
			}
		}
	}
	done := &Record{Ticket: w.record.Ticket, Finished: true, Files: files}
	if f.exists {
		err = f.disk.write(done, w.Dir)
	} else if err = f.disk.write(done, w.Dir); err == nil {
		err = f.disk.rename(w.Dir, f.Path)
	}
	if errors.Is(err, fs.ErrExist) {
		return fault("the folder %s was made by somebody else while the study was run; move it away, and the same command goes on", f.Shown)
	}
	if err != nil {
		return err
	}
	w.closed, w.made = true, nil
	if f.exists {
		return f.disk.forward(f.Path, w.Dir, done)
	}
	w.Dir = f.Path
	syncFolder(filepath.Dir(f.Path))
	return f.disk.removeUnits(f.Path, true)
}

// CommitShard records that a shard is finished, with all its files.
func (w *Work) CommitShard() error {
	files, err := w.collect()
	if err != nil {
		return err
	}
	err = walkUnits(w.Dir, func(path string, unfinished bool) error {
		name, err := filepath.Rel(w.Dir, path)
		if err != nil || unfinished {
			return err
		}
		unit, err := Sum(w.Dir, filepath.ToSlash(name))
		files = append(files, unit)
		return err
	})
	if err != nil {
		return err
	}
	w.closed, w.made = true, nil
	return w.folder.disk.write(&Record{Ticket: w.record.Ticket, Finished: true, Files: files}, w.Dir)
}

// collect returns the files that were made. Those of units, and those kept, must be as they
// were when they were finished.
func (w *Work) collect() ([]File, error) {
	var files []File
	for _, name := range w.names {
		if err := checkParents(w.Dir, name); err != nil {
			return nil, err
		}
		f, err := Sum(w.Dir, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	for _, f := range slices.Concat(w.Units.Files(), w.record.Files) {
		if !slices.Contains(files, f) {
			return nil, fmt.Errorf("%s was removed or changed by somebody else while the study was run; the same command computes it again", filepath.Join(w.folder.Shown, filepath.FromSlash(f.Name)))
		}
	}
	return files, nil
}

// forward moves the files of the finished record from the folder part into the output
// folder, which it is in, and removes part. It may be repeated wherever it was cut short:
// the record stays in part until the output folder has its own.
func (d disk) forward(target, part string, done *Record) error {
	old, err := ReadRecord(target)
	if err != nil {
		return err
	}
	var news, changes []File
	results := -1
	for i := range done.Files {
		f := done.Files[i]
		if err := vacant(target, f.Name, old, &f); err != nil {
			return err
		}
		state, err := Compare(target, f)
		if err != nil {
			return err
		}
		switch {
		case state == Same:
		case f.Name == ResultsFile:
			results = i
		case state == Missing:
			news = append(news, f)
		default:
			changes = append(changes, f)
		}
	}
	if err := d.move(target, part, news); err != nil {
		return err
	}
	if len(changes) > 0 && results >= 0 {
		// From here to the end the folder holds old files and new ones, and no results.
		if err := d.remove(filepath.Join(target, ResultsFile)); err != nil {
			return err
		}
	}
	if err := d.move(target, part, changes); err != nil {
		return err
	}
	if results >= 0 {
		if err := d.move(target, part, done.Files[results:results+1]); err != nil {
			return err
		}
	}
	kept, err := d.removeOld(target, old, done)
	if err != nil {
		return err
	}
	syncFolder(target)
	final := *done
	final.Files = slices.Concat(done.Files, kept)
	if err := d.write(&final, target); err != nil {
		return err
	}
	// One that was being written when an earlier try was killed.
	if err := removeBeginnings(target); err != nil {
		return err
	}
	return d.removePart(part, done)
}

// move renames files from part to the target, where they may replace others. One that is
// in neither was removed by somebody, which the record of the target will show.
func (d disk) move(target, part string, files []File) error {
	for _, f := range files {
		if err := makeFolders(target, f.Name); err != nil {
			return err
		}
		name := filepath.FromSlash(f.Name)
		err := d.rename(filepath.Join(part, name), filepath.Join(target, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeOld removes the files of the old record that the new one does not have, and returns
// those that stay the program's all the same.
func (d disk) removeOld(target string, old, done *Record) (kept []File, err error) {
	if old == nil {
		return nil, nil
	}
	for _, f := range old.Files {
		switch {
		case done.file(f.Name) != nil:
		case strings.HasPrefix(f.Name, VerifyPrefix) && old.Study == done.Study && old.Data == done.Data:
			kept = append(kept, f)
		default:
			if err := d.removeOwn(target, f); err != nil {
				return nil, err
			}
		}
	}
	return kept, nil
}

// removePart removes what is the program's of a folder of work whose files were committed.
func (d disk) removePart(part string, done *Record) error {
	if err := d.removeUnits(part, true); err != nil {
		return err
	}
	for _, f := range done.Files { // those that the output folder had already
		if err := d.removeOwn(part, f); err != nil {
			return err
		}
	}
	for _, f := range done.Files {
		removeParents(part, []string{f.Name})
	}
	if err := removeBeginnings(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Last, so that what is left of it is always known for the program's.
	if err := d.remove(filepath.Join(part, RecordName)); err != nil {
		return err
	}
	os.Remove(part) // fails, as it should, if something of somebody else's is in it
	return nil
}
