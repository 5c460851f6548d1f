package outfolder

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// own is the work of the tests, and other work of another study.
var (
	own   = Ticket{Kolmo: "1", Study: strings.Repeat("a", 64), Data: strings.Repeat("b", 64), Studies: []string{"gap"}}
	other = Ticket{Kolmo: "1", Study: strings.Repeat("c", 64), Data: strings.Repeat("b", 64), Studies: []string{"gap"}}
)

// names are what the work may write.
var names = []string{ResultsFile, StudyFile, "report.html", "gap.csv", "decay.csv", "fields/a-modified-eta1_4.nc", "fields/a-modified-eta1_8.nc"}

// put writes a file and the folders above it.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree returns the files below dir with what they hold; a folder that is empty ends with a
// slash, and a link holds what it points to.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case d.IsDir():
			entries, err := os.ReadDir(path)
			if len(entries) == 0 {
				files[name+"/"] = ""
			}
			return err
		case d.Type()&fs.ModeSymlink != 0:
			files[name], err = os.Readlink(path)
		case d.Type().IsRegular():
			var b []byte
			b, err = os.ReadFile(path)
			files[name] = string(b)
		default:
			files[name] = d.Type().String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wantTree fails unless dir holds what it did.
func wantTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := tree(t, dir)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if text, ok := got[name]; !ok {
			t.Errorf("%s is gone", name)
		} else if text != want[name] {
			t.Errorf("%s holds %q, want %q", name, text, want[name])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is too much", name)
		}
	}
}

// begin opens a folder and takes it for work.
func begin(path string, t Ticket, fresh bool) (*Work, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return f.Begin(t, names, fresh)
}

// run does the work of a ticket whose files hold the text.
func run(t *testing.T, path string, ticket Ticket, text string, fresh bool, files ...string) {
	t.Helper()
	w, err := begin(path, ticket, fresh)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, text, files...)
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	w.End(false)
}

