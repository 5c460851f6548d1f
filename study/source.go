package study

import "kolmo/study/document"

// Source returns the text of a key ("loss", "sample.kind") as the study file has
// it, without quotes, a sequence as [a, b]; "" if the key is not there or a mapping.
func (s *places) Source(key string) string {
	if v := s.root.Find(key); v != nil {
		return v.Flow()
	}
	return ""
}

// Entries returns the single values of a mapping ("define", "observables") in the
// file's order; nil if the key is not there.
func (s *places) Entries(key string) []document.Entry {
	v := s.root.Find(key)
	if v == nil {
		return nil
	}
	var out []document.Entry
	for _, e := range v.Entries {
		if e.Value.Kind == document.Scalar {
			out = append(out, document.Entry{Key: e.Key, Text: e.Value.Text})
		}
	}
	return out
}
