package figure

import (
	"image/color"
	"slices"
	"strings"
	"sync"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"kolmo/compare"
)

// Sizes of the figures.
const (
	DotsPerInch = 200

	titleSize = font.Length(11)
	PanelSize = font.Length(9.5)
	LabelSize = font.Length(9)
	tickSize  = font.Length(8)
	noteSize  = font.Length(7.5)

	DataWidth   = vg.Length(1.4) // a line through data
	axisWidth   = vg.Length(0.7)
	gridWidth   = vg.Length(0.5)
	barWidth    = vg.Length(1) // an error bar
	capWidth    = vg.Length(5) // its caps
	barShift    = vg.Length(2) // between the bars of two models
	figureSpace = vg.Length(10)
)

// Colours of everything that is not data.
var (
	Ink      = color.NRGBA{R: 0x22, G: 0x26, B: 0x2b, A: 0xff}
	SoftInk  = color.NRGBA{R: 0x5b, G: 0x62, B: 0x6b, A: 0xff}
	gridInk  = color.NRGBA{R: 0xe3, G: 0xe6, B: 0xea, A: 0xff}
	paper    = color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
	lineInk  = color.NRGBA{R: 0x20, G: 0x20, B: 0x20, A: 0x70} // contour lines
	zeroInk  = color.NRGBA{R: 0x20, G: 0x20, B: 0x20, A: 0xd0} // the contour line at zero
	fontFace = font.Font{Typeface: "DejaVu", Variant: "Sans"}
)

// fonts returns the DejaVu fonts: unlike gonum/plot's own they have all Greek
// letters, superscripts and the true minus sign. gonum/plot's cache, which is
// shared by the whole program, is left alone.
var fonts = sync.OnceValue(func() *font.Cache {
	face := func(ttf []byte, w xfont.Weight) font.Face {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic("export: the embedded font does not parse: " + err.Error())
		}
		fnt := fontFace
		fnt.Weight = w
		return font.Face{Font: fnt, Face: f}
	}
	return font.NewCache(font.Collection{
		face(dejavusans.TTF, xfont.WeightNormal),
		face(dejavusansbold.TTF, xfont.WeightBold),
	})
})

// TextStyle returns dark text of the given size, its baseline at the point.
func TextStyle(size font.Length, x draw.XAlignment) text.Style {
	return text.Style{
		Color: Ink, Font: font.From(fontFace, size), XAlign: x, YAlign: draw.YBottom,
		Handler: newPlainText(),
	}
}

// BoldStyle is textStyle in bold.
func BoldStyle(size font.Length, x draw.XAlignment) text.Style {
	s := TextStyle(size, x)
	s.Font.Weight = xfont.WeightBold
	return s
}

// drawText draws one line of text with its baseline at p. gonum/plot itself
// sets the baseline at p + (size - ascent).
func drawText(c draw.Canvas, s text.Style, p vg.Point, txt string) {
	p.Y -= s.Font.Size - s.FontExtents().Ascent
	c.FillText(s, p, txt)
}

// capHeight is the height of capitals and digits as a part of the font's size
// (DejaVu Sans: 1493 of 2048 units), used to centre text vertically.
const capHeight = 0.729

// Series is how the values of one model are drawn.
type Series struct {
	Color  color.NRGBA
	Shape  shape
	Radius vg.Length
	Dashes []vg.Length
}

// OkabeIto are colours that people with any common colour blindness can tell
// apart, orange and sky blue darkened until they are seen on white. Source: Okabe and Ito
// (2008), Color universal design, jfly.uni-koeln.de.
var OkabeIto = []color.NRGBA{
	{R: 0x00, G: 0x72, B: 0xb2, A: 0xff}, // blue
	{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff}, // vermilion
	{R: 0x00, G: 0x9e, B: 0x73, A: 0xff}, // bluish green
	{R: 0xcc, G: 0x79, B: 0xa7, A: 0xff}, // reddish purple
	{R: 0xb8, G: 0x7a, B: 0x00, A: 0xff}, // orange
	{R: 0x35, G: 0x93, B: 0xcc, A: 0xff}, // sky blue
	{R: 0x33, G: 0x33, B: 0x33, A: 0xff}, // near black
}

