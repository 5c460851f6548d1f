package figure

import (
	"math"
	"testing"
)

// Bars make room for themselves on their axis and show: the same points without errors have
// fewer pixels of their colour.
func TestLinesWithBars(t *testing.T) {
	t.Parallel()
	l := Line{X: []float64{1, 2, 3}, Y: []float64{1, 2, 3}, Color: OkabeIto[1], Marker: true, NoLine: true}
	count := func(l Line) int {
		f := OfLines("bars", []Lines{{Title: "panel", Lines: []Line{l}}}, 1, false)
		return pixels(t, decode(t, f))[l.Color]
	}
	plain := count(l)
	l.YErr = []float64{0.5, 1, math.NaN()}
	p := Lines{Lines: []Line{l}}
	if s := p.span(); s.lo[1] != 0.5 || s.hi[1] != 3 {
		t.Errorf("span %v", s)
	}
	vertical := count(l)
	l.YErr, l.XErr = nil, []float64{0.5, 5, 0}
	if horizontal := count(l); plain == 0 || vertical <= plain || horizontal <= plain {
		t.Errorf("%d pixels without bars, %d and %d with", plain, vertical, horizontal)
	}
}
