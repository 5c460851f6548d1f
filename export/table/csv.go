package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kolmo/compare"
)

// CSV is a CSV file: a header of unique names in snake case, and records of as many
// cells, one value each. Numbers have all their digits; a value that is not finite, a
// null and a missing coordinate are empty cells.
type CSV struct {
	Head []string
	Rows [][]string
}

// csvNames are results.json's keys that a header in snake case cannot have or that would
// meet another there.
var csvNames = map[string]string{"T": "t_half", "T_error": "t_half_error", "T_reason": "t_half_reason", "C": "c", "J": "j"}

// csvPlural are the keys of lists, by the name of one entry.
var csvPlural = map[string]string{"etas": "eta", "richardson_etas": "richardson_eta"}

// CSVOf returns the table of the rows of a results.json key: a column per key of the row, in that order, but
// for keys that results.json leaves out. Lists have a column per entry, numbered from one, but for points of the line,
// and intervals two, from and to. Keys in skip are left out. It panics on a key of another kind.
func CSVOf[T any](rows []T, skip ...string) *CSV {
	t := &CSV{Rows: make([][]string, len(rows))}
	list := make([]reflect.Value, len(rows))
	for i := range rows {
		list[i] = reflect.ValueOf(rows[i])
	}
	t.addFields(reflect.TypeFor[T](), list, "", skip)
	return t
}

// addFields adds a column per field of a struct, one value per row.
func (t *CSV) addFields(of reflect.Type, rows []reflect.Value, prefix string, skip []string) {
	for f := range of.NumField() {
		if of.Field(f).Anonymous {
			inner := make([]reflect.Value, len(rows))
			for i := range rows {
				inner[i] = rows[i].Field(f)
			}
			t.addFields(of.Field(f).Type, inner, prefix, skip)
			continue
		}
		key, option, _ := strings.Cut(of.Field(f).Tag.Get("json"), ",")
		if key == "" || key == "-" || slices.Contains(skip, key) {
			continue
		}
		name := key
		if s, ok := csvNames[key]; ok {
			name = s
		}
		name = prefix + name
		field := make([]reflect.Value, len(rows))
		for i := range rows {
			field[i] = rows[i].Field(f)
		}
		if option == "omitempty" && !slices.ContainsFunc(field, func(v reflect.Value) bool { return !v.IsZero() }) {
			continue // no row has the key
		}
		kind := of.Field(f).Type
		if kind.Kind() == reflect.Pointer && kind.Elem().Kind() == reflect.Array {
			kind = kind.Elem()
			for i := range field {
				field[i] = field[i].Elem()
			}
		}
		switch kind.Kind() {
		case reflect.Struct:
			t.addFields(kind, field, strings.TrimSuffix(name, "s")+"_", skip)
		case reflect.Array:
			t.addEnds(name, field)
		case reflect.Slice:
			most := 0
			for _, v := range field {
				most = max(most, v.Len())
			}
			if s, ok := csvPlural[key]; ok {
				name = prefix + s
			}
			if most == 1 && kind == reflect.TypeFor[compare.Point]() {
				t.Add(name, func(i int) string { return csvCell(field[i].Index(0)) })
				continue
			}
			for k := range most {
				if kind.Elem().Kind() == reflect.Array {
					ends := make([]reflect.Value, len(field))
					for i := range field {
						ends[i] = field[i].Index(k)
					}
					t.addEnds(name+strconv.Itoa(k+1), ends)
					continue
				}
				t.Add(name+strconv.Itoa(k+1), func(i int) string {
					if k >= field[i].Len() {
						return ""
					}
					return csvCell(field[i].Index(k))
				})
			}
		default:
			t.Add(name, func(i int) string { return csvCell(field[i]) })
		}
	}
}

// addEnds adds the columns of the two ends of intervals, which may be missing.
func (t *CSV) addEnds(name string, of []reflect.Value) {
	for k, end := range []string{"_from", "_to"} {
		t.Add(name+end, func(i int) string {
			if !of[i].IsValid() {
				return ""
			}
			return csvCell(of[i].Index(k))
		})
	}
}

// csvCell writes a number, a text, a truth value, or nothing for nil.
func csvCell(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return csvCell(v.Elem())
	case reflect.Float64:
		return CSVNumber(compare.Number(v.Float()))
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.String:
		return v.String()
	}
	panic(fmt.Sprintf("export: a %s in a CSV file", v.Type()))
}

// Add adds a column with a value per row.
func (t *CSV) Add(name string, cell func(i int) string) {
	t.Head = append(t.Head, name)
	for i := range t.Rows {
		t.Rows[i] = append(t.Rows[i], cell(i))
	}
}

// Set replaces the cells of a column.
func (t *CSV) Set(name string, cell func(i int) string) {
	k := slices.Index(t.Head, name)
	for i := range t.Rows {
		t.Rows[i][k] = cell(i)
	}
}

// First puts a column with one text before the others.
func (t *CSV) First(name, text string) *CSV {
	t.Head = slices.Insert(t.Head, 0, name)
	for i := range t.Rows {
		t.Rows[i] = slices.Insert(t.Rows[i], 0, text)
	}
	return t
}

// Write writes the table as RFC 4180 has it.
func (t *CSV) Write(w io.Writer) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(t.Head); err != nil {
		return err
	}
	return c.WriteAll(t.Rows)
}

// CSVNumber returns v with all its digits, and nothing when v is not finite.
func CSVNumber(v compare.Number) string {
	f := float64(v)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return ""
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// Parts returns the table of the parts of all rows, a row per part: which row it is
// of, and the part's own columns.
func Parts[R, P any](rows []R, parts func(r *R) (compare.Key, []P)) *CSV {
	var of []compare.Key
	var all []P
	for i := range rows {
		row, list := parts(&rows[i])
		for _, p := range list {
			of, all = append(of, row), append(all, p)
		}
	}
	t, more := CSVOf(of), CSVOf(all)
	t.Head = append(t.Head, more.Head...)
	for i := range t.Rows {
		t.Rows[i] = append(t.Rows[i], more.Rows[i]...)
	}
	return t
}
