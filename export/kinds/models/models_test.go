package models

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/export/table"
	"kolmo/internal/madeup"
)

// Every gap, with its error and a mark where it is not certified, stands in its
// model's column; orders and constants stand below.
func TestModelsStandSideBySide(t *testing.T) {
	t.Parallel()
	r := madeup.Result(2)
	r.Constant = []compare.ConstantRow{{Observable: "square", Model: "second-order", Predicted: 0.74123456, Richardson: 0.7412}}
	s := modelSection(r)
	if s == nil || s.Figure == nil || len(s.Tables) != 4 {
		t.Fatalf("section %+v, want two tables per observable and a figure", s)
	}
	var text bytes.Buffer
	s.Write(&text)
	for _, want := range []string{
		"modified          second-order\n", "eta           first-order         gradient-flow\n",
		"1/4  5.342e-02 +- 1.0e-05    5.088e-02 +- 9e-06\n", "1/4     (6.1 +- 1.9)e-01*    1.119e+00 +- 2e-04\n",
		"extrapolated   1.0002 +- 0.0003  1.0002 +- 0.0003\n",
		"0.74123",
		"square: at eta = 1/128 the eta/4 term divides the gap by 384",
		"(the negative", "*: the row is not certified",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
}

// Without a pair of certified gaps there is no picture; a gap that there is none of has no mark,
// and what the report has said in its introduction is no finding.
func TestModelsWithoutGaps(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	if found := strings.Join(modelSection(r).Found(), "\n"); strings.Contains(found, "negative control") || !strings.Contains(found, "divides the gap") {
		t.Errorf("found %q", found)
	}
	for i := range r.Gap {
		r.Gap[i].Certified = false
	}
	r.Gap[0].Gap = compare.Number(math.NaN())
	s := modelSection(r)
	if s.Figure != nil {
		t.Error("a picture of nothing")
	}
	if got := gapCell(&r.Gap[0]).Text; got != table.Absent {
		t.Errorf("a gap that there is none of is %q", got)
	}
	c := *control(r, []string{"first-order", "second-order"})
	if c.Symbols = []string{"m12 is the mean move."}; missing(&c) != c.TermName {
		t.Errorf("symbols without a word: %q", missing(&c))
	}
}

// One model has nobody beside it; without the control there is no claim about it.
func TestModelsOfOthers(t *testing.T) {
	t.Parallel()
	only := func(models ...string) *compare.Result {
		r := madeup.Result(1)
		var rows []compare.GapRow
		for _, g := range r.Gap {
			if strings.Contains(strings.Join(models, " "), g.Model) {
				rows = append(rows, g)
			}
		}
		r.Gap = rows
		return r
	}
	if s := modelSection(only("modified")); s != nil {
		t.Errorf("one model gives the section %+v", s)
	}
	s := modelSection(only("modified", "gradient-flow"))
	if s == nil || s.Figure != nil || strings.Contains(strings.Join(s.Verdicts, " "), "control") {
		t.Errorf("without first-order: %+v", s)
	}
}
