package study

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/study/document"
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
	rates := []Rate{{Value: 0.5, Text: "0.5"}, {Value: 0.25, Text: "1/4"}, {Value: 0.125, Text: "1/8"}}
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
	if o := s.Output; !slices.Equal(o.Fields, []string{"u", "U", "gap"}) || o.Every != 0 || !slices.Equal(o.Eta, []Rate{{Value: 0.5, Text: "0.5"}, {Value: 0.125, Text: "1/8"}}) {
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

func TestLossError(t *testing.T) {
	t.Parallel()
	s, err := Parse("good.yaml", []byte(good), "")
	if err != nil {
		t.Fatal(err)
	}
	cause := fmt.Errorf("wrapped: %w", &objective.NonFiniteError{What: "square", X: []float64{1, 0.5}, Sample: -1, Part: "value"})
	if got, want := s.LossError(cause).Error(), "good.yaml:14:41: observables.square: the value of the observable square is not finite at x = (1, 0.5); want an observable that is finite in the ball, or a ball without this point"; got != want {
		t.Errorf("got %s", got)
	}
	cause = &objective.NonFiniteError{What: objective.WhatLoss, X: []float64{1, 0.5}, Sample: 3, Part: "gradient"}
	if got, want := s.LossError(cause).Error(), "good.yaml:7:7: loss: the gradient of the loss is not finite at x = (1, 0.5) for sample 3; want a loss that is finite in the ball, or a ball without this point"; got != want {
		t.Errorf("got %s", got)
	}
	cause = &derived.NonFiniteError{Name: "sgd", Z: []float64{9, 2}}
	if got, want := s.LossError(cause).Error(), "good.yaml:7:7: loss: the moments of a step of sgd are not finite at (9, 2), outside the ball but in the box where the modified model's noise ends: let it end nearer by ball.R2, "; !strings.HasPrefix(got, want) {
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
	for _, sample := range []string{
		"{kind: data, file: flowers.csv, separator: \";\", decimal: \",\", comment: \"#\", header: false, columns: {a: c1}}",
		"{kind: independent, variables: {a: {law: normal, truncate: [1/3, 1e5]}}, quadrature: {rule: smolyak, level: 60}}",
		"{kind: independent, variables: {a: {law: gamma, shape: 1e-100}, b: {law: bernoulli, p: 1/3}}, quadrature: {rule: qmc, points: 262144}}",
		"{kind: discrete, variables: [a], values: [[1e-400], [1/0]], probabilities: [1/3, 2/3], batch: {size: 3}}",
	} {
		f.Add("name: f\nparameters: [x]\nloss: x^2*a\nsample: " + sample + "\nball: {R: 1e30, R2: 1e31, center: [1e-30]}\nobservables: {o: x}\neta: [1e18, 1/3]\nmodels: [modified]\nhorizon: 1e10\n")
	}
	f.Add("--- # c\r\na: 'it''s'\r\n...\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("fuzz.yaml", []byte(text), "testdata")
		if err == nil {
			if !(s.R >= leastLength && s.R2 <= mostLength && s.R2 > s.R) || len(s.Observables)*len(s.Eta)*len(s.Models) > mostRows || s.Loss.Law().Weights == nil {
				t.Fatalf("R = %v, R2 = %v, %d observables accepted", s.R, s.R2, len(s.Observables))
			}
			return
		}
		var e *document.Error
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
