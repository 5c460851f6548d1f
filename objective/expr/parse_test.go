package expr

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kolmo/objective/expr/function"
)

var testScope = Scope{
	Parameters: []string{"x", "y", "z"},
	Variables:  []string{"xi", "b"},
	Externals:  []string{"f"},
	Hidden:     map[string]string{"zeta": "it is a sample variable"},
}

// TestPrecedence fixes the reading of operators by the fully bracketed form.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"-x^2", "-(x^2)"},
		{"2^3^2", "2^(3^2)"},
		{"2^-1", "2^(-1)"},
		{"-2^-x^2", "-(2^(-(x^2)))"},
		{"2^-x*y", "(2^(-x))*y"},
		{"-x*y", "(-x)*y"},
		{"x--y", "x - (-y)"},
		{"x - y - z", "(x - y) - z"},
		{"x/y*z", "(x/y)*z"},
		{"x - (y - z)", "x - (y - z)"},
		{"--x", "-(-x)"},
		{"+x", "x"},
		{".5+1.+1.5e-3*x", "(0.5 + 1) + (0.0015*x)"},
		{"x\n  + y", "x + y"},
	} {
		got, err := Parse(c.text, testScope)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		want, err := Parse(c.want, testScope)
		if err != nil {
			t.Fatalf("%q: %v", c.want, err)
		}
		if !got.Equal(want) {
			t.Errorf("%q reads as %v, want %v", c.text, got, want)
		}
	}
}

// TestRefused pins what is refused and where the fault is said to be.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, "empty"},
		{" \t", 0, "empty"},
		{"(x-xi)//2", 6, "//"},
		{"x /* y */", 2, "/*"},
		{"x#y", 1, "#"},
		{"x;y", 1, "unexpected ;"},
		{"x[1]", 1, "indexing"},
		{"x.y", 1, "member access"},
		{"x?.y", 1, "unexpected ?."},
		{"2*x(y)", 2, "x is not a function"},
		{"(x)(y)", 3, "unexpected ("},
		{"sin x", 0, "sin is a function"},
		{"1 + qexp(x)", 4, "did you mean exp?"},
		{"sum(x)", 0, "unknown function sum"},
		{"mean(x)", 0, "unknown function mean"},
		{"round(x)", 0, "unknown function round"},
		{"map(x, x)", 0, "unknown function map"},
		{"abs(x,y)", 0, "takes 1 argument, not 2"},
		{"1+hypot(x)", 2, "takes 2 arguments, not 1"},
		{"sin()", 0, "not 0"},
		{"min(x,y,)", 7, "unexpected ,"},
		{"x+", 2, "too early"},
		{"x +  ", 3, "too early"},
		{"(x", 2, "too early"},
		{"x)", 1, "unexpected )"},
		{"2x", 1, "write * to multiply"},
		{"2 x", 2, "unexpected x"},
		{"x==y", 1, "no conditions"},
		{"x < y", 2, "no conditions"},
		{"x ? 1 : 2", 2, "no conditions"},
		{"not x", 0, "no conditions"},
		{"x in y", 2, "no conditions"},
		{"x && y", 2, "write and"},
		{"!x", 0, "write not"},
		{`"a"+x`, 0, "text"},
		{`'abc`, 0, "no closing"},
		{"b'x'", 0, "text"},
		{"x | sin()", 2, "pipes"},
		{"::sin(x)", 0, "unexpected ::"},
		{"0x10", 0, "decimal"},
		{"1+1_0", 2, "decimal"},
		{"1e400", 0, "too large"},
		{"99999999999999999999", 0, "exponent"},
		{"x**2", 1, "write ^"},
		{"x % 2", 2, "remainder"},
		{"x ?? y", 2, "unexpected ??"},
		{"1..2", 1, "unexpected .."},
		{"{}", 0, "braces"},
		{"let a = 1; a", 0, "unexpected let"},
		{"if x {1} else {2}", 0, "unexpected if"},
		{"nil", 0, "not part"},
		{"true", 0, "not part"},
		{"x + wi", 4, "did you mean xi?"},
		{"x + unknown", 4, "unknown name unknown; known are x, y, z, xi, b, f, pi, e"},
		{"x + zeta", 4, "it is a sample variable"},
		{"x\n+ qq", 4, "unknown name qq"},
		{"é + 1", 0, "unknown name"},
		{"x + §", 4, "unrecognized"},
		{"x + \xff", 0, "UTF-8"},
	} {
		_, err := Parse(c.text, testScope)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v, want an *Error", c.text, err)
			continue
		}
		if e.Offset != c.offset || !strings.Contains(e.Msg, c.msg) {
			t.Errorf("%q: %v, want offset %d and %q", c.text, e, c.offset, c.msg)
		}
	}
}

