package figure

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// pixelCanvas is a canvas of pixels that copies the colours of paletted images as they
// are: blends of neighbours would cost time and make colours that compress badly.
type pixelCanvas struct{ *vgimg.Canvas }

var _ vg.CanvasSizer = pixelCanvas{}

// DrawImage implements vg.Canvas; every pixel takes the colour of img at its centre.
func (c pixelCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	src, ok := img.(*image.Paletted)
	dst, plain := c.Image().(*image.RGBA)
	if !ok || !plain {
		c.Canvas.DrawImage(rect, img)
		return
	}
	colors := make([][4]uint8, len(src.Palette))
	for k, p := range src.Palette {
		r, g, b, a := p.RGBA()
		colors[k] = [4]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}
	}
	dpi := c.DPI()
	bottom := float64(dst.Rect.Dy())
	columns := places(rect.Min.X.Dots(dpi), rect.Max.X.Dots(dpi), src.Rect.Dx(), dst.Rect.Dx())
	rows := places(bottom-rect.Max.Y.Dots(dpi), bottom-rect.Min.Y.Dots(dpi), src.Rect.Dy(), dst.Rect.Dy())
	for j, y := range rows.of {
		from := src.Pix[y*src.Stride:]
		to := dst.Pix[(rows.first+j)*dst.Stride+4*columns.first:]
		for i, x := range columns.of {
			if p := colors[from[x]]; p[3] != 0 {
				copy(to[4*i:4*i+4], p[:])
			}
		}
	}
}

// pixelRun is a run of pixels along an axis, with the place in an image that each shows.
type pixelRun struct {
	first int
	of    []int
}

// places returns the pixels whose centres lie between lo and hi, within 0 .. limit-1,
// and which of n pixels of an image that fills that distance each shows.
func places(lo, hi float64, n, limit int) pixelRun {
	s := pixelRun{first: max(int(math.Ceil(lo-0.5)), 0)}
	for k := s.first; k < limit && float64(k)+0.5 < hi; k++ {
		at := int((float64(k) + 0.5 - lo) / (hi - lo) * float64(n))
		s.of = append(s.of, min(max(at, 0), n-1))
	}
	return s
}
