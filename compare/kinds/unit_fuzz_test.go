package kinds

import (
	"bytes"
	"encoding/gob"
	"testing"

	"kolmo/compare"
	"kolmo/compare/constant"
	"kolmo/compare/decay"
	"kolmo/compare/gap"
	"kolmo/compare/horizon"
	"kolmo/compare/local"
	"kolmo/compare/stationary"
	"kolmo/compare/unit"
)

// A stored unit of any kind, whatever it holds, is refused or read.
func FuzzDecodeUnit(f *testing.F) {
	for _, u := range []any{
		&gap.Unit{Rows: []unit.JSON[compare.GapRow]{{V: compare.GapRow{Key: compare.Key{Observable: "square", Model: "modified", Eta: 0.25}, Gap: 1}}}, Curves: []compare.Curve{{Observable: "square"}}, Rasters: []compare.Raster{{}}, Choices: []compare.Choice{{}}, Warnings: []string{"w"}},
		&local.Unit{Rows: []unit.JSON[compare.LocalErrorRow]{{V: compare.LocalErrorRow{Key: compare.Key{Observable: "square"}}}}, Curves: []compare.LocalCurve{{Observable: "square"}}},
		&decay.Unit{Rows: []unit.JSON[compare.DecayRow]{{V: compare.DecayRow{Key: compare.Key{Observable: "square"}}}}, Curves: []compare.DecayCurve{{}}, Moments: []unit.JSON[compare.MomentRow]{{}}},
		&horizon.Unit{Rows: []unit.JSON[compare.HorizonRow]{{V: compare.HorizonRow{Key: compare.Key{Observable: "square"}}}}},
		&stationary.Unit{Rows: []unit.JSON[compare.StationaryRow]{{V: compare.StationaryRow{Key: compare.Key{Observable: "square"}}}}},
		&constant.Unit{Row: unit.JSON[compare.ConstantRow]{V: compare.ConstantRow{Observable: "square"}}, Path: []constant.ConstantPoint{{X: []float64{1}}}},
		&stationary.SgdLimit{Null: [][2]float64{{1, 2}}, Run: [][2]float64{{1, 2}}, Scale: []float64{1}},
	} {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(u); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if u, err := unit.DecodeUnit[gap.Unit]("gap/1_4/modified", b); err == nil {
			for k := range u.Plan {
				u.Plan[k].L.Level(nil)
			}
		}
		if u, err := unit.DecodeUnit[stationary.SgdLimit]("stationary/1_4/sgd", b); err == nil {
			u.Side()
		}
		unit.DecodeUnit[local.Unit]("local-error/1_4/modified", b)
		unit.DecodeUnit[decay.Unit]("decay/1_4/modified", b)
		unit.DecodeUnit[horizon.Unit]("horizon/1_4/modified", b)
		unit.DecodeUnit[stationary.Unit]("stationary/1_4/modified", b)
		unit.DecodeUnit[constant.Unit]("constant/square/modified", b)
	})
}
