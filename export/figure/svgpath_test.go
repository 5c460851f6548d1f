package figure

import (
	"math"
	"strings"
	"testing"
)

// Paths keep their shape: outlines to their unit, lines to their tolerance.
func TestShorterPaths(t *testing.T) {
	t.Parallel()
	line := "M0,0"
	for k := 1; k <= 100; k++ {
		line += "L" + shortDecimal(float64(k)/10) + "," + shortDecimal(2*float64(k)/10)
	}
	for in, want := range map[string]string{
		`<path d="M10,20L10.25,20Z" style="fill:none;stroke:#000000" />`: `<path d="M10 20l.25 0z" style="fill:none;stroke:#000000" />`,
		`<path d="` + line + `L10,0" style="fill:none" />`:               `<path d="M0 0l10 20 0-20" style="fill:none" />`,
		`<path d="M1,2Q1.5,2,2,2.04L3,1ZM4,4L5,5" style="fill:#000000"`:  `<path transform="scale(0.02)" d="M50 100q25 0 50 2l50-52zm150 100l50 50" style="fill:#000000"`,
		`<path d="M1,2A5,5,0,0,1,3,4" style="fill:none"`:                 `<path d="M1,2A5,5,0,0,1,3,4" style="fill:none"`,
	} {
		if got := shorterPaths(in); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	// A circle: every point of the original is near a line that is left.
	circle := "M10,0"
	for k := 1; k <= 720; k++ {
		a := float64(k) * math.Pi / 360
		circle += "L" + shortDecimal(10*math.Cos(a)) + "," + shortDecimal(10*math.Sin(a))
	}
	all, _ := readPath(circle)
	few := straightened(all)
	if len(few) > 100 {
		t.Errorf("%d of %d points are left", len(few), len(all))
	}
	for _, s := range all {
		least := math.Inf(1)
		for k := 1; k < len(few); k++ {
			least = min(least, float64(distanceToLine(s.points[0], few[k-1].points[0], few[k].points[0])))
		}
		if least > lineTolerance {
			t.Fatalf("%v is %.3f away", s.points[0], least)
		}
	}
	if strings.Contains(writePath(few, 0.01, 0.01), "e") {
		t.Error("an exponent")
	}
}
