package document

import (
	"fmt"
	"strings"
)

// Setting is a key of a study with a value that replaces the file's, or that the file does not
// have.
type Setting struct {
	Key  string // with dots: "ball.R"
	Text string // the value as YAML
}

// ParseSetting reads "ball.R=2". The value, which may be empty, is looked at by Load.
func ParseSetting(text string) (Setting, error) {
	key, value, ok := strings.Cut(text, "=")
	key = strings.TrimSpace(key)
	switch {
	case !ok || key == "":
		return Setting{}, fmt.Errorf("expected KEY=VALUE, as in ball.R=2, found %q", text)
	case strings.ContainsAny(key, "[]{}"):
		return Setting{}, fmt.Errorf("expected a key before the =, as in eta=[1/4, 1/8], found %q; a list is set as a whole", key)
	case strings.Contains("."+key+".", ".."):
		return Setting{}, fmt.Errorf("expected names between the dots of the key, found %q", key)
	}
	return Setting{Key: key, Text: value}, nil
}

// set is where a setting changed the tree.
type set struct {
	key  string // of the setting
	root string // the outermost path that the file does not have, or key
}

// name returns how messages call the setting.
func (s set) name() string { return "--set " + s.key }

// settingOf returns the setting that the value of a key is of, nil if it is the file's.
func (d *Document) settingOf(key string) *set {
	for i, s := range d.sets {
		if key == s.root || strings.HasPrefix(key, s.root+".") || strings.HasPrefix(key, s.root+"[") {
			return &d.sets[i]
		}
	}
	return nil
}

// apply puts the settings into the tree below root, and their text into the document's.
func (d *Document) Apply(root *Value, settings []Setting) error {
	for _, s := range settings {
		here := set{key: s.Key, root: s.Key}
		fault := func(format string, args ...any) error {
			return &Error{File: here.name(), Msg: fmt.Sprintf(format, args...)}
		}
		for _, before := range d.sets {
			if before.key == s.Key {
				return fault("the key is set twice")
			}
		}
		v, err := (&Document{Name: here.name(), Text: s.Text}).value(s.Key)
		if err != nil {
			return asSetting(err, here)
		}
		at := root
		names := strings.Split(s.Key, ".")
		for i, name := range names {
			path := strings.Join(names[:i+1], ".")
			next := at.Get(name)
			switch {
			case i == len(names)-1:
				at.put(name, v)
			case next == nil || next.Kind == null:
				if here.root == s.Key {
					here.root = path
				}
				next = &Value{Kind: Mapping, Line: at.Line, Column: at.Column, Path: path}
				at.put(name, next)
			case next.Kind != Mapping:
				return fault("%s is %s, which has no keys", path, next.Describe())
			}
			at = next
		}
		d.sets = append(d.sets, here)
	}
	return nil
}

// put gives a key of a mapping its value, at the place of what was there.
func (v *Value) put(key string, w *Value) {
	for i := range v.Entries {
		if v.Entries[i].Key == key {
			w.Line, w.Column = v.Entries[i].Value.Line, v.Entries[i].Value.Column
			v.Entries[i].Value = w
			return
		}
	}
	w.Line, w.Column = v.Line, v.Column
	v.Entries = append(v.Entries, Member{key, v.Line, v.Column, w})
}

// asSetting takes the places in a setting's text, which is one short line, out of an error.
func asSetting(err error, s set) error {
	if e, ok := err.(*Error); ok {
		e.Line, e.Column = 0, 0
		if e.Key == s.key {
			e.Key = ""
		}
	}
	return err
}
