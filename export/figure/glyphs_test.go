package figure

import (
	"testing"

	"gonum.org/v1/plot/vg/draw"

	"kolmo/internal/madeup"
)

// What the font lacks is a box that takes room, and not nothing; what is not to be seen is
// left out.
func TestMissingGlyphs(t *testing.T) {
	t.Parallel()
	h := newPlainText().(plainText)
	sty := BoldStyle(titleSize, draw.XCenter)
	for in, want := range map[string]string{
		"ünïcode ξ∂² −": "ünïcode ξ∂² −", "a 漢字 b": "a □□ b", "two\nlines": "two\nlines", "x\U000E0100y": "xy",
	} {
		if got := h.drawable(in, sty.Font); got != want {
			t.Errorf("%q is drawn as %q, want %q", in, got, want)
		}
	}
	if with, without := sty.Width("a 漢 b"), sty.Width("a b"); with <= without+2 {
		t.Errorf("%.1f pt wide with a box, %.1f pt without", with, without)
	}
	picture := func(title string) int {
		r := madeup.Result(1)
		r.Title = title
		f := GapFigure(r)
		f.DPI = testDPI
		return pixels(t, decode(t, f))[paper]
	}
	if with, without := picture("漢字漢字漢字"), picture("."); with >= without {
		t.Errorf("a title that the font lacks leaves %d white pixels, a full stop %d", with, without)
	}
}
