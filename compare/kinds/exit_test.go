package kinds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// exitOf runs the study of exit times of a problem from a point.
func exitOf(t *testing.T, p *compare.Problem, lo, hi, x float64, workers int) *compare.Result {
	t.Helper()
	p.Studies, p.Asked = []compare.Study{compare.StudyExit}, compare.Asked{Exit: &compare.Exit{Interval: [2]float64{lo, hi}, X: &x}}
	r, err := Run(context.Background(), p, &compare.Config{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// wellsSpec is the double well whose chain is left at known rates.
func wellsSpec(etas ...int) trial.Spec {
	return trial.Spec{Name: "wells", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}}, Loss: "x^4/4 - x^2/2 + xi*x",
		Observables: [][2]string{{"x", "x"}}, R: 1.5, Etas: etas}
}

// The mean time from one well to where paths go on to the other is one over the rate of leaving it, but for
// times within a well, by eigenvalues of matrices of collocation; actions tend to the barriers.
func TestExitTimesAreOneOverRates(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := wellsSpec(8, 12, 16)
	s.R = 2 // and the other end is out of reach
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.GradientFlow)
	r := exitOf(t, p, -2, 0.9, -1, 1)
	p.Studies, p.SpectrumCount = []compare.Study{compare.StudySpectrum}, 2
	rates, err := Run(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range rates.Escape {
		for _, row := range r.Exit {
			if row.Model != e.Model || row.Eta != e.Eta || e.Well != compare.WellLeft || !row.Certified || !e.Certified {
				continue
			}
			seen++
			within := 12.0 // to there from the saddle
			if off := math.Abs(float64(row.T - 1/e.Rate)); off > within+float64(row.Error+e.Error/e.Rate/e.Rate) {
				t.Errorf("%s, eta = %s: %.6g +- %.2g, one over the rate %.6g", row.Model, row.EtaText, row.T, row.Error, 1/e.Rate)
			}
		}
	}
	if seen != 6 {
		t.Errorf("%d times met their rates, want 6", seen)
	}
	for _, l := range r.ExitLimit {
		if l.Model == sgd.GradientFlow {
			continue
		}
		if !(math.Abs(float64(l.Barrier-l.Theory)) <= float64(l.Error)) || l.Error > 0.2 {
			t.Errorf("%s: limit %.4f +- %.2g, small noise %.4f", l.Model, l.Barrier, l.Error, l.Theory)
		}
		if want := map[string]float64{"sgd": 0.53759, sgd.SecondOrder: 0.5}[l.Model]; math.Abs(float64(l.Theory)-want) > 1e-5 {
			t.Errorf("%s: barrier %.6f, want %.6f", l.Model, l.Theory, want)
		}
	}
	for _, row := range r.Exit {
		if row.Model == sgd.GradientFlow && (row.Certified || row.T == row.T || !strings.HasPrefix(*row.Reason, "the model has no noise")) {
			t.Errorf("%+v", row)
		}
	}
}

// With small noise the chain stays in its well for good, and the diffusion does not.
func TestExitThatNeverComes(t *testing.T) {
	t.Parallel()
	s := wellsSpec(8)
	s.Values = [][]float64{{-0.3}, {0.3}}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.FirstOrder)
	r := exitOf(t, p, -1.4, 0, -1, 1)
	if row := r.Exit[0]; row.T == row.T || row.Certified || !leavesNot(t, *row.Reason, -1.4, 0) || !math.IsNaN(float64(row.Barrier)) && !math.IsInf(float64(row.Barrier), 1) {
		t.Errorf("sgd: %+v", row)
	}
	if row := r.Exit[1]; !row.Certified || !(row.T > 1e5) {
		t.Errorf("first-order: %+v, want a long time", row)
	}
}

// leavesNot reports that a reason names an interval within another that holds -1 and all its images under steps of 1/8
// with noise 0.3.
func leavesNot(t *testing.T, reason string, lo, hi float64) bool {
	var a, b float64
	if _, err := fmt.Sscanf(reason, "sgd cannot leave [%g, %g]: the mean time is infinite", &a, &b); err != nil {
		t.Log(err)
		return false
	}
	const round = 1e-3 // digits that are shown
	for i := range 1001 {
		x := a + (b-a)*float64(i)/1000
		for _, xi := range []float64{-0.3, 0.3} {
			if y := x - (x*x*x-x+xi)/8; y < a-round || y > b+round {
				return false
			}
		}
	}
	return lo <= a && a < -1 && -1 < b && b <= hi
}

