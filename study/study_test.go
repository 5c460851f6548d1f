package study

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kolmo/internal/h5"
	"kolmo/objective"
)

// good is a study with one statement per line; tests replace lines of it.
const good = `name: test
title: a test
parameters: [x, y]
define:
  r2: x^2 + y^2
  noisy: xi*x
loss: r2/2 - noisy - zeta*y
sample:
  kind: discrete
  variables: [xi, zeta]
  values: [[1, 1], [1, -1]]
  probabilities: [0.25, 0.75]
ball: {R: 2, center: [0.5, 0]}
observables: {expected_loss: f, square: r2}
eta: [1/8, 1/4, 0.5]
models: [modified, gradient-flow]
`

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := Parse("good.yaml", []byte(good), "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "test" || s.Title != "a test" || s.Path != "good.yaml" || string(s.Text) != good {
		t.Errorf("%+v", s)
	}
	if !slices.Equal(s.Parameters, []string{"x", "y"}) || !slices.Equal(s.Models, []string{"modified", "gradient-flow"}) {
		t.Errorf("%+v", s)
	}
	if s.R != 2 || s.R2 != 3 || !slices.Equal(s.Center, []float64{0.5, 0}) {
		t.Errorf("ball %v %v %v", s.R, s.R2, s.Center)
	}
	rates := []Rate{{0.5, "0.5"}, {0.25, "1/4"}, {0.125, "1/8"}}
	if !slices.Equal(s.Eta, rates) {
		t.Errorf("eta %v", s.Eta)
	}
	var m objective.Moments
	s.Objective.NewEvaluator().MomentsTo(&m, []float64{1, 2})
	if want := 2.5 - 1 - (0.25-0.75)*2; m.F != want || s.Objective.Law().Len() != 2 {
		t.Errorf("f = %v, want %v", m.F, want)
	}
	if len(s.Observables) != 2 || s.Observables[0].Name() != "expected_loss" || s.Observables[0].NewFunc()([]float64{1, 2}) != m.F ||
		s.Observables[1].NewFunc()([]float64{1, 2}) != 5 {
		t.Errorf("observables")
	}
}

