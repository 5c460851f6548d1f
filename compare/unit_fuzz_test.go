package compare

import (
	"bytes"
	"encoding/gob"
	"testing"
)

// A stored unit of any kind, whatever it holds, is refused or read.
func FuzzDecodeUnit(f *testing.F) {
	for _, unit := range []any{
		&gapUnit{Rows: []asJSON[GapRow]{{GapRow{Observable: "square", Model: "modified", Eta: 0.25, Gap: 1}}}, Curves: []Curve{{Observable: "square"}}, Rasters: []Raster{{}}, Choices: []Choice{{}}, Warnings: []string{"w"}},
		&localUnit{Rows: []asJSON[LocalErrorRow]{{LocalErrorRow{Observable: "square"}}}, Curves: []LocalCurve{{Observable: "square"}}},
		&decayUnit{Rows: []asJSON[DecayRow]{{DecayRow{Observable: "square"}}}, Curves: []DecayCurve{{}}, Moments: []asJSON[MomentRow]{{}}},
		&horizonUnit{Rows: []asJSON[HorizonRow]{{HorizonRow{Observable: "square"}}}},
		&stationaryUnit{Rows: []asJSON[StationaryRow]{{StationaryRow{Observable: "square"}}}},
		&constantUnit{Row: asJSON[ConstantRow]{ConstantRow{Observable: "square"}}, Path: []constantPoint{{X: []float64{1}}}},
		&sgdLimit{Null: [][2]float64{{1, 2}}, Run: [][2]float64{{1, 2}}, Scale: []float64{1}},
	} {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(unit); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if u, err := decodeUnit[gapUnit]("gap/1_4/modified", b); err == nil {
			for k := range u.Plan {
				u.Plan[k].L.level(nil)
			}
		}
		if u, err := decodeUnit[sgdLimit]("stationary/1_4/sgd", b); err == nil {
			u.side()
		}
		decodeUnit[localUnit]("local-error/1_4/modified", b)
		decodeUnit[decayUnit]("decay/1_4/modified", b)
		decodeUnit[horizonUnit]("horizon/1_4/modified", b)
		decodeUnit[stationaryUnit]("stationary/1_4/modified", b)
		decodeUnit[constantUnit]("constant/square/modified", b)
	})
}