// fill writes a unit and files, all that hold the text and their name.
func fill(t *testing.T, w *Work, text string, files ...string) {
	t.Helper()
	for _, name := range files {
		put(t, filepath.Join(w.Dir, name), text+" "+name)
		if strings.HasPrefix(name, "fields/") {
			if err := w.Units.Belongs(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Units.Save("gap/1_4/modified", []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, err error, says string) {
	t.Helper()
	var bad *Fault
	if !errors.As(err, &bad) || !strings.Contains(bad.Error(), says) {
		t.Errorf("error %v, want a fault that says %q", err, says)
	}
}

// Two runs cannot write to one folder at a time, whether it exists or not; what is not the
// program's stops a run before it changes anything.
func TestWorkIsExclusive(t *testing.T) {
	t.Parallel()
	for _, exists := range []bool{false, true} {
		dir := t.TempDir()
		target := filepath.Join(dir, "a", "study")
		if exists {
			if err := os.MkdirAll(target, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		before := tree(t, dir)
		w, err := begin(target, own, false)
		if err != nil {
			t.Fatal(err)
		}
		during := tree(t, dir)
		if _, err := begin(target, own, false); err == nil || !strings.Contains(err.Error(), "another run is writing") {
			t.Errorf("a second run got %v", err)
		}
		wantTree(t, dir, during)
		put(t, filepath.Join(w.Dir, ResultsFile), "half")
		put(t, filepath.Join(w.Dir, "fields", ".a-modified-eta1_4.nc.new"), "half")
		w.End(false)
		wantTree(t, dir, before)
		if w, err = begin(target, own, false); err != nil {
			t.Fatalf("after the end: %v", err)
		}
		put(t, filepath.Join(w.Dir, "notes.txt"), "mine")
		w.End(false)
		if text := tree(t, dir); !slices.Contains(slices.Collect(maps.Values(text)), "mine") {
			t.Errorf("a file of the user's in the folder of the work is gone: %v", text)
		}
	}
}

// obstacles are things of the user's that have a name which the program uses.
func obstacles(t *testing.T, base string) map[string]func(path string) {
	precious := filepath.Join(base, "precious")
	put(t, filepath.Join(precious, "thesis.txt"), "mine")
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	return map[string]func(path string){
		"link to a folder": func(path string) { check(os.Symlink(precious, path)) },
		"link to a file":   func(path string) { check(os.Symlink(filepath.Join(precious, "thesis.txt"), path)) },
		"link to nowhere":  func(path string) { check(os.Symlink("nowhere", path)) },
		"pipe":             func(path string) { check(syscall.Mkfifo(path, 0o644)) },
		"folder":           func(path string) { put(t, filepath.Join(path, "notes.txt"), "mine") },
		"file":             func(path string) { put(t, path, "mine") },
	}
}

// Whatever lies where the program would write is refused at once, fresh or not, and stays.
func TestObstacles(t *testing.T) {
	t.Parallel()
	for kind := range obstacles(t, t.TempDir()) {
		for _, place := range []string{
			".study.part", "study", "study/.kolmo.part", "study/" + RecordName, "study/results.json", "study/study.yaml",
			"study/report.html", "study/fields", "study/fields/a-modified-eta1_4.nc",
		} {
			for _, before := range []string{"nothing", "results", "unfinished"} {
				if before == "nothing" && (place == "study" && (kind == "folder" || kind == "link to a folder")) {
					continue // the user's folder may be the output folder
				}
				dir := t.TempDir()
				target := filepath.Join(dir, "study")
				put(t, filepath.Join(dir, "keep.txt"), "mine")
				switch before {
				case "results":
					run(t, target, own, "old", false, names...)
				case "unfinished":
					run(t, target, own, "old", false, names...)
					w, err := begin(target, own, true)
					if err != nil {
						t.Fatal(err)
					}
					fill(t, w, "new", "fields/a-modified-eta1_8.nc")
					w.End(true)
				}
				path := filepath.Join(dir, place)
				if before != "nothing" && (place == ".study.part" || place == "study") {
					continue // no place of the program's where the output folder exists
				}
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.RemoveAll(path); err != nil {
					t.Fatal(err)
				}
				obstacles(t, dir)[kind](path)
				if before == "unfinished" && place == "study/fields" && kind == "folder" {
					continue // a folder of the same name is no obstacle
				}
				was := tree(t, dir)
				for _, fresh := range []bool{false, true} {
					if place == "study/fields" && kind == "folder" && (fresh || before == "results") {
						continue
					}
					w, err := begin(target, own, fresh)
					if err == nil {
						t.Errorf("%s is a %s, after %s, fresh %v: taken", place, kind, before, fresh)
						w.End(false)
						continue
					}
					var bad *Fault
					if !errors.As(err, &bad) && !(place == "study" && kind == "file") && !(place == "study" && kind == "link to a file") {
						t.Errorf("%s is a %s, after %s: %v is no fault", place, kind, before, err)
					}
					wantTree(t, dir, was)
				}
				if t.Failed() {
					t.Fatalf("%s is a %s, after %s", place, kind, before)
				}
			}
		}
	}
}

// A link to a folder that the user names is followed once; what it is named in may be a
// link too, but none to nowhere.
func TestLinksThatAreFollowed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "real"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"link": "real", "gone": "nowhere", "loop": "loop"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	run(t, filepath.Join(dir, "link"), own, "new", false, ResultsFile)
	run(t, filepath.Join(dir, "link", "below", "study"), own, "new", false, ResultsFile)
	for _, name := range []string{"real/results.json", "real/below/study/results.json"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	was := tree(t, dir)
	for _, name := range []string{"gone", "gone/study", "loop", "loop/study"} {
		_, err := begin(filepath.Join(dir, name), own, false)
		wantFault(t, err, "is a link to")
	}
	wantTree(t, dir, was)
}

// What was changed since it was recorded is the user's, and so is what never was.
func TestUsersFilesStay(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	run(t, target, own, "old", false, names...)
	for _, name := range []string{"notes.txt", "fields/mine.nc", "fields/z-modified-eta1_4.nc", "time.png", ".hidden"} {
		put(t, filepath.Join(target, name), "mine")
	}
	put(t, filepath.Join(target, "decay.csv"), "edited")
	_, err := begin(target, other, true)
	wantFault(t, err, "decay.csv was changed since kolmo wrote it")
	if err := os.Remove(filepath.Join(target, "decay.csv")); err != nil {
		t.Fatal(err)
	}
	run(t, target, other, "new", true, ResultsFile, "fields/a-modified-eta1_8.nc")
	got := tree(t, target)
	delete(got, RecordName)
	want := map[string]string{
		"notes.txt": "mine", "fields/mine.nc": "mine", "fields/z-modified-eta1_4.nc": "mine", "time.png": "mine", ".hidden": "mine",
		ResultsFile: "new " + ResultsFile, "fields/a-modified-eta1_8.nc": "new fields/a-modified-eta1_8.nc",
	}
	if !maps.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

// A folder that is not empty and has no record is written to only beside what is there.
func TestFoldersWithoutRecord(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "mine")
	put(t, filepath.Join(target, "notes.txt"), "mine")
	put(t, filepath.Join(target, "fields", "notes.txt"), "mine")
	was := tree(t, target)
	_, err := begin(target, own, false)
	wantFault(t, err, "is not empty and has no record")
	wantTree(t, target, was)
	run(t, target, own, "new", true, ResultsFile, "fields/a-modified-eta1_4.nc")
	run(t, target, other, "newer", true, ResultsFile)
	got := tree(t, target)
	delete(got, RecordName)
	was[ResultsFile] = "newer " + ResultsFile
	if !maps.Equal(got, was) {
		t.Errorf("the folder holds %v, want %v", got, was)
	}
}

// What is finished stays for the same work and no other; the rest of what the program
// wrote goes.
func TestResume(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	w, err := begin(target, own, false)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, "new", "fields/a-modified-eta1_4.nc")
	for _, name := range []string{"gap.csv", ".gap.csv.0123abcd.part", "fields/a-modified-eta1_8.nc.part", "fields/.a-modified-eta1_8.nc.new", "notes.txt", "fields/mine.part"} {
		put(t, filepath.Join(w.Dir, name), "x")
	}
	put(t, filepath.Join(w.Dir, UnitsDir, "gap", "1_4", ".first.0123abcd.part"), "kolmo unit")
	put(t, filepath.Join(w.Dir, UnitsDir, "gap", "1_4", ".mine.0123abcd.part"), "mine")
	dir := w.Dir
	w.End(true)
	f, err := Open(target)
	if err != nil {
		t.Fatal(err)
	}
	if yes, err := f.Resumable(own); !yes || err != nil {
		t.Errorf("resumable: %v, %v", yes, err)
	}
	for how, change := range map[string]func(*Ticket){
		"of another study":           func(t *Ticket) { t.Study = other.Study },
		"with other data":            func(t *Ticket) { t.Data = strings.Repeat("d", 64) },
		"of other kinds of studies":  func(t *Ticket) { t.Studies = []string{"decay"} },
		"by another version":         func(t *Ticket) { t.Kolmo = "2" },
		"of other kinds of studies ": func(t *Ticket) { t.Only = "gap" },
	} {
		o := own
		change(&o)
		if yes, err := f.Resumable(o); yes || err != nil {
			t.Errorf("resumable %s: %v, %v", how, yes, err)
		}
		_, err := begin(target, o, false)
		wantFault(t, err, "holds unfinished work "+how)
	}
	if w, err = begin(target, own, false); err != nil {
		t.Fatal(err)
	}
	if b, err := w.Units.Load("gap/1_4/modified"); string(b) != "new" || err != nil || !w.Resumed {
		t.Errorf("unit %q, %v, resumed %v", b, err, w.Resumed)
	}
	got := slices.Sorted(maps.Keys(tree(t, dir)))
	want := []string{RecordName, ".units/gap/1_4/.mine.0123abcd.part", ".units/gap/1_4/modified", "fields/a-modified-eta1_4.nc", "fields/mine.part", "notes.txt"}
	if !slices.Equal(got, want) {
		t.Errorf("the folder of the work holds %q, want %q", got, want)
	}
	// What a program being started holds of the lock until it is executed does not keep the
	// folder locked.
	started, err := syscall.Dup(int(w.lock.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(started)
	w.End(true)
	if w, err = begin(target, other, true); err != nil {
		t.Fatal(err)
	}
	if w.HasUnits() || w.Resumed {
		t.Error("a fresh start has units")
	}
	w.End(false)
	got = slices.Sorted(maps.Keys(tree(t, dir)))
	want = []string{RecordName, ".units/gap/1_4/.mine.0123abcd.part", "fields/mine.part", "notes.txt"}
	if !slices.Equal(got, want) {
		t.Errorf("the folder of the work holds %q, want %q", got, want)
	}
}

// A killed run may leave a folder without a record, or with the beginning of one: it is the
// program's, and nothing else is.
func TestFirstMoment(t *testing.T) {
	t.Parallel()
	for text, ours := range map[string]bool{"": true, "{\n  \"kolm": true, recordStart + "1,\n": true, "mine": false} {
		target := filepath.Join(t.TempDir(), "study")
		part := filepath.Join(filepath.Dir(target), ".study.part")
		put(t, filepath.Join(part, "."+RecordName+".0123abcd.part"), text)
		was := tree(t, part)
		w, err := begin(target, own, false)
		if !ours {
			wantFault(t, err, "which is not its own")
			wantTree(t, part, was)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		w.End(false)
		wantTree(t, filepath.Dir(target), map[string]string{})
	}
}

// What an unfinished shard has of the user's inputs is recorded from the beginning: the
// user's once it is changed.
func TestKeep(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "shard")
	shard := own
	shard.Shard = "1/2"
	for i, text := range []string{"study", "study", "edited", "study"} {
		f, err := Open(target)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			put(t, filepath.Join(target, StudyFile), text)
		}
		w, err := f.BeginShard(shard, names, false)
		if text == "edited" {
			wantFault(t, err, "study.yaml was changed since kolmo wrote it")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(w.Dir, StudyFile), "study")
		if err := w.Keep(StudyFile); err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			put(t, filepath.Join(target, StudyFile), "edited")
			if err := w.CommitShard(); err == nil {
				t.Error("a shard is finished with a study that was edited")
			}
		}
		if err := w.Units.Save("gap/1_4/modified", nil); err != nil {
			t.Fatal(err)
		}
		w.End(true)
	}
}

// The folder of a shard takes no results, and that of results no shard; a shard that starts
// over removes what the program wrote.
func TestShards(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "shard")
	shard := own
	shard.Shard = "1/2"
	start := func(ticket Ticket, fresh bool) (*Work, error) {
		f, err := Open(target)
		if err != nil {
			return nil, err
		}
		return f.BeginShard(ticket, names, fresh)
	}
	w, err := start(shard, false)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, "new", StudyFile, "fields/a-modified-eta1_4.nc")
	if err := w.CommitShard(); err != nil {
		t.Fatal(err)
	}
	w.End(false)
	put(t, filepath.Join(target, "notes.txt"), "mine")
	put(t, filepath.Join(target, "fields", "mine.nc"), "mine")
	was := tree(t, target)
	for _, fresh := range []bool{false, true} {
		_, err := begin(target, own, fresh)
		wantFault(t, err, "holds shard 1/2")
	}
	put(t, filepath.Join(target, StudyFile), "mine")
	if w, err = start(shard, false); err == nil {
		t.Error("a changed study was taken")
		w.End(true)
	}
	put(t, filepath.Join(target, StudyFile), "new "+StudyFile)
	second := shard
	second.Study = other.Study
	_, err = start(second, false)
	wantFault(t, err, "holds finished work of another study")
	wantTree(t, target, was)
	put(t, filepath.Join(target, StudyFile), "edited")
	_, err = start(shard, true)
	wantFault(t, err, "study.yaml was changed since kolmo wrote it")
	put(t, filepath.Join(target, StudyFile), "new "+StudyFile)
	wantTree(t, target, was)
	if w, err = start(second, true); err != nil {
		t.Fatal(err)
	}
	if w.HasUnits() {
		t.Error("a fresh start has units")
	}
	if r, err := ReadRecord(target); err != nil || r.Finished || r.Study != second.Study {
		t.Errorf("record %v, %v", r, err)
	}
	w.End(true)
	got := tree(t, target)
	delete(got, RecordName)
	if want := map[string]string{"notes.txt": "mine", "fields/mine.nc": "mine", ".units/": ""}; !maps.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
	results := filepath.Join(filepath.Dir(target), "results")
	run(t, results, own, "new", false, ResultsFile)
	f, err := Open(results)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.BeginShard(shard, names, true)
	wantFault(t, err, "holds no shard")
}

// A recorded file that the new results do not have goes if it is as it was, and stays if it
// was changed.
func TestOldFiles(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	run(t, target, own, "old", false, names...)
	put(t, filepath.Join(target, "decay.csv"), "edited")
	f, err := Open(target)
	if err != nil {
		t.Fatal(err)
	}
	w, err := f.Begin(other, []string{ResultsFile}, true)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, w, "new", ResultsFile)
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	w.End(false)
	got := tree(t, target)
	delete(got, RecordName)
	if want := map[string]string{ResultsFile: "new " + ResultsFile, "decay.csv": "edited"}; !maps.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

// Files of verifications are added to results of the same study, stay when these are
// computed again, and go with those of another study.
func TestAdd(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	const name = VerifyPrefix + "csv"
	add := func(ticket Ticket, commit bool) error {
		f, err := Open(target)
		if err != nil {
			return err
		}
		a, err := f.Add(ticket, []string{name})
		if err != nil {
			return err
		}
		defer a.End()
		if !commit {
			return nil
		}
		put(t, filepath.Join(target, name), "verified")
		return a.Commit()
	}
	if err := add(own, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(target); err == nil {
		t.Error("a folder that nothing was added to is there")
	}
	for range 2 {
		if err := add(own, true); err != nil {
			t.Fatal(err)
		}
	}
	for _, fresh := range []bool{false, true} {
		run(t, target, own, "new", fresh, ResultsFile)
		if b, err := os.ReadFile(filepath.Join(target, name)); err != nil || string(b) != "verified" {
			t.Errorf("%s is %q, %v", name, b, err)
		}
	}
	wantFault(t, add(other, true), "holds another study")
	put(t, filepath.Join(target, name), "edited")
	was := tree(t, target)
	wantFault(t, add(own, true), name+" was changed since kolmo wrote it")
	wantTree(t, target, was)
	put(t, filepath.Join(target, name), "verified")
	run(t, target, other, "new", true, ResultsFile)
	if _, err := os.Lstat(filepath.Join(target, name)); err == nil {
		t.Error("the verification of another study is there")
	}
	put(t, filepath.Join(target, name), "mine")
	was = tree(t, target)
	wantFault(t, add(other, true), "is not kolmo's")
	wantTree(t, target, was)
}

// TestBeginningsOfRecords: what a kill in the midst of writing a record leaves, whichever
// record it was, is not in the finished folder.
func TestBeginningsOfRecords(t *testing.T) {
	for _, text := range []string{"", recordStart[:5], recordStart + "1"} {
		for _, fresh := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "out")
			w, err := begin(dir, own, false)
			if err != nil {
				t.Fatal(err)
			}
			w.End(true)
			put(t, filepath.Join(w.Dir, "."+RecordName+".0123abcd.part"), text)
			run(t, dir, own, "text", fresh, ResultsFile)
			for name := range tree(t, dir) {
				if strings.HasSuffix(name, ".part") {
					t.Errorf("%q, fresh %v: %s is left", text, fresh, name)
				}
			}
		}
	}
}
