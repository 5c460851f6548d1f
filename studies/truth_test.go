package studies_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/internal/slow"
	"kolmo/study"
)

// truthOf is the supremum of a study in testdata/truth, by an independent program: dense
// barycentric interpolation for U, dense matrix exponentials on other boxes for u, on three grids each
// that agree to eight digits.
type truthOf struct {
	study, observable, model string
	eta, gap                 float64
}

// mostWithout are studies of which no grid that there is resolves every row.
var mostWithout = map[string]bool{"thin-cutoff-chebyshev": true, "thin-cutoff-flat": true, "noise-at-face": true, "thinnest-cutoff": true, "wild-growth": true}

// TestErrorsCoverTheTruth runs studies in which one thing hides from grids: a cutoff between the nodes, a steep
// observable, noise at the faces of the box, few nodes, steps in time far from their order. A certified gap
// is within its error of the true one. Others say why they are not certified.
func TestErrorsCoverTheTruth(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	byStudy := map[string][]truthOf{}
	for _, v := range truths {
		byStudy[v.study] = append(byStudy[v.study], v)
	}
	files, err := filepath.Glob("testdata/truth/*.yaml")
	if err != nil || len(files) != len(byStudy)+1 { // and the front's
		t.Fatalf("%d studies for values of %d (%v)", len(files), len(byStudy), err)
	}
	for name, values := range byStudy {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := truthProblem(t, name)
			r, err := kinds.Gap(context.Background(), p, nil)
			if err != nil {
				t.Fatal(err)
			}
			certified := 0
			for _, v := range values {
				row := rowOf(r, v)
				if row == nil {
					t.Fatalf("no row for %+v", v)
				}
				off := math.Abs(float64(row.Gap) - v.gap)
				t.Logf("%s, %s, eta = %s: %.8g +- %.2g, truth %.8g: %.2f bars, certified %v", v.observable, v.model, row.EtaText, float64(row.Gap), float64(row.Error), v.gap, off/float64(row.Error), row.Certified)
				if row.Certified && !(off <= float64(row.Error)+5e-8*v.gap) {
					t.Errorf("%s, %s, eta = %s: %.9g +- %.2g is certified, the truth is %.9g", v.observable, v.model, row.EtaText, float64(row.Gap), float64(row.Error), v.gap)
				}
				if row.Certified {
					certified++
				} else if row.Reason == nil {
					t.Errorf("%s, %s, eta = %s: not certified without a reason", v.observable, v.model, row.EtaText)
				}
			}
			if least := len(values) / 2; certified < least && !mostWithout[name] {
				t.Errorf("%d of %d rows are certified, want %d", certified, len(values), least)
			}
		})
	}
}

// truthProblem returns the problem of a study in testdata/truth.
func truthProblem(t *testing.T, name string) *compare.Problem {
	t.Helper()
	s, err := study.Load(filepath.Join("testdata", "truth", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	p.Fields = compare.FieldRequest{}
	return p
}

// rowOf returns the row of a value, or nil.
func rowOf(r *compare.Result, v truthOf) *compare.GapRow {
	for i := range r.Gap {
		if g := &r.Gap[i]; g.Observable == v.observable && g.Model == v.model && g.Eta == v.eta {
			return g
		}
	}
	return nil
}

// TestErrorsCoverFronts: u(x,t) = phi(F_t(x)) of the flow of x^4/4 - x^2/2 has at x = 0 a front of
// width e^{-t}, which no grid resolves for long; the values are of U on 200 and 280 Chebyshev nodes against the
// closed form at 80000 points, which agree to all digits. Between three wells U of two points of noise has a front of
// steps within steps, where what U and u err by cancels at the largest gap; these values are of U on 4e5 and 3.2e6 nodes
// and u by spectral elements.
func TestErrorsCoverFronts(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for name, truths := range map[string][]struct{ eta, t, gap float64 }{
		"front": {
			{0.0625, 0.5, 0.0116218486}, {0.0625, 1, 0.0267813187}, {0.0625, 1.5, 0.0650792236}, {0.0625, 2, 0.125848124},
			{0.0625, 2.5, 0.200927076}, {0.0625, 3, 0.27620618}, {0.0625, 3.5, 0.340826878}, {0.0625, 4, 0.390577516},
			{0.015625, 0.5, 0.00276722661}, {0.015625, 1, 0.00758941615}, {0.015625, 1.5, 0.02105305}, {0.015625, 2, 0.0500189689},
			{0.015625, 2.5, 0.101002602}, {0.015625, 3, 0.171758954}, {0.015625, 3.5, 0.249998105}, {0.015625, 4, 0.321784049},
		},
		"fractal-front": {
			{0.125, 1.625, 0.191076}, {0.125, 3.875, 0.198580}, {0.125, 5.75, 0.198585}, {0.125, 6.125, 0.198585}, {0.125, 7.625, 0.198585},
		},
	} {
		r, err := kinds.Run(context.Background(), truthProblem(t, name), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range truths {
			found := false
			for _, row := range r.Horizon {
				if row.Eta != v.eta {
					continue
				}
				for k, at := range row.Times {
					if math.Abs(float64(at)-v.t) < v.eta/4 {
						found = true
						off, err := math.Abs(float64(row.Gap[k])-v.gap), float64(row.Error[k])
						if !(off <= err+1e-5*v.gap) {
							t.Errorf("%s, eta = %s, t = %g: %.9g +- %.2g, the truth is %.9g", name, row.EtaText, v.t, float64(row.Gap[k]), err, v.gap)
						}
						// Bars need not be small, but must say something.
						if !(err <= 0.3*v.gap) {
							t.Errorf("%s, eta = %s, t = %g: %.9g +- %.2g", name, row.EtaText, v.t, float64(row.Gap[k]), err)
						}
					}
				}
			}
			if !found {
				t.Errorf("%s: no value at eta = %g, t = %g", name, v.eta, v.t)
			}
		}
	}
}
