package figure

import (
	"fmt"
	"html"
	"strings"

	"kolmo/export/table"
)

// describe says what is seen on a figure: of each series where it begins and ends, of a map what
// its author says.
func describe(title, more string, panels []MarkPanel) string {
	parts := []string{table.Clean(title)}
	if more != "" {
		parts = append(parts, more)
	}
	told, left := 0, 0
	for _, p := range panels {
		var lines []string
		for _, s := range p.Series {
			if told == mostTold {
				left++
				continue
			}
			told++
			a, b := s.Points[0], s.Points[len(s.Points)-1]
			if len(s.Points) == 1 {
				lines = append(lines, fmt.Sprintf("%s: %v at %s = %v", s.Label, a[3], p.X, a[2]))
			} else {
				lines = append(lines, fmt.Sprintf("%s: from %v at %s = %v to %v at %v", s.Label, a[3], p.X, a[2], b[3], b[2]))
			}
		}
		if len(lines) > 0 {
			parts = append(parts, p.Title+": "+strings.Join(lines, "; "))
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d more lines", left))
	}
	return html.EscapeString(strings.Join(parts, ". "))
}

// mostTold is the most series whose ends a description tells.
const mostTold = 16
