package outfolder

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// errKilled stands for a kill.
var errKilled = errors.New("killed")

// killAfter returns a disk that ends all changes after the first k.
func killAfter(k int) (d disk, killed *bool) {
	killed = new(bool)
	n := 0
	return disk{before: func() error {
		if n++; n > k {
			*killed = true
			return errKilled
		}
		return nil
	}}, killed
}

// A commit that is killed before any of its changes, and its completion too, leaves the old
// results or the new ones whole, never a mix that has results, and no file of the user's
// changed; the next run finds one or the other.
func TestCommitKilledAnywhere(t *testing.T) {
	t.Parallel()
	type files []string
	oldFiles := files{ResultsFile, StudyFile, "report.html", "decay.csv", "fields/a-modified-eta1_4.nc"}
	newFiles := files{ResultsFile, StudyFile, "report.html", "gap.csv", "fields/a-modified-eta1_4.nc", "fields/a-modified-eta1_8.nc"}
	for _, c := range []struct {
		name        string
		before      Ticket // "": no results before
		was         string
		next        Ticket
		exists      bool
		oldF, nextF files
	}{
		{"new folder", Ticket{}, "", own, false, nil, newFiles},
		{"empty folder", Ticket{}, "", own, true, nil, newFiles},
		{"the same again", own, "new", own, true, newFiles, newFiles},
		{"other numbers", own, "old", own, true, oldFiles, newFiles},
		{"another study", other, "old", own, true, oldFiles, newFiles},
		{"fewer files", other, "old", own, true, newFiles, files{ResultsFile}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mine := map[string]string{"notes.txt": "mine", "fields/mine.nc": "mine", ".kolmo.json": "mine"}
			for k := 0; ; k++ {
				target := filepath.Join(t.TempDir(), "study")
				old, next := map[string]string{}, map[string]string{}
				if c.exists {
					if err := os.Mkdir(target, 0o755); err != nil {
						t.Fatal(err)
					}
				}
				if c.before.Study != "" {
					run(t, target, c.before, c.was, false, c.oldF...)
					for name, text := range mine {
						put(t, filepath.Join(target, name), text)
						old[name], next[name] = text, text
					}
				}
				for _, name := range c.oldF {
					old[name] = c.was + " " + name
				}
				for _, name := range c.nextF {
					next[name] = "new " + name
				}
				w, err := begin(target, c.next, true)
				if err != nil {
					t.Fatal(err)
				}
				fill(t, w, "new", c.nextF...)
				d, killed := killAfter(k)
				w.folder.disk = d
				err = w.Commit()
				if *killed != errors.Is(err, errKilled) && err == nil {
					t.Fatalf("%d: commit ended with %v", k, err)
				}
				unlock(w.lock) // what a kill does
				check := func(when string) (isNew bool) {
					t.Helper()
					isNew = looks(t, fmt.Sprintf("%d, %s", k, when), target, old, next)
					if t.Failed() {
						t.FailNow()
					}
					return isNew
				}
				isNew := check("killed")
				// The completion is killed too, ever later.
				for j := 0; ; j++ {
					d, killed := killAfter(j)
					_, err := openFolder(target, d)
					if err != nil && !errors.Is(err, errKilled) {
						t.Fatalf("%d, %d: %v", k, j, err)
					}
					if now := check(fmt.Sprintf("completion killed after %d", j)); isNew && !now {
						t.Fatalf("%d, %d: the new results are gone", k, j)
					}
					if !*killed {
						break
					}
				}
				// The next run finds results that are whole, or goes on from the unit.
				f, err := Open(target)
				if err != nil {
					t.Fatal(err)
				}
				switch yes, err := f.Resumable(c.next); {
				case err != nil:
					t.Fatal(err)
				case !yes && (f.Record == nil || f.Record.Study != c.next.Study || !f.Record.Finished || !same(next, target)):
					t.Fatalf("%d: neither finished nor resumable", k)
				case yes:
					if w, err = f.Begin(c.next, names, false); err != nil {
						if w, err = f.Begin(c.next, names, true); err != nil {
							t.Fatal(err)
						}
					}
					fill(t, w, "new", c.nextF...)
					if err := w.Commit(); err != nil {
						t.Fatal(err)
					}
					w.End(false)
				}
				got := tree(t, target)
				delete(got, RecordName)
				if !maps.Equal(got, next) {
					t.Fatalf("%d: at last the folder holds %v, want %v", k, got, next)
				}
				wantOnly(t, filepath.Dir(target), "study")
				if !*killed {
					if k < 3 {
						t.Errorf("a commit has %d changes only", k)
					}
					break
				}
			}
		})
	}
}

