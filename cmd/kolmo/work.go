package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/export"
	"kolmo/internal/kernel"
	"kolmo/internal/wholefile"
	"kolmo/study"
)

// Names in a folder of unfinished work.
const (
	ticketFile = ".kolmo.json" // what the work is for
	unitsDir   = ".units"      // finished units, one file each
)

// ticket says what unfinished work is for: work goes on only with the same study, data,
// kinds of studies and version of kolmo.
type ticket struct {
	Kolmo    string   `json:"kolmo"`
	Study    string   `json:"study_sha256"`
	Data     string   `json:"data_sha256"`
	Studies  []string `json:"studies"`
	Path     string   `json:"path"`    // of the study, as it was given
	Folder   string   `json:"folder"`  // where the study is, absolute
	Out      string   `json:"out"`     // the folder of the results, if no other is named
	Machine  string   `json:"machine"` // operating system, processor, instructions of the hot loops
	Shard    string   `json:"shard"`   // "3/8"; empty: the whole study
	Copied   bool     `json:"copied"`  // the shard's folder has the data, under the study's name for them
	File     string   `json:"file"`    // that name, if they are copied
	Finished bool     `json:"finished"`
}

// machine names what the last bits of results may depend on.
func machine() string {
	return runtime.GOOS + "/" + runtime.GOARCH + " with " + kernel.Instructions()
}

func newTicket(s *study.Study, dataHash string) (ticket, error) {
	folder, err := filepath.Abs(filepath.Dir(s.Path))
	if err != nil {
		return ticket{}, err
	}
	sum := sha256.Sum256(s.Text)
	return ticket{Kolmo: version(), Study: hex.EncodeToString(sum[:]), Data: dataHash, Studies: s.Studies, Path: s.Path, Folder: folder, Machine: machine()}, nil
}

// differs returns how another ticket's work differs from this one's, or "". What it was
// done on does not count: that shows in last bits at most.
func (t *ticket) differs(o *ticket) string {
	switch {
	case t.Study != o.Study:
		return "of another study"
	case t.Data != o.Data:
		return "with other data"
	case !slices.Equal(t.Studies, o.Studies):
		return "of other kinds of studies (" + strings.Join(o.Studies, ", ") + ")"
	case t.Kolmo != o.Kolmo:
		return "by another version of kolmo (" + o.Kolmo + ")"
	case t.Shard != o.Shard && o.Shard == "":
		return "of the whole study"
	case t.Shard != o.Shard:
		return "of shard " + o.Shard
	}
	return ""
}

// readTicket returns a folder's ticket, nil if it has none that can be read.
func readTicket(dir string) (*ticket, error) {
	b, err := os.ReadFile(filepath.Join(dir, ticketFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t := new(ticket)
	if json.Unmarshal(b, t) != nil {
		return nil, nil
	}
	return t, nil
}

func (t *ticket) write(dir string) error {
	b, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		return err
	}
	return wholefile.WriteBytes(filepath.Join(dir, ticketFile), append(b, '\n'))
}

var _ compare.Store = (*unitStore)(nil)

// unitStore keeps finished units in a folder, one file each with its checksum. A file
// that is damaged counts as absent.
type unitStore struct {
	dir   string
	whole bool // an absent unit is an error: it should be there
}

// Load implements compare.Store.
func (s *unitStore) Load(key string) ([]byte, error) {
	b, err := os.ReadFile(s.path(key))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	const size = sha256.Size
	if err == nil && len(b) >= size {
		if sum := sha256.Sum256(b[size:]); bytes.Equal(sum[:], b[:size]) {
			return b[size:], nil
		}
	}
	if s.whole {
		return nil, fmt.Errorf("the unit %s is missing or damaged", key)
	}
	return nil, nil
}

// Save implements compare.Store.
func (s *unitStore) Save(key string, unit []byte) error {
	if err := os.MkdirAll(filepath.Dir(s.path(key)), 0o755); err != nil {
		return err
	}
	sum := sha256.Sum256(unit)
	return wholefile.WriteBytes(s.path(key), append(sum[:], unit...))
}

func (s *unitStore) path(key string) string { return filepath.Join(s.dir, filepath.FromSlash(key)) }

// any reports that the store has a unit.
func (s *unitStore) any() bool {
	found := false
	filepath.WalkDir(s.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// openWork prepares a folder, which exists and is locked, for the ticket's work: what it
// holds of the same work stays, as far as it is finished, and all else is removed, from a
// shard's folder only what kolmo wrote. Work of another kind is refused, unless fresh is
// true. shown names the folder.
func openWork(dir, shown string, t ticket, fresh bool) (*unitStore, error) {
	old, err := readTicket(dir)
	if err != nil {
		return nil, err
	}
	store := &unitStore{dir: filepath.Join(dir, unitsDir)}
	keep := old != nil && !fresh
	if keep {
		if how := t.differs(old); how != "" && store.any() {
			state := "unfinished"
			if old.Finished {
				state = "finished"
			}
			return nil, usage("the folder %s holds %s work %s; choose another with --out, or --fresh to start over", shown, state, how)
		} else if how != "" {
			keep = false
		}
	}
	if t.Shard == "" {
		err = clearWork(dir, keep)
	} else {
		err = clearShard(dir, old, keep)
	}
	if err != nil {
		return nil, err
	}
	if err := t.write(dir); err != nil {
		return nil, err
	}
	return store, os.MkdirAll(store.dir, 0o755)
}

// clearWork empties a folder, but for finished units and fields, and the ticket that says
// whose they are, if they are kept.
func clearWork(dir string, keep bool) error {
	left, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range left {
		if keep && slices.Contains([]string{ticketFile, unitsDir, export.FieldsDir}, e.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	if !keep {
		return nil
	}
	// What was being written when the work ended.
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ticketFile {
			return err
		}
		if !strings.HasPrefix(d.Name(), ".") && !strings.HasSuffix(d.Name(), ".part") {
			return nil
		}
		return os.Remove(path)
	})
}

// clearShard removes from a shard's folder, whose ticket is old (nil: none), what kolmo
// wrote there, but for the study, its data, finished units and fields if they are kept.
// The ticket stays, and no longer says that the units are there.
func clearShard(dir string, old *ticket, keep bool) error {
	patterns := []string{wholefile.Unfinished(ticketFile), wholefile.Unfinished(studyFile)}
	if keep {
		patterns = append(patterns, unfinishedFields()...)
	} else {
		patterns = append(patterns, ownFields()...)
	}
	if keep {
		err := filepath.WalkDir(filepath.Join(dir, unitsDir), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), ".") {
				return err
			}
			return os.Remove(path)
		})
		if err != nil {
			return err
		}
		return removeMatches(dir, patterns)
	}
	if old != nil && old.Finished {
		unfinished := *old
		unfinished.Finished = false
		if err := unfinished.write(dir); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, unitsDir)); err != nil {
		return err
	}
	if old != nil && old.Copied && filepath.IsLocal(old.File) {
		if err := os.Remove(filepath.Join(dir, old.File)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		os.Remove(filepath.Dir(filepath.Join(dir, old.File))) // fails, as it should, if something is in it
	}
	return removeMatches(dir, append(patterns, studyFile))
}

// closeWork removes from finished results what only unfinished work needs.
func closeWork(dir string) error {
	if err := os.Remove(filepath.Join(dir, ticketFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, unitsDir))
}