// TestHostile holds the guard to bounded work on texts that kill the parser
// behind it.
func TestHostile(t *testing.T) {
	t.Parallel()
	const n = 500_000
	for name, text := range map[string]string{
		"brackets":     strings.Repeat("(", n) + "x" + strings.Repeat(")", n),
		"long":         strings.Repeat("x+", n) + "x",
		"deep":         strings.Repeat("(", MaxDepth+1) + "x" + strings.Repeat(")", MaxDepth+1),
		"minus":        strings.Repeat("-", MaxLength-1) + "x",
		"powers":       strings.Repeat("x^", MaxLength/2-1) + "x",
		"many":         strings.Repeat("x+", MaxLength/2-1) + "x",
		"unclosed":     strings.Repeat("(", MaxDepth),
		"comparisons":  strings.Repeat("0<(", 900) + "1<2<3" + strings.Repeat(")<1", 900),
		"calls":        strings.Repeat("sin(", MaxDepth+1) + "x" + strings.Repeat(")", MaxDepth+1),
		"conditionals": strings.Repeat("x?", MaxLength/2-1) + "x",
	} {
		if _, err := Parse(text, testScope); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if _, err := ParseQuery(text, []string{"x"}, Truth); err == nil {
			t.Errorf("%s: accepted as a query", name)
		}
	}
	deep := strings.Repeat("(", MaxDepth) + "x" + strings.Repeat(")", MaxDepth)
	if _, err := Parse(deep, testScope); err != nil {
		t.Errorf("%d brackets refused: %v", MaxDepth, err)
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"x", "w1", "_a", "Eta", "theta_2"} {
		if err := CheckName(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range append([]string{"", "1x", "a-b", "a.b", "é", "sin", "col", "huber"}, reserved...) {
		if CheckName(bad) == nil {
			t.Errorf("%q accepted", bad)
		}
	}
}

// TestDefinitions checks that definitions are shared and printed by name.
func TestDefinitions(t *testing.T) {
	t.Parallel()
	s := testScope
	text := "x + xi"
	for range 60 { // as a tree this would have 2^60 leaves
		d, err := Parse(text, s)
		if err != nil {
			t.Fatal(err)
		}
		name := "d" + string(rune('a'+len(s.Definitions)/26)) + string(rune('a'+len(s.Definitions)%26))
		s.Definitions = append(slices.Clone(s.Definitions), Definition{name, d})
		text = name + "*" + name
	}
	e, err := Parse(text, s)
	if err != nil {
		t.Fatal(err)
	}
	if e.String() != text {
		t.Errorf("printed as %v, want %v", e, text)
	}
	if got := e.Variables(); !slices.Equal(got, []string{"xi"}) || !e.Uses("x") || e.Uses("y") {
		t.Errorf("variables %v", got)
	}
	p, err := Compile(e, Inputs{Parameters: s.Parameters, Variables: s.Variables})
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() > 70 {
		t.Errorf("%d values on the tape", p.Len())
	}
}

// genNode draws a random tree.
func genNode(t *rapid.T, depth int) *node {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 {
		kind = min(kind, 3)
	}
	switch kind {
	case 0:
		return &node{op: OpConst, value: math64(t)}
	case 1:
		return &node{op: OpParam, name: rapid.SampledFrom(testScope.Parameters).Draw(t, "parameter")}
	case 2:
		return &node{op: OpVar, name: rapid.SampledFrom(testScope.Variables).Draw(t, "variable")}
	case 3:
		return constant(rapid.SampledFrom([]string{"e", "pi"}).Draw(t, "constant"))
	case 4:
		return &node{op: OpNeg, args: []*node{genNode(t, depth-1)}}
	case 5:
		fn := rapid.SampledFrom(function.All).Draw(t, "function")
		n := &node{op: OpCall, name: fn.Name, fn: fn}
		for range fn.Arity {
			n.args = append(n.args, genNode(t, depth-1))
		}
		return n
	}
	o := []Op{OpAdd, OpSub, OpMul, OpDiv, OpPow}[rapid.IntRange(0, 4).Draw(t, "operator")]
	return &node{op: o, args: []*node{genNode(t, depth-1), genNode(t, depth-1)}}
}

func math64(t *rapid.T) float64 {
	return rapid.OneOf(rapid.Float64Range(0, 1e300), rapid.Map(rapid.IntRange(0, 20), func(i int) float64 { return float64(i) })).Draw(t, "number")
}

// TestPrintParse: printing a tree and parsing it gives the same tree.
func TestPrintParse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := &Expr{root: genNode(t, 6)}
		got, err := Parse(e.String(), testScope)
		if err != nil {
			t.Fatalf("%v: %v", e, err)
		}
		if !got.Equal(e) {
			t.Fatalf("%v was read as %v", e, got)
		}
	})
}

// FuzzParse: no text crashes the parser, and what is accepted survives printing.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"(x-xi)^2/2", "softplus(-b*(x*xi + y)) + 0.05*(x^2 + y^2)", "-x^-y^2", "min(x, 1e-3)", "(x-xi)//2", "x;y", "x ? 1 : 'a'", "((((", "1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s, testScope)
		if err != nil {
			var pe *Error
			if !errors.As(err, &pe) || pe.Offset < 0 || pe.Offset > len(s) {
				t.Fatalf("%q: bad error %v", s, err)
			}
			return
		}
		again, err := Parse(e.String(), testScope)
		if err != nil || !again.Equal(e) {
			t.Fatalf("%q printed as %q: %v", s, e, err)
		}
		p, err := Compile(e, Inputs{testScope.Parameters, testScope.Variables, testScope.Externals})
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 1))
		m := p.Bind(1, [][]float64{{r.NormFloat64()}, {1}}).NewMachine()
		m.Point([]float64{0.3, r.NormFloat64(), 2}, []float64{1}, 2)
		m.Block(0)
	})
}

// FuzzQuery: no text crashes the reading or the evaluation of a query.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{`s in ["a", "b"] and a > 1`, `standardize(log(a))`, `s == "a" ? 1 : -1`, `col("a") + e`, `not (a < 1 or s != "b")`} {
		f.Add(s)
	}
	table := &memory{[]string{"s", "a"}, [][]string{{"a", "1"}, {"b", "2"}, {"c", "NA"}}}
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range []Kind{Number, Truth} {
			q, err := ParseQuery(s, table.Names(), k)
			switch {
			case err != nil:
				var pe *Error
				if !errors.As(err, &pe) || pe.Offset < 0 || pe.Offset > len(s) {
					t.Fatalf("%q: bad error %v", s, err)
				}
			case k == Truth:
				_, _ = q.Filter(table)
			default:
				_, _ = q.Values(table, []int{0, 1})
			}
		}
	})
}
