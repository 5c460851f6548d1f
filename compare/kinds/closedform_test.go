package kinds

import (
	"context"
	"math"
	"slices"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/closedform"
	"kolmo/objective"
	"kolmo/sgd"
)

var referenceModel = map[string]closedform.Model{
	sgd.GradientFlow: closedform.GradientFlow,
	sgd.FirstOrder:   closedform.FirstOrder,
	sgd.SecondOrder:  closedform.SecondOrder,
	sgd.Modified:     closedform.Modified,
}

// checkAgainst compares every row with the closed form: the true gap lies within
// gap +- error and within 1 %, and the median error is at most ten times the
// true one (or 1e-6 of the gap).
func checkAgainst(t *testing.T, p *compare.Problem, refs []*closedform.Reference) {
	t.Helper()
	r, err := Gap(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	var tightness []float64
	for _, row := range r.Gap {
		ref := refs[slices.IndexFunc(p.Observables, func(o objective.Observable) bool { return o.Name() == row.Observable })]
		want, n, _, _ := ref.Gap(referenceModel[row.Model], row.Eta, p.Ball.R)
		got, bar := float64(row.Gap), float64(row.Error)
		diff := math.Abs(got - want)
		tightness = append(tightness, bar/max(diff, 1e-6*want))
		t.Logf("%-7s %-13s %6s gap %.8e true %.8e diff/gap %.1e err/gap %.1e n %d (%d) nodes %d steps %d growth %.1e %s %+v", row.Observable, row.Model, row.EtaText, got, want, diff/want, bar/want, row.N, n, row.Nodes, row.Steps, float64(row.Growth), deref(row.ClosedBy), row.Errors)
		if !row.Certified {
			t.Errorf("%s, %s, eta = %s: not certified: %s", row.Observable, row.Model, row.EtaText, deref(row.Reason))
			continue
		}
		if !(diff <= bar) {
			t.Errorf("%s, %s, eta = %s: gap %.12g +- %.2g misses the true %.12g", row.Observable, row.Model, row.EtaText, got, bar, want)
		}
		if !(diff <= 0.01*want) {
			t.Errorf("%s, %s, eta = %s: gap %.6g is not within 1 %% of %.6g", row.Observable, row.Model, row.EtaText, got, want)
		}
	}
	slices.Sort(tightness)
	if m := tightness[len(tightness)/2]; !(m <= 10) {
		t.Errorf("median error estimate is %.3g times max(true error, 1e-6 gap), want at most 10", m)
	}
	for _, o := range r.Order {
		t.Log(o.Verdict)
	}
}

func TestQuad1DAutoAgainstClosedForm(t *testing.T) {
	t.Parallel()
	checkAgainst(t, trial.Build(t, trial.Quad1d), closedform.Quad1D())
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
