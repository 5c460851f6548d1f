package expr

import (
	"errors"
	"kolmo/objective/expr/numeral"
	"math"
	"slices"
	"strings"
	"testing"
)

// memory is a Table in memory.
type memory struct {
	names []string
	cells [][]string
}

func (m *memory) Names() []string             { return m.names }
func (m *memory) Len() int                    { return len(m.cells) }
func (m *memory) Cell(row, column int) string { return m.cells[row][column] }

func (m *memory) Number(row, column int) (float64, error) { return numeral.Parse(m.cells[row][column]) }

var flowers = &memory{
	[]string{"kind", "a", "Sepal.Length", "e", "other"},
	[][]string{
		{"x", "1", "10", "5", "x"},
		{"y", "2", "20", "6", "x"},
		{"x", "3", "40", "7", "y"},
		{"z", " -4.5 ", "NA", "8", "z"},
	},
}

func TestFilter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{
		`kind == "x"`:                            {0, 2},
		`kind != 'x'`:                            {1, 3},
		`kind in ["y", "z"]`:                     {1, 3},
		`kind not in ["y", "z"]`:                 {0, 2},
		`a in [1, 3]`:                            {0, 2},
		`a in [-4.5, 2+1]`:                       {2, 3},
		`a > 1 and a < 3`:                        {1},
		`a <= 1 or a >= 3`:                       {0, 2, 3},
		`not (a > 1)`:                            {0, 3},
		`a == 2`:                                 {1},
		`abs(a) ^ 2 != 1 and kind != "z"`:        {1, 2},
		`kind != "z" and col("Sepal.Length")>10`: {1, 2},
		`kind == other`:                          {0, 3},
		`col("e") > 6`:                           {2, 3},
	} {
		q, err := ParseQuery(text, flowers.names, Truth)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, err := q.Filter(flowers)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: rows %v, error %v, want %v", text, got, err, want)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	rows := []int{0, 1, 2}
	s := math.Sqrt(2. / 3)
	for text, want := range map[string][]float64{
		"a":                                     {1, 2, 3},
		"-a + 2*a - +1":                         {0, 1, 2},
		"center(a)":                             {-1, 0, 1},
		"standardize(a)":                        {-1 / s, 0, 1 / s},
		"standardize(2*standardize(a) + 1)":     {-1 / s, 0, 1 / s},
		"center(log(a))":                        {-math.Log(6) / 3, math.Log(2) - math.Log(6)/3, math.Log(3) - math.Log(6)/3},
		`kind == "x" ? 1 : -1`:                  {1, -1, 1},
		`col("Sepal.Length")/10`:                {1, 2, 4},
		`hypot(3*a, 4*a)`:                       {5, 10, 15},
		`2^-a^0`:                                {.5, .5, .5},
		`kind == "y" ? log(a - 1) : pi`:         {math.Pi, 0, math.Pi},
		`kind == "z" ? col("Sepal.Length") : 0`: {0, 0, 0},
	} {
		q, err := ParseQuery(text, flowers.names, Number)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, err := q.Values(flowers, rows)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-14 {
				t.Errorf("%s: %v, want %v", text, got, want)
				break
			}
		}
	}
}

func TestValuesErrors(t *testing.T) {
	t.Parallel()
	q := func(text string) *Query {
		q, err := ParseQuery(text, flowers.names, Number)
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
	_, err := q(`col("Sepal.Length")`).Values(flowers, []int{0, 3})
	var ce *CellError
	if !errors.As(err, &ce) || ce.Row != 3 || ce.Column != 2 || ce.Msg != `"NA" is not a number` {
		t.Errorf("cell: %v", err)
	}
	_, err = q("1 + log(a)").Values(flowers, []int{0, 3})
	var re *RowError
	if !errors.As(err, &re) || re.Row != 3 {
		t.Errorf("logarithm of a negative number: %v", err)
	}
	_, err = q("1 + standardize(0*a + 0.1)").Values(flowers, []int{0, 1, 2})
	if !errors.As(err, &re) || re.Row != -1 || re.Offset != 4 {
		t.Errorf("constant column: %v", err)
	}
}

func TestQueryRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		kind   Kind
		offset int
		msg    string
	}{
		{"missing", Number, 0, "the file has no column missing; it has kind, a, col(\"Sepal.Length\")"},
		{"1 + knd", Number, 4, "did you mean kind?"},
		{`1 + col("b c")`, Number, 8, "no column b c"},
		{"col(a)", Number, 4, "as text"},
		{"e + 1", Number, 0, `col("e")`},
		{"a > 1", Number, 0, "expected a number, found a truth value"},
		{"1 + a", Truth, 0, "expected a truth value, found a number"},
		{"a", Truth, 0, "expected a truth value, found a cell"},
		{`"x"`, Number, 0, "found text"},
		{`a + "x"`, Number, 4, "found text"},
		{`a < "x"`, Truth, 4, "found text"},
		{`"x" == 1`, Truth, 7, "expected text, found a number"},
		{"standardize(a) > 1", Truth, 0, "selected rows"},
		{"a < 1 < 2", Truth, 6, "chained"},
		{"a = 1", Truth, 2, "write =="},
		{"a ? 1 : 2", Number, 0, "expected a truth value"},
		{"a > 1 ?.5 : 2", Number, 6, "space behind"},
		{"a > 1 ?: 2", Number, 7, "missing"},
		{"a[1]", Number, 1, "indexing"},
		{"a in []", Truth, 2, "list"},
		{"a in b", Truth, 2, "list"},
		{"a in [kind]", Truth, 6, "numbers or text"},
		{"a in [1, kind]", Truth, 9, "numbers or text"},
		{`a in [1, "x"]`, Truth, 9, "expected a number, found text"},
		{"sum(a)", Number, 0, "unknown function"},
		{"standardize", Number, 0, "is a function"},
		{"a.b", Number, 1, "member"},
		{"a matches 'x'", Truth, 2, "unexpected matches"},
	} {
		_, err := ParseQuery(c.text, flowers.names, c.kind)
		var e *Error
		if !errors.As(err, &e) || e.Offset != c.offset || !strings.Contains(e.Msg, c.msg) {
			t.Errorf("%q: %v, want offset %d and %q", c.text, err, c.offset, c.msg)
		}
	}
}