// TestDefaults pins the values of keys that a study leaves out.
func TestDefaults(t *testing.T) {
	t.Parallel()
	s, err := Parse("good.yaml", []byte(strings.Replace(good, ", center: [0.5, 0]", "", 1)), "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Accuracy != 0.01 || s.Horizon != 0 || s.Seed != 1 || s.R2 != 3 || !slices.Equal(s.Center, []float64{0, 0}) {
		t.Errorf("%+v", s)
	}
	if s.Solver.Space != "auto" || s.Solver.Time != "auto" || s.Solver.Order != 0 || s.Solver.Nodes != nil {
		t.Errorf("solver %+v", s.Solver)
	}
	if o := s.Output; !slices.Equal(o.Fields, []string{"u", "U", "gap"}) || o.Every != 0 || !slices.Equal(o.Eta, []Rate{{0.5, "0.5"}, {0.125, "1/8"}}) {
		t.Errorf("output %+v", s.Output)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	text := good + `accuracy: 0.02
studies: [gap]
horizon: 10
solver: {space: uniform, order: 6, time: hundsdorfer-verwer, nodes: [40]}
output: {fields: [gap, "d(0, 4)U"], every: 3, eta: [smallest, 0.25, largest], compression: 1}
seed: 7
`
	text = strings.Replace(text, "  probabilities", "  batch: {size: 1, replacement: false}\n  probabilities", 1)
	s, err := Parse("good.yaml", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Accuracy != 0.02 || s.Horizon != 10 || s.Seed != 7 {
		t.Errorf("%+v", s)
	}
	if v := s.Solver; v.Space != "uniform" || v.Order != 6 || v.Time != "hundsdorfer-verwer" || !slices.Equal(v.Nodes, []int{40, 40}) {
		t.Errorf("solver %+v", v)
	}
	if o := s.Output; !slices.Equal(o.Fields, []string{"gap", "d(0,4)U"}) || o.Every != 3 || o.Compression != 1 || !slices.Equal(o.Eta, s.Eta) {
		t.Errorf("output %+v", o)
	}
}

// TestErrors asserts the exact position of everything that is refused. Each row
// replaces the first occurrence of old in the good study.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		old, new     string
		line, column int
		key, msg     string
	}{
		// What users get wrong.
		{"loss:", "lose:", 7, 1, "lose", "did you mean loss?"},
		{"noisy - zeta", "noisy - zwta", 7, 22, "loss", "unknown name zwta; did you mean zeta?"},
		{"R: 2", "R: 0", 13, 11, "ball.R", "greater than 0, found 0"},
		{"R: 2", "R: -2", 13, 11, "ball.R", "greater than 0"},
		{"1/4, 0.5", "1/4, 0", 15, 17, "eta[3]", "greater than 0, found 0"},
		{"[0.25, 0.75]", "[0.25, 0.65]", 12, 18, "sample.probabilities", "sum to 1, found the sum 0.9"},
		{"r2/2 - noisy", "log(x) - noisy", 7, 7, "loss", "not finite at x = (-1.5, 0) for sample 0 (xi = 1, zeta = 1)"},
		{"[x, y]", "[x, y, z, w]", 3, 23, "parameters[4]", "fourth parameter"},
		{"r2/2 - noisy", "(x-xi)//2", 7, 13, "loss", "// is not an operator"},
		// YAML.
		{"title: a test", "name: a test", 2, 1, "name", "twice; the first is in line 1"},
		{"{expected_loss: f,", "{square: f,", 14, 26, "observables.square", "twice"},
		{"title: a test", "title: &t test", 2, 8, "title", "anchors"},
		{"title: a test", "title: *t", 2, 8, "title", "aliases"},
		{"title: a test", "title: !!str test", 2, 8, "title", "tags"},
		{"title: a test", "<<: {title: a}", 2, 1, "", "merge keys"},
		{"title: a test", "? title\n: a", 2, 1, "", "expected a name as key"},
		{"R: 2", "R: .nan", 13, 11, "ball.R", "finite number"},
		{"R: 2", "R: .inf", 13, 11, "ball.R", "finite number"},
		{"models: [modified, gradient-flow]\n", "models: [modified]\n---\nname: b\n", 18, 1, "", "second"},
		{"name: test", "%YAML 1.2\n---\nname: test", 1, 1, "", "directives"},
		{"title: a test", "title: a: test", 2, 8, "", "needs quotes"},
		{"title: a test", "title: [a", 3, 1, "", "needs quotes"},
		{"title: a test", "title:", 2, 1, "title", "found nothing"},
		{"title: a test", "\ttitle: a", 2, 1, "", "use spaces"},
		{"title: a test", "title: a\x00", 2, 9, "", "control character"},
		{"title: a test", "title: \xff", 2, 8, "", "UTF-8"},
		{"square: r2}", "square: min(x, y)}", 14, 41, "observables.square", "quote it"},
		// Types and missing keys.
		{"name: test\n", "", 1, 1, "name", "missing"},
		{"loss: r2/2 - noisy - zeta*y\n", "", 1, 1, "loss", "missing"},
		{"R: 2, ", "", 13, 7, "ball.R", "missing"},
		{"ball: {R: 2, center: [0.5, 0]}", "ball: 2", 13, 7, "ball", "expected a mapping"},
		{"R: 2", `R: "2"`, 13, 11, "ball.R", "expected a number, found the text \"2\""},
		{"R: 2", "R: two", 13, 11, "ball.R", "expected a number, found two"},
		{"R: 2", "R: 0x2", 13, 11, "ball.R", "expected a number"},
		{"R: 2", "R: [2]", 13, 11, "ball.R", "expected a number, found a list"},
		{"{expected_loss: f, square: r2}", "{}", 14, 14, "observables", "expected a mapping of names to expressions, found an empty mapping"},
		{"R: 2", "R: true", 13, 11, "ball.R", "expected a number, found true"},
		{"R: 2,", "R: 2, R2: 2,", 13, 18, "ball.R2", "greater than R"},
		{"[0.5, 0]", "[0.5]", 13, 22, "ball.center", "expected 2 numbers, found 1"},
		{"name: test", "name: 12", 1, 7, "name", "quote it"},
		{"name: test", "name: a b", 1, 7, "name", "letters, digits"},
		{"name: test", "name: ..", 1, 7, "name", "letters, digits"},
		{"parameters: [x, y]", "parameters: x", 3, 13, "parameters", "expected a list of names, found x"},
		{"parameters: [x, y]", "parameters: []", 3, 13, "parameters", "empty"},
		{"[x, y]", "[x, e]", 3, 17, "parameters[2]", "reserved"},
		{"[x, y]", "[x, x]", 3, 17, "parameters[2]", "already that of a parameter"},
		{"[x, y]", "[x, sin]", 3, 17, "parameters[2]", "function"},
		{"[x, y]", "[x, 2]", 3, 17, "parameters[2]", "expected text"},
		{"[xi, zeta]", "[xi, y]", 10, 19, "sample.variables[2]", "already that of a parameter"},
		{"r2: x^2", "xi: x^2", 5, 3, "define.xi", "already that of a sample variable"},
		{"r2: x^2 + y^2", "r2: x^2 + noisy", 5, 13, "define.r2", "unknown name noisy"},
		{"r2: x^2 + y^2", "r2: f", 5, 7, "define.r2", "known to observables only"},
		{"square: r2", "square: xi*x", 14, 41, "observables.square", "sample variable"},
		{"square: r2", "square: noisy", 14, 41, "observables.square", "depends on the sample"},
		{"square: r2", "s/q: r2", 14, 33, "observables.s/q", "letters, digits"},
		{"square: r2", "square: log(x)", 14, 41, "observables.square", "the observable square is not finite at x = (-1.5, 0)"},
		{"{expected_loss: f, square: r2}", "{}", 14, 14, "observables", "mapping of names"},
		{"[1/8,", "[1/0,", 15, 7, "eta[1]", "fraction"},
		{"[1/8,", "[2/8,", 15, 12, "eta[2]", "1/4 is there twice"},
		{"[1/8,", "[-1/8,", 15, 7, "eta[1]", "greater than 0"},
		{"[1/8,", "[1/8/2,", 15, 7, "eta[1]", "fraction"},
		{"[1/8, 1/4, 0.5]", "1/8", 15, 6, "eta", "expected a list"},
		{"[modified,", "[modifed,", 16, 10, "models[1]", "did you mean modified?"},
		{"gradient-flow", "modified", 16, 20, "models[2]", "twice"},
		// The law.
		{"kind: discrete", "kind: discret", 9, 9, "sample.kind", "did you mean discrete?"},
		{"  kind: discrete\n", "", 9, 3, "sample.kind", "missing"},
		{"values: [[1, 1]", "values: [[1]", 11, 12, "sample.values[1]", "expected 2 numbers, found 1"},
		{"[1, -1]]", "[1, b]]", 11, 24, "sample.values[2][2]", "expected a number, found b"},
		{"[0.25, 0.75]", "[0.25]", 12, 18, "sample.probabilities", "expected 2 numbers"},
		{"[0.25, 0.75]", "[-0.25, 1.25]", 12, 19, "sample.probabilities[1]", "0 to 1"},
		{"  probabilities: [0.25, 0.75]", "  where: x", 12, 3, "sample.where", "unknown key"},
		// Batches.
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 0}", 12, 17, "sample.batch.size", "whole number"},
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 1.5}", 12, 17, "sample.batch.size", "whole number"},
		{"  probabilities: [0.25, 0.75]", "  batch: 8", 12, 10, "sample.batch", "expected a mapping"},
		{"  probabilities: [0.25, 0.75]", "  batch: {siez: 8}", 12, 11, "sample.batch.siez", "did you mean size?"},
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 3, replacement: false}", 12, 17, "sample.batch.size", "3 without replacement from 2 rows"},
		{"  probabilities: [0.25, 0.75]", "  probabilities: [0.25, 0.75]\n  batch: {size: 2, replacement: false}", 13, 33, "sample.batch.replacement", "rows of equal probability"},
		// Keys of later issues.
		{"  probabilities: [0.25, 0.75]", "  batch: {replacement: 1}", 12, 24, "sample.batch.replacement", "true or false"},
		{"title: a test", "studies: [gap, horizons]", 2, 16, "studies[2]", "horizon"},
		{"title: a test", "solver: {space: chebyshev, time: douglas}", 2, 34, "solver.time", "use space: uniform"},
		{"title: a test", "output: {compression: zstd}", 2, 23, "output.compression", "expected none or 1, found zstd"},
		// The rest of the settings.
		{"title: a test", "accuracy: 1", 2, 11, "accuracy", "between 0 and 1"},
		{"title: a test", "horizon: 0", 2, 10, "horizon", "greater than 0"},
		{"title: a test", "seed: 1.5", 2, 7, "seed", "whole number"},
		{"title: a test", "solver: {space: chebyshev, order: 8}", 2, 35, "solver.order", "no order"},
		{"title: a test", "solver: {space: uniform, order: 7}", 2, 33, "solver.order", "2, 4, 6, 8 or 10"},
		{"title: a test", "solver: {space: chebyshev, time: hundsdorfer-verwer}", 2, 34, "solver.time", "use space: uniform"},
		{"title: a test", "solver: {nodes: [8, 8, 8]}", 2, 17, "solver.nodes", "1 or 2"},
		{"title: a test", "solver: {nodes: [8, 3]}", 2, 21, "solver.nodes[2]", "whole number"},
		{"title: a test", "output: {eta: [largest, 1/3]}", 2, 25, "output.eta[2]", "one of the study's eta"},
		{"title: a test", "output: {fields: [u, v]}", 2, 22, "output.fields[2]", "expected one of u, U, gap or a derivative of one such as d(1,0)u, found v"},
		{"title: a test", `output: {fields: ["d(1)u"]}`, 2, 19, "output.fields[1]", "a number for each of the 2 parameters"},
		{"title: a test", `output: {fields: ["d(0,0)u"]}`, 2, 19, "output.fields[1]", "an order from 1 to 4, found 0"},
		{"title: a test", `output: {fields: ["d(2,3)gap"]}`, 2, 19, "output.fields[1]", "an order from 1 to 4, found 5"},
		{"title: a test", `output: {fields: ["d(1,-1)u"]}`, 2, 19, "output.fields[1]", "whole numbers from 0 to 4"},
		{"title: a test", `output: {fields: ["d(1,0)v"]}`, 2, 19, "output.fields[1]", "expected one of u, U, gap or a derivative"},
		{"title: a test", `output: {fields: [d(1,0)u]}`, 2, 19, "output.fields[1]", "quote it"},
		{"title: a test", `output: {fields: [u, "d(1,0)u", "d(1, 0)u"]}`, 2, 33, "output.fields[3]", "d(1,0)u is there twice"},
		{"title: a test", `output: {fields: [[u]]}`, 2, 19, "output.fields[1]", "expected a field"},
		{"title: a test", "output: {evry: 1}", 2, 10, "output.evry", "did you mean every?"},
		// Places inside scalars.
		{"loss: r2/2 - noisy - zeta*y", "loss: 'r2/2 + wrong'", 7, 15, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", `loss: "r2/2\t+\x20\x72\u0032 + wrong"`, 7, 30, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: r2/2\n\n    + x  +\n    wrong # here", 10, 5, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: |\n  r2/2\n   + wrong", 9, 6, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: >-\n\n  r2/2\n  + wrong", 10, 5, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: x + é", 7, 11, "loss", "unknown name é"},
		{"loss: r2/2 - noisy - zeta*y", "loss: x +", 7, 10, "loss", "too early"},
		{"loss: r2/2 - noisy - zeta*y", "loss: ''", 7, 7, "loss", "empty"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatalf("%q does not occur", c.old)
		}
		checkError(t, text, "", "test.yaml", c.line, c.column, c.key, c.msg)
	}
	checkError(t, "", "", "test.yaml", 1, 1, "", "the file is empty")
	checkError(t, "# only a comment\n", "", "test.yaml", 1, 1, "", "the file is empty")
	checkError(t, "- a\n", "", "test.yaml", 1, 1, "", "expected a mapping")
	checkError(t, "text\n", "", "test.yaml", 1, 1, "", "expected a mapping")
	checkError(t, strings.ReplaceAll(strings.Replace(good, "zeta*y", "zeta*q", 1), "\n", "\r\n"), "", "test.yaml", 7, 27, "loss", "unknown name q")
	checkError(t, "a: "+strings.Repeat("[", 500_000), "", "test.yaml", 1, 104, "", "nested too deep")
	checkError(t, strings.Repeat("- ", 400_000), "", "test.yaml", 1, 201, "", "too")
}

