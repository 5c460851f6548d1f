package study

import (
	"slices"
	"strings"

	"kolmo/objective"
)

// formatKeys are the keys of a sample that say how a table of text is written.
var formatKeys = []string{"separator", "decimal", "comment", "header"}

// separatorWords are words for separators, beside the characters themselves.
var separatorWords = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}

// mostComment bounds the text that begins comments.
const mostComment = 8

// format reads how the data file is written.
func (r *reader) format(v *value) (*objective.TableFormat, error) {
	f := &objective.TableFormat{}
	if w := v.get("separator"); w != nil {
		f.Separator = separatorWords[w.text]
		if c := []rune(w.text); len(c) == 1 && slices.Contains(objective.Separators(), c[0]) {
			f.Separator = c[0]
		}
		if w.kind != scalar || f.Separator == 0 {
			return nil, r.errorf(w, `expected "," ";" "|" or "\t" in quotes, or comma, semicolon, pipe or tab, found %s`, w.describe())
		}
	}
	if w := v.get("decimal"); w != nil {
		if w.kind != scalar || w.text != "." && w.text != "," {
			return nil, r.errorf(w, `expected "." or "," in quotes, found %s`, w.describe())
		}
		f.Decimal = rune(w.text[0])
	}
	if w := v.get("comment"); w != nil {
		if w.kind != scalar || w.style == plain || len(w.text) > mostComment || strings.ContainsAny(w.text, "\r\n\"") || strings.TrimSpace(w.text) != w.text {
			return nil, r.errorf(w, `expected in quotes what begins lines that are no data, such as "#", or "" for nothing, found %s`, w.describe())
		}
		f.Comment, f.NoComments = w.text, w.text == ""
	}
	if w := v.get("header"); w != nil {
		if w.kind != scalar || w.style != plain || w.text != "true" && w.text != "false" {
			return nil, r.errorf(w, "expected true or false, found %s", w.describe())
		}
		f.Header = map[string]objective.TableHeader{"true": objective.HeaderPresent, "false": objective.HeaderAbsent}[w.text]
	}
	return f, nil
}
