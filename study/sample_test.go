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
