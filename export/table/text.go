package table

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean replaces control characters, which could move the cursor, by blanks.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// Wrap writes s in lines of at most tableWidth columns: first stands before the
// first line, rest before the others. A word that is too long is cut, a name between its words.
func Wrap(w io.Writer, first, rest, s string) {
	line, empty := first, true
	for _, word := range strings.Fields(Clean(s)) {
		for {
			room := Width - utf8.RuneCountInString(line)
			if !empty {
				room--
			}
			n := utf8.RuneCountInString(word)
			if n <= room {
				break
			}
			if empty { // the word alone is wider than a line
				cut := cutAt([]rune(word), room)
				fmt.Fprintln(w, line+word[:cut])
				word = word[cut:]
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

// cutAt returns after how many bytes a word is cut that has more than so many letters: behind the last of them that
// parts the words of a name, if there is one.
func cutAt(word []rune, room int) int {
	head := string(word[:room])
	if k := strings.LastIndexAny(head, "-_./"); k > 0 {
		return k + 1
	}
	return len(head)
}

// Width is the number of columns that texts keep to.
const Width = 80

// OrEmpty returns *s, or "" when s is nil.
func OrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Capital returns s with a Capital first letter.
func Capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
