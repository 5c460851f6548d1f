package page

import (
	"bytes"
	"errors"
	"fmt"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/kinds"
	"kolmo/export/view"
	"kolmo/internal/par"
)

// picture is a drawn figure; its parts are nil if there is nothing to draw.
type picture struct {
	Png, Svg []byte
	title    string
	marks    []figure.MarkPanel // of the values drawn
}

// pictures are the pictures of a result as files.
type pictures struct {
	Gap, Field, Time picture
	Sections         []DrawnSection
}

// DrawnSection is a section with its picture.
type DrawnSection struct {
	*view.Section
	picture
}

// DrawPictures draws the pictures of r, several at once, PNG with dpi dots per inch; axes
// are the names of the parameters, and over what fields are drawn over, nil for the axes.
func DrawPictures(r *compare.Result, axes []string, over *figure.Warp, dpi int) (*pictures, error) {
	figures := []*figure.Figure{nil, figure.FieldFigure(r, axes, over), figure.TimeFigure(r)}
	if len(r.Gap) > 0 {
		figures[0] = figure.GapFigure(r)
	}
	list := kinds.Sections(r, true)
	for _, s := range list {
		figures = append(figures, s.Figure)
	}
	drawn, fails := make([]picture, len(figures)), make([]error, len(figures))
	par.Do(0, len(figures), func(i int) {
		if figures[i] != nil {
			drawn[i], fails[i] = pictureOf(figures[i], dpi)
		}
	})
	if err := errors.Join(fails...); err != nil {
		return nil, fmt.Errorf("export: picture: %w", err)
	}
	p := &pictures{Gap: drawn[0], Field: drawn[1], Time: drawn[2]}
	for i, s := range list {
		p.Sections = append(p.Sections, DrawnSection{s, drawn[3+i]})
	}
	return p, nil
}

// pictureOf draws the figure.
func pictureOf(f *figure.Figure, dpi int) (picture, error) {
	var png, svg bytes.Buffer
	f.DPI = dpi
	if err := f.WritePNG(&png); err != nil {
		return picture{}, err
	}
	var marks []figure.MarkPanel
	if err := f.WriteMarked(&svg, &marks); err != nil {
		return picture{}, err
	}
	return picture{png.Bytes(), svg.Bytes(), f.Title, marks}, nil
}
