package document

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// effective returns the text of the study with the settings in it: that of the file with its
// comments, but for the entries that changed. A file whose form does not allow that is written
// anew as a whole. Lines end as they do in the file.
func (d *Document) Effective(root *Value) string {
	text := d.source
	anew := strings.ReplaceAll(root.yaml(), "\n", lineEnd(linesOf(text)[0]))
	for _, s := range d.sets {
		next, ok := Edited(text, root, s.key)
		if !ok {
			return anew
		}
		text = next
	}
	if again, err := (&Document{Name: d.Name, Text: text}).Parse(); err != nil || !again.Same(root) {
		return anew
	}
	return text
}

// oneLine is a line of a text with its end, that of any system; the last one may have none.
var oneLine = regexp.MustCompile("[^\r\n]*(\r\n|\r|\n)|[^\r\n]+$")

// linesOf returns the lines of a text with their ends.
func linesOf(text string) []string { return oneLine.FindAllString(text, -1) }

// lineEnd returns the end of a line, "\n" if it has none.
func lineEnd(line string) string {
	return cmp.Or(line[len(strings.TrimRight(line, "\r\n")):], "\n")
}

// edited returns a text with the value that a key has in the tree below root; false if the text
// has no lines of its own for the entry.
func Edited(text string, root *Value, key string) (string, bool) {
	at, err := (&Document{Text: text}).Parse()
	if err != nil {
		return "", false
	}
	lines := linesOf(text)
	if last := &lines[len(lines)-1]; !strings.ContainsAny(*last, "\r\n") {
		*last += lineEnd(lines[0])
	}
	// Go down to the innermost mapping in block form that has the key, or will have it.
	first, last := 0, len(lines) // its lines
	want := root
	for name := range strings.SplitSeq(key, ".") {
		want = want.Get(name)
		i := at.index(name)
		if i < 0 {
			line := entryLine(at.Entries[0].Column, name, want, "")
			end := contentEnd(lines, first, last)
			return replaced(lines, end, end, line), true
		}
		e := at.Entries[i]
		if i+1 < len(at.Entries) {
			last = at.Entries[i+1].Line - 1
		}
		first = e.Line - 1
		if last <= first {
			return "", false // another entry begins in this line
		}
		if e.Value.Kind == Mapping && len(e.Value.Entries) > 0 && e.Value.Line > e.Line {
			at = e.Value
			continue
		}
		end := contentEnd(lines, first, last)
		comment := ""
		if end == first+1 {
			comment = trailingComment(lines[first])
		}
		return replaced(lines, first, end, entryLine(e.Column, e.Key, want, comment)), true
	}
	return "", false // the key has a mapping in block form
}

// entryLine returns the line of an entry that begins at a column, without its end.
func entryLine(column int, key string, v *Value, comment string) string {
	return strings.Repeat(" ", column-1) + InlineScalar(key, Plain) + ": " + v.inline() + comment
}

// index returns which entry has the key, -1 if none.
func (v *Value) index(key string) int {
	for i := range v.Entries {
		if v.Entries[i].Key == key {
			return i
		}
	}
	return -1
}

// contentEnd returns the end of lines[first:last] without the empty lines and comments there.
func contentEnd(lines []string, first, last int) int {
	for last > first+1 {
		if l := strings.TrimSpace(lines[last-1]); l != "" && l[0] != '#' {
			break
		}
		last--
	}
	return last
}

// replaced returns the lines with another one instead of lines[from:to], which ends as the one before lines[to].
func replaced(lines []string, from, to int, line string) string {
	return strings.Join(lines[:from], "") + line + lineEnd(lines[to-1]) + strings.Join(lines[to:], "")
}

// trailingComment returns the comment at a line's end with the blanks before it.
func trailingComment(line string) string {
	line = strings.TrimRight(line, "\r\n")
	quote := rune(0)
	for i, c := range line {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#' && i > 0 && (line[i-1] == ' ' || line[i-1] == '\t'):
			return line[len(strings.TrimRight(line[:i], " \t")):]
		}
	}
	return ""
}

// yaml returns the text of a study, an entry per line.
func (v *Value) yaml() string {
	var b strings.Builder
	for _, e := range v.Entries {
		b.WriteString(entryLine(1, e.Key, e.Value, "") + "\n")
	}
	return b.String()
}

// inline returns the YAML of a value in one line.
func (v *Value) inline() string {
	var parts []string
	switch v.Kind {
	case null:
		return "null"
	case Scalar, notFinite:
		return InlineScalar(v.Text, v.Style)
	case Sequence:
		for _, item := range v.Items {
			parts = append(parts, item.inline())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	for _, e := range v.Entries {
		parts = append(parts, InlineScalar(e.Key, Plain)+": "+e.Value.inline())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// plainScalar are texts that YAML reads as they are, also inside brackets.
var plainScalar = regexp.MustCompile(`^(-?[0-9.]|[A-Za-z_(+])([A-Za-z0-9_.()+*/^ -]*[A-Za-z0-9_.()])?$`)

// inlineScalar returns the YAML of a text. What is quoted stays so, since a number in quotes is
// none.
func InlineScalar(text string, s style) string {
	switch {
	case s == Plain && plainScalar.MatchString(text):
		return text
	case strings.ContainsAny(text, "\n\t\r\\"):
		return strconv.Quote(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// same reports that two values say the same.
func (v *Value) Same(w *Value) bool {
	return v.Kind == w.Kind && v.Text == w.Text && (v.Style == Plain || w.Style != Plain || !plainScalar.MatchString(v.Text)) &&
		slices.EqualFunc(v.Items, w.Items, (*Value).Same) &&
		slices.EqualFunc(v.Entries, w.Entries, func(a, b Member) bool { return a.Key == b.Key && a.Value.Same(b.Value) })
}
