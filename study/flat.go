package study

// Flat returns the values of a study's keys in the order of its text, names joined by dots and
// lists as a whole, without looking at what they mean. Errors are *Error.
func Flat(name string, text []byte) ([]Entry, error) {
	root, err := (&document{name: name, text: string(text)}).parse()
	if err != nil {
		return nil, err
	}
	return root.flat(nil), nil
}

// flat appends the scalars and lists below v.
func (v *value) flat(out []Entry) []Entry {
	if v.kind != mapping {
		return append(out, Entry{v.path, v.flow()})
	}
	for _, e := range v.entries {
		out = e.value.flat(out)
	}
	return out
}
