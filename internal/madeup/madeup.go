// Package madeup has results as studies give them, for tests of what shows them.
package madeup

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
)

// Known are the models of made-up results, and knownInfos what results say of them.
var (
	Known      = []string{"modified", "second-order", "first-order", "gradient-flow"}
	knownInfos = []compare.ModelInfo{
		{Name: Known[0], Place: 0, Order: 2, Claim: "Theorem 1", Note: "is second-order with noise that ends outside the ball, for which Theorem 1 is proved", Drift: "−∇f − (η/4) ∇|∇f|²", Diffusion: "ηΛ"},
		{Name: Known[1], Place: 1, Order: 2, Drift: "−∇f − (η/4) ∇|∇f|²", Diffusion: "ηΣ"},
		{Name: Known[2], Place: 2, Order: 1, Drift: "−∇f", Diffusion: "ηΣ", Control: Known[1], Term: "-(eta/4) grad |grad f|^2", TermName: "the eta/4 term"},
		{Name: Known[3], Place: 3, Order: 1, Note: "has no noise", Drift: "−∇f", Diffusion: "0"},
	}
)

// Ptr returns a pointer to v.
func Ptr[T any](v T) *T { return &v }

// Result is a Result as a study of dimension d gives it: gaps C eta^p with a
// second term, errors of about 1e-4 of them, all four models, two observables,
// eta = 1/4 .. 1/128. The rows of the first-order model at 1/4 are not certified.
func Result(d int) *compare.Result {
	r := &compare.Result{About: compare.About{
		Schema: 1, Study: fmt.Sprintf("synthetic%dd", d),
		Title: fmt.Sprintf("gaps of a made-up study in %d dimensions", d), Kolmo: "v0.0.0-test",
		Assumptions: map[string]any{"mu": map[string]any{"value": 1.5, "status": "proved"}},
		Models:      knownInfos,
		Warnings:    []string{},
	}, Run: map[string]any{"seed": 1.0, "go": "go1.26"}}
	for _, o := range []string{"expected_loss", "square"} {
		for m, model := range Known {
			p := 2
			if m >= 2 {
				p = 1
			}
			c := []float64{0.021, 0.02, 0.06, 0.11}[m]
			if o == "square" {
				c *= 37
			}
			last := math.NaN()
			for k := 2; k <= 7; k++ {
				eta := math.Pow(2, -float64(k))
				gap := c * math.Pow(eta, float64(p)) * (1 + 0.4*eta)
				row := compare.GapRow{
					Key: compare.Key{Observable: o, Model: model, Eta: eta, EtaText: fmt.Sprintf("1/%d", 1<<k)},
					Gap: compare.Number(gap), Error: compare.Number(gap * 1.7e-4),
					Errors: compare.Errors{
						Space: compare.Number(gap * 1e-4), Time: compare.Number(gap * 1e-6),
						Interpolation: compare.Number(gap * 3e-5), Sup: compare.Number(gap * 2e-5),
						Tail: compare.Number(gap * 2e-5),
					},
					GapPlace: compare.GapPlace{N: 3 * (1 << k) / 4, T: 0.75}, GapMethod: compare.GapMethod{Nodes: 40, Space: "chebyshev", SpaceOrder: 39},
					ClosedBy: Ptr("fit"), Growth: 1.25, Invariant: true, Certified: true,
					Steps: 4 << k, LocalOrder: compare.Number(math.Log2(last / gap)),
				}
				last = gap
				for j := range d {
					row.X = append(row.X, compare.Number(1.5-float64(j)*1.1))
				}
				if model == "first-order" && k == 2 {
					row.Certified = false
					row.Error = compare.Number(gap * 0.3)
					row.Reason = Ptr("the error estimate is 30 % of the gap, more than the 1 % asked for")
				}
				r.Gap = append(r.Gap, row)
			}
			r.Order = append(r.Order, compare.OrderRow{
				Observable: o, Model: model, Slope: compare.Number(float64(p) + 0.004), Low: compare.Number(float64(p) - 0.01),
				High: compare.Number(float64(p) + 0.018), Etas: []float64{1. / 16, 1. / 32, 1. / 64, 1. / 128}, Expected: p,
				Extrapolated: compare.Number(float64(p)) + 0.0002, ExtrapolatedError: 3e-4,
				Verdict: fmt.Sprintf("%s: the gap of %s falls as eta^%d, uniformly in time (Theorem 1)", model, o, p),
			})
		}
	}
	addCurves(r)
	addRasters(r, d)
	return r
}

// addCurves adds a curve per row of r.
func addCurves(r *compare.Result) {
	for _, g := range r.Gap {
		c := compare.Curve{Observable: g.Observable, Model: g.Model, EtaText: g.EtaText, Eta: g.Eta}
		for n := range g.Steps {
			t := float64(n) * g.Eta
			c.T = append(c.T, t)
			c.Gap = append(c.Gap, float64(g.Gap)*t*math.Exp(1-t/g.T)/g.T)
		}
		r.Curves = append(r.Curves, c)
	}
}

