package kinds

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/kolmogorov"
	"kolmo/law"
	"kolmo/sgd"
)

// |x| <= 0.9 is left by a step from its end with a sample beyond it.
func TestBallThatIsNotInvariant(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.R, s.Etas = 0.9, []int{4, 8}
	wantReason(t, gapOf(t, trial.Build(t, s), nil), "not invariant")
}

// Balls far smaller than a step: no search for a resolution, an answer at once.
func TestTinyBalls(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, r := range []float64{1e-6, 1e-300} {
		s := trial.Quad1d
		s.R, s.Etas = r, []int{4, 32}
		wantReason(t, gapOf(t, trial.Build(t, s), nil), "invariant")
	}
}

// A slow mode below a fast one: the one-step errors of 1/8 and smaller fall like
// the fast one when it would be too early to stop. With linear gradients the gap of
// phi = x^2 + 110 y^2 is known.
func TestSlowModesAreWaitedFor(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "slow", Parameters: []string{"x", "y"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "(1 + 0.5*xi)*x^2/2 + 0.01*y^2/2", Observables: [][2]string{{"phi", "x^2 + 110*y^2"}}, R: 2, Etas: []int{4, 8, 16}})
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	for _, row := range gapOf(t, p, nil).Gap {
		want := 0.0
		for n := range 20000 {
			m, eta := float64(n), row.Eta
			// E X_n^2 = (1 - 2 eta + 1.25 eta^2)^n x^2; the diffusion's rate is
			// -2 + 0.25 eta; y decays without noise.
			x := math.Pow(1-2*eta+1.25*eta*eta, m) - math.Exp((-2+0.25*eta)*eta*m)
			y := 110 * (math.Pow(1-0.01*eta, 2*m) - math.Exp(-0.02*eta*m))
			want = max(want, 4*math.Abs(x), 4*math.Abs(y))
		}
		if d := math.Abs(float64(row.Gap) - want); !row.Certified || d > float64(row.Error) {
			t.Errorf("eta = %s: %.8e +- %.1e (certified %v %s), want %.8e", row.EtaText, row.Gap, row.Error, row.Certified, deref(row.Reason), want)
		}
	}
}

// A bump in phi between the nodes of both levels: they agree, and are wrong
// together. What the interpolant of phi misses must show in the estimate.
func TestBumpsBetweenNodes(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range []string{"300", "1000", "4000"} {
		s := trial.Quad1d
		s.Observables, s.Etas = [][2]string{{"bump", "x^2 + 0.5*exp(-" + c + "*(x - 1.3)^2)"}}, []int{8}
		auto := trial.Build(t, s)
		auto.Models = trial.ModelsOf(auto, sgd.FirstOrder)
		fine := trial.Build(t, s)
		fine.Models = auto.Models
		fine.Solver = compare.Solver{Space: compare.SpaceUniform, Nodes: []int{520}}
		a, b := gapOf(t, auto, nil).Gap[0], gapOf(t, fine, nil).Gap[0]
		if !b.Certified {
			t.Fatalf("c = %s: 520 nodes are not certified: %s", c, deref(b.Reason))
		}
		if d := math.Abs(float64(a.Gap - b.Gap)); a.Certified && d > float64(a.Error+b.Error) {
			t.Errorf("c = %s: %.6e +- %.1e on %d nodes is certified, 520 nodes give %.6e +- %.1e", c, a.Gap, a.Error, a.Nodes, b.Gap, b.Error)
		}
		t.Logf("c = %s: certified %v on %d nodes (%s)", c, a.Certified, a.Nodes, a.Space)
	}
}

// The ball must hold every xi of a continuous law, not only the quadrature's nodes.
func TestInvarianceAtTheEndsOfALaw(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.R, s.Etas, s.Law = 0.985, []int{8}, independent(t, law.Uniform{Low: -1, High: 1}, 12)
	wantReason(t, gapOf(t, trial.Build(t, s), nil), "not invariant")
	s.R = 1.01
	for _, row := range gapOf(t, trial.Build(t, s), nil).Gap {
		if !row.Invariant {
			t.Errorf("%s: R = 1.01 is not invariant", row.Model)
		}
	}
}

// Certification is relative to phi on the ball: the corners of a wider box, where
// phi is larger, play no part, nor do the other models of the study.
func TestCertificationLooksAtTheBall(t *testing.T) {
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "corners", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
		Loss: "(x - xi)^2/2 + 0.1*xi*sin(3*x)", Observables: [][2]string{{"power", "x^20"}}, R: 2, Etas: []int{4, 8}})
	p.Dynamics = sgd.New(trial.LossOf(p), p.Ball, 12)
	p.Models = trial.ModelsOf(p, sgd.Modified, sgd.FirstOrder)
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 2, Nodes: []int{16}}
	for _, row := range gapOf(t, p, nil).Gap {
		if row.Certified && row.Error > compare.Number(p.Accuracy)*row.Gap {
			t.Errorf("%s, eta = %s: %.2e +- %.2e is certified", row.Model, row.EtaText, row.Gap, row.Error)
		}
	}
}

