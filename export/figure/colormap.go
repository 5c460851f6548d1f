package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/brewer"
)

// ColorMap gives the colour of values in [Min, Max]; values outside take the
// colour of the nearer end.
type ColorMap struct {
	Min, Max float64
	Colors   []color.NRGBA
}

// DivergingColors is the number of colours of the diverging map; the sequential ones
// have fewer.
const DivergingColors = 11

// minorSign is the part of the largest value below which values of the other
// sign do not make a map diverging.
const minorSign = 0.02

// NewColorMap returns the map for values in [lo, hi]: if both signs appear, one
// that is white at zero and symmetric about it, else from pale at the small
// values to dark at the large ones. Red is positive and blue negative in both.
// The colours are those of Brewer's RdBu, Reds and Blues.
func NewColorMap(lo, hi float64) ColorMap {
	if lo < 0 && hi > 0 && min(-lo, hi) > minorSign*max(-lo, hi) {
		m := max(-lo, hi)
		return ColorMap{-m, m, BrewerColors(brewer.TypeDiverging, "RdBu", DivergingColors, true)}
	}
	if hi-lo <= 1e-9*max(math.Abs(lo), math.Abs(hi)) { // a constant
		pad := max(math.Abs(hi)*1e-3, math.SmallestNonzeroFloat64*1e10)
		lo, hi = lo-pad, hi+pad
	}
	if math.Abs(lo) > math.Abs(hi) {
		return ColorMap{lo, hi, BrewerColors(brewer.TypeSequential, "Blues", 9, true)}
	}
	return ColorMap{lo, hi, BrewerColors(brewer.TypeSequential, "Reds", 9, false)}
}

// NewValueMap returns the map for values of U and u in [lo, hi], from pale to dark:
// Brewer's YlGnBu without its darkest colour, on which no contour line is seen. Its
// hues are not those of differences.
func NewValueMap(lo, hi float64) ColorMap {
	m := NewColorMap(lo, hi)
	colors := BrewerColors(brewer.TypeSequential, "YlGnBu", 9, false)
	if m.diverging() {
		m.Min, m.Max = lo, hi
	}
	m.Colors = colors[:len(colors)-1]
	return m
}

// ownScale is the part of their common range that the wider of U and u must fill for them
// to share it.
const ownScale = 0.25

// ValueMaps returns the maps for values of U and of u: one for both, or, where their
// distance is so much larger than their variation that either would be of one colour, one
// each.
func ValueMaps(lowU, highU, low, high float64) (u, mean ColorMap) {
	lo, hi := min(lowU, low), max(highU, high)
	if max(highU-lowU, high-low) < ownScale*(hi-lo) {
		return NewValueMap(lowU, highU), NewValueMap(low, high)
	}
	return NewValueMap(lo, hi), NewValueMap(lo, hi)
}

// diverging reports whether the map is symmetric about zero.
func (m ColorMap) diverging() bool { return m.Min == -m.Max && len(m.Colors) == DivergingColors }

// BrewerColors returns a palette; reverse turns it round.
func BrewerColors(t brewer.PaletteType, name string, n int, reverse bool) []color.NRGBA {
	p, err := brewer.GetPalette(t, name, n)
	if err != nil {
		panic("export: " + err.Error()) // the names are constants above
	}
	out := make([]color.NRGBA, n)
	for i, c := range p.Colors() {
		k := i
		if reverse {
			k = n - 1 - i
		}
		out[k] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return out
}

// at returns the colour of v, linear between the colours of the palette.
func (m ColorMap) at(v float64) color.NRGBA {
	s := (v - m.Min) / (m.Max - m.Min) * float64(len(m.Colors)-1)
	s = min(max(s, 0), float64(len(m.Colors)-1))
	k := min(int(s), len(m.Colors)-2)
	t := s - float64(k)
	return mixed(m.Colors[k], m.Colors[k+1], t)
}

// shades is the number of colours of an image of a map: more than the eye
// tells apart, and images of them are small.
const shades = 127

// palette returns the colours of an image: at 0 the transparent one, then shades of
// them from Min to Max.
func (m ColorMap) palette() color.Palette {
	p := make(color.Palette, 1+shades)
	p[0] = color.NRGBA{}
	for k := range shades {
		p[1+k] = m.at(m.Min + (m.Max-m.Min)*float64(k)/(shades-1))
	}
	return p
}

// index returns the place in the palette of the colour next to that of v.
func (m ColorMap) index(v float64) uint8 {
	s := (v - m.Min) / (m.Max - m.Min) * (shades - 1)
	return 1 + uint8(math.Round(min(max(s, 0), shades-1)))
}
