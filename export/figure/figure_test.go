package figure

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kolmo/compare"
	"kolmo/internal/madeup"
	"kolmo/internal/slow"
)

// testDPI is the resolution where details do not matter: large pictures are slow
// under the race detector.
const testDPI = 50

// decode returns the figure as a picture, after checking its size.
func decode(t *testing.T, f *Figure) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	dots := float64(f.Resolution()) / 72
	w, h := int(float64(f.width())*dots+0.5), int(float64(f.height())*dots+0.5)
	if got := img.Bounds(); got.Dx() != w || got.Dy() != h {
		t.Errorf("size %d x %d, want %d x %d", got.Dx(), got.Dy(), w, h)
	}
	return img
}

// pixels counts the pixels of img of each colour.
func pixels(t *testing.T, img image.Image) map[color.NRGBA]int {
	t.Helper()
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		t.Fatalf("the picture, a %T, is not opaque", img)
	}
	rgba := image.NewRGBA(img.Bounds())
	draw.Draw(rgba, rgba.Rect, img, image.Point{}, draw.Src)
	count := map[[4]byte]int{}
	for k := 0; k < len(rgba.Pix); k += 4 {
		count[[4]byte(rgba.Pix[k:])]++
	}
	out := map[color.NRGBA]int{}
	for p, n := range count {
		out[color.NRGBA{R: p[0], G: p[1], B: p[2], A: p[3]}] = n
	}
	return out
}

func TestGapFigureShowsEveryModel(t *testing.T) {
	t.Parallel()
	if got := GapFigure(madeup.Result(2)).Resolution(); got != 200 {
		t.Errorf("%d dots per inch, want 200", got)
	}
	count := pixels(t, decode(t, GapFigure(madeup.Result(2))))
	for m, s := range Styles(madeup.Result(2), madeup.Known) {
		if count[s.Color] < 500 {
			t.Errorf("%s: %d pixels of its colour", m, count[s.Color])
		}
	}
}

func TestFiguresOfEdgeCases(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for name, r := range madeup.EdgeCases() {
		for _, f := range []*Figure{GapFigure(r), FieldFigure(r, nil, nil), TimeFigure(r)} {
			if f == nil {
				continue
			}
			f.DPI = testDPI
			count := pixels(t, decode(t, f))
			total, white := 0, count[paper]
			for _, n := range count {
				total += n
			}
			if white == total || float64(total-white) < 0.002*float64(total) {
				t.Errorf("%s: the picture %q is blank", name, f.Title)
			}
			if white < total/10 {
				t.Errorf("%s: the picture %q has no background", name, f.Title)
			}
		}
	}
}

func TestFieldFigureByDimension(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for d := 1; d <= 3; d++ {
		rasters := FieldRasters(madeup.Result(d))
		if len(rasters) != 4 {
			t.Fatalf("d = %d: %d panels, want 4", d, len(rasters))
		}
		for _, a := range rasters {
			if a.Observable != "expected_loss" || a.EtaText != "1/128" {
				t.Errorf("d = %d: panel of %s at %s", d, a.Observable, a.EtaText)
			}
		}
	}
	for d, want := range map[int][2]int{1: {2, 4}, 2: {3, 4}, 3: {3, 6}} { // U and u of three dimensions once
		if f := FieldFigure(madeup.Result(d), nil, nil); f.Cols != want[0] || f.Rows != want[1] {
			t.Errorf("d = %d: %d columns and %d rows, want %v", d, f.Cols, f.Rows, want)
		}
	}
	// Rasters that cannot be drawn are left out, not drawn wrongly.
	broken := madeup.Result(3)
	for i := range broken.Rasters {
		s := &broken.Rasters[i].Slices[i%3]
		s.U = s.U[:len(s.U)-i%2]
		s.Axes[0] += 5 * (1 - i%2)
	}
	if FieldFigure(broken, nil, nil) != nil {
		t.Error("a picture of broken slices")
	}
	r := madeup.Result(2)
	for i := range r.Rasters {
		switch i % 3 {
		case 0:
			r.Rasters[i].Values = r.Rasters[i].Values[1:]
		case 1:
			r.Rasters[i].R = math.NaN()
		default:
			for k := range r.Rasters[i].Values {
				r.Rasters[i].Values[k] = math.NaN()
			}
		}
	}
	if FieldFigure(r, nil, nil) != nil {
		t.Error("a picture of rasters without values")
	}
	// A constant difference, zero included, is drawn.
	for _, v := range []float64{0, 1, -3e-9} {
		r := madeup.Result(2)
		for i := range r.Rasters {
			for k := range r.Rasters[i].Values {
				r.Rasters[i].Values[k], r.Rasters[i].U[k], r.Rasters[i].Diffusion[k] = v, v, v
			}
		}
		f := FieldFigure(r, []string{"w1"}, nil)
		f.DPI = testDPI
		decode(t, f)
	}
}

