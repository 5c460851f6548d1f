// Package madeup has results as studies give them, for tests of what shows them.
package export

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

// known are the models of made-up results, and knownInfos what results say of them.
var (
	known      = []string{"modified", "second-order", "first-order", "gradient-flow"}
	knownInfos = []compare.ModelInfo{
		{Name: known[0], Place: 0, Order: 2, Claim: "Theorem 1", Note: "is second-order with noise that ends outside the ball, for which Theorem 1 is proved", Drift: "−∇f − (η/4) ∇|∇f|²", Diffusion: "ηΛ"},
		{Name: known[1], Place: 1, Order: 2, Drift: "−∇f − (η/4) ∇|∇f|²", Diffusion: "ηΣ"},
		{Name: known[2], Place: 2, Order: 1, Drift: "−∇f", Diffusion: "ηΣ", Control: known[1], Term: "-(eta/4) grad |grad f|^2", TermName: "the eta/4 term"},
		{Name: known[3], Place: 3, Order: 1, Note: "has no noise", Drift: "−∇f", Diffusion: "0"},
	}
)

// ptr returns a pointer to v.
func ptr[T any](v T) *T { return &v }

// synthetic is a Result as a study of dimension d gives it: gaps C eta^p with a
// second term, errors of about 1e-4 of them, all four models, two observables,
// eta = 1/4 .. 1/128. The rows of the first-order model at 1/4 are not certified.
func synthetic(d int) *compare.Result {
	r := &compare.Result{
		Schema: 1, Study: fmt.Sprintf("synthetic%dd", d),
		Title: fmt.Sprintf("gaps of a made-up study in %d dimensions", d), Kolmo: "v0.0.0-test",
		Assumptions: map[string]any{"mu": map[string]any{"value": 1.5, "status": "proved"}},
		Models:      knownInfos,
		Warnings:    []string{}, Run: map[string]any{"seed": 1.0, "go": "go1.26"},
	}
	for _, o := range []string{"expected_loss", "square"} {
		for m, model := range known {
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
					Observable: o, Model: model, Eta: eta, EtaText: fmt.Sprintf("1/%d", 1<<k),
					Gap: compare.Number(gap), Error: compare.Number(gap * 1.7e-4),
					Errors: compare.Errors{
						Space: compare.Number(gap * 1e-4), Time: compare.Number(gap * 1e-6),
						Interpolation: compare.Number(gap * 3e-5), Sup: compare.Number(gap * 2e-5),
						Tail: compare.Number(gap * 2e-5),
					},
					N: 3 * (1 << k) / 4, T: 0.75, Nodes: 40, Space: "chebyshev", SpaceOrder: 39,
					ClosedBy: ptr("fit"), Growth: 1.25, Invariant: true, Certified: true,
					Steps: 4 << k, LocalOrder: compare.Number(math.Log2(last / gap)),
				}
				last = gap
				for j := range d {
					row.X = append(row.X, compare.Number(1.5-float64(j)*1.1))
				}
				if model == "first-order" && k == 2 {
					row.Certified = false
					row.Error = compare.Number(gap * 0.3)
					row.Reason = ptr("the error estimate is 30 % of the gap, more than the 1 % asked for")
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
		a := compare.Raster{Observable: g.Observable, Model: g.Model, EtaText: g.EtaText, Eta: g.Eta, N: g.N, T: g.T,
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

// broken is a synthetic result with values that are not finite.
func broken() *compare.Result {
	r := synthetic(2)
	nan, inf := compare.Number(math.NaN()), compare.Number(math.Inf(1))
	r.Gap[0].Gap, r.Gap[0].Error, r.Gap[0].Errors.Tail, r.Gap[0].Growth = nan, inf, nan, inf
	r.Gap[0].X[1], r.Gap[0].Certified, r.Gap[0].ClosedBy = nan, false, nil
	r.Gap[0].Reason = ptr(`the gap is not a number: "NaN" <= 1 is false, in 50 % of the ball`)
	r.Gap[7].Gap, r.Gap[7].Tail = 0, true
	r.Order[0].Slope, r.Order[0].Low, r.Order[0].High, r.Order[0].Etas = nan, nan, nan, nil
	return r
}

// addHorizon adds gaps eta/(1 + 1/(eta e^{2t})) up to t = 8, whose T is ln(1/eta)/2;
// the last learning rate has no plateau and no derivatives.
func addHorizon(r *compare.Result) {
	nan := compare.Number(math.NaN())
	last := ""
	for _, g := range r.Gap {
		if g.Observable == r.Gap[0].Observable && g.Model == r.Gap[0].Model {
			last = g.EtaText
		}
	}
	for _, o := range []string{"expected_loss", "square"} {
		for _, m := range []string{"modified", "second-order"} {
			for _, g := range r.Gap {
				if g.Observable != o || g.Model != m {
					continue
				}
				h := compare.HorizonRow{Observable: o, Model: m, Eta: g.Eta, EtaText: g.EtaText, Horizon: 8, Invariant: g.EtaText != "1/4"}
				for n := range int(8/g.Eta) + 1 {
					t := float64(n) * g.Eta
					h.Times = append(h.Times, compare.Number(t))
					h.Gap = append(h.Gap, compare.Number(g.Eta/(1+math.Exp(-2*t)/g.Eta)))
					h.Error = append(h.Error, compare.Number(1e-6*g.Eta))
				}
				h.Plateau, h.PlateauError = compare.Number(g.Eta), compare.Number(1e-6*g.Eta)
				h.T, h.TError = compare.Number(math.Log(1/g.Eta)/2), 1e-4
				h.Alpha = []compare.GrowthRate{{J: 1, Alpha: 1.01}, {J: 2, Alpha: 2.02}}
				h.Sup = []compare.HorizonSup{{Beta: 0.25, T: math.Log(1/g.Eta) / 4, Gap: compare.Number(math.Pow(g.Eta, 1.5)), Error: 1e-9}}
				if g.EtaText == last {
					h.T, h.TError, h.Alpha, h.Reason = nan, nan, nil, ptr("it has no plateau over this horizon")
				}
				r.Horizon = append(r.Horizon, h)
			}
			r.HorizonOrder = append(r.HorizonOrder, compare.HorizonOrder{Observable: o, Model: m, Beta: 0.25, Slope: 1.501, Low: 1.47, High: 1.53, Etas: []float64{0.125, 0.0625},
				Last: 1.4987, Expected: 1.495, Alpha: 2.02, J: 2, Verdict: "gap <= C eta^(2 - alpha beta) over this horizon: confirmed"})
			r.HorizonTime = append(r.HorizonTime, compare.HorizonTime{Observable: o, Model: m, Slope: 0.5, Low: 0.499, High: 0.501, Etas: []float64{0.125, 0.0625}, PlateauOrder: 1, Expected: 0.495, Verdict: "confirmed"})
		}
	}
}

// nonconvex is synthetic without a word of all times: its f is not convex.
func nonconvex() *compare.Result {
	r := synthetic(1)
	h := 8.0
	for i := range r.Gap {
		r.Gap[i].Certified, r.Gap[i].Reason = false, ptr("the supremum is over t <= 8 only")
	}
	for i := range r.Order {
		r.Order[i].Verdict = "no order"
	}
	r.Until = &h
	r.Constant = []compare.ConstantRow{{Observable: "square", Model: "modified", Order: 2, Horizon: &h}}
	return r
}

// edgeCases are results at the edge of what a study can give.
func edgeCases() map[string]*compare.Result {
	one := synthetic(2)
	one.Gap, one.Order, one.Rasters, one.Curves = one.Gap[:1], nil, nil, nil
	bad := broken()
	bad.Rasters, bad.Curves = nil, nil // drawing takes time, and 2d has them
	long := synthetic(3)
	long.Title = strings.Repeat("a title that does not end ", 20)
	long.Gap[6].Reason, long.Gap[6].Certified = ptr(strings.Repeat("reason ", 60)), false
	long.Gap[8].N, long.Gap[8].T, long.Gap[8].Tail = 123456789, 12345.678, true
	long.Gap[8].X = []compare.Number{-1.23456e7, -2.3456e-9, compare.Number(math.NaN())}
	long.Curves = nil
	long.Order[1].Verdict = strings.Repeat("x", 250)
	long.Warnings = []string{"the ball is not invariant", "a warning with a bell \a and an escape \x1b[31m"}
	return map[string]*compare.Result{
		"1d": synthetic(1), "2d": synthetic(2), "3d": synthetic(3),
		"broken": bad, "one": one, "long": long, "empty": {Study: "empty"},
		"zero": {Study: "zero", Gap: []compare.GapRow{{Observable: "o", Model: "m"}, {Observable: "o", Model: "m", Eta: 0.5}}},
	}
}

// crossingResult has the times ln(1/eta)/2 + 1 of two processes, those of the model later by eta,
// and one that is not certified.
func crossingResult() *compare.Result {
	r := &compare.Result{Study: "s", Run: map[string]any{"studies": []string{"crossing"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			row := compare.CrossingRow{Observable: "y2", Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), Level: 0.25, X: []float64{0, 0.5},
				T: compare.Number(math.Log(d)/2 + 1), Error: 1e-6, Difference: nan, DifferenceError: nan, Certified: true}
			if model != "sgd" {
				row.T += compare.Number(1 / d)
				row.Difference, row.DifferenceError = compare.Number(1/d), 2e-6
			}
			if d == 4 {
				row.Certified, row.Reason = false, ptr("a step can leave the ball")
			}
			r.Crossing = append(r.Crossing, row)
		}
		r.CrossingSlope = append(r.CrossingSlope, compare.CrossingSlope{Observable: "y2", Model: model, Slope: 0.5, Low: 0.49, High: 0.51, Theory: 0.5, Verdict: "it is so"})
	}
	return r
}

// spectrumResult has two processes at three learning rates: the model leaves at twice the
// chain's rate, and at the smallest learning rate neither is told from zero.
func spectrumResult() *compare.Result {
	r := &compare.Result{Study: "s", Run: map[string]any{"studies": []string{"spectrum"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			row := compare.SpectrumRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), K: 1, Rate: compare.Number(math.Exp(-d / 2)), Error: 1e-9, Ratio: nan, RatioError: nan, Certified: true}
			if model != "sgd" {
				row.Rate, row.Ratio, row.RatioError = 2*row.Rate, 2, 1e-6
			}
			if d == 16 {
				row.Rate, row.Imag, row.Ratio, row.RatioError, row.Certified, row.Reason = nan, nan, nan, nan, false, ptr("below the floor: here")
			}
			r.Spectrum = append(r.Spectrum, row)
		}
	}
	return r
}

// stationaryResult has differences eta^2/2 of one model, one row that does not count, and
// mean shifts of SGD.
func stationaryResult() *compare.Result {
	r := &compare.Result{Study: "s"}
	for _, d := range []float64{4, 8, 16} {
		eta := 1 / d
		row := compare.StationaryRow{Observable: "square", Model: "modified", Eta: eta, EtaText: fmt.Sprintf("1/%g", d), SGD: compare.Number(eta/2 + eta*eta/2),
			SGDError: 1e-9, Diffusion: compare.Number(eta / 2), DiffusionError: 1e-9, Difference: compare.Number(eta * eta / 2), Error: 2e-9, T: 24, Agree: ptr(true)}
		if d == 4 {
			row.Reason, row.Agree = ptr("the ball is not invariant"), nil
		}
		r.Stationary = append(r.Stationary, row)
		r.MeanShift = append(r.MeanShift, compare.MeanShiftRow{Process: "sgd", Eta: eta, EtaText: row.EtaText, Minimizer: []compare.Number{0.5},
			Shift: []compare.Number{compare.Number(-0.25 - eta)}, Error: 1e-9, Predicted: []compare.Number{-0.25}, PredictedError: 1e-12, Remainder: compare.Number(eta), RemainderError: 1e-9, Relative: compare.Number(4 * eta)})
	}
	r.StationaryOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 2, Low: 1.9, High: 2.1, Etas: []float64{0.125, 0.0625}, Expected: 2, Verdict: "confirmed"}}
	return r
}

// variationResult has the moments of two processes; the fourth of the model is known from 1/8 on.
func variationResult() *compare.Result {
	r := &compare.Result{Study: "s", Run: map[string]any{"studies": []string{"variation"}}}
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8} {
			for _, p := range []int{2, 4} {
				rate := compare.Number(float64(p) * (1 - 1/d))
				row := compare.VariationRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), Direction: 1, P: p, Rate: rate, Low: rate - 0.01, High: rate + 0.01,
					C: 1.25, PMu: compare.Number(p), Verdict: compare.DecayPass, Reason: "it decays"}
				if model != "sgd" {
					row.Root = "the root of the samples"
					if d == 4 && p == 4 {
						row.Rate, row.Low, row.High, row.C, row.Verdict, row.Reason = nan, nan, nan, nan, compare.DecayNotResolved, "it hides"
					}
				}
				r.Variation = append(r.Variation, row)
			}
		}
	}
	return r
}

