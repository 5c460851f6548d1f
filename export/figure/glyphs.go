package figure

import (
	"strings"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// noGlyph stands for a character that the font of the pictures lacks.
const noGlyph = '□'

// plainText is text.Plain with noGlyph for what the font lacks, which would be drawn as
// nothing at all in a PNG.
type plainText struct{ text.Plain }

var _ text.Handler = plainText{}

// newPlainText returns the handler of all text in the pictures.
func newPlainText() text.Handler { return plainText{text.Plain{Fonts: fonts()}} }

func (h plainText) Box(txt string, f font.Font) (width, height, depth vg.Length) {
	return h.Plain.Box(h.drawable(txt, f), f)
}

func (h plainText) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	h.Plain.Draw(c, h.drawable(txt, sty.Font), sty, pt)
}

// drawable returns a text with noGlyph for each character that the font lacks, without
// those of them that are not to be seen, such as joiners.
func (h plainText) drawable(txt string, f font.Font) string {
	face := h.Fonts.Lookup(f, f.Size).Face
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII {
			return r
		}
		if g, err := face.GlyphIndex(&buf, r); err == nil && g != 0 {
			return r
		}
		if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return noGlyph
	}, txt)
}
