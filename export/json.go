package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"kolmo/compare"
)

// schema is the version of results.json this package reads and writes.
const schema = 1

// ErrSchema is returned by ReadJSON for a file of another schema.
var ErrSchema = errors.New("not a results.json of schema 1")

// WriteJSON writes r as results.json. Lists that are nil become empty lists;
// values that are not finite become null. A schema of 0 is written as 1.
func WriteJSON(path string, r *compare.Result) error {
	return writeFile(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false) // reasons hold "<="
		e.SetIndent("", "  ")
		return e.Encode(withLists(r))
	})
}

// withLists returns a copy of r in which no list is nil.
func withLists(r *compare.Result) *compare.Result {
	c := *r
	if c.Schema == 0 {
		c.Schema = schema
	}
	c.Warnings = append([]string{}, r.Warnings...)
	c.Gap = append([]compare.GapRow{}, r.Gap...)
	for i := range c.Gap {
		c.Gap[i].X = append([]compare.Number{}, c.Gap[i].X...)
	}
	c.Order = append([]compare.OrderRow{}, r.Order...)
	for i := range c.Order {
		c.Order[i].Etas = append([]float64{}, c.Order[i].Etas...)
	}
	return &c
}

// ReadJSON reads a results.json. Unknown keys are allowed, since later versions
// add some; another schema is an error that wraps ErrSchema. Curves and Rasters
// are not stored and stay nil.
func ReadJSON(path string) (*compare.Result, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	var r compare.Result
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("export: %s: %w", path, err)
	}
	if r.Schema != schema {
		return nil, fmt.Errorf("export: %s: schema %d: %w", path, r.Schema, ErrSchema)
	}
	return &r, nil
}
