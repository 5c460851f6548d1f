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
	if fail == nil {
		fail = gap.WriteSVG(&svg)
	}
	if fail != nil {
		return nil, fmt.Errorf("export: picture: %w", fail)
	}
	p.gapSVG = svg.Bytes()
	return &p, nil
}
