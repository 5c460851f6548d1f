package study

import "strings"

// KeyError returns an *Error about the value of a key ("solver.nodes") at its
// place in the file. A key that the file does not have stands where the nearest
// mapping around it begins, or at the file's beginning.
func (s *Study) KeyError(key, msg string) error {
	for at := key; at != ""; {
		if v := s.root.find(at); v != nil {
			return s.doc.errorAt(v.line, v.column, key, "%s", msg)
		}
		i := strings.LastIndexByte(at, '.')
		at = at[:max(i, 0)]
	}
	return s.doc.errorAt(1, 1, key, "%s", msg)
}

// find returns the value whose path is the given one, or nil.
func (v *value) find(path string) *value {
	if v.path == path {
		return v
	}
	for _, w := range v.items {
		if found := w.find(path); found != nil {
			return found
		}
	}
	for _, e := range v.entries {
		if found := e.value.find(path); found != nil {
			return found
		}
	}
	return nil
}
