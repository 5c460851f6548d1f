// Package figure draws pictures as PNG and SVG in one style: lines, maps with contour lines,
// and those of gaps and fields.
//
// They are drawn with gonum/plot: DejaVu Sans, which has the superscripts and Greek letters the
// default font lacks, and the colour-blind safe palette of Okabe and Ito (2008). PNG has 200 dots
// per inch; in SVG text is drawn as outlines, so that it needs no font.
package figure

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"kolmo/export/table"
	"kolmo/internal/wholefile"
)

// A Figure is a picture of a result: a title, panels in rows and columns, and a
// legend below them, where it covers nothing.
type Figure struct {
	Title          string
	Cols, Rows     int
	PanelW, PanelH vg.Length
	Legend         []LegendEntry
	DPI            int    // of the PNG; 0 means DotsPerInch
	seen           string // what is to be seen, where the values drawn do not say it
	// panels draws all panels into the space between title and legend.
	Panels func(c draw.Canvas)
}

// LegendEntry is a text with the small picture it explains.
type LegendEntry struct {
	Text  string
	Thumb func(c draw.Canvas) // nil for text alone
}

const (
	margin     = vg.Length(10)
	thumbWidth = vg.Length(26)
	thumbSpace = vg.Length(5)
	entrySpace = vg.Length(16)
	legendLine = vg.Length(15)
	titleLine  = vg.Length(15)
	titleSpace = vg.Length(5)
	titleLines = 3 // a longer title is cut
)

// width returns the width of the whole figure.
func (f *Figure) width() vg.Length {
	return max(vg.Length(f.Cols)*f.PanelW+vg.Length(f.Cols-1)*figureSpace, 300) + 2*margin
}

// height returns the height of the whole figure.
func (f *Figure) height() vg.Length {
	h := vg.Length(f.Rows)*f.PanelH + vg.Length(f.Rows-1)*figureSpace + 2*margin
	if n := len(f.titleText()); n > 0 {
		h += vg.Length(n)*titleLine + titleSpace
	}
	if n := len(f.legendLines()); n > 0 {
		h += vg.Length(n)*legendLine + 6
	}
	return h
}

// titleText returns the title broken into lines that fit.
func (f *Figure) titleText() []string {
	return breakLines(table.Clean(f.Title), BoldStyle(titleSize, draw.XCenter), f.width()-2*margin, titleLines)
}

// breakLines breaks s into at most most lines no wider than w, of about the same
// width; what does not fit is cut and marked with an ellipsis.
func breakLines(s string, sty text.Style, w vg.Length, most int) []string {
	lines := fillLines(s, sty, w)
	if n := len(lines); n > 1 && n <= most {
		for narrower := w * 0.97; narrower > w/2; narrower *= 0.97 {
			next := fillLines(s, sty, narrower)
			if len(next) > n {
				break
			}
			lines = next
		}
	}
	cut := len(lines) > most
	if cut {
		lines = lines[:most]
	}
	for i, l := range lines {
		lines[i] = Shorten(l, sty, w, cut && i == most-1)
	}
	return lines
}

// fillLines breaks s into lines that are filled up to w; a word alone may be wider.
func fillLines(s string, sty text.Style, w vg.Length) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case sty.Width(line+" "+word) <= w:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Shorten cuts s until it is no wider than w, with an ellipsis if it was cut or
// if mark says so.
func Shorten(s string, sty text.Style, w vg.Length, mark bool) string {
	if !mark && sty.Width(s) <= w {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && sty.Width(string(r)+"…") > w {
		r = r[:len(r)-1]
	}
	return strings.TrimRight(string(r), " ") + "…"
}

// legendLines distributes the legend over lines.
func (f *Figure) legendLines() [][]LegendEntry {
	var (
		lines [][]LegendEntry
		used  vg.Length
	)
	for _, e := range f.Legend {
		w := entryWidth(e)
		if len(lines) == 0 || used+entrySpace+w > f.width()-2*margin {
			lines = append(lines, nil)
			used = -entrySpace
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
		used += entrySpace + w
	}
	return lines
}

func entryWidth(e LegendEntry) vg.Length {
	w := TextStyle(LabelSize, draw.XLeft).Width(e.Text)
	if e.Thumb != nil {
		w += thumbWidth + thumbSpace
	}
	return w
}

// draw draws the figure.
func (f *Figure) draw(c draw.Canvas) {
	c.SetColor(paper)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, margin, -margin, margin, -margin)
	lines := f.titleText()
	for _, l := range lines {
		drawText(c, BoldStyle(titleSize, draw.XCenter), vg.Point{X: c.Center().X, Y: c.Max.Y - titleSize}, l)
		c.Max.Y -= titleLine
	}
	if len(lines) > 0 {
		c.Max.Y -= titleSpace
	}
	entries := f.legendLines()
	for i := len(entries) - 1; i >= 0; i-- {
		f.drawLegendLine(c, entries[i])
		c.Min.Y += legendLine
	}
	if len(entries) > 0 {
		c.Min.Y += 6
	}
	f.Panels(c)
}

// drawLegendLine draws entries at the bottom of c, centred.
func (f *Figure) drawLegendLine(c draw.Canvas, entries []LegendEntry) {
	total := -entrySpace
	for _, e := range entries {
		total += entryWidth(e) + entrySpace
	}
	x := c.Center().X - total/2
	for _, e := range entries {
		if e.Thumb != nil {
			e.Thumb(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
				Min: vg.Point{X: x, Y: c.Min.Y}, Max: vg.Point{X: x + thumbWidth, Y: c.Min.Y + legendLine}}})
			x += thumbWidth + thumbSpace
		}
		sty := TextStyle(LabelSize, draw.XLeft)
		drawText(c, sty, vg.Point{X: x, Y: c.Min.Y + (legendLine-capHeight*LabelSize)/2}, e.Text)
		x += sty.Width(e.Text) + entrySpace
	}
}

