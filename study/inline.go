package study

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// yaml returns the text of a study, an entry per line.
func (v *value) yaml() string {
	var b strings.Builder
	for _, e := range v.entries {
		b.WriteString(entryLine(1, e.key, e.value, ""))
	}
	return b.String()
}

// inline returns the YAML of a value in one line.
func (v *value) inline() string {
	var parts []string
	switch v.kind {
	case null:
		return "null"
	case scalar:
		return inlineScalar(v.text, v.style)
	case sequence:
		for _, item := range v.items {
			parts = append(parts, item.inline())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	for _, e := range v.entries {
		parts = append(parts, inlineScalar(e.key, plain)+": "+e.value.inline())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// plainScalar are texts that YAML reads as they are, also inside brackets.
var plainScalar = regexp.MustCompile(`^(-?[0-9.]|[A-Za-z_(+])([A-Za-z0-9_.()+*/^ -]*[A-Za-z0-9_.()])?$`)

// inlineScalar returns the YAML of a text. What is quoted stays so, since a number in quotes is
// none.
func inlineScalar(text string, s style) string {
	switch {
	case s == plain && plainScalar.MatchString(text):
		return text
	case strings.ContainsAny(text, "\n\t\r\\"):
		return strconv.Quote(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// same reports that two values say the same.
func (v *value) same(w *value) bool {
	return v.kind == w.kind && v.text == w.text && (v.style == plain || w.style != plain || !plainScalar.MatchString(v.text)) &&
		slices.EqualFunc(v.items, w.items, (*value).same) &&
		slices.EqualFunc(v.entries, w.entries, func(a, b entry) bool { return a.key == b.key && a.value.same(b.value) })
}
