package study

import "strings"

// Entry is a key of a mapping with its text.
type Entry struct{ Key, Text string }

// Source returns the text of a key ("loss", "sample.kind") as the study file has
// it, without quotes, a sequence as [a, b]; "" if the key is not there or a mapping.
func (s *Study) Source(key string) string {
	if v := s.root.find(key); v != nil {
		return v.flow()
	}
	return ""
}

// flow returns a scalar's text, or a sequence of such in brackets; "" for a mapping.
func (v *value) flow() string {
	if v.kind != sequence {
		return v.text
	}
	parts := make([]string, len(v.items))
	for i, item := range v.items {
		parts[i] = item.flow()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Entries returns the single values of a mapping ("define", "observables") in the
// file's order; nil if the key is not there.
func (s *Study) Entries(key string) []Entry {
	v := s.root.find(key)
	if v == nil {
		return nil
	}
	var out []Entry
	for _, e := range v.entries {
		if e.value.kind == scalar {
			out = append(out, Entry{e.key, e.value.text})
		}
	}
	return out
}
