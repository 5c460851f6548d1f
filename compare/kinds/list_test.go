package kinds

import (
	"slices"
	"testing"

	"kolmo/compare"
)

// Every part of a result is computed by the package that declares its kind, in the parts' order; the
// gaps are first, and what a kind takes is told.
func TestKindsAreThePartsOfResults(t *testing.T) {
	t.Parallel()
	var names []compare.Study
	for _, k := range list {
		names = append(names, k.Name)
		if !(k.Share > 0) && k.Work == nil {
			t.Errorf("%s: Share is %g and there is no Work", k.Name, k.Share)
		}
	}
	if !slices.Equal(names, compare.Studies()) || names[0] != compare.StudyGap {
		t.Errorf("computed are %v, results have %v", names, compare.Studies())
	}
}

// Kinds on the grids of the gaps bring the gaps and their constants, others do not.
func TestGapsComeWithWhatIsOnTheirGrids(t *testing.T) {
	t.Parallel()
	p := everything(t)
	for _, kind := range list {
		p.Studies = []compare.Study{kind.Name}
		k := newKinds(newTestSetup(t, p, &compare.Config{}))
		want := 1
		if kind.OnGaps {
			want = 2
		}
		if gaps := kind.OnGaps || kind.Name == compare.StudyGap; len(k.list) != want || (k.constant != nil) != gaps {
			t.Errorf("%s: %d kinds, constants %t", kind.Name, len(k.list), k.constant != nil)
		}
	}
}
