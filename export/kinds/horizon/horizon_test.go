package horizon

import (
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/internal/madeup"
)

// Where no derivative grows, that is said once and not of every order.
func TestHorizonWithoutGrowth(t *testing.T) {
	t.Parallel()
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
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
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
	h := &r.HorizonTime[0]
	lines := timeLines(r, h, figure.Series{})
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
	if lines := timeLines(r, &none, figure.Series{}); len(lines[0].X) != 0 || len(lines[1].X) != 0 || len(lines[2].X) != 5 {
		t.Errorf("no slope: %d points on a line, %d others", len(lines[1].X), len(lines[2].X))
	}
	// Rows without numbers give no panel and no failure.
	empty := madeup.Nonconvex()
	empty.Horizon = []compare.HorizonRow{{Key: compare.Key{Observable: "square", Model: "modified"}, Reason: madeup.Ptr("unstable")}}
	if f := horizonFigure(empty); f != nil {
		t.Error("a picture of nothing")
	}
}

// What is counted besides the rows is how many have a T, unless all have one.
func TestHorizonCount(t *testing.T) {
	t.Parallel()
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
	have := 0
	for i := range r.Horizon {
		if r.Horizon[i].T = compare.Number(math.NaN()); i < 3 {
			r.Horizon[i].T = 1
			have++
		}
	}
	if got := horizonCount(r); got != "3 with a T" || have != 3 {
		t.Errorf("%q of %d", got, have)
	}
	for i := range r.Horizon {
		r.Horizon[i].T = 1
	}
	if got := horizonCount(r); got != "" {
		t.Errorf("%q where all have one", got)
	}
}

// T is drawn with its error; an observable that has none has no panel of T, and a picture
// without any does not speak of it.
func TestHorizonPanels(t *testing.T) {
	t.Parallel()
	const long = "an_observable_with_a_name_that_is_longer_than_its_panel"
	r := madeup.Nonconvex()
	madeup.AddHorizon(r)
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
			out = append(out, p.TitleIn(220))
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
