package export

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The CSV files of a study of all kinds are those of version 0.1 to the last byte, with what columns were added: names, order and
// digits are what programs of users rely on.
func TestTablesStayAsTheyWere(t *testing.T) {
	t.Parallel()
	const dir = "testdata/quad1d"
	r, err := ReadJSON(filepath.Join(dir, ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range allFiles() {
		table := f.Table(r)
		if len(table.Rows) == 0 {
			continue // curves are not in results.json
		}
		seen++
		var got bytes.Buffer
		if err := table.Write(&got); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s is not as it was:\n%s", f.Name, got.Bytes())
		}
	}
	if list, _ := filepath.Glob(dir + "/*.csv"); seen != len(list) || seen < 20 {
		t.Errorf("%d files were compared of %d", seen, len(list))
	}
}
