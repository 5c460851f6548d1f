package kinds

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/slow"
	"kolmo/sgd"
)

// fourValues are the signs of two independent noises with their sizes.
func fourValues(x, y float64) (values [][]float64) {
	for _, u := range []float64{-x, x} {
		for _, v := range []float64{-y, y} {
			values = append(values, []float64{u, v})
		}
	}
	return values
}

// leftRates are the rates at which SGD leaves the left well of the sum on the line, and half a unit of their last digits.
var leftRates = map[string][2]float64{"1/4": {0.07375, 5e-6}, "1/8": {0.011612, 5e-7}}

// Of a loss that is a sum of functions of u and of v with independent noise, chain and models factor: wells of u are left at the rates,
// with the weights and the predictions of the line, within the errors of both, as well where u and v are turned.
func TestEscapeInThePlaneIsThatOfTheLine(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const loss = "u^4/4 - u^2/2 + 0.05*u + xi*u"
	for _, c := range []struct {
		name, u, v string
		model      string
		etas       []int
		along      [2]float64
	}{
		{"upright", "x", "y", sgd.SecondOrder, []int{4, 8}, [2]float64{1, 0}},
		{"turned", "(0.8*x + 0.6*y)", "(0.8*y - 0.6*x)", sgd.FirstOrder, []int{4}, [2]float64{0.8, 0.6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := func(s trial.Spec) []compare.EscapeRow {
				s.R, s.Etas = 1.7, c.etas
				p := trial.Build(t, s)
				p.Models, p.SpectrumCount, p.Accuracy = trial.ModelsOf(p, c.model), 1, 0.1
				return spectrumOf(t, p, nil).Escape
			}
			line := run(trial.Spec{Name: "line", Parameters: []string{"x"}, Variables: []string{"xi"}, Values: [][]float64{{-1.3}, {1.3}},
				Loss: strings.ReplaceAll(loss, "u", "x"), Observables: [][2]string{{"x", "x"}}})
			plane := run(trial.Spec{Name: "plane", Parameters: []string{"x", "y"}, Variables: []string{"xi", "ze"}, Values: fourValues(1.3, 0.3),
				Loss: strings.NewReplacer("u", c.u, "v", c.v).Replace(loss + " + v^2/2 + ze*v"), Observables: [][2]string{{"x", "x"}}})
			if len(line) != 4*len(c.etas) || len(plane) != len(line) {
				t.Fatalf("%d rows and %d, want %d", len(plane), len(line), 4*len(c.etas))
			}
			for i, e := range plane {
				want := line[i]
				if !e.Certified || !want.Certified || e.Well != want.Well || !(e.Error < 0.1*e.Rate) {
					t.Fatalf("%s, eta = %s, %s: %s %s", e.Model, e.EtaText, e.Well, deref(e.Reason), deref(want.Reason))
				}
				if off := math.Abs(float64(e.Rate - want.Rate)); !(off <= float64(e.Error+want.Error)) {
					t.Errorf("%s, eta = %s, %s: %.9g +- %.2g, on the line %.9g +- %.2g", e.Model, e.EtaText, e.Well, e.Rate, e.Error, want.Rate, want.Error)
				}
				if off := math.Abs(float64(e.Weight - want.Weight)); !(off <= float64(e.WeightError+want.WeightError)) {
					t.Errorf("%s, eta = %s, %s: weight %.9g +- %.2g, on the line %.9g", e.Model, e.EtaText, e.Well, e.Weight, e.WeightError, want.Weight)
				}
				for k, z := range []compare.Point{e.Rest, e.Saddle} {
					x := []compare.Point{want.Rest, want.Saddle}[k]
					if u := c.along[0]*float64(z[0]) + c.along[1]*float64(z[1]); math.Abs(u-float64(x[0])) > 1e-9 || math.Hypot(float64(z[0]), float64(z[1])) > math.Abs(u)+1e-9 {
						t.Errorf("%s, eta = %s, %s: at rest in %v, on the line %v", e.Model, e.EtaText, e.Well, z, x)
					}
				}
				if e.Model == sgd.Name {
					if shown := leftRates[e.EtaText]; e.Well == compare.WellLeft && !(math.Abs(float64(want.Rate)-shown[0]) <= shown[1]+float64(want.Error)) {
						t.Errorf("eta = %s: %.7g on the line, want %g", e.EtaText, want.Rate, shown[0])
					}
					if e.Barrier == e.Barrier || e.Kramers == e.Kramers || e.SmallNoise == e.SmallNoise {
						t.Errorf("the chain has predictions in the plane: %v", e.EscapeTheory)
					}
					continue
				}
				for name, pair := range map[string][2]compare.Number{"barrier": {e.Barrier, want.Barrier}, "Kramers' rate": {e.Kramers, want.Kramers}, "small noise": {e.SmallNoise, want.SmallNoise}} {
					if !(math.Abs(float64(pair[0]/pair[1]-1)) < 1e-8) {
						t.Errorf("eta = %s, %s: %s %.12g, on the line %.12g", e.EtaText, e.Well, name, pair[0], pair[1])
					}
				}
			}
		})
	}
}

