package kinds

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/law"
	"kolmo/sgd"
)

// spectrumOf runs the spectrum study of a problem.
func spectrumOf(t *testing.T, p *compare.Problem, cfg *compare.Config) *compare.Result {
	t.Helper()
	p.Studies = []compare.Study{compare.StudySpectrum}
	r, err := Run(context.Background(), p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// escapeWell is a double well with noise of two values.
var escapeWell = trial.Spec{Name: "escape", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1}, {1}},
	Loss: "x^4/4 - x^2/2 + xi*x", Observables: [][2]string{{"x", "x"}}, R: 1.5, Etas: []int{4, 8, 16}}

// closedRates returns the slowest rates of a quadratic loss with additive noise, all sums of
// those of its curvatures: of SGD -ln((1 - eta l1)^n1 (1 - eta l2)^n2)/eta, of the models
// n1 m1 + n2 m2 with m = l or l (1 + eta l/2).
func closedRates(model string, eta float64, curvatures []float64, count int) []float64 {
	one := func(l float64) float64 {
		switch model {
		case "sgd":
			return -math.Log1p(-eta*l) / eta
		case "second-order":
			return l * (1 + eta*l/2)
		}
		return l
	}
	rates := []float64{0}
	for _, l := range curvatures {
		var more []float64
		for n := range count + 1 {
			for _, r := range rates {
				more = append(more, r+float64(n)*one(l))
			}
		}
		rates = more
	}
	slices.SortFunc(rates, cmp.Compare[float64])
	return rates[1 : count+1]
}

// All eigenvalues of quadratic losses on the line and in the plane, for the chain and the
// models, whose closed forms are known; multiple ones are counted.
func TestSpectrumAgainstClosedForm(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	plane := trial.Quad2d
	plane.Etas = []int{4, 16}
	round := trial.Quad2d
	round.Name, round.Loss, round.Etas = "round", "(x1^2 + x2^2)/2 - a*x1 - b*x2", []int{8}
	round.R = 2.5
	line := trial.Quad1d
	line.Etas = []int{2, 16, 128}
	mean, root := 1.5, math.Sqrt(0.25+0.09)
	for _, c := range []struct {
		trial.Spec
		curvatures []float64
	}{{line, []float64{1}}, {plane, []float64{mean - root, mean + root}}, {round, []float64{1, 1}}} {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			p := trial.Build(t, c.Spec)
			p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder, sgd.GradientFlow)
			p.SpectrumCount = 6
			r := spectrumOf(t, p, nil)
			if want := 6 * 4 * len(p.Etas); len(r.Spectrum) != want {
				t.Fatalf("%d rows, want %d", len(r.Spectrum), want)
			}
			for _, row := range r.Spectrum {
				want := closedRates(row.Model, row.Eta, c.curvatures, 6)[row.K-1]
				off := math.Hypot(float64(row.Rate)-want, float64(row.Imag))
				if !row.Certified || !(off <= float64(row.Error)) || row.Error > 1e-5 {
					t.Errorf("%s, eta = %s, k = %d: %.12g + %.2g i +- %.2g, want %.12g; certified %v %s",
						row.Model, row.EtaText, row.K, row.Rate, row.Imag, row.Error, want, row.Certified, deref(row.Reason))
				}
			}
		})
	}
}

// The slow rates do not depend on how many faster ones are asked for: of 32 those are not resolved which rounding hides,
// near (1 - eta)^k = 1e-2, and no others.
func TestSpectrumOfManyEigenvalues(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	few := map[int]int{4: 14, 16: 24} // by 1/eta: at least so many of the chain's
	for _, count := range []int{4, 32} {
		s := trial.Quad1d
		s.Etas = []int{4, 16}
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.SecondOrder), count
		for _, row := range spectrumOf(t, p, nil).Spectrum {
			want := closedRates(row.Model, row.Eta, []float64{1}, count)[row.K-1]
			off := math.Hypot(float64(row.Rate)-want, float64(row.Imag))
			if row.Certified && !(off <= float64(row.Error)) || row.K <= few[int(1/row.Eta)] && !row.Certified || row.K == 1 && row.Error > 1e-11 {
				t.Errorf("%s, eta = %s, k = %d of %d: %.12g + %.2g i +- %.2g, want %.12g; certified %v %s",
					row.Model, row.EtaText, row.K, count, row.Rate, row.Imag, row.Error, want, row.Certified, deref(row.Reason))
			}
			if !row.Certified && (row.K <= 4 || !strings.Contains(deref(row.Reason), "too sensitive to rounding")) {
				t.Errorf("%s, eta = %s, k = %d of %d: %s", row.Model, row.EtaText, row.K, count, deref(row.Reason))
			}
		}
	}
}