// checkError expects an *Error at the given place with one line of text.
func checkError(t *testing.T, text, dir, file string, line, column int, key, msg string) {
	t.Helper()
	_, err := Parse("test.yaml", []byte(text), dir)
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("error %v, want an *Error with %q", err, msg)
		return
	}
	if e.File != file || e.Line != line || e.Column != column || e.Key != key || !strings.Contains(e.Msg, msg) {
		t.Errorf("got  %v\nwant %s:%d:%d: %s: ..%s..", e, file, line, column, key, msg)
	}
	if strings.ContainsAny(e.Error(), "\n\r") {
		t.Errorf("%q has more than one line", e.Error())
	}
}

const dataStudy = `name: test
parameters: [w]
loss: softplus(-y*w*a)
sample:
  kind: data
  file: flowers.csv
  where: species != "setosa" # not these
  columns:
    a: standardize(petal)
    y: 'species == "virginica" ? 1 : -1'
ball: {R: 2}
observables: {f: f}
eta: [1/4]
models: [modified]
`

const flowers = `species,petal,"odd, name",note
setosa,1,1,NA
"virginica",2,2,x
versicolor, 4 ,3,"é, ö",
virginica,"6",4,-
`

func TestData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "flowers.csv")
	table := strings.Replace(flowers, "ö\",", "ö\"", 1)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("flowers.csv", table)
	s, err := Parse("test.yaml", []byte(dataStudy), dir)
	if err != nil {
		t.Fatal(err)
	}
	if s.Objective.Law().Len() != 3 || !s.Objective.Law().Exact {
		t.Errorf("law %+v", s.Objective.Law())
	}
	write("words.csv", strings.Replace(table, ` 4 `, ` four `, 1))
	write("ragged.csv", flowers)
	write("empty.csv", "")
	write("header.csv", "species,petal\n")
	write("quote.csv", "species,petal\na,\"b\n")
	write("accent.csv", "note,petal,species\né,x,a\n")
	write("twice.csv", "species,petal,petal\n")
	for _, c := range []struct {
		old, new     string
		file         string
		line, column int
		key, msg     string
	}{
		{"flowers.csv", "nowhere.csv", "test.yaml", 6, 9, "sample.file", "no such file"},
		{"standardize(petal)", "standardize(petals)", "test.yaml", 9, 20, "sample.columns.a", "no column petals; did you mean petal?"},
		{"where: species", "where: 1 > 2 or kind", "test.yaml", 7, 19, "sample.where", "no column kind; it has species, petal, odd, name, note"},
		{`'species == "virginica"`, `'col("kind") == "virginica"`, "test.yaml", 10, 13, "sample.columns.y", "no column kind"},
		{"flowers.csv", "words.csv", filepath.Join(dir, "words.csv"), 4, 12, "petal", `" four " is not a number`},
		{"flowers.csv", "ragged.csv", filepath.Join(dir, "ragged.csv"), 4, 1, "", "5 cells, the header has 4"},
		{"flowers.csv", "empty.csv", filepath.Join(dir, "empty.csv"), 1, 1, "", "empty"},
		{"flowers.csv", "header.csv", "test.yaml", 7, 10, "sample.where", "no row"},
		{"flowers.csv", "quote.csv", filepath.Join(dir, "quote.csv"), 2, 5, "", "quote"},
		{"flowers.csv", "accent.csv", filepath.Join(dir, "accent.csv"), 2, 3, "petal", "not a number"},
		{"flowers.csv", "twice.csv", filepath.Join(dir, "twice.csv"), 1, 15, "", "two columns"},
		{"flowers.csv", "flowers.h5", "test.yaml", 6, 9, "sample.file", "no such file"},
		{"flowers.csv", "flowers.csv\n  dataset: a", "test.yaml", 7, 12, "sample.dataset", "HDF5"},
		{"flowers.csv", ".", "test.yaml", 6, 9, "sample.file", "cannot read"},
		{`"setosa"`, `"setosa" and note == "none"`, "test.yaml", 7, 10, "sample.where", "no row"},
		{`species != "setosa"`, `petal + 1`, "test.yaml", 7, 10, "sample.where", "expected a truth value, found a number"},
		{`species != "setosa"`, `note > 1`, path, 2, 12, "note", `"NA" is not a number`},
		{"standardize(petal)", `1 + log(petal - 2)`, "test.yaml", 9, 8, "sample.columns.a", "-Inf (line 3 of " + path + ")"},
		{"standardize(petal)", `standardize(0*petal)`, "test.yaml", 9, 8, "sample.columns.a", "not all equal"},
		{"    a: standard", "    w: standard", "test.yaml", 9, 5, "sample.columns.w", "already"},
		{"  where", "  wehre", "test.yaml", 7, 3, "sample.wehre", "did you mean where?"},
		{"  file: flowers.csv\n", "", "test.yaml", 5, 3, "sample.file", "missing"},
	} {
		checkError(t, strings.Replace(dataStudy, c.old, c.new, 1), dir, c.file, c.line, c.column, c.key, c.msg)
	}
}

