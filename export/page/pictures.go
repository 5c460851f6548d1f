package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"strconv"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/kinds"
	"kolmo/export/table"
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
	figures := []*figure.Figure{figure.GapFigure(r), figure.FieldFigure(r, axes, over), figure.TimeFigure(r)}
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

// figureView is a numbered figure of the report.
type figureView struct {
	Number  int
	SVG     template.HTML
	Caption template.HTML
	Marks   int // its place among the marks of all figures
	Narrow  bool
}

// gallery numbers the figures of a report and collects what they need.
type gallery struct {
	marks [][]figure.MarkPanel
	used  map[string]bool // colours
}

// number returns the next figure; nil for a picture that is not there.
func (g *gallery) number(p *picture, caption string) *figureView {
	if p.Svg == nil {
		return nil
	}
	// Inside HTML the XML declaration has no place.
	svg := figure.Themed(string(p.Svg[bytes.Index(p.Svg, []byte("<svg ")):]), g.used)
	g.marks = append(g.marks, p.marks)
	return &figureView{Number: len(g.marks), SVG: template.HTML(svg), Caption: table.Prose(caption), Marks: len(g.marks) - 1, Narrow: widthOf(svg) < narrowFigure}
}

// narrowFigure is the width in points below which a figure is not widened to the page.
const narrowFigure = 460

var svgWidth = regexp.MustCompile(`width="([0-9.]+)pt"`)

// widthOf returns the width of an SVG in points.
func widthOf(svg string) float64 {
	m := svgWidth.FindStringSubmatch(svg)
	if m == nil {
		return 0
	}
	w, _ := strconv.ParseFloat(m[1], 64)
	return w
}
