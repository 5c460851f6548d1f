package export

import (
	"bytes"
	"fmt"

	"kolmo/compare"
)

// pictures are the pictures of a result as files.
type pictures struct {
	gapPNG, gapSVG    []byte
	fieldPNG, timePNG []byte // nil if there is nothing to draw
	fieldTitle        string
	sections          []drawnSection
}

// drawnSection is a section with its picture; nil if it has none.
type drawnSection struct {
	*section
	png, svg []byte
}

// drawPictures draws the pictures of r, PNG with dpi dots per inch; axes are the
// names of the parameters.
func drawPictures(r *compare.Result, axes []string, dpi int) (*pictures, error) {
	var (
		p    pictures
		gap  = GapFigure(r)
		svg  bytes.Buffer
		fail error
	)
	encode := func(f *Figure) []byte {
		if f == nil || fail != nil {
			return nil
		}
		var b bytes.Buffer
		f.dpi = dpi
		fail = f.WritePNG(&b)
		return b.Bytes()
	}
	p.gapPNG = encode(gap)
	if f := FieldFigure(r, axes); f != nil {
		p.fieldPNG, p.fieldTitle = encode(f), f.title
	}
	p.timePNG = encode(TimeFigure(r))
	for _, s := range sections(r) {
		d := drawnSection{section: s, png: encode(s.Figure)}
		if s.Figure != nil && fail == nil {
			var b bytes.Buffer
			fail = s.Figure.WriteSVG(&b)
			d.svg = b.Bytes()
		}
		p.sections = append(p.sections, d)
	}
	if fail == nil {
		fail = gap.WriteSVG(&svg)
	}
	if fail != nil {
		return nil, fmt.Errorf("export: picture: %w", fail)
	}
	p.gapSVG = svg.Bytes()
	return &p, nil
}
