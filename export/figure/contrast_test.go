package figure

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"
)

// Two contrasts that WCAG gives, and those of black and white.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b color.NRGBA
		want float64
	}{{color.NRGBA{A: 0xff}, paper, 21}, {paper, paper, 1}, {colorOf("777777"), paper, 4.48}, {colorOf("0000FF"), paper, 8.59}} {
		if got := contrast(c.a, c.b); math.Abs(got-c.want) > 0.005 {
			t.Errorf("%v on %v: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// Lines and texts of all pictures are seen by day and by night.
func TestColorsAreSeen(t *testing.T) {
	t.Parallel()
	lines := slices.Clone(OkabeIto)
	for n := 1; n <= 12; n++ {
		for k := range n {
			lines = append(lines, EtaColor(k, n))
		}
	}
	for _, c := range lines {
		if day, dark := contrast(c, dayPage), contrast(nightOf(c), nightPage); day < lineContrast || dark < lineContrast {
			t.Errorf("%v: contrast %.2f by day and %.2f by night, want %v", c, day, dark, lineContrast)
		}
	}
	for _, c := range []color.NRGBA{Ink, SoftInk} {
		if day, dark := contrast(c, dayPage), contrast(nightOf(c), nightPage); day < textContrast || dark < textContrast {
			t.Errorf("text in %v: contrast %.2f by day and %.2f by night, want %v", c, day, dark, textContrast)
		}
	}
	if nightOf(Ink) == Ink || contrast(nightOf(gridInk), nightPage) > lineContrast {
		t.Error("ink stays dark, or the grid is as bright as data")
	}
}

// Colours of a picture become properties, those on the colours of maps stay.
func TestThemed(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	got := Themed(`<path style="fill:none;stroke:#22262B;stroke-width:1" /><path style="fill:#FFFFFF" /><path style="stroke:#`+HexOf(lineInk)+`" />`, used)
	want := `<path style="fill:none;stroke:var(--c22262B);stroke-width:1" /><path style="fill:var(--cFFFFFF)" /><path style="stroke:#1F1F1F" />`
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	day, dark := Properties(used)
	if day != "--c22262B:#22262B;--cFFFFFF:#FFFFFF;" || !strings.Contains(dark, "--cFFFFFF:#15181C;") {
		t.Errorf("by day %s, by night %s", day, dark)
	}
}
