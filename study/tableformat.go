package study

import (
	"slices"
	"strings"

	"kolmo/objective"
	"kolmo/study/document"
)

// separatorWords are words for separators, beside the characters themselves.
var separatorWords = map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}

// mostComment bounds the text that begins comments.
const mostComment = 8

// format reads how the data file is written.
func (r lawReader) format(v *document.Value) (*objective.TableFormat, error) {
	f := &objective.TableFormat{}
	if w := v.Get("separator"); w != nil {
		f.Separator = separatorWords[w.Text]
		if c := []rune(w.Text); len(c) == 1 && slices.Contains(objective.Separators(), c[0]) {
			f.Separator = c[0]
		}
		if w.Kind != document.Scalar || f.Separator == 0 {
			return nil, r.Errorf(w, `expected "," ";" "|" or "\t" in quotes, or comma, semicolon, pipe or tab, found %s`, w.Describe())
		}
	}
	if w := v.Get("decimal"); w != nil {
		if w.Kind != document.Scalar || w.Text != "." && w.Text != "," {
			return nil, r.Errorf(w, `expected "." or "," in quotes, found %s`, w.Describe())
		}
		f.Decimal = rune(w.Text[0])
	}
	if w := v.Get("comment"); w != nil {
		if w.Kind != document.Scalar || w.Style == document.Plain || len(w.Text) > mostComment || strings.ContainsAny(w.Text, "\r\n\"") || strings.TrimSpace(w.Text) != w.Text {
			return nil, r.Errorf(w, `expected in quotes what begins lines that are no data, such as "#", or "" for nothing, found %s`, w.Describe())
		}
		f.Comment, f.NoComments = w.Text, w.Text == ""
	}
	if w := v.Get("header"); w != nil {
		if w.Kind != document.Scalar || w.Style != document.Plain || w.Text != "true" && w.Text != "false" {
			return nil, r.Errorf(w, "expected true or false, found %s", w.Describe())
		}
		f.Header = map[string]objective.TableHeader{"true": objective.HeaderPresent, "false": objective.HeaderAbsent}[w.Text]
	}
	return f, nil
}
