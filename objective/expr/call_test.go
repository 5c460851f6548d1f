package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// twice and pair are calls from outside: of x only, and of two expressions in any order.
func outsideScope(taken *[]string) Scope {
	inner := &Scope{Parameters: []string{"x"}, Variables: []string{"xi"},
		Calls: map[string]*Call{"slope": {Arity: 1, Arguments: &Scope{Parameters: []string{"x"}}, Sampled: true, Take: func(string, []*Expr) error { return nil }}}}
	take := func(name string, arguments []*Expr) error {
		*taken = append(*taken, fmt.Sprint(name, len(arguments)))
		if strings.Contains(name, "7") {
			return errors.New("no sevens")
		}
		return nil
	}
	return Scope{Parameters: []string{"x"}, Calls: map[string]*Call{
		"mean":  {Arity: 1, Arguments: inner, Take: take},
		"cov":   {Arity: 2, Arguments: inner, Symmetric: true, Take: take},
		"slope": {Hidden: "it is of one sample"},
	}}
}

// A call from outside is an external, or a variable, of the name of its text.
func TestCalls(t *testing.T) {
	t.Parallel()
	var taken []string
	e, err := Parse("x*mean( xi+1 ) - cov(xi, slope(x))/mean(xi + 1)", outsideScope(&taken))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := e.String(), "x*mean(xi + 1) - cov(slope(x), xi)/mean(xi + 1)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if want := []string{"mean(xi + 1)1", "cov(slope(x), xi)2", "mean(xi + 1)1"}; !slices.Equal(taken, want) {
		t.Errorf("%q, want %q", taken, want)
	}
	if other, err := Parse("x*mean(xi + 1) - cov(slope(x), xi)/mean(1*xi + 1)", outsideScope(&taken)); err != nil || e.Equal(other) {
		t.Errorf("%v, or different means are equal", err)
	}
	p, err := Compile(e, Inputs{Parameters: []string{"x"}, Externals: []string{"mean(xi + 1)", "cov(slope(x), xi)"}})
	if err != nil {
		t.Fatal(err)
	}
	m := p.Bind(1, nil).NewMachine()
	m.Point([]float64{3}, []float64{2, 5}, 1)
	m.Block(0)
	if v, g := m.Value()[0], m.Grad(0)[0]; v != 3.5 || g != 2 {
		t.Errorf("the value is %v and the slope %v, want 3.5 and 2", v, g)
	}
}

// Faults in calls from outside have their place.
func TestCallErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		offset int
		want   string
	}{
		{"x + mean(xi, x)", 4, "mean takes 1 argument, not 2"},
		{"cov(xi)", 0, "cov takes 2 arguments, not 1"},
		{"x*slope(x)", 2, "it is of one sample"},
		{"mean(zeta)", 5, "unknown name zeta; known are x, xi"},
		{"mean(slope(xi))", 11, "unknown name xi"},
		{"mean(x + mean(xi))", 9, "unknown function mean"},
		{"1 + mean(7*xi)", 4, "no sevens"},
		{"meen(xi)", 0, "did you mean mean?"},
		{"x + mean", 4, "mean is a function; write mean(...)"},
	} {
		var taken []string
		_, err := Parse(c.text, outsideScope(&taken))
		var e *Error
		if !errors.As(err, &e) || e.Offset != c.offset || !strings.Contains(e.Msg, c.want) {
			t.Errorf("%s: %v, want %d: .. %s", c.text, err, c.offset, c.want)
		}
	}
}
