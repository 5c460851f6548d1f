package main

import (
	"context"
	"testing"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/internal/slow"
	"kolmo/study"
)

// sample are cheap problems of every class. Those with kinks in the law and with noise at the faces have rows whose
// true error is more than half of the bar, so that bars of half the size are seen.
var sample = []struct {
	id, class string
	dims      int
}{
	{"line-0", "plain", 1}, {"line-1", "methods", 1}, {"line-2", "accuracies", 1}, {"line-3", "cutoffs", 1}, {"line-5", "offset", 1},
	{"line-15", "continuous", 1}, {"line-33", "continuous", 1}, {"line-7", "outliers", 1}, {"line-8", "faces", 1}, {"line-35", "faces", 1},
	{"line-9", "linear", 1}, {"line-10", "limits", 1}, {"plane-0", "linear", 2}, {"plane-4", "radial", 2},
}

// drawn returns a problem of seed 1.
func drawn(t *testing.T, id, name string, dims int) *problem {
	t.Helper()
	for _, c := range classes[dims] {
		if c.name == name {
			return c.draw(1, id, name, dims)
		}
	}
	t.Fatalf("no class %s", name)
	return nil
}

// No certified row of the sample is outside its bar, and rows of every problem are certified and judged.
func TestSampleIsWithinItsBars(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for _, c := range sample {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			p := drawn(t, c.id, c.class, c.dims)
			rows, err := p.run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			judged := 0
			for _, v := range rows {
				if v.certified && v.dropped == "" {
					judged++
					if v.wrong {
						t.Errorf("%s of %s, %s, eta = %s: %.9g +- %.2g is certified, the truth is %.9g +- %.1g\n%s", v.what, v.observable, v.model, v.eta, v.value, v.bar, v.truth, v.doubt, p.text)
					}
					t.Logf("%s of %s, %s, eta = %s: %.9g +- %.2g, truth %.9g, %.2f bars", v.what, v.observable, v.model, v.eta, v.value, v.bar, v.truth, v.off()/v.bar)
				}
			}
			if judged < len(rows)/4 {
				t.Errorf("%d of %d rows are certified and judged, want a quarter", judged, len(rows))
			}
		})
	}
}

// A row whose bar is nine tenths of its true error is called wrong, whatever it is about, and one whose bar is a
// tenth more is not.
func TestJudgeSeesBarsThatAreTooSmall(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	p := drawn(t, "line-10", "limits", 1)
	s, err := study.Parse("line-10.yaml", []byte(p.text), ".")
	if err != nil {
		t.Fatal(err)
	}
	q, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	r, err := kinds.Run(context.Background(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := p.judge(r)
	for _, share := range []float64{0.9, 1.1} {
		moved := *r
		moved.Gap = append([]compare.GapRow{}, r.Gap...)
		moved.LocalError = append([]compare.LocalErrorRow{}, r.LocalError...)
		judged := map[string]int{}
		for i, v := range first {
			bar := compare.Number(share * v.off())
			switch {
			case v.what == gap:
				moved.Gap[i].Error = bar
			case v.what == oneStep:
				moved.LocalError[i-len(r.Gap)].Error = bar
			}
		}
		for i, v := range p.judge(&moved) {
			if v.what != gap && v.what != oneStep || first[i].off() < 1e-7*first[i].truth {
				continue // the reference cannot tell
			}
			judged[v.what]++
			if v.dropped != "" || v.wrong != (share < 1) {
				t.Errorf("%s of %s, %s, eta = %s with a bar of %g times its error: wrong %v, dropped %q", v.what, v.observable, v.model, v.eta, share, v.wrong, v.dropped)
			}
		}
		if judged[gap] == 0 || judged[oneStep] == 0 {
			t.Errorf("%v rows were judged, want some of each kind", judged)
		}
	}
}

// A problem is the same whatever else is drawn.
func TestProblemsDependOnSeedAndNameAlone(t *testing.T) {
	t.Parallel()
	few, many := problems(7, 3, 2, 1), problems(7, 30, 20, 4)
	texts := map[string]string{}
	for _, e := range many {
		texts[e.id] = e.draw().text
	}
	for _, e := range few {
		if text := e.draw().text; text != texts[e.id] {
			t.Errorf("%s differs:\n%s\n%s", e.id, text, texts[e.id])
		}
	}
	if problems(8, 1, 0, 0)[0].draw().text == few[0].draw().text {
		t.Error("another seed draws the same problem")
	}
}

// Every study that is drawn is read by package study.
func TestStudiesAreRead(t *testing.T) {
	t.Parallel()
	for _, e := range problems(3, 150, 40, 12) {
		s, err := study.Parse(e.id+".yaml", []byte(e.draw().text), ".")
		if err != nil {
			t.Fatalf("%v\n%s", err, e.draw().text)
		}
		if _, err := s.Problem(); err != nil {
			t.Fatalf("%v\n%s", err, e.draw().text)
		}
	}
}
