package export

import (
	"fmt"
	"io"

	"kolmo/compare"
)

// section is what one kind of study, or one part of its results, shows: the same
// tables, verdicts and pictures on the terminal, in the report and as files. A new
// study is one function that returns one, and its line in sections.
type section struct {
	Name     string // of the files: Name.png, Name.svg
	Title    string
	Short    string // the title, for the table of contents
	Intro    string // for the report: one paragraph of plain text
	Tables   []sectionTable
	Verdicts []string
	Figure   *Figure // nil if there is nothing to draw
	Caption  string  // of the figure
}

// sections returns what r has to show besides gaps and orders.
func sections(r *compare.Result) []*section {
	var out []*section
	for _, s := range []*section{modelSection(r), constantSection(r), localSection(r), decaySection(r), horizonSection(r), stationarySection(r), spectrumSection(r), crossingSection(r), variationSection(r), ledgerSection(r)} {
		if s != nil {
			out = append(out, s)
		}
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
