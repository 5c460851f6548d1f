package export

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
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
	marks [][]markPanel
	used  map[string]bool // colours
}

// number returns the next figure; nil for a picture that is not there.
func (g *gallery) number(p *picture, caption string) *figureView {
	if p.svg == nil {
		return nil
	}
	// Inside HTML the XML declaration has no place.
	svg := themed(string(p.svg[bytes.Index(p.svg, []byte("<svg ")):]), g.used)
	g.marks = append(g.marks, p.marks)
	return &figureView{Number: len(g.marks), SVG: template.HTML(svg), Caption: prose(caption), Marks: len(g.marks) - 1, Narrow: widthOf(svg) < narrowFigure}
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

// mostTold is the most series whose ends a description tells.
const mostTold = 16

// describe says what is seen on a figure: of each series where it begins and ends, of a map what
// its author says.
func describe(title, more string, panels []markPanel) string {
	parts := []string{clean(title)}
	if more != "" {
		parts = append(parts, more)
	}
	told, left := 0, 0
	for _, p := range panels {
		var lines []string
		for _, s := range p.Series {
			if told == mostTold {
				left++
				continue
			}
			told++
			a, b := s.Points[0], s.Points[len(s.Points)-1]
			if len(s.Points) == 1 {
				lines = append(lines, fmt.Sprintf("%s: %v at %s = %v", s.Label, a[3], p.X, a[2]))
			} else {
				lines = append(lines, fmt.Sprintf("%s: from %v at %s = %v to %v at %v", s.Label, a[3], p.X, a[2], b[3], b[2]))
			}
		}
		if len(lines) > 0 {
			parts = append(parts, p.Title+": "+strings.Join(lines, "; "))
		}
	}
	if left > 0 {
		parts = append(parts, fmt.Sprintf("%d more lines", left))
	}
	return html.EscapeString(strings.Join(parts, ". "))
}