// Where coordinates are coupled the rate is Eyring's and Kramers' by hand, and the model's is that but for a share of about the variance a.
// With f = x^4/4 - x^2/2 + y^2/2 + k x y and c = 1 + k^2, wells lie at x = +-sqrt(c) and f rises by c^2/4.
// There det hess f is 2c, and -c at the saddle, whose curvatures are +-sqrt(c).
func TestEscapeOfCoupledWells(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	const k, noise = 0.25, 0.75
	s := trial.Spec{Name: "coupled", Parameters: []string{"x", "y"}, Variables: []string{"xi", "ze"}, Values: fourValues(noise, noise), R: 1.3, Etas: []int{4},
		Loss: fmt.Sprintf("x^4/4 - x^2/2 + y^2/2 + %g*x*y + xi*x + ze*y", k), Observables: [][2]string{{"x", "x"}}}
	p := trial.Build(t, s)
	p.Models, p.SpectrumCount, p.Accuracy = trial.ModelsOf(p, sgd.FirstOrder), 1, 0.05
	r := spectrumOf(t, p, nil)
	seen := 0
	for _, e := range r.Escape {
		if e.Model == sgd.Name {
			continue
		}
		seen++
		c, a := 1+k*k, e.Eta*noise*noise
		kramers := math.Sqrt(c) / (2 * math.Pi) * math.Sqrt(2*c/c) * math.Exp(-2*(c*c/4)/a)
		if math.Abs(float64(e.Kramers)/kramers-1) > 1e-8 || e.SmallNoise != e.Kramers || math.Abs(float64(e.Barrier)-c*c/2/(noise*noise)) > 1e-9 {
			t.Errorf("%s: Kramers' rate %.10g, small noise %.10g, barrier %.10g; want %.10g, %.10g", e.Well, e.Kramers, e.SmallNoise, e.Barrier, kramers, c*c/2/(noise*noise))
		}
		sign := map[string]float64{compare.WellLeft: -1, compare.WellRight: 1}[e.Well]
		if math.Abs(float64(e.Rest[0])-sign*math.Sqrt(c)) > 1e-9 || math.Abs(float64(e.Rest[1])+sign*k*math.Sqrt(c)) > 1e-9 || e.Saddle[0] != 0 || e.Saddle[1] != 0 {
			t.Errorf("%s: at rest in %v, the saddle is %v", e.Well, e.Rest, e.Saddle)
		}
		if off := 1 - float64(e.Rate)/kramers; !e.Certified || !(e.Error < 0.01*e.Rate) || off < a/2 || off > a {
			t.Errorf("%s: %.6g +- %.2g, below Kramers' %.6g by %.3f with a = %.3f; %s", e.Well, e.Rate, e.Error, kramers, off, a, deref(e.Reason))
		}
		t.Logf("%s: %.7g +- %.1g, Kramers %.7g", e.Well, e.Rate, e.Error, e.Kramers)
	}
	if seen != 2 {
		t.Errorf("%d rows of the model, want 2", seen)
	}
	for _, l := range r.EscapeLimit {
		if theory := float64(l.Theory); l.Model == sgd.Name && theory == theory || l.Model != sgd.Name && math.Abs(theory-1.0625*1.0625/2/(noise*noise)) > 1e-9 {
			t.Errorf("%s, %s: the limit in theory is %g", l.Model, l.Well, theory)
		}
	}
}

// Of three wells rows say how many points of rest there are, on the line and in the plane, and have no numbers.
func TestEscapeOfThreeWells(t *testing.T) {
	t.Parallel()
	for _, s := range []trial.Spec{
		{Parameters: []string{"x"}, Values: [][]float64{{-1, 0}, {1, 0}}, Loss: "x^2*(x^2 - 1)^2 + xi*x + 0*ze"},
		{Parameters: []string{"x", "y"}, Values: fourValues(1, 1), Loss: "x^2*(x^2 - 1)^2 + y^2/2 + xi*x + ze*y"},
	} {
		s.Name, s.Variables, s.Observables, s.R, s.Etas = "three", []string{"xi", "ze"}, [][2]string{{"x", "x"}}, 1.3, []int{16}
		p := trial.Build(t, s)
		p.Models, p.SpectrumCount = trial.ModelsOf(p, sgd.FirstOrder), 1
		for range s.Parameters {
			p.Solver.Nodes = append(p.Solver.Nodes, 14)
		}
		r := spectrumOf(t, p, nil)
		if len(r.Escape) != 4 {
			t.Fatalf("%d rows, want 4", len(r.Escape))
		}
		for _, e := range r.Escape {
			if e.Rate == e.Rate || e.Certified || !strings.Contains(deref(e.Reason), "3 stable") || e.Kramers == e.Kramers {
				t.Errorf("%s, %s: rate %g, certified %v: %s", e.Model, e.Well, e.Rate, e.Certified, deref(e.Reason))
			}
		}
		text, err := json.Marshal(r.Escape[0])
		if err != nil || !strings.Contains(string(text), `"rest":null,"saddle":null`) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
