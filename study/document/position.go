package document

import (
	"strings"
	"unicode"
)

// locate returns line and column, both from 1, of the byte at offset in the text
// of a scalar. Quotes, escapes, indentation and folded lines stand between the
// text and the file; all they change is white space and escaped characters, so
// the two are walked side by side from one visible character to the next.
func (d *Document) Locate(v *Value, offset int) (line, column int) {
	if strings.TrimSpace(v.Text) == "" {
		return v.Line, v.Column
	}
	w := &walk{src: []rune(d.Text), style: v.Style}
	w.seek(v.Line, v.Column)
	switch v.Style {
	case Single, double:
		w.step()
	case block: // the text begins below the | or >
		for w.p < len(w.src) && w.src[w.p] != '\n' {
			w.step()
		}
	}
	for i, r := range v.Text {
		if unicode.IsSpace(r) {
			continue
		}
		w.blank()
		if i >= offset {
			return w.line, w.column
		}
		w.visible()
	}
	return w.line, w.column
}

// walk is a place in a text.
type walk struct {
	src          []rune
	style        style
	p            int
	line, column int
}

func (w *walk) seek(line, column int) {
	w.line, w.column = 1, 1
	for w.p < len(w.src) && (w.line < line || w.line == line && w.column < column) {
		w.step()
	}
}

func (w *walk) step() {
	if w.p >= len(w.src) {
		return
	}
	if w.src[w.p] == '\n' {
		w.line, w.column = w.line+1, 1
	} else {
		w.column++
	}
	w.p++
}

// blank skips white space, also escaped.
func (w *walk) blank() {
	for w.p < len(w.src) {
		switch {
		case unicode.IsSpace(w.src[w.p]):
			w.step()
		case w.style == double && w.src[w.p] == '\\' && w.p+1 < len(w.src) && strings.ContainsRune("\n\r\t ntrvfN_LP", w.src[w.p+1]):
			w.step()
			w.step()
		default:
			return
		}
	}
}

// visible skips one character as the file writes it.
func (w *walk) visible() {
	n := 1
	if w.p+1 < len(w.src) {
		switch {
		case w.style == Single && w.src[w.p] == '\'':
			n = 2
		case w.style == double && w.src[w.p] == '\\':
			n = 2
			switch w.src[w.p+1] {
			case 'x':
				n = 4
			case 'u':
				n = 6
			case 'U':
				n = 10
			}
		}
	}
	for range n {
		w.step()
	}
}
