package export

import (
	"bytes"
	"fmt"

	"kolmo/compare"
)

// picture is a drawn figure; its parts are nil if there is nothing to draw.
type picture struct {
	png, svg []byte
	title    string
}

// pictures are the pictures of a result as files.
type pictures struct {
	gap, field, time picture
	sections         []drawnSection
}

// drawnSection is a section with its picture.
type drawnSection struct {
	*section
	picture
}

// drawPictures draws the pictures of r, PNG with dpi dots per inch; axes are the
// names of the parameters.
func drawPictures(r *compare.Result, axes []string, dpi int) (*pictures, error) {
	var (
		p    pictures
		fail error
	)
	encode := func(f *Figure) picture {
		if f == nil || fail != nil {
			return picture{}
		}
		var png, svg bytes.Buffer
		f.dpi = dpi
		if fail = f.WritePNG(&png); fail == nil {
			fail = f.WriteSVG(&svg)
		}
		return picture{png.Bytes(), svg.Bytes(), f.title}
	}
	if len(r.Gap) > 0 {
		p.gap = encode(GapFigure(r))
	}
	p.field = encode(FieldFigure(r, axes))
	p.time = encode(TimeFigure(r))
	for _, s := range sections(r) {
		p.sections = append(p.sections, drawnSection{s, encode(s.Figure)})
	}
	if fail != nil {
		return nil, fmt.Errorf("export: picture: %w", fail)
	}
	return &p, nil
}
