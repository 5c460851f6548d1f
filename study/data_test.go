package study

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/internal/h5"
	"kolmo/objective"
)

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
	table := flowers
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
	write("ragged.csv", strings.Replace(flowers, "ö\",", "ö\",end", 1))
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
		{"where: species", "where: 1 > 2 or kind", "test.yaml", 7, 19, "sample.where", `no column kind; it has species, petal, col("odd, name"), note`},
		{`'species == "virginica"`, `'col("kind") == "virginica"`, "test.yaml", 10, 13, "sample.columns.y", "no column kind"},
		{"flowers.csv", "words.csv", filepath.Join(dir, "words.csv"), 4, 13, "petal", `"four" is not a number`},
		{"flowers.csv", "ragged.csv", filepath.Join(dir, "ragged.csv"), 4, 1, "", "5 cells, the header has 4; if rows begin with a name, give that column a name too; a cell with the separator in it needs quotes"},
		{"flowers.csv", "empty.csv", filepath.Join(dir, "empty.csv"), 1, 1, "", "empty"},
		{"flowers.csv", "header.csv", "test.yaml", 7, 10, "sample.where", "no row"},
		{"flowers.csv", "quote.csv", filepath.Join(dir, "quote.csv"), 2, 3, "", "no closing quote"},
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

// TestTableKeys: the keys that say how a table is written, and what is told of it.
func TestTableKeys(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"plain.csv": "x,y\n1,3\n2,5\n", "semi.csv": "x;y;;\r\n1,0;3;;\r\n2,0;5,0;;\r\n", "mac.csv": "x,y\r1,3\r2,5\r", "note.csv": "# by R\nx, y\n1, 3\n2, 5\n",
		"bare.csv": "1,3\n2,5\n", "bars.csv": "% note\nx|y\n1|3\n2|5\n", "two.csv": "x,m;y,s\n1,3;2,5\n", "data.h5": "",
		"far.csv": "x,y\n1,3\n2,5\n3,-999\n-9,1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	study := func(file, keys, x, y string) string {
		return "name: test\nparameters: [w]\nloss: (w*a - b)^2/2\nsample:\n  kind: data\n  file: " + file + "\n  columns: {a: '" + x + "', b: '" + y + "'}\n" + keys +
			"ball: {R: 2}\nobservables: {f: f}\neta: [1/4]\nmodels: [modified]\n"
	}
	var want objective.Moments
	for i, c := range []struct{ file, keys, x, y, note string }{
		{"plain.csv", "", "x", "y", ""},
		{"semi.csv", "", "x", "y", `separator ";", 2 empty columns left out, decimal ","; keys of sample`},
		{"semi.csv", "  separator: semicolon\n  decimal: \",\"\n", "x", "y", "2 empty columns left out"},
		{"mac.csv", "", "x", "y", "carriage returns"},
		{"note.csv", "", "x", "y", "1 comment line (#) left out, blanks around"},
		{"bare.csv", "  header: false\n", "c1", "c2", ""},
		{"far.csv", "  where: x > 0\n", "x", "y", "the column y has the value -999 far from all others; if it stands for a missing one, write where: 'y != -999'"},
		{"far.csv", "  where: x > 0 and y != -999\n", "x", "y", ""},
		{"bars.csv", "  comment: \"%\"\n", "x", "y", `separator "|"`},
		{"bars.csv", "  comment: '%'\n  separator: pipe\n", "x", "y", "1 comment line"},
	} {
		s, err := Parse("test.yaml", []byte(study(c.file, c.keys, c.x, c.y)), dir)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		var m objective.Moments
		s.Objective.NewEvaluator().MomentsTo(&m, []float64{0.7})
		if i == 0 {
			want = m
		} else if m != want && !strings.Contains(c.note, "far from") {
			t.Errorf("%s, %q: moments %+v, want %+v", c.file, c.keys, m, want)
		}
		if got := strings.Join(Notes(s), "\n"); c.note == "" && got != "" || !strings.Contains(got, c.note) {
			t.Errorf("%s: notes %q, want %q", c.file, got, c.note)
		}
	}
	for _, c := range []struct {
		file, keys, x string
		line, column  int
		key, msg      string
	}{
		{"plain.csv", "  separator: ' '\n", "x", 8, 14, "sample.separator", `expected "," ";"`},
		{"plain.csv", "  separator: [a]\n", "x", 8, 14, "sample.separator", "found a list"},
		{"plain.csv", "  decimal: point\n", "x", 8, 12, "sample.decimal", `expected "." or ","`},
		{"plain.csv", "  comment: #\n", "x", 8, 3, "sample.comment", "found nothing"},
		{"plain.csv", "  comment: '# # # # #'\n", "x", 8, 12, "sample.comment", "expected in quotes"},
		{"plain.csv", "  header: 1\n", "x", 8, 11, "sample.header", "true or false"},
		{"plain.csv", "  header: 'false'\n", "x", 8, 11, "sample.header", "true or false"},
		{"plain.csv", "  seperator: tab\n", "x", 8, 3, "sample.seperator", "did you mean separator?"},
		{"plain.csv", "  separator: tab\n", "x", 7, 17, "sample.columns.a", `it has col("x,y"); if the separator is another`},
		{"data.h5", "  separator: tab\n", "x", 8, 14, "sample.separator", "about tables of text"},
		{"data.h5", "  header: true\n", "x", 8, 11, "sample.header", "about tables of text"},
		{"bare.csv", "  header: true\n", "x", 7, 17, "sample.columns.a", `it has col("1"), col("3"); if the first line is data, write header: false`},
	} {
		checkError(t, study(c.file, c.keys, c.x, "y"), dir, "test.yaml", c.line, c.column, c.key, c.msg)
	}
	for file, msg := range map[string]string{"bare.csv": "write header: false", "two.csv": `separator: "," or separator: ";"`} {
		checkError(t, study(file, "", "x", "y"), dir, filepath.Join(dir, file), 1, 1, "", msg)
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