func TestSVGIsWellFormedAndNeedsNoFont(t *testing.T) {
	t.Parallel()
	for name, r := range madeup.EdgeCases() {
		r.Title += ` <script>alert("1")</script> & more`
		var b bytes.Buffer
		f := GapFigure(r)
		if none := name == "empty" || name == "zero"; (f == nil) != none {
			t.Errorf("%s: a picture: %v", name, f != nil)
		}
		if f == nil {
			continue
		}
		if err := f.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		paths := 0
		for i, s := range madeup.Tokens(t, b.Bytes()) {
			switch s.Name.Local {
			case "svg":
				if i != 0 {
					t.Errorf("%s: <svg> is element %d", name, i)
				}
			case "path":
				paths++
			case "text", "script":
				t.Errorf("%s: a <%s> element", name, s.Name.Local)
			}
		}
		if paths < 10 {
			t.Errorf("%s: %d paths", name, paths)
		}
		if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
			t.Errorf("%s: a coordinate that is not finite", name)
		}
	}
}

// The images of an SVG say what they are and fill their places: a colour bar is one
// pixel wide.
func TestImagesInSVG(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	f := FieldFigure(madeup.Result(2), nil, nil)
	f.DPI = testDPI
	if err := f.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	images := 0
	for _, e := range madeup.Tokens(t, b.Bytes()) {
		if e.Name.Local != "image" {
			continue
		}
		images++
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		if attr["preserveAspectRatio"] != "none" {
			t.Errorf("image %d keeps its shape", images)
		}
		data, ok := strings.CutPrefix(attr["href"], "data:image/png;base64,")
		if !ok {
			t.Fatalf("image %d is %.30q", images, attr["href"])
		}
		img, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(data)))
		if err != nil {
			t.Fatalf("image %d: %v", images, err)
		}
		if _, ok := img.(*image.Paletted); !ok {
			t.Errorf("image %d is a %T", images, img)
		}
	}
	if images != 24 {
		t.Errorf("%d images, want 12 maps and their colour bars", images)
	}
}

func TestFiguresAreReproducible(t *testing.T) {
	slow.Skip(t)
	t.Parallel()
	for d := 1; d <= 2; d++ {
		r := madeup.Result(d)
		for _, f := range []func() *Figure{
			func() *Figure { return GapFigure(r) }, func() *Figure { return FieldFigure(r, nil, nil) },
		} {
			var a, b bytes.Buffer
			first, second := f(), f()
			first.DPI, second.DPI = testDPI, testDPI
			if err := errors.Join(first.WriteSVG(&a), second.WriteSVG(&b)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("d = %d: %q differs between two drawings", d, first.Title)
			}
		}
	}
}

func TestSaveByExtension(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := GapFigure(madeup.Result(1))
	if err := f.Save(filepath.Join(dir, "a.pdf")); err == nil {
		t.Error("no error for .pdf")
	}
	if err := f.Save(filepath.Join(dir, "absent", "a.svg")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent folder: %v", err)
	}
	if err := f.Save(filepath.Join(dir, "a.SVG")); err != nil {
		t.Error(err)
	}
}

func TestTitlesAreCutToTheirPlace(t *testing.T) {
	t.Parallel()
	r := madeup.Result(1)
	for _, title := range []string{"", "short", strings.Repeat("word ", 200), strings.Repeat("x", 900)} {
		r.Title, r.Study = title, ""
		f := GapFigure(r)
		lines := f.titleText()
		if len(lines) > titleLines {
			t.Errorf("%d lines", len(lines))
		}
		for _, l := range lines {
			if w := BoldStyle(titleSize, 0).Width(l); w > f.width()-2*margin {
				t.Errorf("%q is %.0f pt wide", l, w)
			}
		}
	}
}

