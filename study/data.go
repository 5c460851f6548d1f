package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/study/document"
)

func (r lawReader) data(v *document.Value) (*law.Samples, error) {
	if err := r.Keys(v, document.DataKeys, []string{"file", "columns"}); err != nil {
		return nil, err
	}
	file := v.Get("file")
	name, err := r.Words(file)
	if err != nil {
		return nil, err
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	table, err := r.table(v, file, path)
	if err != nil {
		return nil, err
	}
	if notes := table.Notes(); len(notes) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: read with %s; keys of sample say otherwise: %s", path, strings.Join(notes, ", "), strings.Join(document.FormatKeys, ", ")))
	}
	rows := make([]int, table.Len())
	for i := range rows {
		rows[i] = i
	}
	if w := v.Get("where"); w != nil {
		q, err := r.query(w, table, expr.Truth)
		if err != nil {
			return nil, err
		}
		if rows, err = q.Filter(table); err != nil {
			return nil, r.tableError(w, table, path, err)
		}
		if len(rows) == 0 {
			return nil, r.Errorf(w, "no row of %s is selected", path)
		}
	}
	if len(rows) == 0 {
		return nil, r.Errorf(file, "%s has no rows", path)
	}
	columns := v.Get("columns")
	if columns.Kind != document.Mapping || len(columns.Entries) == 0 {
		return nil, r.Errorf(columns, "expected a mapping of variables to expressions, found %s", columns.Describe())
	}
	if n := len(columns.Entries); len(rows) > mostDataRows || len(rows)*n > mostDataValues {
		return nil, r.Errorf(file, "%d rows of %d variables; at most %d rows and %d values are possible: select fewer with where", len(rows), n, mostDataRows, mostDataValues)
	}
	told := map[int]bool{} // columns
	var variables []string
	var values [][]float64
	for _, e := range columns.Entries {
		if err := r.Take(r.names, e.Key, "sample variable", e.Value.Path, e.Line, e.Column); err != nil {
			return nil, err
		}
		q, err := r.query(e.Value, table, expr.Number)
		if err != nil {
			return nil, err
		}
		x, err := q.Values(table, rows)
		if err != nil {
			return nil, r.tableError(e.Value, table, path, err)
		}
		for _, c := range q.Columns() {
			if x, ok := table.Sentinel(c, rows); ok && !told[c] {
				name := table.Names()[c]
				r.notes = append(r.notes, fmt.Sprintf("%s: the column %s has the value %g far from all others; if it stands for a missing one, write where: '%s != %g'", path, name, x, expr.ColumnReference(name), x))
				told[c] = true
			}
		}
		variables = append(variables, e.Key)
		values = append(values, x)
	}
	s, err := law.Data(variables, values)
	if err != nil {
		return nil, r.Errorf(columns, "%v", err)
	}
	return s, nil
}

// arrays are the endings of the names of HDF5 files.
var arrays = []string{".h5", ".hdf5", ".nc"}

// table reads the data file, an HDF5 file by its ending.
func (r lawReader) table(v, file *document.Value, path string) (*objective.Table, error) {
	dataset := v.Get("dataset")
	if !slices.Contains(arrays, strings.ToLower(filepath.Ext(path))) {
		if dataset != nil {
			return nil, r.Errorf(dataset, "a dataset belongs to an HDF5 file, whose name ends in %s", strings.Join(arrays, ", "))
		}
		format, err := r.format(v)
		if err != nil {
			return nil, err
		}
		t, err := objective.ReadTable(path, format)
		if err != nil {
			return nil, r.fileError(file, path, err)
		}
		return t, nil
	}
	for _, key := range document.FormatKeys {
		if w := v.Get(key); w != nil {
			return nil, r.Errorf(w, "%s is about tables of text, and %s is an HDF5 file by its name", key, path)
		}
	}
	var names []string
	at := []*document.Value{dataset}
	switch {
	case dataset == nil:
	case dataset.Kind == document.Sequence:
		var err error
		if at, err = r.List(dataset, "names"); err != nil {
			return nil, err
		}
		for _, w := range at {
			name, err := r.Words(w)
			if err != nil {
				return nil, err
			}
			if slices.Contains(names, name) {
				return nil, r.Errorf(w, "%s is there twice", name)
			}
			names = append(names, name)
		}
	default:
		name, err := r.Words(dataset)
		if err != nil {
			return nil, err
		}
		names = []string{name}
	}
	t, err := objective.ReadArrays(path, names)
	var de *objective.DatasetError
	switch {
	case err == nil:
		return t, nil
	case errors.As(err, &de) && names != nil:
		return nil, r.Errorf(at[max(de.Index, 0)], "%s: %v", path, err)
	case errors.As(err, &de):
		return nil, r.Errorf(file, "%s: %v; name those to be read with the key dataset", path, err)
	}
	return nil, r.fileError(file, path, err)
}

func (r lawReader) query(v *document.Value, t *objective.Table, k expr.Kind) (*expr.Query, error) {
	if v.Kind != document.Scalar {
		return nil, r.Errorf(v, "expected an expression, found %s", v.Describe())
	}
	q, err := expr.ParseQuery(v.Text, t.Names(), k)
	if missing, ok := errors.AsType[*expr.Error](err); ok && missing.NoColumn {
		missing.Msg += t.Advice()
	}
	return q, r.Inside(v, err)
}

// fileError reports a data file that cannot be opened at the key that names it,
// and a fault in its text at its place in that file.
func (r lawReader) fileError(v *document.Value, path string, err error) error {
	if te, ok := errors.AsType[*objective.TableError](err); ok {
		return &document.Error{File: path, Line: te.Line, Column: te.Column, Msg: te.Msg}
	}
	if pe, ok := errors.AsType[*os.PathError](err); ok {
		return r.Errorf(v, "cannot read %s: %v", path, pe.Err)
	}
	return r.Errorf(v, "cannot read %s: %v", path, err)
}

// tableError reports a bad cell at its place in the data file, and a bad row at
// the expression.
func (r lawReader) tableError(v *document.Value, t *objective.Table, path string, err error) error {
	if ce, ok := errors.AsType[*expr.CellError](err); ok {
		if t.Binary() {
			return r.Errorf(v, "%s (row %d of the column %s of %s)", ce.Msg, ce.Row+1, t.Names()[ce.Column], path)
		}
		line, column := t.Position(ce.Row, ce.Column)
		return &document.Error{File: path, Line: line, Column: column, Key: t.Names()[ce.Column], Msg: ce.Msg}
	}
	if re, ok := errors.AsType[*expr.RowError](err); ok {
		line, column := r.Locate(v, re.Offset)
		where := ""
		if re.Row >= 0 {
			where = fmt.Sprintf(" (row %d of %s)", re.Row+1, path)
			if !t.Binary() {
				n, _ := t.Position(re.Row, 0)
				where = fmt.Sprintf(" (line %d of %s)", n, path)
			}
		}
		return r.ErrorAt(line, column, v.Path, "%s%s", re.Msg, where)
	}
	return err
}