func TestStepsBeyondReachAreRefused(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4, 10_000_000}
	var input *compare.InputError
	if _, err := Gap(context.Background(), trial.Build(t, s), nil); !errors.As(err, &input) || input.Key != "eta" {
		t.Errorf("error %v, want one about eta", err)
	}
}

func TestNonConvexLossIsOverAHorizon(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "well", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{.5}, {-.5}},
		Loss: "x^4/4 - x^2/2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.3, Etas: []int{8, 16}})
	p.Horizon = 2
	r := gapOf(t, p, nil)
	for _, row := range r.Gap {
		if last := int(p.Horizon / row.Eta); row.Steps != last {
			t.Errorf("%s, eta = %s: %d steps, want %d", row.Model, row.EtaText, row.Steps, last)
		}
		if !row.Certified || row.Horizon == nil || *row.Horizon != p.Horizon || row.ClosedBy == nil || *row.ClosedBy != march.ByHorizon {
			t.Errorf("%s, eta = %s: certified %t, closed by %q, horizon %v: want it certified over the horizon", row.Model, row.EtaText, row.Certified, *row.ClosedBy, row.Horizon)
		}
	}
	if r.Until == nil || *r.Until != p.Horizon {
		t.Errorf("suprema are until %v, want %g", r.Until, p.Horizon)
	}
	if len(r.Warnings) == 0 || !strings.Contains(r.Warnings[0], "not convex") {
		t.Errorf("warnings %q, want one about convexity", r.Warnings)
	}
}

func TestUnboundedLawIsNotCertified(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Law, s.Etas = independent(t, law.Normal{Mean: 0, Std: 0.5}, 12), []int{8}
	wantReason(t, gapOf(t, trial.Build(t, s), nil), "unbounded")
}

// A continuous law by quadrature: xi uniform on [-sqrt 3, sqrt 3] has the moments
// up to three of xi = +-1, so that x^2 has the gaps of quad1d; the estimate of the
// quadrature error must see a rule that is too poor for the loss.
func TestQuadratureError(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas, s.R = [][2]string{{"square", "x^2"}}, []int{8, 16}, 3
	exact := gapOf(t, trial.Build(t, s), nil)
	s.Law = independent(t, law.Uniform{Low: -math.Sqrt(3), High: math.Sqrt(3)}, 6)
	got := gapOf(t, trial.Build(t, s), nil)
	for i, row := range got.Gap {
		if want := exact.Gap[i]; !row.Certified || math.Abs(float64(row.Gap-want.Gap)) > float64(row.Error+want.Error) {
			t.Errorf("%s, eta = %s: %.8e +- %.1e (certified %v), want %.8e", row.Model, row.EtaText, row.Gap, row.Error, row.Certified, want.Gap)
		}
		if row.Errors.Quadrature > 1e-8*row.Gap {
			t.Errorf("%s, eta = %s: quadrature error %.1e of a rule that is exact here", row.Model, row.EtaText, row.Errors.Quadrature)
		}
	}
	s.Loss = "x^2/2 + 0.3*cos(6*xi)*x + 0.4*xi*x"
	s.Law = independent(t, law.Uniform{Low: -1, High: 1}, 3)
	poor := gapOf(t, trial.Build(t, s), nil)
	s.Law = independent(t, law.Uniform{Low: -1, High: 1}, 40)
	rich := gapOf(t, trial.Build(t, s), nil)
	for i, row := range poor.Gap {
		if row.Model == sgd.GradientFlow && row.Certified {
			t.Errorf("%s, eta = %s: a rule of 3 points is certified", row.Model, row.EtaText)
		}
		if !rich.Gap[i].Certified {
			t.Errorf("%s, eta = %s: a rule of 40 points is not certified: %s", row.Model, row.EtaText, deref(rich.Gap[i].Reason))
		}
	}
}

// A constant observable has no gap: the row is certified by its size and takes no
// part in a fit.
func TestConstantObservable(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Observables, s.Etas = [][2]string{{"one", "3"}}, []int{4, 8, 16}
	r := gapOf(t, trial.Build(t, s), nil)
	for _, row := range r.Gap {
		if !row.Certified || row.Gap > 1e-11 {
			t.Errorf("%s, eta = %s: gap %.1e, certified %v: %s", row.Model, row.EtaText, row.Gap, row.Certified, deref(row.Reason))
		}
	}
	for _, o := range r.Order {
		if len(o.Etas) != 0 || !strings.HasPrefix(o.Verdict, "no order") {
			t.Errorf("%s: fitted to %v: %s", o.Model, o.Etas, o.Verdict)
		}
	}
}

