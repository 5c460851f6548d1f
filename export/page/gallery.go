package page

import (
	"bytes"
	"html/template"
	"regexp"
	"strconv"

	"kolmo/export/figure"
	"kolmo/export/table"
)

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
