package compare

import (
	"reflect"
	"slices"
)

// Study is a kind of study.
type Study string

// part is what a kind of study found: lists of rows, each a key of results.json.
type part interface {
	study() Study
	// answered counts the rows, and those that answer what the kind asks.
	answered() (answered, rows int)
}

// Studies returns all kinds, in the order in which they are run.
func Studies() []Study {
	var all []Study
	for _, p := range new(Result).parts() {
		all = append(all, p.study())
	}
	return all
}

// Has reports that the problem asks for a study; without a list it asks for gaps.
func (p *Problem) Has(s Study) bool {
	if len(p.Studies) == 0 {
		return s == StudyGap
	}
	return slices.Contains(p.Studies, s)
}

// count counts rows, and those that answer.
func count[T any](list []T, answers func(*T) bool) (answered, rows int) {
	for i := range list {
		if answers(&list[i]) {
			answered++
		}
	}
	return answered, len(list)
}

// empty makes the lists of a part that are in results.json empty ones, which are [] there.
func empty(p part) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && v.Type().Field(i).Tag.Get("json") != "-" {
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
}
