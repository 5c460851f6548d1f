package document

import "strings"

// Flat returns the values of a study's keys in the order of its text, names joined by dots and
// lists as a whole, without looking at what they mean. Errors are *Error.
func Flat(name string, text []byte) ([]Entry, error) {
	root, err := (&Document{Name: name, Text: string(text)}).Parse()
	if err != nil {
		return nil, err
	}
	return root.flat(nil), nil
}

// flat appends the scalars and lists below v.
func (v *Value) flat(out []Entry) []Entry {
	if v.Kind != Mapping {
		return append(out, Entry{v.Path, v.Flow()})
	}
	for _, e := range v.Entries {
		out = e.Value.flat(out)
	}
	return out
}

// Listed returns the values of a mapping in a line, that of the first key alone: "uniform, low = -1, high = 1".
func Listed(v *Value, first string) string {
	text := v.Get(first).Text
	for _, e := range v.Entries {
		if e.Key != first {
			text += ", " + e.Key + " = " + e.Value.Flow()
		}
	}
	return text
}

// Entry is a key of a mapping with its text.
type Entry struct{ Key, Text string }

// flow returns a scalar's text, or a sequence of such in brackets; "" for a mapping.
func (v *Value) Flow() string {
	if v.Kind != Sequence {
		return v.Text
	}
	parts := make([]string, len(v.Items))
	for i, item := range v.Items {
		parts[i] = item.Flow()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// find returns the value whose path is the given one, or nil.
func (v *Value) Find(path string) *Value {
	if v.Path == path {
		return v
	}
	for _, w := range v.Items {
		if found := w.Find(path); found != nil {
			return found
		}
	}
	for _, e := range v.Entries {
		if found := e.Value.Find(path); found != nil {
			return found
		}
	}
	return nil
}