func TestFixedNodes(t *testing.T) {
	t.Parallel()
	for _, space := range []compare.Space{compare.SpaceChebyshev, compare.SpaceUniform} {
		s := trial.Quad1d
		s.Etas = []int{8}
		p := trial.Build(t, s)
		p.Solver = compare.Solver{Space: space, Nodes: []int{40}}
		for _, row := range gapOf(t, p, nil).Gap {
			if row.Nodes != 40 {
				t.Errorf("space %d: %s on %d nodes, want 40", space, row.Model, row.Nodes)
			}
			if row.Model != sgd.Modified && !row.Certified {
				t.Errorf("space %d: %s not certified: %s", space, row.Model, deref(row.Reason))
			}
		}
		p.Solver.Nodes = []int{9}
		var input *compare.InputError
		if _, err := Gap(context.Background(), p, nil); !errors.As(err, &input) || input.Key != "solver.nodes" {
			t.Errorf("space %d: 9 nodes give the error %v, want one about solver.nodes", space, err)
		}
	}
}

// Too few fixed nodes: the row says so instead of a number that looks good.
func TestTooFewNodesAreNotCertified(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Spec{Name: "steep", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
		Loss: "x^2/2 + 2*xi*cos(x)", Observables: [][2]string{{"gauss", "exp(-2*x^2)"}}, R: 5, Etas: []int{32}}
	p := trial.Build(t, s)
	p.Solver = compare.Solver{Space: compare.SpaceChebyshev, Nodes: []int{18}}
	wantReason(t, gapOf(t, p, nil), "above the accuracy")
}

// Where collocation's closures cannot bear the noise at the faces (f = x^2/2 + 2 xi
// cos x on [-5,5] at eta = 1/4; the Ornstein-Uhlenbeck process on [-2,2]), auto
// takes differences, says so, and meets the explicit uniform run; the nodes that
// collocation would need by its order of convergence are refused.
func TestAutoAvoidsTransientGrowth(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, s := range []trial.Spec{
		{Name: "trig1d", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
			Loss: "x^2/2 + 2*xi*cos(x)", Observables: [][2]string{{"gauss", "exp(-x^2/2)"}}, R: 5, Etas: []int{4, 8}},
		{Name: "ou", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{1}, {-1}},
			Loss: "x^2/2 + xi*x", Observables: [][2]string{{"wave", "cos(6*x)"}}, R: 2, Etas: []int{4}},
	} {
		auto := gapOf(t, trial.Build(t, s), nil)
		p := trial.Build(t, s)
		p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 6, Time: compare.TimePolynomial}
		uniform := gapOf(t, p, nil)
		for i, row := range auto.Gap {
			other := uniform.Gap[i]
			if !row.Certified || !other.Certified {
				t.Errorf("%s, %s, eta = %s: certified %v and %v: %s", s.Name, row.Model, row.EtaText, row.Certified, other.Certified, deref(row.Reason))
			}
			if !(row.Growth <= kolmogorov.MaxGrowth) {
				t.Errorf("%s, %s, eta = %s: growth %.3g", s.Name, row.Model, row.EtaText, float64(row.Growth))
			}
			if d := math.Abs(float64(row.Gap - other.Gap)); d > float64(row.Error+other.Error) {
				t.Errorf("%s, %s, eta = %s: %.6e +- %.1e and %.6e +- %.1e", s.Name, row.Model, row.EtaText, row.Gap, row.Error, other.Gap, other.Error)
			}
			if s.Name == "trig1d" && row.EtaText == "1/4" && row.Model == sgd.SecondOrder && row.Space != "uniform" {
				t.Errorf("%s: second-order at 1/4 by %s, want uniform", s.Name, row.Space)
			}
		}
		if len(auto.Choices) != len(auto.Gap) || !strings.Contains(auto.Choices[0].Why, "chebyshev") {
			t.Errorf("%s: choices %+v do not speak of collocation", s.Name, auto.Choices)
		}
		// What a user might ask for: it blows up, and is refused.
		p = trial.Build(t, s)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		p.Etas = p.Etas[:1]
		p.Solver = compare.Solver{Space: compare.SpaceChebyshev, Nodes: []int{72}}
		wantReason(t, gapOf(t, p, nil), "unstable")
	}
}