// Tiles returns the layout of the panels.
func (f *Figure) Tiles() draw.Tiles {
	return draw.Tiles{Cols: f.Cols, Rows: f.Rows, PadX: figureSpace, PadY: figureSpace}
}

// Resolution returns the dots per inch of the PNG.
func (f *Figure) Resolution() int {
	if f.DPI == 0 {
		return DotsPerInch
	}
	return f.DPI
}

// WritePNG writes the figure as a PNG of 200 dots per inch.
func (f *Figure) WritePNG(w io.Writer) error {
	c := pixelCanvas{vgimg.NewWith(vgimg.UseWH(f.width(), f.height()), vgimg.UseDPI(f.Resolution()))}
	f.draw(draw.New(c))
	return encodePNG(w, c.Image().(*image.RGBA))
}

// WriteSVG writes the figure as an SVG document. Text is drawn as outlines, so
// no font is needed to show it; the title and what is to be seen are stored as text as well.
func (f *Figure) WriteSVG(w io.Writer) error { return f.WriteMarked(w, new([]MarkPanel)) }

// WriteMarked is WriteSVG that also records the values drawn.
func (f *Figure) WriteMarked(w io.Writer, marks *[]MarkPanel) error {
	c := vgsvg.New(f.width(), f.height())
	f.draw(draw.New(outlines{c, marks}))
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	// vgsvg calls the images JPEG, which they are not, and lets them keep their shape: the
	// column of a colour bar must fill its width.
	text := strings.NewReplacer(`<image `, `<image preserveAspectRatio="none" `, `"data:image/jpg;`, `"data:image/png;`).Replace(shorterPaths(b.String()))
	head, body, ok := strings.Cut(text, "<svg ")
	if !ok {
		return fmt.Errorf("export: no <svg> in what vgsvg wrote")
	}
	_, err := io.WriteString(w, head+`<svg role="img" aria-label="`+describe(f.Title, f.seen, *marks)+`" `+body)
	return err
}

// Save writes the figure to path, whose extension chooses PNG or SVG.
func (f *Figure) Save(path string) error {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".png":
		return wholefile.Write(path, f.WritePNG)
	case ".svg":
		return wholefile.Write(path, f.WriteSVG)
	default:
		return fmt.Errorf("export: %s: a figure is saved as .png or .svg", path)
	}
}

// WithMaps returns a figure with rows of maps below its panels.
func WithMaps(f *Figure, maps []*Map) *Figure {
	if len(maps) == 0 {
		return f
	}
	g := *f
	g.Cols = max(g.Cols, 2)
	g.PanelW = max(g.PanelW, MapWidth)
	below := (len(maps) + g.Cols - 1) / g.Cols
	g.Rows += below
	g.Panels = func(c draw.Canvas) {
		upper := vg.Length(f.Rows)*g.PanelH + vg.Length(f.Rows-1)*figureSpace
		rest := c.Size().Y - upper - figureSpace
		f.Panels(draw.Crop(c, 0, 0, rest+figureSpace, 0))
		tiles := draw.Tiles{Cols: g.Cols, Rows: below, PadX: figureSpace, PadY: figureSpace}
		low := draw.Crop(c, 0, 0, 0, -upper-figureSpace)
		for i, m := range maps {
			m.Draw(tiles.At(low, i%g.Cols, i/g.Cols), g.Resolution())
		}
	}
	return &g
}
