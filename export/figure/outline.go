package figure

import (
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// outlines is a canvas that draws text as filled outlines, so that an SVG looks
// the same on machines that do not have its font. Where marks is not nil, panels record there
// the values that they draw.
type outlines struct {
	vg.CanvasSizer
	marks *[]MarkPanel
}

var _ vg.CanvasSizer = outlines{}

// FillString implements vg.Canvas. It panics if the font is damaged; the fonts
// are embedded in this program.
func (c outlines) FillString(f font.Face, pt vg.Point, str string) {
	var (
		buf  sfnt.Buffer
		ppem = fixed.Int26_6(f.Face.UnitsPerEm())
		unit = f.Font.Size / vg.Length(ppem) // of a font unit
		path vg.Path
		pen  vg.Length
		prev sfnt.GlyphIndex
	)
	for _, r := range str {
		g, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			panic(err)
		}
		if prev != 0 {
			// A font without kerning is no error.
			if k, err := f.Face.Kern(&buf, prev, g, ppem, 0); err == nil {
				pen += vg.Length(k) * unit
			}
		}
		segments, err := f.Face.LoadGlyph(&buf, g, ppem, nil)
		if err != nil {
			panic(err)
		}
		at := func(p fixed.Point26_6) vg.Point { // fonts count y downwards here
			return vg.Point{X: pt.X + pen + vg.Length(p.X)*unit, Y: pt.Y - vg.Length(p.Y)*unit}
		}
		for i, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					path.Close()
				}
				path.Move(at(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			}
		}
		if len(segments) > 0 {
			path.Close()
		}
		advance, err := f.Face.GlyphAdvance(&buf, g, ppem, 0)
		if err != nil {
			panic(err)
		}
		pen += vg.Length(advance) * unit
		prev = g
	}
	if len(path) > 0 {
		c.Fill(path)
	}
}
