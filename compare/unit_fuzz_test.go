package compare

import (
	"bytes"
	"encoding/gob"
	"testing"
)

// A stored unit, whatever it holds, is refused or read.
func FuzzDecodeUnit(f *testing.F) {
	var b bytes.Buffer
	unit := &gapUnit{Rows: []asJSON[GapRow]{{GapRow{Observable: "square", Model: "modified", Eta: 0.25, Gap: 1}}}, Curves: []Curve{{Observable: "square"}}, Warnings: []string{"w"}}
	if err := gob.NewEncoder(&b).Encode(unit); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		u, err := decodeUnit[gapUnit]("gap/1_4/modified", b)
		if err != nil {
			return
		}
		for k := range u.Plan {
			u.Plan[k].L.level(nil)
		}
	})
}
