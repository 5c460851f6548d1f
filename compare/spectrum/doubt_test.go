package spectrum

import (
	"math"
	"testing"
)

// A mode whose error by the rules or the ends is not known leaves in doubt those after it and those just before it; a rate that a richer
// rule or a nearer end alone has, those that are faster or as near. Slower ones that are farther, and modes that are known under both, stay.
func TestModesWithoutErrorsLeaveNeighboursInDoubt(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	rates := []float64{1, 1.98, 2, 3}
	twins := []float64{1, 1, 3}
	for name, c := range map[string]struct {
		rates, rules, tapers []float64
		rich, moved          []float64 // nil: as the grid
		want                 []bool
	}{
		"all known":                 {rates, []float64{0, 0, 0, 0}, []float64{0, 0, 0, 0}, nil, nil, []bool{false, false, false, false}},
		"no rule":                   {rates, []float64{0, 0, nan, 0}, []float64{0, 0, 0, 0}, nil, nil, []bool{false, true, false, true}},
		"no bound of ends":          {rates, []float64{0, 0, 0, 0}, []float64{0, 0, inf, 0}, nil, nil, []bool{false, true, false, true}},
		"an error that reaches far": {rates, []float64{0.97, 0, nan, 0}, []float64{0, 0, 0, 0}, nil, nil, []bool{true, true, false, true}},
		"the first":                 {rates, []float64{0, 0, 0, 0}, []float64{inf, 0, 0, 0}, nil, nil, []bool{false, true, true, true}},
		"a slower one under a rule": {rates, []float64{0, 0, 0, nan}, []float64{0, 0, 0, 0}, []float64{1, 1.5, 1.98, 2}, nil, []bool{false, true, true, false}},
		"slower by nearer ends":     {rates, []float64{0, 0, 0, 0}, []float64{0, 0, 0, nan}, nil, []float64{0.5, 1, 1.98, 2}, []bool{true, true, true, false}},
		"an alternating one":        {rates, []float64{0, 0, 0, 0}, []float64{0, 0, 0, 0}, []float64{-0.5, 1, 1.98, 2, 3}, nil, []bool{false, false, false, false}},
		"multiple":                  {twins, []float64{0, 0, 0}, []float64{0, 0, 0}, twins, twins, []bool{false, false, false}},
	} {
		g := grids(c.rates, c.rates, c.rates)
		r := &rung{grids: g}
		r.rich = []*Spectrum{g[1], g[1]}
		if c.rich != nil {
			r.rich[1] = grids(c.rich)[0]
		}
		if r.moved = g[0]; c.moved != nil {
			r.moved = grids(c.moved)[0]
		}
		climbs := &climbed{rules: c.rules, tapers: c.tapers}
		for _, v := range c.rates {
			climbs.found, climbs.from = append(climbs.found, Found{Rate: complex(v, 0)}), append(climbs.from, r)
		}
		climbs.order()
		for k, f := range climbs.found {
			if f.Doubt != c.want[k] {
				t.Errorf("%s: mode %d in doubt %v, want %v", name, k+1, f.Doubt, c.want[k])
			}
		}
	}
}