// addRasters adds the fields at the worst step: differences of both signs for the
// first and the last model, of one sign for the others.
func addRasters(r *compare.Result, d int) {
	const radius = 2.0
	for _, g := range r.Gap {
		if g.EtaText != "1/128" && g.EtaText != "1/4" {
			continue
		}
		a := compare.Raster{Key: compare.Key{Observable: g.Observable, Model: g.Model, EtaText: g.EtaText, Eta: g.Eta}, N: g.N, T: g.T,
			Center: make([]float64, d), R: radius, Gap: float64(g.Gap)}
		if d < 3 {
			fillRaster(&a, d)
			r.Rasters = append(r.Rasters, a)
			continue
		}
		a.At = []float64{1.2, -1, 0.5}
		for normal := 2; normal >= 0; normal-- {
			s := a
			s.Slices = nil
			s.Normal, s.Offset = normal, a.At[normal]
			s.Axes = [][2]int{{1, 2}, {0, 2}, {0, 1}}[normal]
			s.Center, s.R = make([]float64, 2), math.Sqrt(radius*radius-s.Offset*s.Offset)
			fillRaster(&s, 2)
			s.At = []float64{a.At[s.Axes[0]], a.At[s.Axes[1]]}
			a.Slices = append(a.Slices, s)
		}
		r.Rasters = append(r.Rasters, a)
	}
}

// fillRaster fills the fields of a line or a plane.
func fillRaster(a *compare.Raster, d int) {
	const n = 81
	for i := range n {
		a.X1 = append(a.X1, a.R*(2*float64(i)/(n-1)-1))
	}
	rows := []float64{0}
	if d == 2 {
		a.X2 = a.X1
		rows = a.X1
	}
	for _, y := range rows {
		for _, x := range a.X1 {
			v := math.Cos(1.3*x+0.6*y) * math.Exp(0.2*x)
			switch a.Model {
			case "second-order":
				v = 0.3 + x*x + 0.5*y*y + 0.3*x*y
			case "first-order":
				v = -0.2 - math.Exp(-x*x-0.4*y*y)
			}
			if x*x+y*y > a.R*a.R*(1+1e-12) {
				v = math.NaN()
			}
			a.Values = append(a.Values, v)
		}
	}
	scale(a)
	for k, v := range a.Values {
		x, y := a.X1[k%n], rows[k/n]
		a.Diffusion = append(a.Diffusion, math.Log(2+x*x+0.5*y*y+x*y)+0*v) // NaN where v is
		a.U = append(a.U, a.Diffusion[k]+v)
	}
}

// scale scales the raster to its gap and marks its worst point.
func scale(a *compare.Raster) {
	worst := 0.0
	for k, v := range a.Values {
		if math.Abs(v) > math.Abs(worst) {
			worst = v
			a.At = []float64{a.X1[k%len(a.X1)]}
			if a.X2 != nil {
				a.At = append(a.At, a.X2[k/len(a.X1)])
			}
		}
	}
	for k := range a.Values {
		a.Values[k] *= a.Gap / math.Abs(worst)
	}
}

// Broken is a synthetic result with values that are not finite.
func Broken() *compare.Result {
	r := Result(2)
	nan, inf := compare.Number(math.NaN()), compare.Number(math.Inf(1))
	r.Gap[0].Gap, r.Gap[0].Error, r.Gap[0].Errors.Tail, r.Gap[0].Growth = nan, inf, nan, inf
	r.Gap[0].X[1], r.Gap[0].Certified, r.Gap[0].ClosedBy = nan, false, nil
	r.Gap[0].Reason = Ptr(`the gap is not a number: "NaN" <= 1 is false, in 50 % of the ball`)
	r.Gap[7].Gap, r.Gap[7].Tail = 0, true
	r.Order[0].Slope, r.Order[0].Low, r.Order[0].High, r.Order[0].Etas = nan, nan, nan, nil
	return r
}

// EdgeCases are results at the edge of what a study can give.
func EdgeCases() map[string]*compare.Result {
	one := Result(2)
	one.Gap, one.Order, one.Rasters, one.Curves = one.Gap[:1], nil, nil, nil
	bad := Broken()
	bad.Rasters, bad.Curves = nil, nil // drawing takes time, and 2d has them
	long := Result(3)
	long.Title = strings.Repeat("a title that does not end ", 20)
	long.Gap[6].Reason, long.Gap[6].Certified = Ptr(strings.Repeat("reason ", 60)), false
	long.Gap[8].N, long.Gap[8].T, long.Gap[8].Tail = 123456789, 12345.678, true
	long.Gap[8].X = []compare.Number{-1.23456e7, -2.3456e-9, compare.Number(math.NaN())}
	long.Curves = nil
	long.Order[1].Verdict = strings.Repeat("x", 250)
	long.Warnings = []string{"the ball is not invariant", "a warning with a bell \a and an escape \x1b[31m"}
	return map[string]*compare.Result{
		"1d": Result(1), "2d": Result(2), "3d": Result(3),
		"broken": bad, "one": one, "long": long, "empty": {About: compare.About{Study: "empty"}},
		"zero": {About: compare.About{Study: "zero"}, GapResults: compare.GapResults{Gap: []compare.GapRow{{Key: compare.Key{Observable: "o", Model: "m"}}, {Key: compare.Key{Observable: "o", Model: "m", Eta: 0.5}}}}},
	}
}

// Tokens reads XML to its end and returns its start elements.
func Tokens(t *testing.T, text []byte) []xml.StartElement {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	var out []xml.StartElement
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		if s, ok := tok.(xml.StartElement); ok {
			out = append(out, s.Copy())
		}
	}
}
