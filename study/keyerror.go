package study

import "strings"

// KeyError returns an *Error about the value of a key ("solver.nodes") at its
// place in the file. A key that the file does not have stands where the nearest
// mapping around it begins, or at the file's beginning.
func (s *places) KeyError(key, msg string) error {
	for at := key; at != ""; {
		if v := s.root.Find(at); v != nil {
			return s.doc.ErrorAt(v.Line, v.Column, key, "%s", msg)
		}
		i := strings.LastIndexByte(at, '.')
		at = at[:max(i, 0)]
	}
	return s.doc.ErrorAt(1, 1, key, "%s", msg)
}
