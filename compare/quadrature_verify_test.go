package compare

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// The second method has a richer rule of its own, so that it is not blind to what the first
// one misses: both agree within the bars, also on U^n, whose error is larger than the gap's;
// and a law of twelve values is not taken for the one it was a quadrature of.
func TestVerifyLooksAtTheLaw(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	specs := quadratureSpecs()
	for _, name := range []string{"wave178", "corner"} {
		s := specs[slices.IndexFunc(specs, func(s spec) bool { return s.name == name })]
		s.etas = []int{4}
		s.law = quadratureLaw(t, &s, law.Tensor{Points: 12})
		p := build(t, s)
		p.Models = modelsOf(p, sgd.SecondOrder, sgd.GradientFlow)
		v := verification(t, same(p), 20000)
		holdToAgree(t, v)
		for _, g := range v.Gap {
			k := slices.IndexFunc(quadratureGaps, func(k knownGap) bool {
				return k.study == name && k.inverse == 4 && k.observable == g.Observable && k.model == g.Model
			})
			for _, side := range []Solution{g.First, g.Second} {
				if d := math.Abs(float64(side.Gap) - quadratureGaps[k].gap); !(d <= float64(side.Error)) {
					t.Errorf("%s, %s, %s: %v +- %.1e, want %v", name, g.Observable, g.Model, side.Gap, side.Error, quadratureGaps[k].gap)
				}
			}
		}
		if name != "wave178" {
			continue
		}
		s.law = quadratureLaw(t, &s, law.Tensor{Points: 60})
		rich := build(t, s)
		rich.Models = p.Models
		seen := 0
		for _, b := range verification(t, same(rich), 1000).Sampled {
			for _, a := range v.Sampled {
				if a.N != b.N || !slices.Equal(a.X, b.X) {
					continue
				}
				seen++
				if d := a.Grid - b.Grid; !(max(d, -d) <= a.GridError+b.GridError) {
					t.Errorf("U^n at step %d and %v: %v +- %.1e, want %v +- %.1e", a.N, a.X, a.Grid, a.GridError, b.Grid, b.GridError)
				}
			}
		}
		if seen < 2 {
			t.Errorf("%d of %d values of U^n compared", seen, len(v.Sampled))
		}
		nodes, weights := make([]float64, 12), make([]float64, 12)
		if err := (law.Uniform{Low: -1, High: 1}).RuleTo(nodes, weights); err != nil {
			t.Fatal(err)
		}
		var values [][]float64
		for _, x := range nodes {
			values = append(values, []float64{x})
		}
		s.law = lawOf(t, []string{"xi"}, values, weights)
		twelve := build(t, s)
		twelve.Models, twelve.Accuracy, p.Accuracy = p.Models, 1e-3, 1e-3
		for _, g := range verification(t, &verifier{first: twelve, second: p, sampled: twelve}, 1000).Gap {
			if g.Verdict != Disagrees {
				t.Errorf("%s, %s: twelve values taken for the law: %s", name, g.Model, g.Verdict)
			}
		}
	}
}

// quadratureSpecs are the studies of quadratureGaps; benchmarks/reference/gaps.py states
// them again.
func quadratureSpecs() []spec {
	one, xi := []string{"x"}, []string{"xi"}
	square := [][2]string{{"square", "x^2"}}
	both := append(square, [2]string{"cosine", "cos(x + 0.5)"})
	var specs []spec
	for _, k := range []string{"17.8", "17.9", "23", "41", "97"} {
		specs = append(specs, spec{name: "wave" + strings.ReplaceAll(k, ".", ""), parameters: one, variables: xi, r: 2,
			loss: "x^2/2 + 0.15*cos(" + k + "*xi + 2*x)", observables: square})
	}
	for _, s := range [][2]string{
		{"corner", "x^2/2 + 0.5*abs(xi - 0.1)*cos(x)"},
		{"corner left", "x^2/2 + 0.5*abs(xi + 0.62)*cos(x)"},
		{"hinge", "x^2/2 + 0.8*max(0, xi - 0.3)*cos(x)"},
		{"bell", "x^2/2 + 0.4*abs(xi - 0.5)*cos(x)"},
		{"root", "sqrt(0.003 + (x - xi)^2) + 0.25*x^2"},
		{"beat", "x^2/2 + 0.2*cos(9*(xi + zeta) + x)"},
	} {
		phi := both
		if s[0] == "beat" {
			phi = square
		}
		specs = append(specs, spec{name: s[0], parameters: one, variables: xi, r: 2, loss: s[1], observables: phi})
	}
	return specs
}

// quadratureLaw is the law of a study under a rule.
func quadratureLaw(t *testing.T, s *spec, rule law.Rule) *law.Samples {
	t.Helper()
	var m law.Marginal = law.Uniform{Low: -1, High: 1}
	if s.name == "bell" {
		m = law.Truncated{Normal: law.Normal{Std: 1}, Low: -2, High: 2}
	}
	v := []law.Variable{{Name: "xi", Law: m}}
	if s.name == "beat" {
		s.variables = []string{"xi", "zeta"}
		v = append(v, law.Variable{Name: "zeta", Law: m})
	}
	xiLaw, err := law.IndependentBy(v, rule)
	if err != nil {
		t.Fatal(err)
	}
	return xiLaw
}
