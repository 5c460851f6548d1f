package terminal

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

func WriteTo(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("the answer cannot be printed: %w", err)
	}
	return nil
}

// columns lays out lines whose cells are separated by tabs.
func Columns(lines []string) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, l := range lines {
		fmt.Fprintln(t, l)
	}
	t.Flush()
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}
