package nc

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kolmo/internal/slow"
)

// TestKillBetweenCounts: a kill between two of the counts that a step ends with leaves some
// datasets longer than t. No reader takes that for a step, whichever those are.
func TestKillBetweenCounts(t *testing.T) {
	slow.Skip(t)
	const written = 5
	dir := t.TempDir()
	var list []string
	for round := range 3 { // dimensions
		s := killSample(round)
		path := filepath.Join(dir, fmt.Sprintf("%d.nc", round))
		w, err := s.create(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range written {
			if err := w.Append(s.step(i)); err != nil {
				t.Fatal(err)
			}
		}
		for k, at := range w.extents.at[:len(w.extents.at)-1] {
			if _, err := w.extents.file.WriteAt(binary.LittleEndian.AppendUint64(nil, written+1), at); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path + partExt)
			if err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(dir, fmt.Sprintf("%d-%d.nc%s", round, k, partExt))
			if err := os.WriteFile(to, text, 0o666); err != nil {
				t.Fatal(err)
			}
			if _, err := checkRound(to, written, written); err != nil {
				t.Errorf("after count %d: %v", k, err)
			}
			list = append(list, to)
		}
		if err := w.Abort(); err != nil {
			t.Fatal(err)
		}
	}
	checkKilledByReaders(t, list)
}
