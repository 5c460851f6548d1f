package kinds

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/compare/verify"
	"kolmo/internal/slow"
	"kolmo/montecarlo"
	"kolmo/objective"
	"kolmo/sgd"
)

func verification(t *testing.T, r *verify.Verifier, paths int) *compare.Verification {
	t.Helper()
	v, err := r.Run(t.Context(), &verify.VerifyConfig{Paths: paths, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func same(p *compare.Problem) *verify.Verifier {
	return &verify.Verifier{First: p, Second: p, Sampled: p}
}

// holdToAgree fails on every comparison that does not agree, and on methods that
// have something in common.
func holdToAgree(t *testing.T, v *compare.Verification) {
	t.Helper()
	if !v.Agree || !v.Complete() || v.Disagreeing() != 0 || len(v.Gap) == 0 || len(v.Sampled) == 0 {
		t.Errorf("agree %v, complete %v, %d disagree of %d + %d", v.Agree, v.Complete(), v.Disagreeing(), len(v.Gap), len(v.Sampled))
	}
	for _, g := range v.Gap {
		a, b := g.First, g.Second
		t.Logf("%s %s %s: %.6e +- %.1e (%s %d, %d nodes, %s, S %s) | %.6e +- %.1e (%s %d, %d nodes, %s, S %s) | %.1e", g.Observable, g.Model, g.EtaText,
			a.Gap, a.Error, a.Space, a.SpaceOrder, a.Nodes, a.Scheme, a.S, b.Gap, b.Error, b.Space, b.SpaceOrder, b.Nodes, b.Scheme, b.S, g.Difference)
		if g.Verdict != compare.Agrees || g.Difference > g.Allowed {
			t.Errorf("%s, %s, %s: %s", g.Observable, g.Model, g.EtaText, g.Verdict)
		}
		if strings.HasPrefix(a.S, "uniform") == strings.HasPrefix(b.S, "uniform") || a.Space == b.Space && a.SpaceOrder == b.SpaceOrder || a.Nodes == b.Nodes {
			t.Errorf("%s, %s, %s: methods %s %d by %s and %s %d by %s, S %s and %s", g.Observable, g.Model, g.EtaText, a.Space, a.SpaceOrder, a.Scheme, b.Space, b.SpaceOrder, b.Scheme, a.S, b.S)
		}
	}
	for _, m := range v.Sampled {
		t.Logf("%s %s n = %d x = %.3f: grid %.6e +- %.1e, paths %.6e +- %.1e, %.2f", m.Observable, m.EtaText, m.N, m.X, m.Grid, m.GridError, m.Mean, m.Error, m.Deviations)
		if m.Verdict != compare.Agrees || m.Reason != nil {
			t.Errorf("%s, %s, x = %v: %s", m.Observable, m.EtaText, m.X, m.Verdict)
		}
	}
}

func small1d(t *testing.T) *compare.Problem {
	s := trial.Quad1d
	s.Etas = []int{4, 8}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.FirstOrder)
	return p
}

// The gaps of quad1d by two methods, and its means in closed form: E X_n^2 =
// (1-eta)^{2n} x^2 + (1 - (1-eta)^{2n}) eta/(2 - eta).
func TestVerifyAgrees(t *testing.T) {
	t.Parallel()
	v := verification(t, same(small1d(t)), 20000)
	holdToAgree(t, v)
	if len(v.Gap) != 8 {
		t.Errorf("%d gaps, want 8", len(v.Gap))
	}
	for _, m := range v.Sampled {
		if m.Observable != "square" {
			continue
		}
		q, x := math.Pow(1-m.Eta, 2*float64(m.N)), float64(m.X[0])
		want := q*x*x + (1-q)*m.Eta/(2-m.Eta)
		if math.Abs(float64(m.Grid)-want) > float64(m.GridError) || math.Abs(float64(m.Mean)-want) > 5*float64(m.Error)+1e-12 {
			t.Errorf("eta = %s, n = %d, x = %v: grid %v, paths %v, want %v", m.EtaText, m.N, x, m.Grid, m.Mean, want)
		}
	}
}

// Where the study fixes differences, the second method takes whole axes for S and
// another order.
func TestVerifyAgainstDifferences(t *testing.T) {
	t.Parallel()
	p := small1d(t)
	p.Etas = p.Etas[:1]
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 6, Time: compare.TimePolynomial}
	v := verification(t, same(p), 2000)
	holdToAgree(t, v)
	for _, g := range v.Gap {
		if g.First.Space != "uniform" || g.First.SpaceOrder != 6 || !strings.HasPrefix(g.Second.S, "chebyshev") {
			t.Errorf("first %s of order %d, second's S %s", g.First.Space, g.First.SpaceOrder, g.Second.S)
		}
	}
}

// Wrong methods: another loss behind the second one, and another one behind the
// paths, are both seen.
func TestVerifyDisagrees(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := small1d(t)
	p.Etas = p.Etas[:1]
	s := trial.Quad1d
	s.Loss, s.Etas = "1.02*(x - xi)^2/2", []int{4}
	wrong := trial.Build(t, s)
	wrong.Models = p.Models

	v := verification(t, &verify.Verifier{First: p, Second: wrong, Sampled: p}, 2000)
	if v.Agree || v.Disagreeing() == 0 {
		t.Error("another loss behind the second method was not seen")
	}
	for _, m := range v.Sampled {
		if m.Verdict != compare.Agrees {
			t.Errorf("paths of the right loss: %+v", m)
		}
	}
	v = verification(t, &verify.Verifier{First: p, Second: p, Sampled: wrong}, 100000)
	if v.Agree {
		t.Error("another loss behind the paths was not seen")
	}
	for _, g := range v.Gap {
		if g.Verdict != compare.Agrees {
			t.Errorf("gaps of the same loss: %+v", g)
		}
	}
}

// A ball that is not invariant certifies no row; its gaps are compared all the same.
func TestVerifyUncertified(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.R, s.Etas = 0.9, []int{4}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	v := verification(t, same(p), 2000)
	holdToAgree(t, v)
	for _, g := range v.Gap {
		if g.First.Certified || g.First.Reason == nil {
			t.Errorf("%s: certified", g.Observable)
		}
	}
}

// Every batch law and data law can be sampled; the type assertion in sample rests on it.
func TestVerifyBatches(t *testing.T) {
	t.Parallel()
	p := small1d(t)
	b, err := objective.NewBatch(trial.LossOf(p).(*objective.Loss), 3, true)
	if err != nil {
		t.Fatal(err)
	}
	trial.SetLoss(p, b)
	p.Etas = p.Etas[:1]
	holdToAgree(t, verification(t, same(p), 5000))
}

// The same numbers, whatever the number of workers.
func TestVerifyWorkers(t *testing.T) {
	t.Parallel()
	p := small1d(t)
	p.Etas = p.Etas[:1]
	var texts []string
	for _, workers := range []int{1, 3} {
		v, err := verify.Verify(t.Context(), p, &verify.VerifyConfig{Config: compare.Config{Workers: workers}, Paths: 5000, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	if texts[0] != texts[1] {
		t.Errorf("1 worker: %s\n3 workers: %s", texts[0], texts[1])
	}
}

// Steps that are too many are cut at the largest learning rate, with a warning, and
// smaller rates are not sampled. The means after the cut are right.
func TestVerifyCutsLongPaths(t *testing.T) {
	t.Parallel()
	r := same(small1d(t))
	r.Draws = 3 * 2000 * 5 // of three points' 2000 paths
	v := verification(t, r, 2000)
	holdToAgree(t, v)
	if len(v.Sampled) != 6 || !slices.ContainsFunc(v.Warnings, func(w string) bool { return strings.Contains(w, "eta = 1/4: sampled after 5 steps, not after") }) {
		t.Errorf("%d sampled means, warnings %q", len(v.Sampled), v.Warnings)
	}
	for _, m := range v.Sampled {
		q, x := math.Pow(1-m.Eta, 10), float64(m.X[0])
		want := q*x*x + (1-q)*m.Eta/(2-m.Eta)
		if m.EtaText != "1/4" || m.N != 5 || m.Observable == "square" && math.Abs(float64(m.Grid)-want) > float64(m.GridError) {
			t.Errorf("eta = %s, n = %d: %v, want %v after 5 steps", m.EtaText, m.N, m.Grid, want)
		}
	}
	r = &verify.Verifier{Cfg: verify.VerifyConfig{Paths: 100 * montecarlo.DefaultPaths}, Draws: verify.MostDraws, Batch: 1}
	if got, want := r.Affordable(5), 100; got != want {
		t.Errorf("%d steps from 5 points, want %d: more paths than the default leave the steps", got, want)
	}
	r.Batch = 1000
	if got, want := r.Affordable(5), 1; got != want {
		t.Errorf("%d steps in batches, want %d", got, want)
	}
}

// Steps that leave the ball and grow: gaps with errors above them, and paths that are
// not finite, decide nothing.
func TestVerifyIncomplete(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "quartic", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^4/4 - xi*x", Observables: [][2]string{{"steep", "exp(x^2)"}}, R: 3, Etas: []int{2}})
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	v := verification(t, same(p), 2000)
	if v.Complete() || !v.Agree || len(v.Gap) != 1 || len(v.Sampled) != 3 {
		t.Errorf("complete %v, agree %v, %d gaps, %d means", v.Complete(), v.Agree, len(v.Gap), len(v.Sampled))
	}
	for _, g := range v.Gap {
		if g.Verdict != compare.Incomplete || g.First.Reason == nil {
			t.Errorf("%.3g +- %.3g and %.3g +- %.3g: %s", g.First.Gap, g.First.Error, g.Second.Gap, g.Second.Error, g.Verdict)
		}
	}
	for _, m := range v.Sampled {
		if m.Verdict != compare.Incomplete || m.Reason == nil || !strings.Contains(*m.Reason, "not finite after") {
			t.Errorf("x = %v: %s, %s", m.X, m.Verdict, deref(m.Reason))
		}
	}
}
