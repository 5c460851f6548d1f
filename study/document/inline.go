package document

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// yaml returns the text of a study, an entry per line.
func (v *Value) yaml() string {
	var b strings.Builder
	for _, e := range v.Entries {
		b.WriteString(entryLine(1, e.Key, e.Value, ""))
	}
	return b.String()
}

// inline returns the YAML of a value in one line.
func (v *Value) inline() string {
	var parts []string
	switch v.Kind {
	case null:
		return "null"
	case Scalar:
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
