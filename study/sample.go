package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// sample reads the law of xi and takes the names of its variables.
func (r *reader) sample(v *value) (*objective.Samples, error) {
	if v.kind != mapping {
		return nil, r.errorf(v, "expected a mapping with the key kind, found %s", v.describe())
	}
	k := v.get("kind")
	if k == nil {
		return nil, r.errorAt(v.line, v.column, "sample.kind", "the key is missing; expected data, discrete or independent")
	}
	kind, err := r.choice(k, []string{"data", "discrete", "independent"}, nil)
	if err != nil {
		return nil, err
	}
	if b := v.get("batch"); b != nil {
		if err := r.batch(b); err != nil {
			return nil, err
		}
	}
	switch kind {
	case "data":
		return r.data(v)
	case "discrete":
		return r.discrete(v)
	}
	return r.independent(v)
}

// batch accepts the batch of one sample, whose law does not depend on
// replacement.
func (r *reader) batch(v *value) error {
	if err := r.keys(v, []string{"size", "replacement"}, nil, nil); err != nil {
		return err
	}
	if s := v.get("size"); s != nil {
		n, err := r.integer(s, 1, 1e9)
		if err != nil {
			return err
		}
		if n != 1 {
			return r.errorf(s, "%s; possible now: 1", comesLater("batches of more than one sample"))
		}
	}
	if s := v.get("replacement"); s != nil && (s.kind != scalar || s.style != plain || s.text != "true" && s.text != "false") {
		return r.errorf(s, "expected true or false, found %s", s.describe())
	}
	return nil
}