// uniformExit is the mean number of steps of x - eta (x + xi) from the interval (-w, w), xi uniform on [-1, 1]: T = 1 + S T
// with the exact integral of lines between nodes.
func uniformExit(eta, w, at float64, n int) float64 {
	h := 2 * w / float64(n)
	a, rhs := mat.NewDense(n+1, n+1, nil), mat.NewVecDense(n+1, nil)
	hat := func(u float64) float64 { // of a hat of half-width one, up to u
		switch {
		case u <= -1:
			return 0
		case u <= 0:
			return (1 + u) * (1 + u) / 2
		case u <= 1:
			return 1 - (1-u)*(1-u)/2
		}
		return 1
	}
	for i := range n + 1 {
		x := -w + h*float64(i)
		lo, hi := max(-w, x-eta*x-eta), min(w, x-eta*x+eta)
		for j := range n + 1 {
			y := -w + h*float64(j)
			a.Set(i, j, -(hat((hi-y)/h)-hat((lo-y)/h))*h/(2*eta))
		}
		a.Set(i, i, a.At(i, i)+1)
		rhs.SetVec(i, 1)
	}
	var u mat.VecDense
	if err := u.SolveVec(a, rhs); err != nil {
		return math.NaN()
	}
	s := (at + w) / h
	c := int(s)
	return u.AtVec(c)*(float64(c+1)-s) + u.AtVec(c+1)*(s-float64(c))
}

// Under a quadrature of the noise the errors hold the distance from the time under the law itself, which
// that of the grids does not.
func TestExitUnderQuadrature(t *testing.T) {
	t.Parallel()
	xi := []string{"xi"}
	beyond := false
	for _, points := range []int{3, 4, 6} {
		p := trial.Build(t, trial.Spec{Name: "uniform", Parameters: []string{"x"}, Variables: xi, Law: independent(t, law.Uniform{Low: -1, High: 1}, points),
			Loss: "x^2/2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 2, Etas: []int{2, 4}})
		p.Models, p.Solver.Nodes = trial.ModelsOf(p, sgd.SecondOrder), []int{401}
		r := exitOf(t, p, -0.4, 0.4, 0.05, 1)
		for _, row := range r.Exit {
			if row.Model != "sgd" {
				if row.Errors.Quadrature > 1e-9*row.T {
					t.Errorf("%s, eta = %s: quadrature %.2g, but Sigma is exact", row.Model, row.EtaText, row.Errors.Quadrature)
				}
				continue
			}
			want := row.Eta * uniformExit(row.Eta, 0.4, 0.05, 800)
			off := math.Abs(float64(row.T) - want)
			beyond = beyond || off > float64(row.Errors.Space)
			if off > float64(row.Error) {
				t.Errorf("%d points, eta = %s: %.6g +- %.2g, want %.6g", points, row.EtaText, row.T, row.Error, want)
			}
			if row.Barrier == row.Barrier {
				t.Error("a barrier of a chain under a quadrature")
			}
		}
	}
	if !beyond {
		t.Error("errors of grids hold all: the quadrature's are not tested")
	}
}

// Where paths drift freely to the ends, a model is off by a share of order eta: the chain jumps over them. The results do
// not depend on workers.
func TestExitOvershoots(t *testing.T) {
	t.Parallel()
	s := trial.Spec{Name: "flat", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}}, Loss: "x^2/2*0.5 + xi*x",
		Observables: [][2]string{{"x", "x"}}, R: 3, Etas: []int{8, 16, 32}}
	var texts []string
	for _, workers := range []int{1, 3} {
		p := trial.Build(t, s)
		p.Models, p.Solver.Nodes, p.Accuracy = trial.ModelsOf(p, sgd.SecondOrder), []int{801}, 0.05
		r := exitOf(t, p, -0.31, 0.33, 0, workers)
		for _, row := range r.Exit {
			if !row.Certified || row.Model != "sgd" && row.Ratio >= 1 {
				t.Errorf("%+v", row)
			}
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("results depend on workers")
	}
}

// Where hardly any drift holds paths, the ends lie farther out for the chain by a length of order
// eta: models leave too early by a share of about that order, until the barrier counts.
func TestExitEndsLieFartherOut(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := trial.Build(t, trial.Spec{Name: "flat", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {0.37}, {0.63}}, Loss: "x^2/20 + xi*x",
		Observables: [][2]string{{"x", "x"}}, R: 4, Etas: []int{4, 8, 16, 32}})
	p.Models, p.Accuracy = trial.ModelsOf(p, sgd.SecondOrder), 0.01
	r := exitOf(t, p, -0.5, 0.5, 0, 1)
	want := []float64{0.289, 0.158, 0.095, 0.065}
	for _, row := range r.Exit {
		if row.Model == "sgd" {
			continue
		}
		if off := math.Abs(1 - float64(row.Ratio) - want[0]); !(off <= 0.0006+float64(row.RatioError)) || !(row.RatioError < 0.01) {
			t.Errorf("eta = %s: T/T_chain = %.4f +- %.2g, want 1 - %g", row.EtaText, row.Ratio, row.RatioError, want[0])
		}
		want = want[1:]
	}
	if len(want) != 0 {
		t.Errorf("%d rows are missing", len(want))
	}
}

