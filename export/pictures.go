package export

import (
	"bytes"
	"errors"
	"fmt"

	"kolmo/compare"
	"kolmo/internal/par"
)

// picture is a drawn figure; its parts are nil if there is nothing to draw.
type picture struct {
	png, svg []byte
	title    string
	marks    []markPanel // of the values drawn
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

// drawPictures draws the pictures of r, several at once, PNG with dpi dots per inch; axes
// are the names of the parameters.
func drawPictures(r *compare.Result, axes []string, dpi int) (*pictures, error) {
	figures := []*Figure{nil, FieldFigure(r, axes), TimeFigure(r)}
	if len(r.Gap) > 0 {
		figures[0] = GapFigure(r)
	}
	list := sections(r, true)
	for _, s := range list {
		figures = append(figures, s.Figure)
	}
	drawn, fails := make([]picture, len(figures)), make([]error, len(figures))
	par.Do(0, len(figures), func(i int) {
		if figures[i] != nil {
			drawn[i], fails[i] = figures[i].picture(dpi)
		}
	})
	if err := errors.Join(fails...); err != nil {
		return nil, fmt.Errorf("export: picture: %w", err)
	}
	p := &pictures{gap: drawn[0], field: drawn[1], time: drawn[2]}
	for i, s := range list {
		p.sections = append(p.sections, drawnSection{s, drawn[3+i]})
	}
	return p, nil
}

// picture draws the figure.
func (f *Figure) picture(dpi int) (picture, error) {
	var png, svg bytes.Buffer
	f.dpi = dpi
	if err := f.WritePNG(&png); err != nil {
		return picture{}, err
	}
	var marks []markPanel
	if err := f.writeSVG(&svg, &marks); err != nil {
		return picture{}, err
	}
	return picture{png.Bytes(), svg.Bytes(), f.title, marks}, nil
}
