package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
		if r.batch, err = r.readBatch(b); err != nil {
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

// batch is the study's batch with the values that errors about it stand at.
type batch struct {
	size          int
	replacement   bool
	at            *value // nil: the study has no batch
	sizeAt        *value
	replacementAt *value
}

func (r *reader) readBatch(v *value) (b batch, err error) {
	b = batch{size: 1, replacement: true, at: v}
	if err := r.keys(v, []string{"size", "replacement"}, nil, nil); err != nil {
		return b, err
	}
	if b.sizeAt = v.get("size"); b.sizeAt != nil {
		if b.size, err = r.integer(b.sizeAt, 1, 1e9); err != nil {
			return b, err
		}
	}
	if w := v.get("replacement"); w != nil {
		if w.kind != scalar || w.style != plain || w.text != "true" && w.text != "false" {
			return b, r.errorf(w, "expected true or false, found %s", w.describe())
		}
		b.replacement, b.replacementAt = w.text == "true", w
	}
	return b, nil
}

// batched returns the loss with the study's batches. Those of one sample are the
// loss itself: their law does not depend on replacement.
func (r *reader) batched(l *objective.Loss) (objective.Objective, error) {
	b := r.batch
	if b.at == nil || b.size == 1 {
		return l, nil
	}
	o, err := objective.NewBatch(l, b.size, b.replacement)
	if err == nil {
		return o, nil
	}
	at := b.sizeAt
	if errors.Is(err, objective.ErrReplacement) {
		at = b.replacementAt
	}
	if at == nil {
		at = b.at
	}
	return nil, r.errorf(at, "%s", strings.TrimPrefix(err.Error(), "objective: "))
}

func (r *reader) data(v *value) (*objective.Samples, error) {
	if err := r.keys(v, []string{"kind", "file", "dataset", "where", "columns", "batch"}, []string{"file", "columns"}, nil); err != nil {
		return nil, err
	}
	file := v.get("file")
	name, err := r.words(file)
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

// arrays are the endings of the names of HDF5 files.
var arrays = []string{".h5", ".hdf5", ".nc"}

// table reads the data file, an HDF5 file by its ending.
func (r *reader) table(v, file *value, path string) (*objective.Table, error) {
	dataset := v.get("dataset")
	if !slices.Contains(arrays, strings.ToLower(filepath.Ext(path))) {
		if dataset != nil {
			return nil, r.errorf(dataset, "a dataset belongs to an HDF5 file, whose name ends in %s", strings.Join(arrays, ", "))
		}
		t, err := objective.ReadTable(path)
		if err != nil {
			return nil, r.fileError(file, path, err)
		}
		return t, nil
	}
	var names []string
	at := []*value{dataset}
	switch {
	case dataset == nil:
	case dataset.kind == sequence:
		var err error
		if at, err = r.list(dataset, "names"); err != nil {
			return nil, err
		}
		for _, w := range at {
			name, err := r.words(w)
			if err != nil {
				return nil, err
			}
			if slices.Contains(names, name) {
				return nil, r.errorf(w, "%s is there twice", name)
			}
			names = append(names, name)
		}
	default:
		name, err := r.words(dataset)
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
		return nil, r.errorf(at[max(de.Index, 0)], "%s: %v", path, err)
	case errors.As(err, &de):
		return nil, r.errorf(file, "%s: %v; name those to be read with the key dataset", path, err)
	}
	return nil, r.fileError(file, path, err)
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
	if errors.As(err, &ce) && t.Binary() {
		return r.errorf(v, "%s (row %d of the column %s of %s)", ce.Msg, ce.Row+1, t.Names()[ce.Column], path)
	}
	if errors.As(err, &ce) {
		line, column := t.Position(ce.Row, ce.Column)
		return &Error{File: path, Line: line, Column: column, Key: t.Names()[ce.Column], Msg: ce.Msg}
	}
	var re *expr.RowError
	if errors.As(err, &re) {
		line, column := r.locate(v, re.Offset)
		where := ""
		if re.Row >= 0 {
			where = fmt.Sprintf(" (row %d of %s)", re.Row+1, path)
			if !t.Binary() {
				n, _ := t.Position(re.Row, 0)
				where = fmt.Sprintf(" (line %d of %s)", n, path)
			}
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
	rule, at, err := r.rule(v.get("quadrature"), at)
	if err != nil {
		return nil, err
	}
	s, err := objective.IndependentBy(variables, rule)
	if err != nil {
		return nil, r.errorf(at, "%s", strings.TrimPrefix(err.Error(), "objective: "))
	}
	return s, nil
}

// Defaults of a study's quadrature.
const (
	defaultLevel  = 6
	defaultPoints = 4096 // of qmc
)

// rule reads the quadrature, nil for the default, and returns it with the value
// at which its errors stand.
func (r *reader) rule(q, at *value) (objective.Rule, *value, error) {
	if q == nil {
		return objective.Tensor{Points: objective.DefaultPoints}, at, nil
	}
	kind := "gauss"
	if k := q.get("rule"); k != nil {
		var err error
		if kind, err = r.choice(k, []string{"gauss", "smolyak", "qmc"}, nil); err != nil {
			return nil, at, err
		}
	}
	key, most, n := "points", 128.0, objective.DefaultPoints
	switch kind {
	case "smolyak":
		key, most, n = "level", 60, defaultLevel
	case "qmc":
		most, n = 1<<19, defaultPoints
	}
	if err := r.keys(q, []string{"rule", key}, nil, nil); err != nil {
		return nil, at, err
	}
	if p := q.get(key); p != nil {
		var err error
		if n, err = r.integer(p, 1, most); err != nil {
			return nil, at, err
		}
		if at = p; kind == "qmc" && (n < 2 || n&(n-1) != 0) {
			return nil, at, r.errorf(p, "expected a power of 2, found %s", p.text)
		}
	}
	switch kind {
	case "smolyak":
		return objective.Smolyak{Level: n}, at, nil
	case "qmc":
		return objective.QMC{Points: n, Seed: r.seed}, at, nil
	}
	return objective.Tensor{Points: n}, at, nil
}

// laws are the laws of an independent variable; parameters that may be left out
// have a default.
var laws = []struct {
	name       string
	required   []string
	parameters []parameter
	law        func(p map[string]float64) objective.Marginal
}{
	{"uniform", []string{"low", "high"}, []parameter{{"low", 0, false}, {"high", 0, false}},
		func(p map[string]float64) objective.Marginal {
			return objective.Uniform{Low: p["low"], High: p["high"]}
		}},
	{"normal", nil, []parameter{{"mean", 0, false}, {"std", 1, true}},
		func(p map[string]float64) objective.Marginal { return objective.Normal{Mean: p["mean"], Std: p["std"]} }},
	{"exponential", nil, []parameter{{"rate", 1, true}},
		func(p map[string]float64) objective.Marginal { return objective.Exponential(p["rate"]) }},
	{"gamma", []string{"shape"}, []parameter{{"shape", 0, true}, {"rate", 1, true}},
		func(p map[string]float64) objective.Marginal {
			return objective.Gamma{Shape: p["shape"], Rate: p["rate"]}
		}},
	{"beta", []string{"alpha", "beta"}, []parameter{{"alpha", 0, true}, {"beta", 0, true}},
		func(p map[string]float64) objective.Marginal {
			return objective.Beta{Alpha: p["alpha"], Beta: p["beta"]}
		}},
	{"laplace", nil, []parameter{{"mean", 0, false}, {"scale", 1, true}},
		func(p map[string]float64) objective.Marginal {
			return objective.Laplace{Mean: p["mean"], Scale: p["scale"]}
		}},
	{"rademacher", nil, nil, func(map[string]float64) objective.Marginal { return objective.Rademacher{} }},
	{"bernoulli", []string{"p"}, []parameter{{"p", 0, false}},
		func(p map[string]float64) objective.Marginal { return objective.Bernoulli{P: p["p"]} }},
}

// parameter is a number that a law depends on.
type parameter struct {
	key      string
	value    float64 // the default
	positive bool
}

func (r *reader) marginal(v *value) (objective.Marginal, error) {
	if v.kind != mapping || v.get("law") == nil {
		return nil, r.errorf(v, "expected {law: uniform, low: .., high: ..} or {law: normal, mean: .., std: ..}")
	}
	var names []string
	for _, l := range laws {
		names = append(names, l.name)
	}
	name, err := r.choice(v.get("law"), names, nil)
	if err != nil {
		return nil, err
	}
	l := laws[slices.Index(names, name)]
	known := []string{"law"}
	p := map[string]float64{}
	for _, q := range l.parameters {
		known = append(known, q.key)
	}
	if name == "normal" {
		known = append(known, "truncate")
	}
	if err := r.keys(v, known, l.required, nil); err != nil {
		return nil, err
	}
	for _, q := range l.parameters {
		p[q.key] = q.value
		w := v.get(q.key)
		switch {
		case w == nil:
		case q.positive:
			p[q.key], err = r.positive(w)
		default:
			p[q.key], err = r.number(w)
		}
		if err != nil {
			return nil, err
		}
	}
	switch law := l.law(p).(type) {
	case objective.Uniform:
		if !(law.Low < law.High) {
			return nil, r.errorf(v.get("high"), "expected a number greater than low, %s", v.get("low").text)
		}
		return law, nil
	case objective.Bernoulli:
		if !(law.P >= 0 && law.P <= 1) {
			return nil, r.errorf(v.get("p"), "expected a probability from 0 to 1, found %s", v.get("p").text)
		}
		return law, nil
	case objective.Normal:
		return r.truncated(law, v.get("truncate"))
	default:
		return law, nil
	}
}

// truncated reads the interval to which a normal law is restricted, nil for none.
func (r *reader) truncated(g objective.Normal, t *value) (objective.Marginal, error) {
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
