package figure

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"kolmo/internal/madeup"
)

// raw draws a figure and returns its pixels.
func raw(f *Figure) *image.RGBA {
	c := pixelCanvas{vgimg.NewWith(vgimg.UseWH(f.width(), f.height()), vgimg.UseDPI(f.Resolution()))}
	f.draw(draw.New(c))
	return c.Image().(*image.RGBA)
}

// A figure of lines has a palette whose colours are those that were drawn, but for a few
// pixels at the edges of lines.
func TestPaletteOfLinesIsNotSeen(t *testing.T) {
	t.Parallel()
	for _, f := range []*Figure{GapFigure(madeup.Result(2)), TimeFigure(madeup.Result(2)), FieldFigure(madeup.Result(1), nil, nil)} {
		f.DPI = testDPI
		img := raw(f)
		p := paletted(img)
		if p == nil {
			t.Errorf("%s: no palette", f.Title)
			continue
		}
		far := 0
		for j := range img.Rect.Dy() {
			for i := range img.Rect.Dx() {
				a, b := img.RGBAAt(i, j), color.RGBAModel.Convert(p.At(i, j)).(color.RGBA)
				if distance([3]uint8{a.R, a.G, a.B}, [3]uint8{b.R, b.G, b.B}) > 12*12 {
					far++
				}
			}
		}
		if total := img.Rect.Dx() * img.Rect.Dy(); far > total/mostOff {
			t.Errorf("%s: %d of %d pixels have another colour", f.Title, far, total)
		}
	}
}

// Few colours are kept to the bit; where 256 would be seen there is no palette.
func TestPaletteIsExactOrNone(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(4, 18))
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for k := 0; k < len(img.Pix); k += 4 {
		c := rnd.IntN(200)
		img.Pix[k], img.Pix[k+1], img.Pix[k+2], img.Pix[k+3] = uint8(c), uint8(c%5*50), uint8(c%3*80), 0xff
	}
	// Colours of one bucket differ in two bits: leave those out.
	for k := range img.Pix {
		if k%4 < 3 {
			img.Pix[k] &^= 3
		}
	}
	p := paletted(img)
	if p == nil {
		t.Fatal("no palette for few colours")
	}
	for j := range 64 {
		for i := range 64 {
			if got, want := color.RGBAModel.Convert(p.At(i, j)), img.RGBAAt(i, j); got != want {
				t.Fatalf("pixel (%d, %d) is %v, want %v", i, j, got, want)
			}
		}
	}
	for k := range img.Pix {
		if k%4 < 3 {
			img.Pix[k] = uint8(rnd.IntN(256))
		}
	}
	if p := paletted(img); p != nil {
		t.Errorf("a palette of %d colours for 4096", len(p.Palette))
	}
}

// The image of a map copied to pixels is the raster's: every pixel within the disc has
// the colour of its value to one shade.
func TestMapPixelsHaveTheirColours(t *testing.T) {
	t.Parallel()
	r, ok := NewRaster(&madeup.Result(2).Rasters[0])
	if !ok {
		t.Fatal("no raster")
	}
	m := NewColorMap(r.Lo, r.Hi)
	const n = 100
	img := r.image(m, n, nil)
	for j := range n {
		for i := range n {
			x := r.x[0] + (float64(i)+0.5)/n*(r.x[len(r.x)-1]-r.x[0])
			y := r.y[len(r.y)-1] - (float64(j)+0.5)/n*(r.y[len(r.y)-1]-r.y[0])
			got := color.NRGBAModel.Convert(img.At(i, j)).(color.NRGBA)
			if in := (x-r.cx)*(x-r.cx)+(y-r.cy)*(y-r.cy) <= r.R*r.R; !in {
				if got.A != 0 {
					t.Fatalf("pixel (%d, %d) outside the disc is %v", i, j, got)
				}
				continue
			}
			want := m.at(r.At(x, y))
			if d := distance([3]uint8{got.R, got.G, got.B}, [3]uint8{want.R, want.G, want.B}); d > 3*3*3 {
				t.Fatalf("pixel (%d, %d) is %v, want %v", i, j, got, want)
			}
		}
	}
}