// newPanel returns an empty plot in the style of this package. Its axes are
// linear: logarithms are taken of the data, since a log axis of gonum/plot
// misplaces its label and panics at zero.
func newPanel(title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = newPlainText()
	p.Title.Text = title
	p.Title.TextStyle = BoldStyle(PanelSize, draw.XCenter)
	p.Title.TextStyle.YAlign = draw.YTop
	p.Title.Padding = 5
	p.Legend.TextStyle = TextStyle(LabelSize, draw.XLeft)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.LineStyle = draw.LineStyle{Color: SoftInk, Width: axisWidth}
		a.Label.TextStyle = TextStyle(LabelSize, draw.XCenter)
		a.Label.Padding = 3
		a.Tick.Length = 5
		a.Tick.LineStyle = draw.LineStyle{Color: SoftInk, Width: axisWidth}
		a.Tick.Marker = plot.ConstantTicks(nil)
	}
	p.X.Tick.Label = TextStyle(tickSize, draw.XCenter)
	p.X.Tick.Label.YAlign = draw.YTop
	p.Y.Tick.Label = TextStyle(tickSize, draw.XRight)
	p.Y.Tick.Label.YAlign = draw.YCenter
	return p
}

// DrawPanel draws p with its title above the middle of the data; gonum/plot puts it
// above the middle of data and labels together.
func DrawPanel(p *plot.Plot, c draw.Canvas) {
	title := p.Title.Text
	if title == "" {
		p.Draw(c)
		return
	}
	d := p.DataCanvas(c)
	p.Title.Text = strings.Repeat(" \n", strings.Count(title, "\n")) + " " // of the same height
	p.Draw(c)
	p.Title.Text = title
	sty := p.Title.TextStyle
	lines := strings.Split(title, "\n")
	for i, l := range lines {
		at := vg.Point{X: min(d.Center().X, c.Max.X-sty.Width(l)/2), Y: c.Max.Y + sty.FontExtents().Descent - vg.Length(i)*sty.Font.Size}
		at.Y += vg.Length(len(lines)-1-i) * titleLead // into the space above the panel
		c.FillText(sty, at, l)
	}
}

// DrawPanel is DrawPanel with the title in the middle of the figure, below the figure's own, where a panel fills its width.
func (f *Figure) DrawPanel(p *plot.Plot, c draw.Canvas) {
	if f.Cols == 1 {
		p.Draw(c)
		return
	}
	DrawPanel(p, c)
}

// titleLead is the space between two lines of a panel's title.
const titleLead = vg.Length(2.5)

// newGrid returns light lines at the labelled ticks.
func newGrid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical = draw.LineStyle{Color: gridInk, Width: gridWidth}
	g.Horizontal = g.Vertical
	return g
}

// Styles returns the style of each model: by its place among the diffusions of the
// dynamics, so that a model looks the same in every study, or one of its own where the
// results do not say. The gaps of the first two nearly coincide: the first is drawn
// larger, the second dashed on top.
func Styles(r *compare.Result, models []string) map[string]Series {
	out := map[string]Series{}
	next := 0
	for _, m := range r.Models {
		next = max(next, m.Place+1)
	}
	for _, m := range models {
		k := next
		if i := slices.IndexFunc(r.Models, func(info compare.ModelInfo) bool { return info.Name == m }); i >= 0 {
			k = r.Models[i].Place
		} else {
			next++
		}
		s := Series{Color: OkabeIto[k%len(OkabeIto)], Shape: shapes[k%len(shapes)], Radius: 3.4}
		switch k {
		case 0:
			s.Radius = 4.4
		case 1:
			s.Radius = 3
			s.Dashes = []vg.Length{5, 3}
		}
		out[m] = s
	}
	return out
}

// Line returns an empty line with markers in a style.
func (s Series) Line(label string) Line {
	return Line{Label: label, Color: s.Color, Dashes: s.Dashes, Marker: true, Shape: s.Shape, Radius: s.Radius}
}