// wellRates are the slowest rates of the double well by another program: of SGD by local
// interpolation of degree 7 on 4001 nodes, of the models by collocation on boxes up to |x| <= 4.
var wellRates = map[string][3]float64{
	"sgd":          {0.059187653854, 0.005902418506, 8.0994197e-5},
	"second-order": {0.0601796862, 0.00765399313, 1.45044958e-4},
	"first-order":  {0.0568183253, 0.00744489833, 1.42967222e-4},
}

// wellRounding is what the digits of wellRates leave open.
const wellRounding = 1e-10

// The diffusion leaves a well 1.02, 1.30 and 1.79 times as fast as SGD. Two solvers agree
// with each other and with another program to 1e-3 and within their errors.
func TestSpectrumOfADoubleWell(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, solver := range []compare.Solver{{}, {Space: compare.SpaceUniform, Order: 8}} {
		p := trial.Build(t, escapeWell)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
		p.Solver = solver
		seen := 0
		for _, row := range spectrumOf(t, p, nil).Spectrum {
			if row.K != 1 {
				continue
			}
			seen++
			i := slices.IndexFunc(p.Etas, func(e compare.Rate) bool { return e.Text == row.EtaText })
			want := wellRates[row.Model][i]
			off := math.Abs(float64(row.Rate) - want)
			if !row.Certified || off > 1e-3*want || off > float64(row.Error)+wellRounding {
				t.Errorf("%v: %s, eta = %s: %.10g +- %.2g, want %.10g; %s", solver, row.Model, row.EtaText, row.Rate, row.Error, want, deref(row.Reason))
			}
			if ratio := [3]float64{1.02, 1.30, 1.79}[i]; row.Model == "second-order" && !(math.Abs(float64(row.Ratio)-ratio) < 0.005) {
				t.Errorf("eta = %s: the diffusion is %.4f times as fast, want %.2f", row.EtaText, row.Ratio, ratio)
			}
		}
		if seen != 9 {
			t.Errorf("%d rows of the slowest rates, want 9", seen)
		}
	}
}

// On coarse grids that a study fixes the errors hold the truth, and not without their part
// for the grids.
func TestSpectrumErrorsOnCoarseGrids(t *testing.T) {
	t.Parallel()
	needed := 0
	for _, n := range []int{36, 44, 56, 72} {
		p := trial.Build(t, escapeWell)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
		p.Solver.Nodes, p.SpectrumCount = []int{n}, 1
		for _, row := range spectrumOf(t, p, nil).Spectrum {
			i := slices.IndexFunc(p.Etas, func(e compare.Rate) bool { return e.Text == row.EtaText })
			want := wellRates[row.Model][i]
			off := math.Abs(float64(row.Rate) - want)
			if row.Rate == row.Rate && !(off <= float64(row.Error)+wellRounding) {
				t.Errorf("%d nodes, %s, eta = %s: %.10g +- %.2g, want %.10g", n, row.Model, row.EtaText, row.Rate, row.Error, want)
			}
			if off > float64(row.Error-row.Errors.Space)+wellRounding {
				needed++
			}
		}
	}
	if needed < 5 {
		t.Errorf("the part for the grids is needed in %d rows only", needed)
	}
}

