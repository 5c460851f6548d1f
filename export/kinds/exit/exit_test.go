package exit

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
)

// The section has times, reasons, limits and two panels; the answer is one sentence.
func TestExitSection(t *testing.T) {
	t.Parallel()
	if exitSection(new(compare.Result)) != nil || exitAnswer(new(compare.Result)) != nil {
		t.Error("a section or an answer without a study")
	}
	r := exitResult()
	s := exitSection(r)
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{"interval from -1 to 1 is left, from x = 0", "second-order 1/8 5.00000e-01 1.0e-06 yes", "no time: gradient-flow, eta = 1/4; gradient-flow, eta = 1/8; gradient-flow, eta = 1/16: it has no noise",
		"eta ln T of sgd extrapolates to 0.500 +- 0.010; small noise says 0.5000"} {
		if !strings.Contains(strings.Join(strings.Fields(text.String()), " "), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if !strings.Contains(s.Intro, "three times what the finest grid is away from the four before") {
		t.Error(s.Intro)
	}
	if s.Figure == nil || s.Figure.Cols != 2 {
		t.Error("want a figure of two panels")
	}
	want := "SGD leaves (-1, 1) from x = 0 after 745.2395 +- 1.0e-06 on average at eta = 1/16, second-order takes 0.5000000 +- 0.0000010 times as long"
	if got := exitAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	for i := range r.Exit {
		r.Exit[i].Interval = nil
		r.Exit[i].Box, r.Exit[i].X = [][2]compare.Number{{-1, 1}, {-0.5, 2}}, compare.Point{0.25, 0}
	}
	want = "SGD leaves (-1, 1) x (-0.5, 2) from x = (0.25, 0) after 745.2395 +- 1.0e-06 on average at eta = 1/16, second-order takes 0.5000000 +- 0.0000010 times as long"
	if got := exitAnswer(r); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
	if s := exitSection(r); !strings.Contains(s.Title, "the box (-1, 1) x (-0.5, 2) is left, from x = (0.25, 0) (section 4.1)") || !strings.Contains(s.Intro, "line in h² through the times on five grids") {
		t.Error(s.Title, s.Intro)
	}
	for i := range r.Exit {
		if row := &r.Exit[i]; row.Model == "sgd" {
			row.Certified, row.Reason = false, madeup.Ptr("the error is above it")
		} else {
			row.Ratio = compare.Number(math.NaN())
		}
	}
	if got := exitAnswer(r); len(got) != 1 || got[0] != "no mean exit time of SGD is certified, at eta = 1/16 since the error is above it; second-order leaves (-1, 1) x (-0.5, 2) from x = (0.25, 0) after 372.6197 +- 1.0e-06 on average at eta = 1/16" {
		t.Errorf("%q", got)
	}
	if s = exitSection(r); s.Figure.Cols != 1 || !strings.Contains(strings.Join(s.Verdicts, "\n"), "does not count: sgd, eta = 1/4; sgd, eta = 1/8; sgd, eta = 1/16: the error is above it") {
		t.Errorf("%d panels, %s", s.Figure.Cols, s.Verdicts)
	}
}

// exitResult has the times eta^(1/2) e^{1/(2 eta)} of the chain and half of that of a model, at three learning
// rates, and a model without noise.
func exitResult() *compare.Result {
	r := &compare.Result{About: compare.About{Study: "s", Algorithm: compare.Algorithm{Kind: "sgd", Title: "SGD"}}, Run: map[string]any{"studies": []string{"exit"}}}
	nan := compare.Number(math.NaN())
	for m, model := range []string{"sgd", "second-order", "gradient-flow"} {
		for _, d := range []float64{4, 8, 16} {
			t := math.Exp(d/2) / math.Sqrt(d) / float64(m+1)
			row := compare.ExitRow{Model: model, Eta: 1 / d, EtaText: fmt.Sprintf("1/%g", d), ExitPlace: compare.ExitPlace{Interval: &[2]compare.Number{-1, 1}, Box: [][2]compare.Number{}, X: compare.Point{0}}, T: compare.Number(t), Error: 1e-6,
				ExitAction: compare.ExitAction{Action: compare.Number(math.Log(t) / d), ActionError: 1e-6, Barrier: 0.5}, Ratio: nan, RatioError: nan, Certified: true}
			switch m {
			case 1:
				row.Ratio, row.RatioError = 0.5, 1e-6
			case 2:
				row.T, row.Error, row.ExitAction = nan, nan, compare.ExitAction{Action: nan, ActionError: nan, Barrier: nan}
				row.Certified, row.Reason = false, madeup.Ptr("it has no noise")
			}
			r.Exit = append(r.Exit, row)
		}
		limit := compare.ExitLimit{Model: model, Barrier: 0.5, Error: 0.01, Theory: 0.5}
		if m == 2 {
			limit = compare.ExitLimit{Model: model, Barrier: nan, Error: nan, Theory: nan, Reason: madeup.Ptr("too few")}
		}
		r.ExitLimit = append(r.ExitLimit, limit)
	}
	return r
}

// Noise that lasts has no actions: their columns are gone, the limits have their reason, and the picture is of times.
func TestExitUnderNoiseThatLasts(t *testing.T) {
	t.Parallel()
	r, nan := exitResult(), compare.Number(math.NaN())
	for i := range r.Exit {
		r.Exit[i].ExitAction = compare.ExitAction{Action: nan, ActionError: nan, Barrier: nan}
	}
	for i := range r.ExitLimit {
		v := &r.ExitLimit[i]
		v.Barrier, v.Error, v.Theory, v.Reason = nan, nan, nan, madeup.Ptr("its noise does not vanish with eta")
	}
	s := exitSection(r)
	var text bytes.Buffer
	s.Write(&text)
	got := strings.Join(strings.Fields(text.String()), " ")
	if want := "no limit of eta ln T: sgd; second-order: its noise does not vanish with eta"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, text.String())
	}
	for _, not := range []string{"barrier", "extrapolates", "eta ln t "} {
		if strings.Contains(got, not) {
			t.Errorf("%q in\n%s", not, text.String())
		}
	}
	if strings.Contains(s.Intro+s.Caption, "ln T") {
		t.Error(s.Intro, s.Caption)
	}
	var picture bytes.Buffer
	if s.Figure == nil || s.Figure.Cols != 2 || s.Figure.WriteSVG(&picture) != nil {
		t.Fatal("want a picture of times and ratios")
	}
	_, alt, _ := strings.Cut(picture.String(), "aria-label=\"")
	if alt, _, _ = strings.Cut(alt, "\""); strings.Contains(alt, "ln T") || !strings.Contains(alt, "sgd: from 3.694528 ± ") {
		t.Errorf("the picture is of %s", alt[max(0, len(alt)-600):])
	}
}

// Ratios far from one keep their digits.
func TestExitAnswerOfSmallRatios(t *testing.T) {
	t.Parallel()
	r := exitResult()
	for i := range r.Exit {
		if v := &r.Exit[i]; v.Model == "second-order" {
			v.Ratio = 1.2345e-4
		}
	}
	if got := exitAnswer(r); len(got) != 1 || !strings.HasSuffix(got[0], "second-order takes (1.234 +- 0.010)e-04 times as long") {
		t.Errorf("%q", got)
	}
}
