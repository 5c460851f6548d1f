package study

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/objective"
)

// TestBatch: a study's batches are its objective; its loss is that of one sample.
func TestBatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		batch string
		nodes int
		sigma float64 // of the first parameter, in units of one sample's
	}{
		{"{size: 1}", 2, 1}, {"{size: 1, replacement: false}", 2, 1}, {"{}", 2, 1},
		{"{size: 4}", 5, 1. / 4}, {"{size: 4, replacement: true}", 5, 1. / 4}, {"{size: 2, replacement: false}", 1, 0},
	} {
		text := strings.Replace(good, "  probabilities: [0.25, 0.75]", "  batch: "+c.batch, 1)
		s, err := Parse("test.yaml", []byte(text), "")
		if err != nil {
			t.Errorf("%s: %v", c.batch, err)
			continue
		}
		if s.Loss == nil || s.Loss.Law().Len() != 2 || s.Objective.Law().Len() != c.nodes || !s.Objective.Law().Exact {
			t.Errorf("%s: law %+v", c.batch, s.Objective.Law())
		}
		var m objective.Moments
		s.Objective.NewEvaluator().MomentsTo(&m, []float64{1, 2})
		if want := c.sigma; math.Abs(m.Sigma[1][1]-want) > 1e-15 {
			t.Errorf("%s: Sigma %v, want %v", c.batch, m.Sigma[1][1], want)
		}
	}
	text := strings.Replace(dataStudy, "  columns:", "  batch: {size: 2}\n  columns:", 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "flowers.csv"), []byte("species,petal\na,1\nvirginica,2\nc,3\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if s, err := Parse("test.yaml", []byte(text), dir); err != nil || s.Objective.Law().Len() != 6 {
		t.Errorf("batches of two of three rows: %v", err)
	}
}

// Every fault of the key svag has its place.
func TestSVAGFaults(t *testing.T) {
	t.Parallel()
	const text = "name: a\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]], batch: BATCH}\n" +
		"ball: {R: 4}\nobservables: {square: x^2}\neta: [1/8]\nmodels: [first-order]\n"
	for _, c := range []struct{ batch, more, want string }{
		{"{svag: 0.5}", "", "s.yaml:4:78: sample.batch.svag: expected a number of at least 1, found 0.5"},
		{"{size: 2, svag: 2}", "", "svag is of pairs of single samples: expected the size 1, found 2"},
		{"{replacement: false, svag: 2}", "", "svag draws its two samples independently: expected true"},
		{"{replacement: epoch, svag: 2}", "", "svag draws its two samples independently: expected true"},
		{"{svag: 2}", "schedule: {kind: inverse, rate: 1}\n", "svag is a scaling of the noise of sgd with a constant step"},
		{"{svag: 2}", "algorithm: {kind: momentum, friction: 1}\n", "svag is a scaling of the noise of sgd with a constant step"},
		{"{svag: 2}", "", ""},
	} {
		_, err := Parse("s.yaml", []byte(strings.Replace(text, "BATCH", c.batch, 1)+c.more), "")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %q", c.batch, c.more, err, c.want)
		}
	}
}
