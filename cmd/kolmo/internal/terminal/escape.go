package terminal

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"
)

// escaper passes text on to a terminal, a file or a pipe, with what could command a
// terminal, or show text in another order than it has, written as \x1b or \u202e.
// Everything that kolmo prints goes through one, but for the bar of progress: names,
// messages and values come from files that anybody may have made.
//
// In a JSON text such characters stand only in strings and are beyond ASCII, where
// \u202e means the same.
type escaper struct {
	w    io.Writer
	mu   sync.Mutex
	rest []byte // the beginning of a character
	// color colours verdicts; JSON has none.
	Color bool
	begun bool
}

var _ io.Writer = (*escaper)(nil)

func NewEscaper(w io.Writer) *escaper { return &escaper{w: w} }

// Write implements io.Writer. A character may be cut between two calls.
func (e *escaper) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := p
	if len(e.rest) > 0 {
		text = append(e.rest, p...)
		e.rest = nil
	}
	whole := len(text)
	for i := max(0, len(text)-utf8.UTFMax+1); i < len(text); i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRune(text[i:]) {
			whole = i
			break
		}
	}
	e.rest = append(e.rest, text[whole:]...)
	out := Escape(string(text[:whole]))
	if !e.begun && whole > 0 {
		e.begun = true
		e.Color = e.Color && text[0] != '{' && text[0] != '['
	}
	if e.Color {
		out = painted(out)
	}
	if _, err := io.WriteString(e.w, out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what is left of a character that did not come to its end.
func (e *escaper) Flush() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	rest := Escape(string(e.rest))
	e.rest = nil
	if rest == "" {
		return nil
	}
	_, err := io.WriteString(e.w, rest)
	return err
}

// escape escapes all but line breaks and tabs.
func Escape(s string) string { return escapeBut(s, "\n\t") }

// escapeLine escapes line breaks too, in what is to stay one line.
func EscapeLine(s string) string { return escapeBut(s, "") }

// escapeBut escapes bytes that are no UTF-8, and characters that command, unless they
// are among but.
func escapeBut(s, but string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r == utf8.RuneError || Commands(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !Commands(r) || strings.ContainsRune(but, r):
			b.WriteString(s[i : i+n])
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ':
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

// commands reports whether terminals take a character as a command: the control
// characters C0, DEL and C1, and what Unicode has to turn the direction of writing, to
// break lines and to be invisible at the beginning.
func Commands(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
	default:
		return false
	}
	return true
}