// wantOnly fails unless the folder holds the one name.
func wantOnly(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Fatalf("%s holds %v, %v", dir, entries, err)
	}
}

// same reports that the target has the files.
func same(files map[string]string, target string) bool {
	for name, text := range files {
		if b, err := os.ReadFile(filepath.Join(target, name)); err != nil || string(b) != text {
			return false
		}
	}
	return true
}

// looks fails if results.json stands beside files that are not all of its kind, if a file of
// the old or of the new results is nowhere while it should be, or if a user's file changed.
// It reports that the new results are there.
func looks(t *testing.T, when, target string, old, next map[string]string) bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(target, ResultsFile))
	if err == nil {
		if string(b) == next[ResultsFile] && same(next, target) {
			return true
		}
		if string(b) != old[ResultsFile] || !same(old, target) {
			t.Errorf("%s: the results are those of neither", when)
		}
		return false
	}
	if len(old) == 0 {
		return false
	}
	// Between: what is new is whole in both places together, and so are the user's files.
	for name, text := range next {
		b, err := os.ReadFile(filepath.Join(target, name))
		if err == nil && string(b) == text {
			continue
		}
		if b, err = os.ReadFile(filepath.Join(target, partName, name)); err != nil || string(b) != text {
			t.Errorf("%s: %s is nowhere", when, name)
		}
	}
	return false
}

// What the user puts in the way while the work is done stops its commit; once it is moved
// the work goes on, and nothing is lost.
func TestCommitMeetsAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "study")
	for _, exists := range []bool{false, true} {
		w, err := begin(target, own, true)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, w, fmt.Sprint("new ", exists), ResultsFile, "gap.csv")
		put(t, filepath.Join(target, "gap.csv"), "mine")
		wantFault(t, w.Commit(), map[bool]string{false: "was made by somebody else", true: "gap.csv was changed since kolmo wrote it"}[exists])
		w.End(w.HasUnits())
		if b, err := os.ReadFile(filepath.Join(target, "gap.csv")); err != nil || string(b) != "mine" {
			t.Fatalf("the user's file is %q, %v", b, err)
		}
		if exists {
			err = os.Remove(filepath.Join(target, "gap.csv"))
		} else {
			err = os.RemoveAll(target)
		}
		if err != nil {
			t.Fatal(err)
		}
		if w, err = begin(target, own, false); err != nil {
			t.Fatal(err)
		}
		if !w.Resumed && !same(map[string]string{ResultsFile: fmt.Sprint("new ", exists, " ", ResultsFile)}, target) {
			t.Error("what was finished is gone")
		}
		fill(t, w, fmt.Sprint("new ", exists), ResultsFile, "gap.csv")
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		w.End(false)
	}
}

// Files of units must be there at the end.
func TestCommitMissesAFile(t *testing.T) {
	t.Parallel()
	const field = "fields/a-modified-eta1_4.nc"
	for _, change := range []func(path string) error{
		os.Remove,
		func(path string) error { return os.Truncate(path, 3) },
		func(path string) error { return os.WriteFile(path, []byte("new fields/b-modified-eta1_4.nc"), 0o644) },
		func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
		func(path string) error { return errors.Join(os.Remove(path), os.Symlink(RecordName, path)) },
	} {
		target := filepath.Join(t.TempDir(), "study")
		w, err := begin(target, own, false)
		if err != nil {
			t.Fatal(err)
		}
		fill(t, w, "new", ResultsFile, field)
		if err := change(filepath.Join(w.Dir, field)); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err == nil {
			t.Error("committed without its field")
		}
		w.End(w.HasUnits())
		if _, err := os.Lstat(target); err == nil {
			t.Error("the output folder is there")
		}
		if w, err = begin(target, own, false); err != nil {
			t.Fatal(err)
		}
		if b, err := w.Units.Load("gap/1_4/modified"); b != nil && err == nil {
			t.Error("the unit is there without its field")
		}
		w.End(false)
	}
}
