package document

import (
	"fmt"
	"strings"
)

// Error is a fault in a study file or in a data file that it names.
type Error struct {
	File         string // as the user passed it; a data file relative to the study; or "--set KEY"
	Line, Column int    // both from 1; columns count characters; 0 of a setting
	Key          string // "ball.R", "eta[2]"; a column's name in a data file; may be empty
	Msg          string // one sentence, lower case, without a full stop
}

// Error returns "file:line:column: key: message" in one line; of a setting "--set KEY: message".
func (e *Error) Error() string {
	msg := Clip(e.Msg, 500)
	if e.Key != "" {
		msg = Clip(e.Key, 80) + ": " + msg
	}
	if e.Line == 0 {
		return e.File + ": " + msg
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, msg)
}

// clip returns s in one line of at most n characters.
func Clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-2]) + ".."
	}
	return s
}
