package terminal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"kolmo/export/table"
)

func WriteTo(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("the answer cannot be printed: %w", err)
	}
	return nil
}

// Columns lays out lines whose cells are separated by tabs. Where a line has no room for its last
// cell, that goes on below its own beginning.
func Columns(lines []string) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintln(t, l)
	}
	t.Flush()
	var out strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		if utf8.RuneCountInString(line) <= table.Width {
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			continue
		}
		last := lines[i][strings.LastIndex(lines[i], "\t")+1:]
		before := strings.TrimSuffix(line, last)
		hanging := strings.Repeat(" ", min(utf8.RuneCountInString(before), table.Width/2))
		if utf8.RuneCountInString(before) > len(hanging) { // the cells before it leave no room
			out.WriteString(strings.TrimRight(before, " ") + "\n")
			before = hanging
		}
		table.Wrap(&out, before, hanging, last)
	}
	return out.String()
}

// Sentence returns a text in lines of at most 80 columns, of which the first begins with first.
func Sentence(first, text string) string {
	var b strings.Builder
	table.Wrap(&b, first, "  ", text)
	return b.String()
}

// Flowing returns a text whose paragraphs, parted by empty lines, are lines of at most 80 columns;
// what begins with blanks is laid out already.
func Flowing(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, p := range paragraphs {
		if strings.HasPrefix(p, " ") {
			continue
		}
		var b strings.Builder
		table.Wrap(&b, "", "", p)
		paragraphs[i] = strings.TrimSuffix(b.String(), "\n")
	}
	return strings.Join(paragraphs, "\n\n")
}
