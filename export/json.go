package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"kolmo/compare"
)

// schema is the version of results.json this package reads and writes.
const schema = 1

// ErrSchema is returned by ReadJSON for a file of another schema.
var ErrSchema = errors.New("not a results.json of schema 1")

// WriteJSON writes r as results.json. Lists that are nil become empty lists, in rows
// too, and values that are not finite null; what Assumptions and Run hold is written as
// it marshals itself. A schema of 0 is written as 1.
func WriteJSON(path string, r *compare.Result) error {
	c := *r
	if c.Schema == 0 {
		c.Schema = schema
	}
	return writeFile(path, func(w io.Writer) error { return encodeJSON(w, c) })
}

// encodeJSON writes v as one indented JSON value, nil lists as empty ones.
func encodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // reasons hold "<="
	e.SetIndent("", "  ")
	return e.Encode(withLists(reflect.ValueOf(v)).Interface())
}

// withLists returns a copy of v, a struct or a list of such, in which no list is nil that
// JSON has: its own, those of its fields and those of their items.
func withLists(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				c.Field(i).Set(withLists(v.Field(i)))
			}
		}
		return c
	case reflect.Slice:
		c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			c.Index(i).Set(withLists(v.Index(i)))
		}
		return c
	}
	return v
}

// ReadJSON reads a results.json. Unknown keys are allowed, since later versions
// add some; another schema is an error that wraps ErrSchema. Curves and Rasters
// are not stored and stay nil. A file beyond the limits of ReadJSONText is an error.
func ReadJSON(path string) (*compare.Result, error) {
	b, err := ReadJSONText(path)
	if err != nil {
		return nil, err
	}
	r, err := DecodeJSON(b)
	if err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	return r, nil
}

// DecodeJSON is ReadJSON of a text.
func DecodeJSON(b []byte) (*compare.Result, error) {
	var r compare.Result
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, err
	}
	if r.Schema != schema {
		return nil, fmt.Errorf("schema %d: %w", r.Schema, ErrSchema)
	}
	return &r, nil
}