// TestArrays: the columns of an HDF5 file, and errors with the place of the key.
func TestArrays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := h5.CreateFile(filepath.Join(dir, "data.h5"))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range map[string][]float64{"petal": {1, 2, 4, 8}, "sign": {1, -1, 1, 0}, "gaps": {1, math.NaN(), 1, 1}, "short": {1, 2}} {
		d, err := h5.CreateDataset[float64](f, name, h5.Layout{Shape: []int{len(values)}})
		if err == nil {
			err = h5.Write(d, values)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := h5.CreateDataset[int64](f, "table", h5.Layout{Shape: []int{3, 2}})
	if err == nil {
		err = h5.Write(d, []int64{1, 1, 2, -1, 4, 1})
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad.h5"), []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("flowers.csv", "data.h5\n  dataset: [petal, sign, gaps]", `species != "setosa" # not these`, "sign != 0",
		`'species == "virginica" ? 1 : -1'`, "sign").Replace(dataStudy)
	s, err := Parse("test.yaml", []byte(text), dir)
	if err != nil {
		t.Fatal(err)
	}
	table := strings.NewReplacer("[petal, sign, gaps]", "table", "sign != 0", "c2 > -5", "standardize(petal)", "standardize(c1)", ": sign", ": c2").Replace(text)
	u, err := Parse("test.yaml", []byte(table), dir)
	if err != nil {
		t.Fatal(err)
	}
	var a, b objective.Moments
	s.Objective.NewEvaluator().MomentsTo(&a, []float64{0.7})
	u.Objective.NewEvaluator().MomentsTo(&b, []float64{0.7})
	if a != b || s.Objective.Law().Len() != 3 {
		t.Errorf("the columns and the table differ: %+v, %+v", a, b)
	}
	for _, c := range []struct {
		old, new     string
		line, column int
		key, msg     string
	}{
		{"dataset: [petal, sign, gaps]", "dataset: [petal, sing]", 7, 20, "sample.dataset[2]", "the dataset sing"},
		{"dataset: [petal, sign, gaps]", "dataset: [petal, short]", 7, 20, "sample.dataset[2]", "2 elements, and petal has 4"},
		{"dataset: [petal, sign, gaps]", "dataset: [petal, petal]", 7, 20, "sample.dataset[2]", "twice"},
		{"dataset: [petal, sign, gaps]", "dataset: [petal, table]", 7, 20, "sample.dataset[2]", "2 dimensions"},
		{"dataset: [petal, sign, gaps]", "dataset: tables", 7, 12, "sample.dataset", "the dataset tables"},
		{"dataset: [petal, sign, gaps]", "dataset: {a: b}", 7, 12, "sample.dataset", "expected text"},
		{"\n  dataset: [petal, sign, gaps]", "", 6, 9, "sample.file", "with the key dataset"},
		{"data.h5", "bad.h5", 6, 9, "sample.file", "cannot read"},
		{"sign != 0", "gaps > 0", 8, 10, "sample.where", "(row 2 of the column gaps"},
		{"standardize(petal)", "log(petal - 1)", 10, 8, "sample.columns.a", "(row 1 of"},
		{"standardize(petal)", "petla", 10, 8, "sample.columns.a", "did you mean petal?"},
	} {
		checkError(t, strings.Replace(text, c.old, c.new, 1), dir, "test.yaml", c.line, c.column, c.key, c.msg)
	}
}

func TestIndependent(t *testing.T) {
	t.Parallel()
	base := strings.Replace(good, `  kind: discrete
  variables: [xi, zeta]
  values: [[1, 1], [1, -1]]
  probabilities: [0.25, 0.75]
`, `  kind: independent
  variables:
    xi: {law: uniform, low: -1, high: 1}
    zeta: {law: normal, mean: 0, std: 2, truncate: [-3, 3]}
  quadrature: {points: 5}
`, 1)
	s, err := Parse("test.yaml", []byte(base), "")
	if err != nil {
		t.Fatal(err)
	}
	if l := s.Objective.Law(); l.Len() != 25 || l.Exact || l.Unbounded {
		t.Errorf("law %+v", l)
	}
	s, err = Parse("test.yaml", []byte(strings.Replace(base, ", truncate: [-3, 3]", "", 1)), "")
	if err != nil || !s.Objective.Law().Unbounded {
		t.Errorf("a normal law is not unbounded, %v", err)
	}
	for law, unbounded := range map[string]bool{
		"{law: exponential}": true, "{law: gamma, shape: 2}": true, "{law: beta, alpha: 2, beta: 3}": false, "{law: laplace}": true,
		"{law: rademacher}": false, "{law: bernoulli, p: 0.25}": false,
	} {
		for rule, nodes := range map[string]int{"{points: 5}": 5, "{rule: smolyak, level: 3}": 0, "{rule: qmc, points: 64}": 64, "{rule: gauss}": 12} {
			text := strings.NewReplacer("{law: uniform, low: -1, high: 1}", law, "{points: 5}", rule).Replace(base)
			s, err := Parse("test.yaml", []byte(text), "")
			if err != nil {
				t.Errorf("%s, %s: %v", law, rule, err)
				continue
			}
			l := s.Objective.Law()
			if l.Unbounded != unbounded || l.Exact || l.Signed && nodes != 0 {
				t.Errorf("%s, %s: law %+v", law, rule, l)
			}
			other := nodes
			if rule == "{rule: qmc, points: 64}" {
				other = 1
			}
			if strings.Contains(law, "ra") || strings.Contains(law, "bern") {
				other = 2
			}
			if nodes > 0 && l.Len() != nodes*other {
				t.Errorf("%s, %s: %d nodes", law, rule, l.Len())
			}
		}
	}
	for _, c := range []struct {
		old, new     string
		line, column int
		key, msg     string
	}{
		{"law: uniform, low: -1, high: 1", "law: gamma", 11, 9, "sample.variables.xi.shape", "missing"},
		{"law: uniform, low: -1, high: 1", "law: gamma, shape: 0", 11, 29, "sample.variables.xi.shape", "greater than 0"},
		{"law: uniform, low: -1, high: 1", "law: gamma, shape: 1, rate: x", 11, 38, "sample.variables.xi.rate", "expected a number"},
		{"law: uniform, low: -1, high: 1", "law: exponential, scale: 1", 11, 28, "sample.variables.xi.scale", "unknown key"},
		{"law: uniform, low: -1, high: 1", "law: beta, alpha: 1", 11, 9, "sample.variables.xi.beta", "missing"},
		{"law: uniform, low: -1, high: 1", "law: laplace, scale: -1", 11, 31, "sample.variables.xi.scale", "greater than 0"},
		{"law: uniform, low: -1, high: 1", "law: rademacher, p: 1", 11, 27, "sample.variables.xi.p", "unknown key"},
		{"law: uniform, low: -1, high: 1", "law: bernoulli, p: 1.5", 11, 29, "sample.variables.xi.p", "0 to 1"},
		{"law: uniform", "law: laplase", 11, 15, "sample.variables.xi.law", "did you mean laplace?"},
		{"law: uniform", "law: uniforn", 11, 15, "sample.variables.xi.law", "did you mean uniform?"},
		{", high: 1}", "}", 11, 9, "sample.variables.xi.high", "missing"},
		{"high: 1", "high: -1", 11, 39, "sample.variables.xi.high", "greater than low"},
		{"std: 2", "std: 0", 12, 39, "sample.variables.zeta.std", "greater than 0"},
		{"[-3, 3]", "[3, -3]", 12, 56, "sample.variables.zeta.truncate[2]", "lower end"},
		{"[-3, 3]", "[3]", 12, 52, "sample.variables.zeta.truncate", "expected 2 numbers"},
		{"points: 5", "rule: sobol", 13, 22, "sample.quadrature.rule", "expected one of gauss, smolyak, qmc"},
		{"points: 5", "rule: smolyak, points: 5", 13, 31, "sample.quadrature.points", "unknown key"},
		{"points: 5", "rule: smolyak, level: 0", 13, 38, "sample.quadrature.level", "whole number"},
		{"points: 5", "level: 5", 13, 16, "sample.quadrature.level", "unknown key"},
		{"points: 5", "rule: qmc, points: 100", 13, 35, "sample.quadrature.points", "power of 2"},
		{"points: 5}", "rule: smolyak}\n  batch: {size: 2}", 14, 17, "sample.batch.size", "positive weights"},
		{"points: 5}", "points: 5}\n  batch: {size: 2, replacement: false}", 14, 33, "sample.batch.replacement", "rows of equal probability"},
		{"points: 5", "points: 0", 13, 24, "sample.quadrature.points", "whole number"},
		{"{law: uniform, low: -1, high: 1}", "uniform", 11, 9, "sample.variables.xi", "law: uniform"},
	} {
		checkError(t, strings.Replace(base, c.old, c.new, 1), "", "test.yaml", c.line, c.column, c.key, c.msg)
	}
}

// TestBatch: a study's batches are its objective; its loss is that of one sample.
func TestBatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		batch string
		nodes int
		sigma float64 // of the first parameter, in units of one sample's
	}{
		{"{size: 1}", 2, 1}, {"{size: 1, replacement: false}", 2, 1}, {"{}", 2, 1},
		{"{size: 4}", 5, 1. / 4}, {"{size: 4, replacement: true}", 5, 1. / 4}, {"{size: 2, replacement: false}", 1, 0},
	} {
		text := strings.Replace(good, "  probabilities: [0.25, 0.75]", "  batch: "+c.batch, 1)
		s, err := Parse("test.yaml", []byte(text), "")
		if err != nil {
			t.Errorf("%s: %v", c.batch, err)
			continue
		}
		if s.Loss == nil || s.Loss.Law().Len() != 2 || s.Objective.Law().Len() != c.nodes || !s.Objective.Law().Exact {
			t.Errorf("%s: law %+v", c.batch, s.Objective.Law())
		}
		var m objective.Moments
		s.Objective.NewEvaluator().MomentsTo(&m, []float64{1, 2})
		if want := c.sigma; math.Abs(m.Sigma[1][1]-want) > 1e-15 {
			t.Errorf("%s: Sigma %v, want %v", c.batch, m.Sigma[1][1], want)
		}
	}
	text := strings.Replace(dataStudy, "  columns:", "  batch: {size: 2}\n  columns:", 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "flowers.csv"), []byte("species,petal\na,1\nvirginica,2\nc,3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if s, err := Parse("test.yaml", []byte(text), dir); err != nil || s.Objective.Law().Len() != 6 {
		t.Errorf("batches of two of three rows: %v", err)
	}
}

