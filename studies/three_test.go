package studies_test

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/internal/closedform"
	"kolmo/kolmogorov"
	"kolmo/study"
)

// small returns the gaps of a shipped study in three dimensions for its first
// observable and its two largest learning rates; all must be certified.
func small(t *testing.T, path string) *compare.Result {
	t.Helper()
	s, err := study.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	p.Observables, p.Etas, p.Fields = p.Observables[:1], p.Etas[:2], compare.FieldRequest{}
	r, err := compare.Gap(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Gap) != 2*len(p.Models) {
		t.Errorf("%s: %d rows, want %d", path, len(r.Gap), 2*len(p.Models))
	}
	for _, row := range r.Gap {
		if !row.Certified {
			t.Errorf("%s, %s, eta = %s: not certified: %s", path, row.Model, row.EtaText, *row.Reason)
		}
	}
	return r
}

// The quadratic in three dimensions has closed forms: every gap lies within its bar.
func TestQuad3DAgainstClosedForm(t *testing.T) {
	t.Parallel()
	l := closedform.Linear{A: [][]float64{{1, 0.3, 0}, {0.3, 1.5, 0.2}, {0, 0.2, 2}}}
	for _, v := range [][]float64{{0.8, 0.2, 0}, {0, 0.6, -0.3}, {0.2, 0, 0.7}} {
		l.Nodes = append(l.Nodes, v, []float64{-v[0], -v[1], -v[2]})
		l.Weights = append(l.Weights, 1./6, 1./6)
	}
	ref, err := closedform.New("square", l, closedform.Quadratic{Q: [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	model := map[string]closedform.Model{
		kolmogorov.SecondOrder.String(): closedform.SecondOrder, kolmogorov.FirstOrder.String(): closedform.FirstOrder,
		kolmogorov.GradientFlow.String(): closedform.GradientFlow,
	}
	for _, row := range small(t, "quad3d.yaml").Gap {
		want, _, _, _ := ref.Gap(model[row.Model], row.Eta, 1.5)
		if d := math.Abs(float64(row.Gap) - want); !(d <= float64(row.Error)) {
			t.Errorf("%s, eta = %s: %.10g +- %.1e, want %.10g", row.Model, row.EtaText, float64(row.Gap), float64(row.Error), want)
		}
	}
}

// A trigonometric loss in three dimensions is certified, and the models of weak order
// two and one differ as they should.
func TestTrig3D(t *testing.T) {
	t.Parallel()
	gaps := map[string][]float64{}
	for _, row := range small(t, "trig3d.yaml").Gap {
		gaps[row.Model] = append(gaps[row.Model], float64(row.Gap))
	}
	for model, order := range map[string]float64{"second-order": 2, "first-order": 1, "gradient-flow": 1} {
		v := gaps[model]
		if p := math.Log2(v[0] / v[1]); math.Abs(p-order) > 0.15 {
			t.Errorf("%s: order %.3f between 1/4 and 1/8, want about %.0f", model, p, order)
		}
	}
}
