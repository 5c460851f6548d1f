package export

import (
	"os"
	"path/filepath"
	"testing"

	"kolmo/export/page"
	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

func TestAllWritesItsFilesAndNoOthers(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out", "study")
	if err := writeAll(dir, madeup.Result(2), someMeta(), 40); err != nil {
		t.Fatal(err)
	}
	checkFolder(t, dir, []string{CSVFile, "gap-time.csv", "order.csv", FieldPNGFile, FieldSVGFile, GapPNGFile, GapSVGFile, TimePNGFile, TimeSVGFile, ReportFile, ResultsFile, "models.csv", "models.png", "models.svg"})
	// A later run without rasters and curves leaves no picture of the former.
	r := madeup.Result(3)
	r.Curves, r.Rasters = nil, nil
	if err := All(dir, r, page.Meta{}); err != nil {
		t.Fatal(err)
	}
	checkFolder(t, dir, []string{CSVFile, "order.csv", GapPNGFile, GapSVGFile, ReportFile, ResultsFile, "models.csv", "models.png", "models.svg"})
}

// checkFolder checks that dir holds the given files, each not empty, and no others.
func checkFolder(t *testing.T, dir string, want []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		found[e.Name()] = true
		if info.Size() == 0 {
			t.Errorf("%s is empty", e.Name())
		}
	}
	for _, name := range want {
		if !found[name] {
			t.Errorf("no %s", name)
		}
		delete(found, name)
	}
	if len(found) > 0 {
		t.Errorf("unexpected files: %v", found)
	}
}

// someMeta is what the report says of a made-up study.
func someMeta() page.Meta {
	return page.Meta{StudyText: "name: made-up\n", Loss: "w1^2", Parameters: []string{"w1"}}
}