// A poor quadrature over xi is in the error: for f = e^xi x^2/2, xi uniform in [-1, 1], the
// chain's slowest rate is -ln(1 - eta sinh 1)/eta and that of the first-order model sinh 1.
func TestSpectrumQuadratureError(t *testing.T) {
	t.Parallel()
	xi, err := law.Independent([]law.Variable{{Name: "xi", Law: law.Uniform{Low: -1, High: 1}}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := trial.Build(t, trial.Spec{Name: "rule", Parameters: []string{"x"}, Variables: []string{"xi"}, Law: xi,
		Loss: "exp(xi)*x^2/2 - xi*x", Observables: [][2]string{{"x", "x"}}, R: 3, Etas: []int{8}})
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
	rows := spectrumOf(t, p, nil).Spectrum
	if len(rows) != 2 {
		t.Fatalf("%d rows, want 2", len(rows))
	}
	for i, want := range []float64{-8 * math.Log(1-math.Sinh(1)/8), math.Sinh(1)} {
		row := rows[i]
		off := math.Abs(float64(row.Rate) - want)
		if !(off <= float64(row.Error)) || off <= float64(row.Error-row.Errors.Quadrature) {
			t.Errorf("%s: %.8g +- %.2g, quadrature %.2g, off by %.2g; want %.8g (%s)", row.Model, row.Rate, row.Error, row.Errors.Quadrature, off, want, deref(row.Reason))
		}
	}
}

// Noise below the largest slope of the barrier cannot cross it: SGD's rate is exactly zero,
// the diffusion's is not. Rates that rounding does not tell from zero are no numbers.
func TestSpectrumZeroAndFloor(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := escapeWell
	s.Values, s.Etas = [][]float64{{-0.3}, {0.3}}, []int{4}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder)
	for _, row := range spectrumOf(t, p, nil).Spectrum {
		switch {
		case row.K != 1:
		case row.Model == "sgd":
			if row.Rate != 0 || row.Error != 0 || !row.Certified || !strings.Contains(deref(row.Reason), "2 invariant laws") {
				t.Errorf("SGD leaves at the rate %g +- %g, certified %v: %s", row.Rate, row.Error, row.Certified, deref(row.Reason))
			}
		default:
			if !(row.Rate > row.Error) || !row.Certified {
				t.Errorf("the diffusion leaves at the rate %g +- %g: %s", row.Rate, row.Error, deref(row.Reason))
			}
		}
	}
	s = escapeWell
	s.Etas = []int{64}
	p = trial.Build(t, s)
	p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.SecondOrder), 2
	for _, row := range spectrumOf(t, p, nil).Spectrum {
		below := row.Rate != row.Rate && strings.HasPrefix(deref(row.Reason), "below the floor") && !row.Certified
		if below != (row.K == 1) || row.K == 2 && !row.Certified {
			t.Errorf("%s, k = %d: %g +- %g: %s", row.Model, row.K, row.Rate, row.Error, deref(row.Reason))
		}
	}
}

// One worker and three give the same bits, and so does a study that goes on from some units.
func TestSpectrumWorkersAndUnits(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	text := func(cfg *compare.Config) []byte {
		p := trial.Build(t, escapeWell)
		p.Models = trial.ModelsOf(p, sgd.SecondOrder)
		r := spectrumOf(t, p, cfg)
		b, err := json.Marshal([]any{r.Spectrum, r.SpectrumOrder, r.Escape, r.EscapeLimit, r.Eigenfunctions})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	all := newShelf()
	want := text(&compare.Config{Workers: 1})
	if got := text(&compare.Config{Workers: 3, Store: all}); !bytes.Equal(got, want) {
		t.Errorf("1 worker: %s\n3 workers: %s", want, got)
	}
	some := newShelf()
	for _, k := range []string{"spectrum/1_4/sgd", "spectrum/1_8/second-order"} {
		if some.units[k] = all.units[k]; some.units[k] == nil {
			t.Fatalf("no unit %s", k)
		}
	}
	if got := text(&compare.Config{Store: some}); !bytes.Equal(got, want) || some.found != 2 || len(some.units) != 6 {
		t.Errorf("%d units found, %d in the end; %s, want %s", some.found, len(some.units), got, want)
	}
}