func TestMapsOfBothSignsAreWhiteAtZero(t *testing.T) {
	t.Parallel()
	m := NewColorMap(-1, 4)
	if !m.diverging() || m.Min != -4 {
		t.Errorf("range [%g, %g], want [-4, 4]", m.Min, m.Max)
	}
	if c := m.at(0); c.R < 0xf0 || c.G < 0xf0 || c.B < 0xf0 {
		t.Errorf("zero is %v", c)
	}
	if up, down := m.at(3), m.at(-3); up.R <= up.B || down.B <= down.R {
		t.Errorf("+3 is %v and -3 is %v, want red and blue", up, down)
	}
	for _, c := range [][2]float64{{0.1, 2}, {-0.01, 2}, {-3, -1}, {5, 5}, {0, 0}} {
		m := NewColorMap(c[0], c[1])
		if m.diverging() && c[0] != 0 || !(m.Max > m.Min) {
			t.Errorf("%v: range [%g, %g]", c, m.Min, m.Max)
		}
	}
}

func TestTicks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{-6.2, -1.8, "10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³ 10⁻²"},
		{-30, 0, "10⁻²⁸ 10⁻²⁴ 10⁻²⁰ 10⁻¹⁶ 10⁻¹² 10⁻⁸ 10⁻⁴ 10⁰"},
		{0.1, 1.2, "2×10⁰ 5×10⁰ 10¹"},
	} {
		var got []string
		for _, tick := range decadeTicks(c.lo, c.hi, mostDecades) {
			if tick.Label != "" {
				got = append(got, tick.Label)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("[%g, %g]: %s, want %s", c.lo, c.hi, s, c.want)
		}
	}
	for _, c := range []struct {
		lo, hi float64
		want   string
		scale  int
	}{
		{-2, 2, "−2 −1 0 1 2", 0},
		{-4.1, 2, "−4 −3 −2 −1 0 1 2", 0},
		{-1.1e-5, 2e-5, "−1.0 −0.5 0.0 0.5 1.0 1.5 2.0", -5},
		{0, 3e5, "0.0 0.5 1.0 1.5 2.0 2.5 3.0", 5},
		{1, 1, "", 0},
	} {
		ticks, scale := linearTicks(c.lo, c.hi, 7)
		var got []string
		for _, tick := range ticks {
			got = append(got, tick.Label)
		}
		if s := strings.Join(got, " "); s != c.want || scale != c.scale {
			t.Errorf("[%g, %g]: %s scale %d, want %s scale %d", c.lo, c.hi, s, scale, c.want, c.scale)
		}
	}
}

// Study names with many etas: labels must not touch.
func TestEtaLabelsKeepApart(t *testing.T) {
	t.Parallel()
	var values []float64
	var texts []string
	for k := 20; k >= 1; k-- {
		values = append(values, math.Pow(2, -float64(k)))
		texts = append(texts, fmt.Sprintf("1/%d", 1<<k))
	}
	sty := TextStyle(tickSize, 0)
	ticks := etaTicks(values, texts, sty, 40)
	right := math.Inf(-1)
	labelled := 0
	slices.Reverse(ticks)
	for _, tick := range ticks {
		if tick.Label == "" {
			continue
		}
		labelled++
		half := float64(sty.Width(tick.Label)) / 2
		if x := tick.Value * 40; x-half < right+3.9 {
			t.Errorf("%s touches its neighbour", tick.Label)
		} else {
			right = x + half
		}
	}
	if len(ticks) != 20 || labelled < 4 {
		t.Errorf("%d ticks, %d labelled", len(ticks), labelled)
	}
}

func TestThinKeepsExtremes(t *testing.T) {
	t.Parallel()
	c := compare.Curve{}
	for i := range 50000 {
		c.T = append(c.T, float64(i))
		c.Gap = append(c.Gap, 1+math.Sin(float64(i)/700))
	}
	c.Gap[31234] = 100
	d := thin(c)
	if len(d.T) > curvePoints+2 || slices.Max(d.Gap) != 100 || !slices.IsSorted(d.T) {
		t.Errorf("%d points, largest %g", len(d.T), slices.Max(d.Gap))
	}
}