func TestThreeDimensions(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "quad3d", Parameters: []string{"x", "y", "z"}, Variables: []string{"a"}, Values: [][]float64{{1}, {-1}},
		Loss: "(x-a)^2/2 + (y+0.5*a)^2/2 + z^2/2", Observables: [][2]string{{"square", "x^2 + y^2 + z^2"}}, R: 2, Etas: []int{4, 8}})
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.GradientFlow)
	r := gapOf(t, p, nil)
	// |x|^2: each axis is quad1d with its own noise, so that E|X|^2 has the gap of
	// x^2 with the axes' variances summed, at any |x|.
	total := 1.0 + 0.25
	for _, row := range r.Gap {
		want := largestSquareGap(row.Model, row.Eta, 4, total)
		if !row.Certified || math.Abs(float64(row.Gap)-want) > float64(row.Error) {
			t.Errorf("%s, eta = %s: %.8e +- %.1e (certified %v %s), want %.8e", row.Model, row.EtaText, row.Gap, row.Error, row.Certified, deref(row.Reason), want)
		}
	}
}

// largestSquareGap is sup over n and |x|^2 <= r2 of |E|X_n|^2 - u| for f = |x|^2/2
// plus noise of the given total variance: both sides are a q^n |x|^2 + c_n, so the
// sup over x is at an end.
func largestSquareGap(model string, eta, r2, variance float64) float64 {
	sup := 0.0
	b, noise := 1.0, 0.0
	if model == sgd.SecondOrder {
		b, noise = 1+eta/2, eta*variance
	}
	for n := range 2000 {
		q := math.Pow(1-eta, 2*float64(n))
		sgd := eta * eta * variance * (1 - q) / (1 - (1-eta)*(1-eta))
		e := math.Exp(-2 * b * eta * float64(n))
		u := noise * (1 - e) / (2 * b)
		sup = max(sup, math.Abs(sgd-u), math.Abs((q-e)*r2+sgd-u))
	}
	return sup
}

func TestGapStopsWhenCancelled(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	p := trial.Build(t, trial.Quad2d)
	w := watcher(func(float64, string) { cancel() })
	if _, err := Gap(ctx, p, &compare.Config{Watcher: w}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// Progress never falls and stays in [0,1].
func TestProgress(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	last := 0.0
	w := watcher(func(share float64, stage string) {
		if share < last-1e-12 || share > 1 {
			t.Errorf("progress %v after %v", share, last)
		}
		if stage == "" {
			t.Error("no stage")
		}
		last = share
	})
	gapOf(t, trial.Build(t, trial.Quad1d), &compare.Config{Watcher: w})
	if last < 0.5 {
		t.Errorf("progress ended at %v", last)
	}
}

// Fields hold U^n and u at the steps asked for, from n = 0, and their difference's
// supremum over the ball is the curve's.
func TestFields(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{8, 16}
	p := trial.Build(t, s)
	p.Fields = compare.FieldRequest{Etas: []float64{1. / 16}, Every: 5}
	r := gapOf(t, p, nil)
	if want := len(p.Models) * len(p.Observables); len(r.Fields) != want {
		t.Fatalf("%d field sets, want %d", len(r.Fields), want)
	}
	for _, f := range r.Fields {
		if f.EtaText != "1/16" {
			t.Errorf("fields of eta = %s", f.EtaText)
		}
		for k, n := range f.N {
			if n != 5*k {
				t.Fatalf("shot %d is step %d, want %d", k, n, 5*k)
			}
			sup := 0.0
			for i := range f.U[k] {
				sup = max(sup, math.Abs(f.U[k][i]-f.Diffusion[k][i]))
			}
			if sup > f.Sup[k]*(1+1e-9)+1e-15 {
				t.Errorf("%s, %s, n = %d: a node's gap %.3e exceeds the supremum %.3e", f.Model, f.Observable, n, sup, f.Sup[k])
			}
		}
		if len(f.N) < 3 {
			t.Errorf("%d shots", len(f.N))
		}
	}
	p.Fields.Every = 0
	for _, f := range gapOf(t, p, nil).Fields {
		if len(f.N) < 10 || len(f.N) > march.MostShots || f.N[0] != 0 {
			t.Errorf("%d automatic shots from step %d", len(f.N), f.N[0])
		}
	}
}

// What remains of a difference is positive whichever level is the finer one.
func TestRemainingIsPositive(t *testing.T) {
	t.Parallel()
	at := func(n int) survey.Level { return survey.Level{Method: survey.Uniform(4), Nodes: []int{n}} }
	for _, c := range []struct{ fine, coarse int }{{48, 40}, {40, 48}, {40, 40}, {1024, 24}, {24, 1024}} {
		if v := march.Remaining(at(c.fine), at(c.coarse), 4); !(v > 0) || math.IsInf(v, 1) {
			t.Errorf("%d against %d nodes: %v", c.fine, c.coarse, v)
		}
	}
	if up, down := march.Remaining(at(48), at(40), 4), march.Remaining(at(40), at(48), 4); !(down > up) {
		t.Errorf("the coarser level keeps %v of the difference, the finer one %v", down, up)
	}
}
