package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"

	"kolmo/compare"
)

// Styles returns the style of each model: by its place among the diffusions of the
// dynamics, so that a model looks the same in every study, or one of its own where the
// results do not say. The gaps of the first two nearly coincide: the first is drawn
// larger, the second dashed on top.
func Styles(r *compare.Result, models []string) map[string]Series {
	out := map[string]Series{}
	next := 0
	for _, m := range r.Models {
		next = max(next, m.Place+1)
	}
	for _, m := range models {
		k := next
		if i := slices.IndexFunc(r.Models, func(info compare.ModelInfo) bool { return info.Name == m }); i >= 0 {
			k = r.Models[i].Place
		} else {
			next++
		}
		s := Series{Color: OkabeIto[k%len(OkabeIto)], Shape: shapes[k%len(shapes)], Radius: 3.4}
		switch k {
		case 0:
			s.Radius = 4.4
		case 1:
			s.Radius = 3
			s.Dashes = []vg.Length{5, 3}
		}
		out[m] = s
	}
	return out
}

// Line returns an empty line with markers in a style.
func (s Series) Line(label string) Line {
	return Line{Label: label, Color: s.Color, Dashes: s.Dashes, Marker: true, Shape: s.Shape, Radius: s.Radius}
}
