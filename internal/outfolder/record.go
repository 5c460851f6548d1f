package outfolder

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/internal/wholefile"
)

// RecordName is the name of the record in a folder of the program's.
const RecordName = ".kolmo-folder.json"

// Record is what a folder says of itself.
type Record struct {
	Format   int  `json:"kolmo_folder"` // 1
	Ticket        // what the files are of
	Finished bool `json:"finished"`
	// Files are the finished files. Those of a folder of work are the ones that the
	// output folder gets; in an output folder, what the program wrote there.
	Files []File `json:"files"`
	// Writing are names that were free when the work began and may now be files of its,
	// whole or not.
	Writing []string `json:"writing,omitempty"`
}

const (
	recordFormat = 1
	// recordStart is how every record begins.
	recordStart = "{\n  \"kolmo_folder\": "
	recordLimit = 1 << 26 // bytes
)

// file returns the entry of a name, nil if there is none.
func (r *Record) file(name string) *File {
	if r == nil {
		return nil
	}
	for i := range r.Files {
		if r.Files[i].Name == name {
			return &r.Files[i]
		}
	}
	return nil
}

// ReadRecord returns the record of the folder dir, nil if it has none. One that is no
// plain file, or makes no sense, is a *Fault.
func ReadRecord(dir string) (*Record, error) {
	name := filepath.Join(dir, RecordName)
	b, err := ReadFile(name, recordLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, why := parseRecord(b)
	if why != "" {
		return nil, fault("%s is no record of kolmo's that can be used (%s); choose another folder with --out", short(name), why)
	}
	return r, nil
}

// parseRecord reads a record; why says what is wrong with it.
func parseRecord(b []byte) (r *Record, why string) {
	r = new(Record)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, "it is damaged"
	}
	if r.Format != recordFormat {
		return nil, "its format is of another version"
	}
	seen := make(map[string]bool, len(r.Files))
	for _, f := range r.Files {
		if !usable(f.Name) || seen[f.Name] {
			return nil, "it lists a file that cannot be in the folder, or one twice"
		}
		seen[f.Name] = true
		if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != 32 || f.Size < 0 {
			return nil, "it lists a file without size or digest"
		}
	}
	for _, name := range r.Writing {
		if !usable(name) {
			return nil, "it lists a file that cannot be in the folder"
		}
	}
	return r, ""
}

// usable reports that a name with slashes is of a file below a folder, and not the record.
func usable(name string) bool {
	return name != "." && name != RecordName && path.Clean(name) == name && filepath.IsLocal(filepath.FromSlash(name)) && !strings.ContainsRune(name, 0)
}

// write writes the record of the folder dir.
func (r *Record) write(dir string) error {
	r.Format = recordFormat
	if r.Files == nil {
		r.Files = []File{}
	}
	slices.SortFunc(r.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return wholefile.WriteBytes(filepath.Join(dir, RecordName), append(b, '\n'))
}

// beginning reports that b is how a record begins, as one that was being written when the
// program was killed.
func beginning(b []byte) bool {
	n := min(len(b), len(recordStart))
	return bytes.Equal(b[:n], []byte(recordStart)[:n])
}

// Ticket says what the files of a folder are of. Work goes on only with the same study,
// data, kinds of studies and version of the program.
type Ticket struct {
	Kolmo   string   `json:"kolmo"`
	Study   string   `json:"study_sha256"` // of the study's text
	Data    string   `json:"data_sha256"`  // of its data, "" without
	Studies []string `json:"studies"`
	Only    string   `json:"only,omitempty"` // the kind of study that a command of its own runs

	// What follows is of shards.
	Shard   string `json:"shard,omitempty"`   // "3/8"; empty: the whole study
	Path    string `json:"path,omitempty"`    // of the study, as it was given
	Folder  string `json:"folder,omitempty"`  // where the study is, absolute
	Machine string `json:"machine,omitempty"` // operating system, processor, instructions of the hot loops
	Copied  bool   `json:"copied,omitempty"`  // the folder has the data, under the study's name for them
}

// Differs returns how the work of another ticket, o, differs from this one's, or "". What
// it was done on does not count: that shows in last bits at most.
func (t *Ticket) Differs(o *Ticket) string {
	switch {
	case t.Study != o.Study:
		return "of another study"
	case t.Data != o.Data:
		return "with other data"
	case !slices.Equal(t.Studies, o.Studies) || t.Only != o.Only:
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
