package kinds

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/compare/trial"
	"kolmo/internal/closedform"
	"kolmo/internal/slow"
	"kolmo/objective"
	"kolmo/sgd"
)

// names parses field names.
func names(t *testing.T, d int, texts ...string) []compare.FieldName {
	t.Helper()
	var out []compare.FieldName
	for _, text := range texts {
		f, err := compare.ParseFieldName(text, d)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// centralDifference returns the m-th derivative of f at x, for m = 1, 2 with errors of
// about 1e-11 where f varies at the scale 1.
func centralDifference(f func(x float64) float64, x float64, m int) float64 {
	const h = 0.1
	first := []float64{4. / 5, -1. / 5, 4. / 105, -1. / 280}
	second := []float64{8. / 5, -1. / 5, 8. / 315, -1. / 560}
	sum := 0.0
	if m == 2 {
		sum = -205. / 72 * f(x)
	}
	for k := range 4 {
		s := float64(k+1) * h
		if m == 1 {
			sum += first[k] * (f(x+s) - f(x-s))
		} else {
			sum += second[k] * (f(x+s) + f(x-s))
		}
	}
	return sum / math.Pow(h, float64(m))
}

// Derivatives of fields agree with those of the closed forms, as well as they say, by
// both methods.
func TestFieldDerivatives(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, space := range []compare.Space{compare.SpaceChebyshev, compare.SpaceUniform} {
		s := trial.Quad1d
		s.Etas = []int{8, 16}
		p := trial.Build(t, s)
		p.Solver.Space = space
		p.Fields = compare.FieldRequest{Etas: []float64{1. / 16}, Every: 7, Derivatives: names(t, 1, "d(1)u", "d(2)U", "d(1)gap", "d(2)u")}
		for _, f := range gapOf(t, p, nil).Fields {
			ref := closedform.Quad1D()[slices.IndexFunc(p.Observables, func(o objective.Observable) bool { return o.Name() == f.Observable })]
			m := referenceModel[f.Model]
			if len(f.Derivatives) != 4 {
				t.Fatalf("%d derivatives", len(f.Derivatives))
			}
			for _, d := range f.Derivatives {
				if len(d.Values) != len(f.N) || !strings.Contains(d.Method, "nodes") {
					t.Fatalf("%s: %d steps, want %d; method %q", d.Name, len(d.Values), len(f.N), d.Method)
				}
				if !(d.Error < 1e-2) {
					t.Errorf("%s, %s, %s: error estimate %v", f.Model, f.Observable, d.Name, d.Error)
				}
				worst := 0.0
				for k, n := range f.N {
					exact := func(x float64) float64 {
						switch d.Name.Of {
						case "u":
							return ref.Diffusion(m, f.Eta, float64(n)*f.Eta, []float64{x})
						case "U":
							return ref.U(f.Eta, n, []float64{x})
						}
						return ref.Difference(m, f.Eta, n, []float64{x})
					}
					for i, x := range f.Grid.Axis(0).Nodes() {
						worst = max(worst, math.Abs(d.Values[k][i]-centralDifference(exact, x, d.Name.J[0])))
					}
				}
				// The reference knows no cutoff.
				if most := 2*d.Error + 1e-10; worst > most && f.Model != sgd.Modified {
					t.Errorf("%v: %s, %s, %s: off by %.2e, estimated %.2e", space, f.Model, f.Observable, d.Name, worst, d.Error)
				}
			}
		}
	}
}

// The supremum that is stored with fields is that of the closed form at every step, not
// only at those that may have the row's largest gap.
func TestSupremaOfFields(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{4}
	p := trial.Build(t, s)
	p.Models = trial.ModelsOf(p, sgd.SecondOrder, sgd.FirstOrder)
	p.Fields = compare.FieldRequest{Etas: []float64{0.25}, Every: 1}
	for _, f := range gapOf(t, p, nil).Fields {
		ref := closedform.Quad1D()[slices.IndexFunc(p.Observables, func(o objective.Observable) bool { return o.Name() == f.Observable })]
		for k, n := range f.N {
			want, _ := ref.GapAt(referenceModel[f.Model], f.Eta, p.Ball.R, n)
			if math.Abs(f.Sup[k]-want) > 1e-6*want+1e-12 {
				t.Errorf("%s, %s, n = %d: %.9e, want %.9e", f.Observable, f.Model, n, f.Sup[k], want)
			}
			for i, x := range f.Grid.Axis(0).Nodes() {
				if v := math.Abs(f.U[k][i] - f.Diffusion[k][i]); v > f.Sup[k] && p.Ball.Contains([]float64{x}) {
					t.Errorf("%s, %s, n = %d: %.9e at x = %.3f, above the supremum %.9e", f.Observable, f.Model, n, v, x, f.Sup[k])
				}
			}
		}
	}
}

// Fields of every step that take more memory than they may are thinned, with a word
// about it.
func TestFieldsAreBounded(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{16}
	p := trial.Build(t, s)
	p.Fields = compare.FieldRequest{Etas: []float64{1. / 16}, Every: 3, Derivatives: names(t, 1, "d(1)u")}
	r, err := Gap(t.Context(), p, &compare.Config{FieldBytes: 8_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Fields {
		if f.Every <= 3 || f.Every%3 != 0 || len(f.N) < 2 {
			t.Errorf("%d shots, every %d", len(f.N), f.Every)
		}
		for k, n := range f.N {
			if n != k*f.Every {
				t.Errorf("shot %d is step %d, want %d", k, n, k*f.Every)
			}
		}
		fields := 3 * len(p.Observables) // U, u and its derivative, of one model
		if bytes := 8 * fields * f.Grid.Len() * len(f.N); bytes > 8_000 {
			t.Errorf("%d bytes in %d shots", bytes, len(f.N))
		}
		if !strings.Contains(f.Note, "not every 3") || !slices.Contains(r.Warnings, f.Note) {
			t.Errorf("note %q, warnings %q", f.Note, r.Warnings)
		}
	}
	p.Fields.Every = 50
	if r, err = Gap(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	if f := r.Fields[0]; f.Note != "" || f.Every != 50 {
		t.Errorf("every %d, note %q", f.Every, f.Note)
	}
}

// A derivative that the study's nodes are too few for is refused by its key.
func TestFieldDerivativesNeedNodes(t *testing.T) {
	t.Parallel()
	s := trial.Quad1d
	s.Etas = []int{16}
	p := trial.Build(t, s)
	p.Solver = compare.Solver{Space: compare.SpaceUniform, Order: 8, Nodes: []int{15}}
	p.Fields = compare.FieldRequest{Etas: []float64{1. / 16}, Derivatives: names(t, 1, "d(4)gap")}
	_, err := Gap(t.Context(), p, nil)
	var input *compare.InputError
	if !errors.As(err, &input) || input.Key != "output.fields" || !strings.Contains(input.Msg, "d(4)u") {
		t.Errorf("%v", err)
	}
}

func TestFieldNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"u":           {"u", "u"},
		"gap":         {"gap", "gap"},
		"d(1,0)u":     {"d(1,0)u", "d_1_0_u"},
		"d( 0 , 4 )U": {"d(0,4)U", "d_0_4_U"},
		"d(2,2)gap":   {"d(2,2)gap", "d_2_2_gap"},
	} {
		f, err := compare.ParseFieldName(text, 2)
		if err != nil || f.String() != want[0] || f.Variable() != want[1] {
			t.Errorf("%s: %s, %s, %v", text, f, f.Variable(), err)
		}
	}
	for _, text := range []string{"", "v", "d", "d(1,0)", "d(1,0", "d(1,0)v", "d(1)u", "d(1,0,0)u", "d(0,0)u", "d(3,2)u", "d(-1,2)u", "d(1.5,0)u", "d(,1)u", "d(1,0)uu", "dd(1,0)u"} {
		if f, err := compare.ParseFieldName(text, 2); err == nil {
			t.Errorf("%q: %v", text, f)
		}
	}
}
