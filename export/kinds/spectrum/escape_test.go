package spectrum

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

// escapeResult has two wells that are left at rates of e^{-B/eta}, B = 1/2 and, of the right, less by tilt.
func escapeResult(tilt float64) *compare.Result {
	r := madeup.SpectrumResult()
	nan := compare.Number(math.NaN())
	for _, model := range []string{"sgd", "second-order"} {
		for _, d := range []float64{4, 8, 16} {
			for _, well := range []string{compare.WellLeft, compare.WellRight} {
				b := 0.5
				if well == compare.WellRight {
					b -= tilt
				}
				v := compare.EscapeRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), EscapeWell: compare.EscapeWell{Well: well, Rest: compare.Point{1}, Saddle: compare.Point{0}}, Weight: 0.5, Rate: compare.Number(math.Exp(-b * d)), Error: 1e-9,
					Action: compare.Number(b), ActionError: 1e-6, EscapeTheory: compare.EscapeTheory{Barrier: compare.Number(b), Kramers: nan, SmallNoise: nan}, Ratio: nan, RatioError: nan, Certified: true}
				if model != "sgd" {
					v.Ratio, v.RatioError, v.Kramers, v.SmallNoise = 2, 1e-6, 0.125, 0.25
				}
				if d == 16 {
					v.Rate, v.Action, v.Ratio, v.Certified, v.Reason = nan, nan, nan, false, madeup.Ptr("below the floor: there")
				}
				r.Escape = append(r.Escape, v)
			}
		}
		r.EscapeLimit = append(r.EscapeLimit, compare.EscapeLimit{Model: model, Well: compare.WellLeft, Barrier: 0.5012, Error: 0.002, Theory: 0.5}, compare.EscapeLimit{Model: model, Well: compare.WellRight, Barrier: nan, Error: nan, Theory: nan, Reason: madeup.Ptr("too few")})
	}
	return r
}

// The section has a row per well with its predictions, reasons and limits, and panels of the actions; of
// wells that differ those of the ratios too.
func TestEscapeSection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tilt   float64
		panels int
		label  string
	}{{0, 3, "second-order"}, {0.1, 4, "second-order, right well"}} {
		r := escapeResult(c.tilt)
		s := spectrumSection(r)
		var text bytes.Buffer
		s.Write(&text)
		got := strings.Join(strings.Fields(text.String()), " ")
		for _, want := range []string{"second-order 1/8 left", "0.125 0.25 2", "does not count: sgd, eta = 1/16, left; sgd, eta = 1/16, right; second-order, eta = 1/16, left; 1 more (results.json has all): below the floor: there",
			"sgd, left well: -eta ln(rate) tends to 0.501 +- 0.002 as eta -> 0", "small noise says 0.5000"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, text.String())
			}
		}
		if strings.Contains(got, "right well: -eta") {
			t.Error("a limit that there is none of is told")
		}
		panels := escapePanels(r, figure.Styles(r, processes(r)))
		if len(panels)+2 != c.panels || s.Figure == nil || s.Figure.Cols*s.Figure.Rows < c.panels {
			t.Errorf("tilt %g: %d panels of wells", c.tilt, len(panels))
		}
		found, zero := false, 0
		for _, l := range panels[0].Lines {
			found = found || l.Label == c.label && len(l.X) == 2
			if l.NoLine && len(l.X) > 0 && l.X[0] == 0 && l.Y[0] == 0.5 && l.Hollow {
				zero++
			}
		}
		if last := panels[0].Lines[len(panels[0].Lines)-1]; !last.Hollow || !strings.Contains(last.Label, "barrier") {
			t.Errorf("the legend does not say what is hollow but %q", last.Label)
		}
		if !found || zero != 2 || !panels[0].FromZero {
			t.Errorf("tilt %g: no line %q, or %d barriers at zero", c.tilt, c.label, zero)
		}
	}
	r := escapeResult(0)
	if got := spectrumAnswer(r); len(got) != 2 || got[1] != "-eta ln(rate of leaving either well) as eta -> 0: 0.501 +- 0.002 of SGD, 0.501 +- 0.002 of second-order" {
		t.Errorf("%q", got)
	}
	r.Escape[0].Rate, r.Escape[0].Reason = 0, madeup.Ptr("sgd cannot leave [1, 2]")
	if lines := strings.Join(spectrumSection(r).Verdicts, "\n"); !strings.Contains(lines, "the rate is zero: sgd, eta = 1/4, left: sgd cannot leave [1, 2]") {
		t.Error(lines)
	}
}

// In the plane points of rest are lists, Kramers' rate stands once, and nothing is said of the line.
func TestEscapeSectionOfThePlane(t *testing.T) {
	t.Parallel()
	r := escapeResult(0)
	for i := range r.Escape {
		r.Escape[i].Rest, r.Escape[i].Saddle = compare.Point{1, 0.5}, compare.Point{0, -0.25}
	}
	s := spectrumSection(r)
	var text bytes.Buffer
	s.Write(&text)
	if got := text.String(); strings.Contains(got, "small noise  ") || !strings.Contains(s.Intro, "a potential W") || strings.Contains(s.Intro, "F(x)") || !strings.Contains(got, "where there is a potential") {
		t.Errorf("%s\n%s", s.Intro, got)
	}
	head := strings.Join(table.CSVOf(r.Escape).Head, ",")
	if !strings.Contains(head, "well,rest1,rest2,saddle1,saddle2,weight") || !strings.Contains(head, "small_noise") {
		t.Error(head)
	}
	if head = strings.Join(table.CSVOf(escapeResult(0).Escape).Head, ","); !strings.Contains(head, "well,rest,saddle,weight") {
		t.Error(head)
	}
}

// Orders of rates are told in the section.
func TestSpectrumOrderIsTold(t *testing.T) {
	t.Parallel()
	r := madeup.SpectrumResult()
	r.SpectrumOrder = []compare.OrderRow{{Observable: "rate 1", Model: "second-order", Slope: 2.01, Low: 1.98, High: 2.04, Etas: []float64{0.25, 0.125}, Expected: 2, Verdict: "confirmed"}, {Observable: "rate 2", Model: "second-order", Verdict: "none"}}
	lines := strings.Join(spectrumSection(r).Verdicts, "\n")
	if !strings.Contains(lines, "rate 1, second-order: order of the difference from the chain's fitted 2.010") || strings.Contains(lines, "rate 2") {
		t.Error(lines)
	}
}