// localResult is synthetic with one-step errors.
func localResult() *compare.Result {
	r := synthetic(1)
	for _, g := range r.Gap {
		r.LocalError = append(r.LocalError, compare.LocalErrorRow{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText,
			Rho: g.Gap / 10, Error: g.Error / 10, Rate: 1.5, Low: 1.4, High: 1.6, Sum: 2 * g.Gap, SumError: g.Error, Gap: g.Gap, GapError: g.Error, Holds: ptr(true)})
		c := compare.LocalCurve{Observable: g.Observable, Model: g.Model, Eta: g.Eta, EtaText: g.EtaText}
		for n := range 20 {
			t := float64(n) * g.Eta
			c.T, c.Rho, c.Sum, c.Gap = append(c.T, t), append(c.Rho, float64(g.Gap)*math.Exp(-t)/10), append(c.Sum, float64(g.Gap)*(2-math.Exp(-t))), append(c.Gap, float64(g.Gap))
		}
		r.LocalCurves = append(r.LocalCurves, c)
	}
	r.LocalOrder = []compare.OrderRow{{Observable: "square", Model: "modified", Slope: 3, Low: 2.9, High: 3.1, Expected: 3, Extrapolated: 3, ExtrapolatedError: 0.01, Verdict: "confirmed"}}
	return asked(r, compare.StudyLocalError)
}

