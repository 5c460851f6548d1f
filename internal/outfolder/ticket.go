package outfolder

import (
	"slices"
	"strings"
)

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
