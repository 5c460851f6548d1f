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
