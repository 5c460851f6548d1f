package results

import (
	"testing"

	"kolmo/compare"
)

// Sentences have one name of the chain, and tell models of a study's own, whose names may be any words,
// from the others.
func TestNamesInSentences(t *testing.T) {
	t.Parallel()
	r := new(compare.Result)
	r.Models = []compare.ModelInfo{{Name: "second-order", Order: 2}, {Name: "mine"}}
	r.Algorithm = compare.Algorithm{Kind: "sgd", Title: "SGD over epochs"}
	for _, c := range []struct{ got, want string }{
		{ProcessName(r, "sgd"), "SGD over epochs"},
		{ProcessName(r, "first-order"), "first-order"},
		{ProcessName(r, "second-order"), "second-order"},
		{ProcessName(r, "mine"), "the diffusion mine"},
		{DiffusionName(r, "second-order"), "the second-order diffusion"},
		{DiffusionName(r, "mine"), "the diffusion mine"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	r.Algorithm = compare.Algorithm{Kind: "svag", Title: "SVAG"}
	if got := ProcessName(r, "svag"); got != "SVAG" {
		t.Errorf("the chain is called %s", got)
	}
}

// Rows are counted in words that fit their number, gaps by what is certified and others by what is answered.
func TestCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		certified, rows int
		gaps, rates     string
	}{
		{6, 6, "all 6 gaps are certified", "all 6 rows are answered"},
		{5, 6, "1 of 6 gaps is not certified", "5 of 6 rows are answered"},
		{1, 6, "5 of 6 gaps are not certified", "1 of 6 rows is answered"},
		{0, 1, "1 of 1 gaps is not certified", "0 of 1 rows are answered"},
		{1, 1, "the one gap is certified", "the one row is answered"},
	} {
		r := new(compare.Result)
		for i := range c.rows {
			r.Gap = append(r.Gap, compare.GapRow{Certified: i < c.certified})
			r.Spectrum = append(r.Spectrum, compare.SpectrumRow{Certified: i < c.certified})
		}
		if got := Counted(r, compare.StudyGap); got != c.gaps {
			t.Errorf("%q, want %q", got, c.gaps)
		}
		if got := Counted(r, compare.StudySpectrum); got != c.rates {
			t.Errorf("%q, want %q", got, c.rates)
		}
	}
}
