package compare

import (
	"fmt"
	"slices"
)

// Kinds returns the kinds of studies that the result was asked for, as its run says; the gap if
// it does not say.
func (r *Result) Kinds() []Study {
	var names []string
	switch list := r.Run["studies"].(type) {
	case []string:
		names = list
	case []any: // as JSON is read
		for _, v := range list {
			names = append(names, fmt.Sprint(v))
		}
	}
	var kinds []Study
	for _, k := range Studies() {
		if slices.Contains(names, string(k)) {
			kinds = append(kinds, k)
		}
	}
	if kinds == nil {
		return []Study{StudyGap}
	}
	return kinds
}

// Answered returns how many rows a kind of study has, and how many of them answer what the kind
// asks, as its part says.
func (r *Result) Answered(kind Study) (answered, rows int) {
	for _, p := range r.parts() {
		if p.study() == kind {
			return p.answered()
		}
	}
	return 0, 0
}

// Certified reports that every kind of study that was asked for has its answer: all gaps are
// certified, and each of the other kinds answers in at least one row.
func (r *Result) Certified() bool {
	for _, k := range r.Kinds() {
		answered, rows := r.Answered(k)
		if k == StudyGap && answered < rows || answered == 0 && rows > 0 {
			return false
		}
	}
	return true
}
