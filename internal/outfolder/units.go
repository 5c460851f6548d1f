package outfolder

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/internal/wholefile"
)

// UnitsDir is the folder, in one of unfinished work, of the finished units.
const UnitsDir = ".units"

// Units keeps finished units of work in a folder, one file each, which says of itself what
// it is a unit of and what files belong to it, with a checksum. One that is damaged, is of
// other work, or whose files are not as they were, counts as absent. It belongs to one
// goroutine.
type Units struct {
	root    string // the folder of the work
	of      Ticket
	whole   bool            // an absent unit is an error: it should be there
	pending []File          // of the next unit
	files   map[string]File // of all units that were loaded or saved
}

// unitHead is what a unit says of itself.
type unitHead struct {
	Key   string `json:"key"`
	Study string `json:"study_sha256"`
	Data  string `json:"data_sha256"`
	Kolmo string `json:"kolmo"`
	Files []File `json:"files"`
}

const (
	unitStart = "kolmo unit 1 "
	unitLimit = 1 << 30 // bytes
)

func newUnits(root string, of Ticket) *Units {
	return &Units{root: root, of: of, files: make(map[string]File)}
}

// Belongs tells that the file name of the folder, which is finished, belongs to the unit
// that is saved next.
func (u *Units) Belongs(name string) error {
	f, err := Sum(u.root, name)
	if err == nil {
		u.pending = append(u.pending, f)
	}
	return err
}

// Files returns the files that belong to the units that were loaded or saved, by name.
func (u *Units) Files() []File {
	var out []File
	for _, name := range slices.Sorted(maps.Keys(u.files)) {
		out = append(out, u.files[name])
	}
	return out
}

// Load returns the unit with the key, nil if there is none.
func (u *Units) Load(key string) ([]byte, error) {
	unit, files, why, err := u.load(key)
	if err != nil {
		return nil, err
	}
	if why != "" {
		if u.whole {
			return nil, fault("the unit %s is %s; compute the shard again with --fresh", key, why)
		}
		return nil, nil
	}
	for _, f := range files {
		u.files[f.Name] = f
	}
	return unit, nil
}

func (u *Units) load(key string) (unit []byte, files []File, why string, err error) {
	if err := checkParents(u.root, UnitsDir+"/"+key); err != nil {
		return nil, nil, "", err
	}
	b, err := ReadFile(u.path(key), unitLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, "missing", nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	head, unit, ok := parseUnit(b)
	switch {
	case !ok || head.Key != key:
		return nil, nil, "damaged", nil
	case head.Study != u.of.Study || head.Data != u.of.Data || head.Kolmo != u.of.Kolmo:
		return nil, nil, "of another study, other data or another version of kolmo", nil
	}
	for _, f := range head.Files {
		state, err := Compare(u.root, f)
		switch {
		case err != nil:
			return nil, nil, "", err
		case state == Missing:
			return nil, nil, "without its file " + f.Name, nil
		case state == Changed:
			return nil, nil, "older than its file " + f.Name + ", which was changed", nil
		}
	}
	return unit, head.Files, "", nil
}

// Save keeps a unit, with the files that were said to belong to it. It is whole or absent
// afterwards.
func (u *Units) Save(key string, unit []byte) error {
	if err := makeFolders(u.root, UnitsDir+"/"+key); err != nil {
		return err
	}
	text, err := formatUnit(&unitHead{Key: key, Study: u.of.Study, Data: u.of.Data, Kolmo: u.of.Kolmo, Files: u.pending}, unit)
	if err == nil {
		err = wholefile.WriteBytes(u.path(key), text)
	}
	if err != nil {
		return err
	}
	for _, f := range u.pending {
		u.files[f.Name] = f
	}
	u.pending = nil
	return nil
}

func (u *Units) path(key string) string {
	return filepath.Join(u.root, UnitsDir, filepath.FromSlash(key))
}

// formatUnit returns a unit as it is stored: a line that says what it is, the unit, and
// the checksum of both.
func formatUnit(head *unitHead, unit []byte) ([]byte, error) {
	line, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	b := slices.Concat([]byte(unitStart), line, []byte("\n"), unit)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// parseUnit reads a stored unit; ok is false if it is damaged.
func parseUnit(b []byte) (head *unitHead, unit []byte, ok bool) {
	end := len(b) - sha256.Size
	if end < 0 || !bytes.HasPrefix(b, []byte(unitStart)) {
		return nil, nil, false
	}
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return nil, nil, false
	}
	line, unit, ok := bytes.Cut(b[len(unitStart):end], []byte("\n"))
	head = new(unitHead)
	if !ok || json.Unmarshal(line, head) != nil {
		return nil, nil, false
	}
	for _, f := range head.Files {
		if !usable(f.Name) {
			return nil, nil, false
		}
	}
	return head, unit, true
}

// any reports that there is a unit.
func (u *Units) any() bool {
	found := false
	walkUnits(u.root, func(_ string, unfinished bool) error {
		if unfinished {
			return nil
		}
		found = true
		return fs.SkipAll
	})
	return found
}

// walkUnits calls visit for every unit below the folder root, whole or being written when
// the program was killed. What is neither, by its content, is somebody else's.
func walkUnits(root string, visit func(path string, unfinished bool) error) error {
	dir := filepath.Join(root, UnitsDir)
	if err := checkFolder(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		start, err := firstBytes(path, len(unitStart))
		if err != nil {
			return err
		}
		unfinished := wholefile.IsUnfinished(d.Name())
		if !strings.HasPrefix(unitStart, string(start)) || !unfinished && len(start) < len(unitStart) {
			return nil
		}
		return visit(path, unfinished)
	})
}

// firstBytes returns at most n bytes of the beginning of a plain file.
func firstBytes(path string, n int) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, n)
	k, err := f.ReadAt(b, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b[:k], err
}

// removeUnits removes the units of a folder, or only those being written when the program
// was killed, and folders of theirs that are empty then.
func (d disk) removeUnits(root string, all bool) error {
	err := walkUnits(root, func(path string, unfinished bool) error {
		if !all && !unfinished {
			return nil
		}
		return d.remove(path)
	})
	if err != nil || !all {
		return err
	}
	return removeEmpty(filepath.Join(root, UnitsDir))
}

// removeEmpty removes a folder and those in it that are empty, innermost first.
func removeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() {
			if err := removeEmpty(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	os.Remove(dir) // fails, as it should, if something is in it
	return nil
}
