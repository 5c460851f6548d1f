package assumptions

import (
	"errors"
	"testing"

	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
)

func TestCheckFinite(t *testing.T) {
	t.Parallel()
	s, err := law.Discrete([]string{"a"}, [][]float64{{0}, {1.5}}, nil)
	for _, c := range []struct {
		text   string
		d      int
		part   string // empty if all is well
		sample int
	}{
		{"x^2", 1, "", 0},
		{"log(2 + x*a/2)", 1, "", 0},
		{"log(2 - x*a)", 1, "value", 1},
		{"sqrt(x^2 + a)", 1, "gradient", 0},
		{"abs(x)^1.5", 1, "second derivative", 0},
		{"1/(x - 1)", 1, "value", 0},
		{"1/(x - 1) + y", 2, "value", 0},
		{"exp(1000*x)", 2, "value", 0},
		{"log(1.99 - y)", 2, "value", 0},
		{"log(1.99 - z)", 3, "value", 0},
		{"log(2.01 - z)", 3, "", 0},
	} {
		l := build(t, c.d, c.text, s, err)
		got := CheckFinite(l, nil, make([]float64, c.d), 2)
		var e *objective.NonFiniteError
		switch {
		case c.part == "" && got == nil:
		case !errors.As(got, &e) || e.Part != c.part || e.Sample != c.sample || e.What != objective.WhatLoss || len(e.X) != c.d:
			t.Errorf("%s: %v, want %s at sample %d", c.text, got, c.part, c.sample)
		}
	}
	l := build(t, 1, "x^2", s, err)
	phi, err := objective.NewPhi("root", mustParse(t, "sqrt(x)", expr.Scope{Parameters: []string{"x"}}), l)
	if err != nil {
		t.Fatal(err)
	}
	got := CheckFinite(l, []objective.Observable{phi}, []float64{0}, 2)
	if want := "the value of the observable root is not finite at x = (-2)"; got == nil || got.Error() != want {
		t.Errorf("%v, want %s", got, want)
	}
}
