package expr

import (
	"fmt"

	"kolmo/internal/spelling"
)

// Error is a fault in the text of an expression.
type Error struct {
	Offset int    // byte offset of the offending token in the expression
	Msg    string // what is wrong, one sentence without a full stop
	// NoColumn says that a table has no column of a name, and none like it.
	NoColumn bool
}

func (e *Error) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.Msg) }

func errorf(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Msg: fmt.Sprintf(format, args...)}
}

// hint returns "; did you mean ...?" or nothing.
func hint(name string, among []string) string {
	if s := spelling.Nearest(name, among); s != "" {
		return fmt.Sprintf("; did you mean %s?", s)
	}
	return ""
}
