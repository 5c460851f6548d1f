package studies_test

import (
	"context"
	"math"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/compare/verify"
	"kolmo/internal/closedform"
	"kolmo/internal/slow"
	"kolmo/process"
	"kolmo/sgd"
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
	r, err := kinds.Gap(context.Background(), p, nil)
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
	slow.Skip(t)
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
		sgd.SecondOrder: closedform.SecondOrder, sgd.FirstOrder: closedform.FirstOrder,
		sgd.GradientFlow: closedform.GradientFlow,
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
	slow.Skip(t)
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

// The modified model in three dimensions, whose cutoff needs many nodes: a quadratic on a
// small ball with a wide layer, certified at two learning rates.
func TestModified3D(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s, err := study.Load("quad3d.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	p.Ball.R, p.Accuracy = 1.2, 0.02
	p.Dynamics = sgd.New(s.Objective, p.Ball, 3)
	if p.Models, err = process.Named(p.Dynamics, sgd.Modified, sgd.SecondOrder); err != nil {
		t.Fatal(err)
	}
	p.Observables, p.Etas, p.Fields = p.Observables[:1], p.Etas[1:3], compare.FieldRequest{}
	r, err := kinds.Gap(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Gap) != 4 {
		t.Fatalf("%d rows, want 4", len(r.Gap))
	}
	for i, row := range r.Gap {
		t.Logf("%s, eta = %s: %.6e +- %.1e, %d %s nodes", row.Model, row.EtaText, row.Gap, row.Error, row.Nodes, row.Space)
		if !row.Certified {
			t.Errorf("%s, eta = %s: not certified: %s", row.Model, row.EtaText, *row.Reason)
		}
		// The cutoff moves the gap by less than the errors and a thousandth.
		if other := r.Gap[(i+2)%4]; math.Abs(float64(row.Gap-other.Gap)) > float64(row.Error+other.Error)+1e-3*float64(row.Gap) {
			t.Errorf("eta = %s: %s %.6e +- %.1e, %s %.6e +- %.1e", row.EtaText, row.Model, row.Gap, row.Error, other.Model, other.Gap, other.Error)
		}
	}
}

// An independent second method in three dimensions agrees, in memory that is bounded.
func TestVerifyQuad3D(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s, err := study.Load("quad3d.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	p.Models, p.Observables, p.Etas, p.Fields = p.Models[:1], p.Observables[:1], p.Etas[:1], compare.FieldRequest{}
	v, err := verify.Verify(context.Background(), p, &verify.VerifyConfig{Paths: 5000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !v.Agree || !v.Complete() || len(v.Gap) != 1 || len(v.Sampled) == 0 {
		t.Errorf("agree %v, complete %v, %d gaps, %d means", v.Agree, v.Complete(), len(v.Gap), len(v.Sampled))
	}
	for _, g := range v.Gap {
		t.Logf("%.6e +- %.1e, %s | %.6e +- %.1e, %s", g.First.Gap, g.First.Error, g.First.S, g.Second.Gap, g.Second.Error, g.Second.S)
		if g.First.Space == g.Second.Space || g.First.Scheme == g.Second.Scheme || g.Second.Nodes > 40 {
			t.Errorf("methods %s by %s on %d nodes and %s by %s on %d", g.First.Space, g.First.Scheme, g.First.Nodes, g.Second.Space, g.Second.Scheme, g.Second.Nodes)
		}
	}
}
