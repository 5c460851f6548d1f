package kinds

import (
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/compare/verify"
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
		s := specs[slices.IndexFunc(specs, func(s trial.Spec) bool { return s.Name == name })]
		s.Etas = []int{4}
		s.Law = quadratureLaw(t, &s, law.Tensor{Points: 12})
		p := trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.GradientFlow)
		v := verification(t, same(p), 20000)
		holdToAgree(t, v)
		for _, g := range v.Gap {
			k := slices.IndexFunc(quadratureGaps, func(k knownGap) bool {
				return k.Study == name && k.Inverse == 4 && k.Observable == g.Observable && k.Model == g.Model
			})
			for _, side := range []compare.Solution{g.First, g.Second} {
				if d := math.Abs(float64(side.Gap) - quadratureGaps[k].Gap); !(d <= float64(side.Error)) {
					t.Errorf("%s, %s, %s: %v +- %.1e, want %v", name, g.Observable, g.Model, side.Gap, side.Error, quadratureGaps[k].Gap)
				}
			}
		}
		if name != "wave178" {
			continue
		}
		s.Law = quadratureLaw(t, &s, law.Tensor{Points: 60})
		rich := trial.Build(t, s)
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
		s.Law = trial.LawOf(t, []string{"xi"}, values, weights)
		twelve := trial.Build(t, s)
		twelve.Models, twelve.Accuracy, p.Accuracy = p.Models, 1e-3, 1e-3
		for _, g := range verification(t, &verify.Verifier{First: twelve, Second: p, Sampled: twelve}, 1000).Gap {
			if g.Verdict != compare.Disagrees {
				t.Errorf("%s, %s: twelve values taken for the law: %s", name, g.Model, g.Verdict)
			}
		}
	}
}

// quadratureSpecs are the studies of quadratureGaps; benchmarks/reference/gaps.py states
// them again.
func quadratureSpecs() []trial.Spec {
	one, xi := []string{"x"}, []string{"xi"}
	square := [][2]string{{"square", "x^2"}}
	both := append(square, [2]string{"cosine", "cos(x + 0.5)"})
	var specs []trial.Spec
	for _, k := range []string{"17.8", "17.9", "23", "41", "97"} {
		specs = append(specs, trial.Spec{Name: "wave" + strings.ReplaceAll(k, ".", ""), Parameters: one, Variables: xi, R: 2,
			Loss: "x^2/2 + 0.15*cos(" + k + "*xi + 2*x)", Observables: square})
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
		specs = append(specs, trial.Spec{Name: s[0], Parameters: one, Variables: xi, R: 2, Loss: s[1], Observables: phi})
	}
	return specs
}

// quadratureLaw is the law of a study under a rule.
func quadratureLaw(t *testing.T, s *trial.Spec, rule law.Rule) *law.Samples {
	t.Helper()
	var m law.Marginal = law.Uniform{Low: -1, High: 1}
	if s.Name == "bell" {
		m = law.Truncated{Normal: law.Normal{Std: 1}, Low: -2, High: 2}
	}
	v := []law.Variable{{Name: "xi", Law: m}}
	if s.Name == "beat" {
		s.Variables = []string{"xi", "zeta"}
		v = append(v, law.Variable{Name: "zeta", Law: m})
	}
	xiLaw, err := law.IndependentBy(v, rule)
	if err != nil {
		t.Fatal(err)
	}
	return xiLaw
}
