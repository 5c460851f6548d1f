package kinds

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/process"
	"kolmo/sgd"
)

// quadratureRules returns the rules of a study.
func quadratureRules(s *trial.Spec) []law.Rule {
	switch s.Name {
	case "beat":
		return []law.Rule{law.Tensor{Points: 6}, law.Tensor{Points: 12}, law.Smolyak{Level: 6}, law.QMC{Points: 256, Seed: 1}}
	case "root":
		return []law.Rule{law.Tensor{Points: 12}}
	}
	return []law.Rule{law.Tensor{Points: 5}, law.Tensor{Points: 8}, law.Tensor{Points: 12}, law.Tensor{Points: 13}, law.Tensor{Points: 20}, law.Tensor{Points: 64}, law.QMC{Points: 64, Seed: 1}}
}

// The bars hold the gaps of the law itself, however poor the rule, in one and two variables
// and under rules of every kind. The losses oscillate faster than the nodes, have kinks, or
// bends narrower than the nodes are apart. What is not certified says that it is the
// quadrature. The estimates are no more than ten times the error in the median.
func TestQuadratureErrorBarsCoverTheLaw(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	var tightness []float64
	for _, s := range quadratureSpecs() {
		var known []knownGap
		models := map[string]bool{}
		for _, k := range quadratureGaps {
			if k.Study == s.Name {
				known = append(known, k)
				models[k.Model] = true
				if !slices.Contains(s.Etas, k.Inverse) {
					s.Etas = append(s.Etas, k.Inverse)
				}
			}
		}
		for _, rule := range quadratureRules(&s) {
			s.Law = quadratureLaw(t, &s, rule)
			p := trial.Build(t, s)
			p.Models = slices.DeleteFunc(trial.ModelsOf(p, sgd.Names()...), func(m *process.Diffusion) bool { return !models[m.Name] })
			r, err := Gap(context.Background(), p, nil)
			if err != nil {
				t.Fatalf("%s, %+v: %v", s.Name, rule, err)
			}
			for _, row := range r.Gap {
				i := slices.IndexFunc(known, func(k knownGap) bool {
					return k.Observable == row.Observable && k.Model == row.Model && math.Abs(1/float64(k.Inverse)-row.Eta) < 1e-12
				})
				if i < 0 {
					t.Fatalf("%s, %s, %s, eta = %s: nothing is known of it", s.Name, row.Observable, row.Model, row.EtaText)
				}
				want := known[i].Gap
				diff, bar := math.Abs(float64(row.Gap)-want), float64(row.Error)
				what := fmt.Sprintf("%s, %T%v, %s, %s, eta = %s: %.8g +- %.2g, quadrature %.2g, true %.8g", s.Name, rule, rule, row.Observable, row.Model, row.EtaText, row.Gap, bar, row.Errors.Quadrature, want)
				if !(diff <= bar+known[i].Change*want) {
					t.Errorf("%s: off by %.2g bars", what, diff/bar)
				}
				if !row.Certified && row.Invariant && !strings.Contains(deref(row.Reason), "quadrature") {
					t.Errorf("%s: not certified: %s", what, deref(row.Reason))
				}
				t.Logf("%s: certified %v, bar/diff %.2g", what, row.Certified, bar/diff)
				tightness = append(tightness, bar/max(diff, 1e-6*want))
			}
		}
	}
	slices.Sort(tightness)
	if m := tightness[len(tightness)/2]; m > 10 {
		t.Errorf("the median estimate is %.3g times the error", m)
	}
}

// The other numbers of a study carry what the quadrature does to them, too. One-step errors,
// the curve over the horizon and predicted constants under twelve points are compared with
// those under a rule that the law's oscillation is nothing to. They are off by no more than
// their errors, and by more than all their errors but this one.
func TestQuadratureShowsInOtherStudies(t *testing.T) {
	t.Parallel()
	specs := quadratureSpecs()
	s := specs[slices.IndexFunc(specs, func(s trial.Spec) bool { return s.Name == "wave178" })]
	s.Etas = []int{4}
	run := func(points int) *compare.Result {
		s.Law = quadratureLaw(t, &s, law.Tensor{Points: points})
		p := trial.Build(t, s)
		p.Models, p.Studies, p.Horizon = trial.ModelsOf(p, sgd.SecondOrder, sgd.GradientFlow), []compare.Study{compare.StudyGap, compare.StudyLocalError, compare.StudyHorizon, compare.StudyStationary}, 2
		r, err := Run(context.Background(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	poor, rich := run(12), run(60)
	check := func(what string, a, aErr, b, bErr compare.Number) {
		t.Helper()
		d := compare.Number(math.Abs(float64(a - b)))
		t.Logf("%s: %v +- %.1e, rich %v +- %.1e: off by %.1e", what, a, aErr, b, bErr, d)
		if !(d <= aErr+bErr) {
			t.Errorf("%s: %v +- %.1e, want %v +- %.1e", what, a, aErr, b, bErr)
		}
		if !(d > 2*bErr) || !(aErr < 100*d) {
			t.Errorf("%s: off by %.1e, errors %.1e and %.1e: the quadrature is not what is told", what, d, aErr, bErr)
		}
	}
	for i, a := range poor.LocalError {
		b := rich.LocalError[i]
		check("one-step error, "+a.Model, a.Rho, a.Error, b.Rho, b.Error)
	}
	for i, a := range poor.Constant {
		b := rich.Constant[i]
		check("constant, "+a.Model, a.Predicted, a.Error, b.Predicted, b.Error)
	}
	for i, a := range poor.Horizon {
		b := rich.Horizon[i]
		for _, n := range []int{1, 2, 4} {
			check(fmt.Sprintf("gap at step %d, %s", n, a.Model), a.Gap[n], a.Error[n], b.Gap[n], b.Error[n])
		}
	}
	for i, a := range poor.Stationary {
		b := rich.Stationary[i]
		check("limit of U^n, "+a.Model, a.SGD, a.SGDError, b.SGD, b.SGDError)
	}
}