func (r *reader) data(v *value) (*objective.Samples, error) {
	if err := r.keys(v, []string{"kind", "file", "where", "columns", "batch"}, []string{"file", "columns"}, nil); err != nil {
		return nil, err
	}
	file := v.get("file")
	name, err := r.words(file)
	if err != nil {
		return nil, err
	}
	for _, ext := range []string{".h5", ".hdf5", ".nc"} {
		if strings.HasSuffix(strings.ToLower(name), ext) {
			return nil, r.errorf(file, "%s; possible now: .csv and .tsv, also .gz", comesLater("data in "+ext+" files"))
		}
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	table, err := objective.ReadTable(path)
	if err != nil {
		return nil, r.fileError(file, path, err)
	}
	rows := make([]int, table.Len())
	for i := range rows {
		rows[i] = i
	}
	if w := v.get("where"); w != nil {
		q, err := r.query(w, table, expr.Truth)
		if err != nil {
			return nil, err
		}
		if rows, err = q.Filter(table); err != nil {
			return nil, r.tableError(w, table, path, err)
		}
		if len(rows) == 0 {
			return nil, r.errorf(w, "no row of %s is selected", path)
		}
	}
	if len(rows) == 0 {
		return nil, r.errorf(file, "%s has no rows", path)
	}
	columns := v.get("columns")
	if columns.kind != mapping || len(columns.entries) == 0 {
		return nil, r.errorf(columns, "expected a mapping of variables to expressions, found %s", columns.describe())
	}
	var variables []string
	var values [][]float64
	for _, e := range columns.entries {
		if err := r.take(r.names, e.key, "sample variable", e.value.path, e.line, e.column); err != nil {
			return nil, err
		}
		q, err := r.query(e.value, table, expr.Number)
		if err != nil {
			return nil, err
		}
		x, err := q.Values(table, rows)
		if err != nil {
			return nil, r.tableError(e.value, table, path, err)
		}
		variables = append(variables, e.key)
		values = append(values, x)
	}
	s, err := objective.Data(variables, values)
	if err != nil {
		return nil, r.errorf(columns, "%v", err)
	}
	return s, nil
}

func (r *reader) query(v *value, t *objective.Table, k expr.Kind) (*expr.Query, error) {
	if v.kind != scalar {
		return nil, r.errorf(v, "expected an expression, found %s", v.describe())
	}
	q, err := expr.ParseQuery(v.text, t.Names(), k)
	return q, r.inside(v, err)
}

// fileError reports a data file that cannot be opened at the key that names it,
// and a fault in its text at its place in that file.
func (r *reader) fileError(v *value, path string, err error) error {
	var te *objective.TableError
	if errors.As(err, &te) {
		return &Error{File: path, Line: te.Line, Column: te.Column, Msg: te.Msg}
	}
	var pe *os.PathError
	if errors.As(err, &pe) {
		return r.errorf(v, "cannot read %s: %v", path, pe.Err)
	}
	return r.errorf(v, "cannot read %s: %v", path, err)
}

// tableError reports a bad cell at its place in the data file, and a bad row at
// the expression.
func (r *reader) tableError(v *value, t *objective.Table, path string, err error) error {
	var ce *expr.CellError
	if errors.As(err, &ce) {
		line, column := t.Position(ce.Row, ce.Column)
		return &Error{File: path, Line: line, Column: column, Key: t.Names()[ce.Column], Msg: ce.Msg}
	}
	var re *expr.RowError
	if errors.As(err, &re) {
		line, column := r.locate(v, re.Offset)
		where := ""
		if re.Row >= 0 {
			n, _ := t.Position(re.Row, 0)
			where = fmt.Sprintf(" (line %d of %s)", n, path)
		}
		return r.errorAt(line, column, v.path, "%s%s", re.Msg, where)
	}
	return err
}

func (r *reader) discrete(v *value) (*objective.Samples, error) {
	if err := r.keys(v, []string{"kind", "variables", "values", "probabilities", "batch"}, []string{"variables", "values"}, nil); err != nil {
		return nil, err
	}
	items, err := r.list(v.get("variables"), "names")
	if err != nil {
		return nil, err
	}
	var variables []string
	for _, item := range items {
		name, err := r.words(item)
		if err != nil {
			return nil, err
		}
		if err := r.take(r.names, name, "sample variable", item.path, item.line, item.column); err != nil {
			return nil, err
		}
		variables = append(variables, name)
	}
	if items, err = r.list(v.get("values"), "values [..]"); err != nil {
		return nil, err
	}
	var values [][]float64
	for _, item := range items {
		x, err := r.numbers(item, len(variables))
		if err != nil {
			return nil, err
		}
		values = append(values, x)
	}
	var probabilities []float64
	p := v.get("probabilities")
	if p != nil {
		if probabilities, err = r.numbers(p, len(values)); err != nil {
			return nil, err
		}
		for i, x := range probabilities {
			if x < 0 {
				return nil, r.errorf(p.items[i], "expected a probability from 0 to 1, found %s", p.items[i].text)
			}
		}
	}
	s, err := objective.Discrete(variables, values, probabilities)
	if errors.Is(err, objective.ErrProbabilities) {
		return nil, r.errorf(p, "expected probabilities that sum to 1, found the sum %.12g", total(probabilities))
	}
	if err != nil {
		return nil, r.errorf(v.get("values"), "%v", err)
	}
	return s, nil
}

func total(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

func (r *reader) independent(v *value) (*objective.Samples, error) {
	if err := r.keys(v, []string{"kind", "variables", "quadrature", "batch"}, []string{"variables"}, nil); err != nil {
		return nil, err
	}
	at := v.get("variables")
	if at.kind != mapping || len(at.entries) == 0 {
		return nil, r.errorf(at, "expected a mapping of variables to laws, found %s", at.describe())
	}
	var variables []objective.Variable
	for _, e := range at.entries {
		if err := r.take(r.names, e.key, "sample variable", e.value.path, e.line, e.column); err != nil {
			return nil, err
		}
		law, err := r.marginal(e.value)
		if err != nil {
			return nil, err
		}
		variables = append(variables, objective.Variable{Name: e.key, Law: law})
	}
	points := objective.DefaultPoints
	if q := v.get("quadrature"); q != nil {
		later := map[string]string{"rule": "other quadrature rules than Gauss's", "level": "sparse grids"}
		if err := r.keys(q, []string{"points"}, nil, later); err != nil {
			return nil, err
		}
		if p := q.get("points"); p != nil {
			var err error
			if points, err = r.integer(p, 1, 128); err != nil {
				return nil, err
			}
			at = p
		}
	}
	s, err := objective.Independent(variables, points)
	if err != nil {
		return nil, r.errorf(at, "%s", strings.TrimPrefix(err.Error(), "objective: "))
	}
	return s, nil
}

// laws that are planned.
var laterLaws = []string{"exponential", "gamma", "beta", "laplace", "rademacher", "bernoulli"}

func (r *reader) marginal(v *value) (objective.Marginal, error) {
	if v.kind != mapping || v.get("law") == nil {
		return nil, r.errorf(v, "expected {law: uniform, low: .., high: ..} or {law: normal, mean: .., std: ..}")
	}
	law, err := r.choice(v.get("law"), []string{"uniform", "normal"}, laterLaws)
	if err != nil {
		return nil, err
	}
	if law == "uniform" {
		if err := r.keys(v, []string{"law", "low", "high"}, []string{"low", "high"}, nil); err != nil {
			return nil, err
		}
		low, err := r.number(v.get("low"))
		if err != nil {
			return nil, err
		}
		high, err := r.number(v.get("high"))
		if err != nil {
			return nil, err
		}
		if !(low < high) {
			return nil, r.errorf(v.get("high"), "expected a number greater than low, %s", v.get("low").text)
		}
		return objective.Uniform{Low: low, High: high}, nil
	}
	if err := r.keys(v, []string{"law", "mean", "std", "truncate"}, nil, nil); err != nil {
		return nil, err
	}
	g := objective.Normal{Mean: 0, Std: 1}
	if m := v.get("mean"); m != nil {
		if g.Mean, err = r.number(m); err != nil {
			return nil, err
		}
	}
	if s := v.get("std"); s != nil {
		if g.Std, err = r.positive(s); err != nil {
			return nil, err
		}
	}
	t := v.get("truncate")
	if t == nil {
		return g, nil
	}
	ends, err := r.numbers(t, 2)
	if err != nil {
		return nil, err
	}
	if !(ends[0] < ends[1]) {
		return nil, r.errorf(t.items[1], "expected a number greater than the lower end, %s", t.items[0].text)
	}
	return objective.Truncated{Normal: g, Low: ends[0], High: ends[1]}, nil
}
