package models

import (
	"bytes"
	"strings"
	"testing"

	"kolmo/compare"
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
		"1/4    5.342e-02 +- 1e-05    5.088e-02 +- 9e-06\n", "1/4   6.1e-01 +- 1.9e-01*    1.119e+00 +- 2e-04\n",
		"extrapolated   1.0002 +- 3e-04  1.0002 +- 3e-04\n",
		"0.74123",
		"square: at eta = 1/128 the eta/4 term divides the gap by 384",
		"(the negative", "*: the row is not certified",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
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
