package export

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean replaces control characters, which could move the cursor, by blanks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// wrap writes s in lines of at most tableWidth columns: first stands before the
// first line, rest before the others. A word that is too long is cut.
func wrap(w io.Writer, first, rest, s string) {
	line, empty := first, true
	for _, word := range strings.Fields(clean(s)) {
		for {
			room := tableWidth - utf8.RuneCountInString(line)
			if !empty {
				room--
			}
			n := utf8.RuneCountInString(word)
			if n <= room {
				break
			}
			if empty { // the word alone is wider than a line
				cut := []rune(word)
				fmt.Fprintln(w, line+string(cut[:room]))
				word = string(cut[room:])
			} else {
				fmt.Fprintln(w, line)
			}
			line, empty = rest, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	fmt.Fprintln(w, strings.TrimRight(line, " "))
}

// tableWidth is the number of columns that texts keep to.
const tableWidth = 80

// orEmpty returns *s, or "" when s is nil.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// capital returns s with a capital first letter.
func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
