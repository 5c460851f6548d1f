package export

import (
	"bufio"
	"io"

	"kolmo/compare"
	"kolmo/export/kinds"
	"kolmo/export/table"
)

// Answer returns what a result says, in a line or two for each kind of study that it was asked
// for.
func Answer(r *compare.Result) []string {
	var out []string
	for _, k := range r.Kinds() {
		out = append(out, kinds.Answer(r, k)...)
	}
	return out
}

// WriteAnswer writes the answers in lines of at most 80 columns, and nothing if there are none.
func WriteAnswer(w io.Writer, r *compare.Result) error {
	b := bufio.NewWriter(w)
	for _, line := range Answer(r) {
		table.Wrap(b, "", "  ", line)
	}
	return b.Flush()
}
