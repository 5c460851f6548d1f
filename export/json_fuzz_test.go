package export

import (
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Whatever a results.json holds, it is refused or can be printed and written again.
func FuzzDecodeJSON(f *testing.F) {
	for d := 1; d <= 2; d++ {
		path := filepath.Join(f.TempDir(), ResultsFile)
		r := synthetic(d)
		r.Gap, r.Order = r.Gap[:2], r.Order[:1]
		if err := WriteJSON(path, r); err != nil {
			f.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"schema": 1, "gap": [null, {}], "order": null, "decay": [{}], "local_error": [{}], "constant": [{}], "horizon": [{}], "stationary": [{}], "moments": [{}], "choices": [{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := DecodeJSON(text)
		if err != nil {
			return
		}
		r.Certified()
		if err := WriteTable(io.Discard, r); err != nil {
			t.Error(err)
		}
	})
}
