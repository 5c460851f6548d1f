package export

import (
	"fmt"
	"io"
	"strings"

	"kolmo/compare"
)

// kind is a kind of study, or what explains one: what it answers, shows and stores.
type kind struct {
	Name     string                           // of the study, and of its files: Name.png, Name.svg
	Explains bool                             // the gaps, which it is shown with
	Answer   func(r *compare.Result) []string // what it says in a line or two; nil: nothing
	Section  func(r *compare.Result) *section // nil, or returns nil: there is nothing to show
	Files    []csvFile
}

// csvFile is a CSV file of a result's folder; without rows there is none.
type csvFile struct {
	Name  string
	Table func(r *compare.Result) *csvTable
}

// section is what one kind of study, or one part of its results, shows: the same
// tables, verdicts and pictures on the terminal, in the report and as files.
type section struct {
	Name     string // of its kind
	Explains bool   // as its kind
	Title    string
	Short    string // the title, for the table of contents
	Intro    string // for the report: one paragraph of plain text
	Tables   []sectionTable
	Verdicts []string
	// Findings are for the report in place of the verdicts that hold Said, unless that is "".
	Findings []string
	Said     string
	Figure   *Figure // nil if there is nothing to draw
	Caption  string  // of the figure
}

// found returns what the section found, in sentences.
func (s *section) found() []string {
	out := s.Findings
	for _, v := range s.Verdicts {
		if s.Said == "" || !strings.Contains(v, s.Said) {
			out = append(out, sentence(v))
		}
	}
	return out
}

// sentence returns a text with a full stop.
func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

// sentences returns texts with full stops.
func sentences(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = sentence(s)
	}
	return out
}

// short returns the section with its first table at the smallest learning rate alone.
func (s *section) short() *section {
	out := *s
	if len(s.Tables) > 0 {
		out.Tables = []sectionTable{s.Tables[0].atSmallestEta()}
	}
	return &out
}

// write writes the section as text.
func (s *section) write(w io.Writer) {
	fmt.Fprintln(w)
	wrap(w, "", "  ", s.Title)
	for _, t := range s.Tables {
		t.write(w)
	}
	for _, v := range s.Verdicts {
		wrap(w, "  ", "    ", v)
	}
}
