package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"kolmo/compare"
	"kolmo/export"
)

// studyFile is the copy of the study in the output folder.
const studyFile = "study.yaml"

// stagingName is the folder inside an existing output folder in which the files
// are made.
const stagingName = ".kolmo.part"

// folder is an output folder, which may not exist yet.
type folder struct{ path string }

// check returns the results in the folder if the study with the given text and
// data is finished there, nil if the folder is free for it, and an error if it
// holds anything else. A shard's folder is refused by place, which comes first.
func (f folder) check(text []byte, dataHash string, studies []string) (*compare.Result, error) {
	switch info, err := os.Stat(f.path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, f.isFile()
	}
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, err
	}
	empty := true
	for _, e := range entries {
		empty = empty && e.Name() == stagingName
	}
	if empty {
		return nil, nil
	}
	before, err := os.ReadFile(filepath.Join(f.path, studyFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("the folder %s is not empty and holds no study; choose another with --out, or --fresh to write there anyway", f.path)
	}
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(before, text) {
		return nil, usage("the folder %s holds another study; choose another with --out, or --fresh to replace it", f.path)
	}
	r, err := export.ReadJSON(filepath.Join(f.path, export.ResultsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil // not finished
	case err != nil:
		return nil, usage("the results in %s cannot be used (%v); --fresh computes them again", f.path, err)
	}
	if err := closeWork(f.path); err != nil { // a run may have ended right before that
		return nil, err
	}
	if hash, _ := r.Run[runDataHash].(string); hash != dataHash {
		return nil, usage("the study's data file has changed since the results in %s; --fresh computes them again", f.path)
	}
	if before, ok := r.Run[runStudies].([]any); ok && fmt.Sprint(before...) != fmt.Sprint(anys(studies)...) {
		return nil, usage("the folder %s holds results of other kinds of studies (%s); choose another with --out, or --fresh to replace them", f.path, strings.Trim(fmt.Sprint(before), "[]"))
	}
	return r, nil
}

// anys returns the strings as values of any type.
func anys(s []string) []any {
	a := make([]any, len(s))
	for i, v := range s {
		a[i] = v
	}
	return a
}

func (f folder) isFile() error { return fmt.Errorf("the output folder %s is a file", f.path) }

// staging is a folder in which a study's files are made, beside the output
// folder, or inside if that exists already. It is locked while it is used, and left as it
// is when the work is interrupted.
type staging struct {
	target string
	dir    string
	inside bool
	units  *unitStore
	lock   *os.File
	made   []string // folders above the target that did not exist, outermost first
}

// place returns where the staging folder is or would be. The folder of a shard is
// refused, fresh or not: its units would be gone.
func (f folder) place() (st *staging, err error) {
	st = new(staging)
	if st.target, err = filepath.Abs(f.path); err != nil {
		return nil, err
	}
	info, err := os.Stat(st.target)
	switch {
	case err == nil && !info.IsDir():
		return nil, f.isFile()
	case err == nil:
		t, err := readTicket(st.target)
		if err != nil {
			return nil, err
		}
		if t != nil && t.Shard != "" {
			return nil, usage("the folder %s holds shard %s; choose another with --out", f.path, t.Shard)
		}
		st.inside = true
		st.dir = filepath.Join(st.target, stagingName)
	case errors.Is(err, fs.ErrNotExist):
		st.dir = filepath.Join(filepath.Dir(st.target), "."+filepath.Base(st.target)+".part")
	default:
		return nil, err
	}
	return st, nil
}

// resumable reports that a staging folder holds finished units of the ticket's work.
func (f folder) resumable(t ticket) (bool, error) {
	st, err := f.place()
	if err != nil {
		return false, err
	}
	old, err := readTicket(st.dir)
	if err != nil || old == nil || t.differs(old) != "" {
		return false, err
	}
	return (&unitStore{dir: filepath.Join(st.dir, unitsDir)}).any(), nil
}

// stage makes the folder for the ticket's work, or takes the one that an interrupted run
// left.
func (f folder) stage(t ticket, fresh bool) (*staging, error) {
	st, err := f.place()
	if err != nil {
		return nil, err
	}
	if err := st.make(f, t, fresh); err != nil {
		st.discard()
		return nil, err
	}
	return st, nil
}

func (st *staging) make(f folder, t ticket, fresh bool) error {
	dir := st.dir
	st.dir = "" // not ours yet
	if !st.inside {
		if err := st.makeParents(filepath.Dir(st.target)); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	var err error
	if st.lock, err = lockFolder(dir, st.target); err != nil {
		return err
	}
	if st.units, err = openWork(dir, f.path, t, fresh); err != nil {
		return err
	}
	st.dir = dir
	return nil
}

// makeParents makes dir and remembers which folders are new.
func (st *staging) makeParents(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := st.makeParents(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	st.made = append(st.made, dir)
	return nil
}

// lockFolder locks a folder for this process; shown names what it is for.
func lockFolder(dir, shown string) (*os.File, error) {
	lock, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	locked := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	// The folder may have been finished and renamed by another run meanwhile.
	held, err := lock.Stat()
	if err == nil {
		var named os.FileInfo
		if named, err = os.Stat(dir); locked && err == nil && os.SameFile(held, named) {
			return lock, nil
		}
	}
	if locked {
		unlock(lock)
	} else {
		lock.Close()
	}
	return nil, fmt.Errorf("another run is writing to %s", shown)
}

// unlock gives up a lock of lockFolder. Closing alone would not: a program being
// started has a copy of the descriptor until it is executed.
func unlock(lock *os.File) {
	_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_UN) // closing is what remains if that fails
	lock.Close()
}

// release leaves the folder for another run to go on.
func (st *staging) release() {
	st.dir, st.made = "", nil
	st.discard()
}

// discard removes the folder and the empty ones above it that it needed. After
// commit only the lock remains to be given up.
func (st *staging) discard() {
	const attempts = 3 // an abandoned task may still add a file
	for i := 0; st.dir != "" && i < attempts; i++ {
		if os.RemoveAll(st.dir) == nil {
			break
		}
	}
	st.dir = ""
	for len(st.made) > 0 {
		last := len(st.made) - 1
		os.Remove(st.made[last]) // fails, as it should, if something is in it
		st.made = st.made[:last]
	}
	if st.lock != nil {
		unlock(st.lock)
		st.lock = nil
	}
}

// commit makes the finished files the output folder's.
func (st *staging) commit() error {
	if !st.inside {
		if err := os.Rename(st.dir, st.target); err != nil {
			return err
		}
		st.dir, st.made = "", nil
		return closeWork(st.target)
	}
	if err := removeOwn(st.target); err != nil {
		return err
	}
	var names []string
	err := filepath.WalkDir(st.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(st.dir, path)
		if err != nil {
			return err
		}
		switch {
		case name == unitsDir:
			return fs.SkipDir
		case name == ticketFile:
			return nil
		case d.IsDir():
			return os.MkdirAll(filepath.Join(st.target, name), 0o755)
		}
		if name != export.ResultsFile {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The results are the last: a folder that has them is finished.
	for _, name := range append(names, export.ResultsFile) {
		if err := os.Rename(filepath.Join(st.dir, name), filepath.Join(st.target, name)); err != nil {
			return err
		}
	}
	done := st.dir
	st.dir = "" // what is left in it is for no other run
	return os.RemoveAll(done)
}

// own are the files that kolmo writes, the results first: a folder without them
// is not finished.
var own = append([]string{
	export.ResultsFile, export.ReportFile,
	export.GapPNGFile, export.GapSVGFile, export.FieldPNGFile, export.FieldSVGFile, export.TimePNGFile, export.TimeSVGFile,
}, export.SectionFiles()...)

// ownFields are the patterns of its field files, OBSERVABLE-MODEL-etaETA.
func ownFields() []string {
	var patterns []string
	for _, ext := range []string{".nc", ".xmf2"} {
		patterns = append(patterns, filepath.Join(export.FieldsDir, "*-*-eta*"+ext))
	}
	return append(patterns, unfinishedFields()...)
}

// unfinishedFields are the patterns of field files that a killed process was writing, or
// whose writing it had just begun.
func unfinishedFields() []string {
	return []string{filepath.Join(export.FieldsDir, "*-*-eta*.nc.part"), filepath.Join(export.FieldsDir, ".*-*-eta*.new")}
}

// removeOwn removes the files that kolmo wrote in a folder that holds a study, and the folder of the fields if
// nothing else is in it.
func removeOwn(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, studyFile)); err != nil {
		return nil // no folder of kolmo's: what is there has another owner
	}
	return removeMatches(dir, slices.Concat(own, ownFields(), []string{studyFile}))
}

// removeMatches removes the files of a folder that match one of the patterns, and the
// folder of the fields if nothing else is in it.
func removeMatches(dir string, patterns []string) error {
	for _, pattern := range patterns {
		matches, err := fs.Glob(os.DirFS(dir), filepath.ToSlash(pattern))
		if err != nil {
			return err
		}
		for _, name := range matches {
			if name == stagingName {
				continue
			}
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	os.Remove(filepath.Join(dir, export.FieldsDir)) // fails, as it should, if something is in it
	return nil
}
