package export

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/slow"
)

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

// What the study found is on the terminal, in the report and in files, and nothing
// there speaks of all times.
func TestHorizonIsShown(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	r := nonconvex()
	addHorizon(r)
	dir := t.TempDir()
	if err := writeAll(dir, r, syntheticMeta(), 40); err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := WriteTable(&table, r); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"table": table.String(), "report": string(page)} {
		text = strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"horizon t", "over this horizon", "1.501", "[1.470, 1.530]", "1.499", "1.495", "no plateau", "1.01", "the ball is not invariant"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		if i := strings.Index(text, "uniformly"); i >= 0 {
			t.Errorf("%s says %q", name, text[max(0, i-60):i+30])
		}
	}
	// The same report of a convex f does.
	if text := report(t, synthetic(1), syntheticMeta()); !strings.Contains(text, "2, uniformly in time") || strings.Contains(text, "no theorem covers all times") {
		t.Error("the report of a convex f does not state Theorem 1")
	}
	for _, name := range []string{"horizon.csv", "horizon.png", "horizon.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// All digits in the CSV file, and nothing for what is not known.
	text, err := os.ReadFile(filepath.Join(dir, "horizon.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_, records := strict(t, "horizon.csv", text)
	found := 0
	for _, l := range records {
		if l["observable"] != "square" || l["model"] != "modified" {
			continue
		}
		eta, err := strconv.ParseFloat(l["eta"], 64)
		if err != nil {
			t.Fatal(err)
		}
		found++
		got, err := strconv.ParseFloat(l["t_half"], 64)
		if eta == 1./128 {
			if l["t_half"] != "" {
				t.Errorf("eta = 1/128: T %q", l["t_half"])
			}
		} else if err != nil || got != math.Log(1/eta)/2 {
			t.Errorf("eta = %g: T %q", eta, l["t_half"])
		}
	}
	if found != 6 {
		t.Errorf("%d rows of square, modified", found)
	}
	// A result without the study has no such files.
	if err := writeAll(dir, nonconvex(), syntheticMeta(), 40); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"horizon.csv", "horizon.png", "horizon.svg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s of an earlier run is left", name)
		}
	}
}

// Where no derivative grows, that is said once and not of every order.
func TestHorizonWithoutGrowth(t *testing.T) {
	t.Parallel()
	r := nonconvex()
	addHorizon(r)
	for i := range r.HorizonOrder {
		r.HorizonOrder[i].Expected = compare.Number(math.NaN())
		r.HorizonOrder[i].Verdict = "nothing is predicted"
	}
	said := 0
	for _, v := range horizonSection(r).Verdicts {
		if strings.Contains(v, "nothing is predicted") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("said %d times of %d orders, want once", said, len(r.HorizonOrder))
	}
}

// The line through T has the fitted slope and passes through the centre of the points
// it is fitted to.
func TestHorizonLine(t *testing.T) {
	t.Parallel()
	r := nonconvex()
	addHorizon(r)
	h := &r.HorizonTime[0]
	lines := timeLines(r, h, series{})
	fit, points, others := lines[0], lines[1], lines[2]
	if len(points.X) != 2 || len(others.X) != 3 || len(fit.X) != 2 || len(fit.Y) != 2 || points.Hollow || !others.Hollow {
		t.Fatalf("%d points and %d others, a line through %d", len(points.X), len(others.X), len(fit.X))
	}
	for i, e := range append(points.YErr, others.YErr...) {
		if e != 1e-4 {
			t.Errorf("point %d has the bar %g, want 1e-4", i, e)
		}
	}
	for i, x := range fit.X {
		if math.Abs(fit.Y[i]-x/2) > 1e-12 {
			t.Errorf("ln(1/eta) = %g: %g, want %g", x, fit.Y[i], x/2)
		}
	}
	// Without a line all points are hollow.
	none := *h
	none.Slope, none.Etas = compare.Number(math.NaN()), nil
	if lines := timeLines(r, &none, series{}); len(lines[0].X) != 0 || len(lines[1].X) != 0 || len(lines[2].X) != 5 {
		t.Errorf("no slope: %d points on a line, %d others", len(lines[1].X), len(lines[2].X))
	}
	// Rows without numbers give no panel and no failure.
	empty := nonconvex()
	empty.Horizon = []compare.HorizonRow{{Observable: "square", Model: "modified", Reason: ptr("unstable")}}
	if f := horizonFigure(empty); f != nil {
		t.Error("a picture of nothing")
	}
}

// T is drawn with its error; an observable that has none has no panel of T, and a picture
// without any does not speak of it.
func TestHorizonPanels(t *testing.T) {
	t.Parallel()
	const long = "an_observable_with_a_name_that_is_longer_than_its_panel"
	r := nonconvex()
	addHorizon(r)
	for i := range r.Horizon {
		if h := &r.Horizon[i]; h.Observable == "square" {
			h.Observable, h.T, h.TError = long, compare.Number(math.NaN()), compare.Number(math.NaN())
		}
	}
	for i := range r.HorizonTime {
		if h := &r.HorizonTime[i]; h.Observable == "square" {
			h.Observable, h.Slope, h.Etas = long, compare.Number(math.NaN()), nil
		}
	}
	titles := func() []string {
		var out []string
		for _, p := range horizonPanels(r) {
			out = append(out, p.title(220))
			for _, l := range p.Lines {
				if l.Marker && len(l.X) > 0 && len(l.XErr)+len(l.YErr) != len(l.X) {
					t.Errorf("%s: %d points with %d bars", p.Title, len(l.X), len(l.XErr)+len(l.YErr))
				}
			}
		}
		return out
	}
	got := titles()
	if len(got) != 5 || got[4] != "T of expected_loss" || !strings.HasPrefix(got[2], "an_obs") || !strings.HasSuffix(got[2], "…, modified") || !strings.HasSuffix(got[3], "…, second-order") {
		t.Errorf("panels %q", got)
	}
	if s := horizonSection(r); !strings.Contains(s.Caption, "Bars are the errors of T") {
		t.Errorf("caption %q", s.Caption)
	}
	for i := range r.Horizon {
		r.Horizon[i].T = compare.Number(math.NaN())
	}
	if got := titles(); len(got) != 4 {
		t.Errorf("panels %q of rows without T", got)
	}
	if s := horizonSection(r); strings.Contains(s.Caption, "T (discs)") {
		t.Errorf("caption %q of rows without T", s.Caption)
	}
}

// A time between the first two steps is told as less than a step.
func TestTimeWithinAStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		time compare.Number
		want string
	}{{0.0062, "< 1/8, a step"}, {0.125, "0.1250"}, {compare.Number(math.NaN()), absent}} {
		r := &compare.Result{Horizon: []compare.HorizonRow{{Observable: "x", Model: "first-order", Eta: 0.125, EtaText: "1/8", T: c.time, TError: 0.001}}}
		if got := horizonTimes(r).Rows[0][5].Text; got != c.want {
			t.Errorf("T = %g is shown as %q, want %q", c.time, got, c.want)
		}
	}
}