// decayResult has a derivative that decays, at two learning rates, beside gaps that are not
// certified.
func decayResult() *compare.Result {
	r := nonconvex()
	for _, d := range []int{4, 8} {
		eta, text := 1/float64(d), fmt.Sprintf("1/%d", d)
		r.Decay = append(r.Decay, compare.DecayRow{Observable: "square", Eta: eta, EtaText: text, J: []int{1}, Gamma: 1, Low: 0.9, High: 1.1, C: 2, CError: 0.1,
			Window: [2]compare.Number{1, 4}, Floor: 1e-9, SpectralGap: 1.01, SpectralGapError: 1e-3, Verdict: compare.DecayPass})
		c := compare.DecayCurve{Observable: "square", Eta: eta, EtaText: text, J: []int{1}}
		for n := range 40 {
			c.T, c.Sup = append(c.T, float64(n)/8), append(c.Sup, 2*math.Exp(-float64(n)/8))
		}
		r.DecayCurves = append(r.DecayCurves, c)
	}
	return asked(r, compare.StudyDecay)
}

// asked returns r as the answer to one kind of study.
func asked(r *compare.Result, kind compare.Study) *compare.Result {
	r.Run = map[string]any{"studies": []string{string(kind)}}
	return r
}

// tokens reads XML to its end and returns its start elements.
func tokens(t *testing.T, text []byte) []xml.StartElement {
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
