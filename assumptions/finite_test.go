package assumptions

import (
	"errors"
	"strings"
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
		// Poles between the points that are looked at.
		{"1/(x - 1.2345)^2", 1, "second derivative", 0},
		{"1/(x - 0.7717)", 1, "second derivative", 0},
		{"log(abs(x - 0.7717))", 1, "second derivative", 0},
		{"sqrt(abs(x - a))", 1, "gradient", 0},
		{"abs(x - 0.7717)^1.5", 1, "second derivative", 0},
		{"tan(x*a)", 1, "second derivative", 1},
		{"1/(x + y - 0.7717)", 2, "second derivative", 0},
		{"1/((x - 0.3117)^2 + (y - 0.4713)^2)", 2, "second derivative", 0},
		{"1/((x - 0.3117)^2 + y^2 + (z - 0.4713)^2)", 3, "second derivative", 0},
		// What is only steep, or has a kink.
		{"exp(30*x)", 1, "", 0},
		{"1/(x^2 + 1e-4)", 1, "", 0},
		{"1/((x - 0.3117)^2 + (y - 0.4713)^2 + 1e-3)", 2, "", 0},
		{"abs(x - 0.7717) + max(x, y)", 2, "", 0},
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
	pole, err := objective.NewPhi("pole", mustParse(t, "1/(x - 1.23456)", expr.Scope{Parameters: []string{"x"}}), l)
	if err != nil {
		t.Fatal(err)
	}
	if got := CheckFinite(l, []objective.Observable{pole}, []float64{0}, 2); got == nil || !strings.Contains(got.Error(), "the value of the observable pole") || !strings.HasSuffix(got.Error(), "at x = (1.23456)") {
		t.Errorf("%v, want a pole at 1.23456", got)
	}
	got := CheckFinite(l, []objective.Observable{phi}, []float64{0}, 2)
	if want := "the value of the observable root is not finite at x = (-2)"; got == nil || got.Error() != want {
		t.Errorf("%v, want %s", got, want)
	}
}