func TestLossError(t *testing.T) {
	t.Parallel()
	s, err := Parse("good.yaml", []byte(good), "")
	if err != nil {
		t.Fatal(err)
	}
	cause := fmt.Errorf("wrapped: %w", &objective.NonFiniteError{What: "square", X: []float64{1, 2}, Sample: -1, Part: "value"})
	if got, want := s.LossError(cause).Error(), "good.yaml:14:41: observables.square: the value of the observable square is not finite at x = (1, 2)"; got != want {
		t.Errorf("got %s", got)
	}
	cause = &objective.NonFiniteError{What: objective.WhatLoss, X: []float64{1, 2}, Sample: 3, Part: "gradient"}
	if got, want := s.LossError(cause).Error(), "good.yaml:7:7: loss: the gradient of the loss is not finite at x = (1, 2) for sample 3"; got != want {
		t.Errorf("got %s", got)
	}
	if other := errors.New("other"); s.LossError(other) != other || s.LossError(nil) != nil {
		t.Error("other errors must pass")
	}
}

// FuzzParse: no text crashes the reading, and every error has a place in the file.
func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add(dataStudy)
	f.Add("a: [1, {b: c}]\n")
	f.Add("? - a\n: |\n  x\n")
	f.Add("a: \"\\x41\\u0042\n  c\"\n")
	f.Add("--- # c\r\na: 'it''s'\r\n...\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Parse("fuzz.yaml", []byte(text), "testdata")
		if err == nil {
			return
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%v is no *Error", err)
		}
		if lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1; e.Line < 1 || e.Column < 1 || e.File == "fuzz.yaml" && e.Line > lines {
			t.Fatalf("%v lies outside of %d lines", e, lines)
		}
		if strings.ContainsAny(e.Error(), "\n\r") {
			t.Fatalf("%q has more than one line", e.Error())
		}
	})
}