// What a study of exit times cannot be asked is refused in a sentence.
func TestExitRefusals(t *testing.T) {
	t.Parallel()
	at := func(x float64) *float64 { return &x }
	nan := math.NaN()
	plane := trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}}, Loss: "x^2 + y^2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1, Etas: []int{4}}
	space := trial.Spec{Name: "space", Parameters: []string{"x", "y", "z"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}}, Loss: "x^2 + y^2 + z^2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1, Etas: []int{4}}
	box := [][2]float64{{-0.5, 0.5}, {-0.5, 0.5}}
	for _, c := range []struct {
		spec trial.Spec
		exit *compare.Exit
		key  string
		want string
	}{
		{space, &compare.Exit{Interval: [2]float64{-1, 1}}, "studies", "speaks of intervals and of boxes of the plane, and the state has 3 coordinates"},
		{plane, nil, "exit", "needs the box that is left and a point of it"},
		{plane, &compare.Exit{Interval: [2]float64{-1, 1}}, "exit", "needs the box that is left and a point of it"},
		{plane, &compare.Exit{Box: box[:1], From: []float64{0}}, "exit.box", "found 1 sides and a point of 1 coordinates"},
		{plane, &compare.Exit{Box: [][2]float64{{-0.5, 0.5}, {0.5, 0.5}}, From: []float64{0, 0}}, "exit.box", "found [0.5, 0.5]; want sides [low, high]"},
		{plane, &compare.Exit{Box: [][2]float64{{-0.5, 0.5}, {math.Inf(-1), 0.5}}, From: []float64{0, 0}}, "exit.box", "finite numbers"},
		{plane, &compare.Exit{Box: box, From: []float64{0, 0.5}}, "exit.x", "found 0.5 along axis 2; want a point inside the box, from -0.5 to 0.5"},
		{plane, &compare.Exit{Box: box, From: []float64{0, nan}}, "exit.x", "found NaN along axis 2"},
		{plane, &compare.Exit{Box: [][2]float64{{-0.5, 0.9}, {-0.5, 0.5}}, From: []float64{0, 0}}, "exit.box", "goes beyond the ball with its corner (0.9, -0.5)"},
		{wellsSpec(4), &compare.Exit{Box: box[:1], From: []float64{0}}, "exit", "needs the interval that is left"},
		{wellsSpec(4), nil, "exit", "needs the interval that is left"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{-2, 0}}, "exit.interval", "goes beyond the ball"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{-1.4, 1.4}}, "exit", "2 stable points of rest"},
		{trial.Quad1d, &compare.Exit{Interval: [2]float64{-1, 0}}, "exit", "0 stable points of rest"},
		{trial.Quad1d, &compare.Exit{Interval: [2]float64{0, 1}}, "exit", "0 stable points of rest"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{-1, 0.5}, X: at(-5)}, "exit.x", "inside the interval from -1 to 0.5"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{-1, 0.5}, X: at(0.5)}, "exit.x", "found 0.5"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{-1, 0.5}, X: at(nan)}, "exit.x", "found NaN"},
		{wellsSpec(4), &compare.Exit{X: at(0)}, "exit.interval", "low below high"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{1, -1}, X: at(0)}, "exit.interval", "low below high"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{nan, 1}, X: at(0)}, "exit.interval", "low below high"},
		{wellsSpec(4), &compare.Exit{Interval: [2]float64{math.Inf(-1), 1}, X: at(0)}, "exit.interval", "finite numbers"},
	} {
		p := trial.Build(t, c.spec)
		p.Studies, p.Exit = []compare.Study{compare.StudyExit}, c.exit
		_, err := Run(context.Background(), p, nil)
		var input *compare.InputError
		if !errors.As(err, &input) || input.Key != c.key || !strings.Contains(input.Msg, c.want) {
			t.Errorf("%v, want %q at %s", err, c.want, c.key)
		}
	}
	p := trial.Build(t, wellsSpec(4))
	p.Models = trial.ModelsOf(p, sgd.GradientFlow)
	p.Studies, p.Exit = []compare.Study{compare.StudyExit}, &compare.Exit{Interval: [2]float64{-1.4, 0}}
	r, err := Run(context.Background(), p, nil)
	if err != nil || math.Abs(float64(r.Exit[0].X[0])+1) > 1e-6 {
		t.Errorf("%v: from %v, want the point of rest -1", err, r.Exit)
	}
}
