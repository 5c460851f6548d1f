package outfolder

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A unit is of its key, study, data and version, and has its files as they were; anything
// else is none, and an error where all must be there.
func TestUnits(t *testing.T) {
	t.Parallel()
	const key, field = "gap/1_4/modified", "fields/a-modified-eta1_4.nc"
	for name, change := range map[string]func(t *testing.T, w *Work, path string){
		"damaged": func(t *testing.T, w *Work, path string) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b[len(b)/2] ^= 1
			put(t, path, string(b))
		},
		"cut off": func(t *testing.T, w *Work, path string) {
			if err := os.Truncate(path, 40); err != nil {
				t.Fatal(err)
			}
		},
		"empty":            func(t *testing.T, w *Work, path string) { put(t, path, "") },
		"missing":          func(t *testing.T, w *Work, path string) { os.Remove(path) },
		"field is missing": func(t *testing.T, w *Work, path string) { os.Remove(filepath.Join(w.Dir, field)) },
		"field is changed": func(t *testing.T, w *Work, path string) { put(t, filepath.Join(w.Dir, field), "x") },
		"field is a link": func(t *testing.T, w *Work, path string) {
			os.Rename(filepath.Join(w.Dir, field), filepath.Join(w.Dir, "fields", "b"))
			os.Symlink("b", filepath.Join(w.Dir, field))
		},
		"of another key": func(t *testing.T, w *Work, path string) {
			if err := w.Units.Save("gap/1_8/modified", []byte("unit")); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(filepath.Dir(path), "..", "1_8", "modified"), path); err != nil {
				t.Fatal(err)
			}
		},
		"of another study": func(t *testing.T, w *Work, path string) { newUnits(w.Dir, other).Save(key, []byte("unit")) },
		"with other data": func(t *testing.T, w *Work, path string) {
			o := own
			o.Data = ""
			newUnits(w.Dir, o).Save(key, []byte("unit"))
		},
		"of another version": func(t *testing.T, w *Work, path string) {
			o := own
			o.Kolmo = "2"
			newUnits(w.Dir, o).Save(key, []byte("unit"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := begin(filepath.Join(t.TempDir(), "study"), own, false)
			if err != nil {
				t.Fatal(err)
			}
			defer w.End(true)
			fill(t, w, "unit", field)
			if b, err := w.Units.Load(key); string(b) != "unit" || err != nil {
				t.Fatalf("unit %q, %v", b, err)
			}
			change(t, w, w.Units.path(key))
			if b, err := w.Units.Load(key); b != nil || err != nil {
				t.Errorf("unit %q, %v", b, err)
			}
			w.Whole()
			_, err = w.Units.Load(key)
			wantFault(t, err, "the unit "+key+" is ")
		})
	}
}

// Pipes and links among the units are refused without waiting for anybody.
func TestUnitsThatAreNoFiles(t *testing.T) {
	t.Parallel()
	for kind := range obstacles(t, t.TempDir()) {
		if kind == "file" || kind == "folder" {
			continue
		}
		for _, place := range []string{UnitsDir, UnitsDir + "/gap", UnitsDir + "/gap/1_4/modified"} {
			dir := t.TempDir()
			target := filepath.Join(dir, "study")
			w, err := begin(target, own, false)
			if err != nil {
				t.Fatal(err)
			}
			fill(t, w, "unit")
			path := filepath.Join(w.Dir, place)
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			obstacles(t, dir)[kind](path)
			_, err = w.Units.Load("gap/1_4/modified")
			wantFault(t, err, "where kolmo needs a ")
			if err := w.Units.Save("gap/1_8/modified", nil); place != UnitsDir+"/gap/1_4/modified" && err == nil {
				t.Errorf("%s is a %s: a unit was saved", place, kind)
			}
			w.End(true)
			if b, err := os.ReadFile(filepath.Join(dir, "precious", "thesis.txt")); err != nil || string(b) != "mine" {
				t.Errorf("what the link points to is %q, %v", b, err)
			}
		}
	}
}

func FuzzUnit(f *testing.F) {
	for _, unit := range []string{"", "unit"} {
		b, err := formatUnit(&unitHead{Key: "gap/1_4/modified", Study: own.Study, Files: []File{{"fields/a.nc", 3, own.Study}}}, []byte(unit))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-1])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		head, unit, ok := parseUnit(b)
		if !ok {
			// Its checksum made right, so that what is behind it is read too.
			sum := sha256.Sum256(b)
			head, unit, ok = parseUnit(slices.Concat(b, sum[:]))
		}
		if !ok {
			return
		}
		again, err := formatUnit(head, unit)
		if err != nil {
			t.Fatal(err)
		}
		head2, unit2, ok := parseUnit(again)
		if !ok || head2.Key != head.Key || string(unit2) != string(unit) || len(head2.Files) != len(head.Files) {
			t.Errorf("%q reads back as another unit", b)
		}
	})
}

// A record, whatever is in it, makes no folder give up a file of the user's or work outside
// itself.
func FuzzRecord(f *testing.F) {
	dir := f.TempDir()
	r := Record{Ticket: own, Finished: true, Files: []File{{"results.json", 3, own.Study}}, Writing: []string{"fields/a.nc"}}
	if err := r.write(dir); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, RecordName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(strings.Replace(string(b), "results.json", "../notes.txt", 1)))
	f.Add([]byte(strings.Replace(string(b), "fields/a.nc", "/etc/passwd", 1)))
	f.Add([]byte(strings.NewReplacer("fields/a.nc", "../notes.txt", "true", "false").Replace(string(b))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, why := parseRecord(b); why != "" {
			return
		}
		dir := t.TempDir()
		put(t, filepath.Join(dir, "notes.txt"), "mine")
		put(t, filepath.Join(dir, "study", "notes.txt"), "mine")
		put(t, filepath.Join(dir, "study", RecordName), string(b))
		put(t, filepath.Join(dir, "study", partName, RecordName), string(b))
		folder, err := Open(filepath.Join(dir, "study"))
		if err != nil {
			return
		}
		w, err := folder.Begin(own, names, true)
		if err != nil {
			return
		}
		fill(t, w, "new", ResultsFile)
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		w.End(false)
		for _, name := range []string{"notes.txt", "study/notes.txt"} {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(text) != "mine" {
				t.Errorf("%s is %q, %v", name, text, err)
			}
		}
	})
}
