package figure

import (
	"bufio"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	paletteSize = 256
	// nearBits are the low bits of a channel in which colours that share a bucket may
	// differ: one part in 64, which nobody sees.
	nearBits   = 2
	bucketSide = 1 << (8 - nearBits)
	// A pixel is off if its colour is farther than seenOff, in squared distance, from that
	// of the palette; one in mostOff may be, at the edges of lines.
	seenOff = 8 * 8
	mostOff = 500
)

// bucket holds the pixels of nearly one colour.
type bucket struct {
	color  [3]uint8 // of the first pixel
	pixels int
	far    int // squared distance to the nearest colour of the palette
	place  uint8
}

// paletted returns an opaque image with a palette of up to 256 colours, or nil if that
// would be seen, as in figures with several colour maps. The colours are chosen one
// by one, always that whose pixels have the largest sum of squared errors, so that
// the result depends on img alone.
func paletted(img *image.RGBA) *image.Paletted {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	index := make([]int32, bucketSide*bucketSide*bucketSide) // 1 + place in buckets
	var buckets []bucket
	for j := range h {
		row := img.Pix[j*img.Stride:][:4*w]
		for i := 0; i < len(row); i += 4 {
			k := bucketOf(row[i : i+4])
			if index[k] == 0 {
				buckets = append(buckets, bucket{color: [3]uint8(row[i : i+3])})
				index[k] = int32(len(buckets))
			}
			buckets[index[k]-1].pixels++
		}
	}
	palette, off := choosePalette(buckets), 0
	for _, b := range buckets {
		if b.far > seenOff {
			off += b.pixels
		}
	}
	if off > w*h/mostOff {
		return nil
	}
	out := image.NewPaletted(image.Rect(0, 0, w, h), palette)
	for j := range h {
		row, to := img.Pix[j*img.Stride:][:4*w], out.Pix[j*out.Stride:][:w]
		for i := range to {
			to[i] = buckets[index[bucketOf(row[4*i:4*i+4])]-1].place
		}
	}
	return out
}

// bucketOf returns the number of the bucket of a pixel.
func bucketOf(p []uint8) int {
	return (int(p[0])>>nearBits*bucketSide+int(p[1])>>nearBits)*bucketSide + int(p[2])>>nearBits
}

// choosePalette returns the palette and sets every bucket's place in it.
func choosePalette(buckets []bucket) color.Palette {
	const unknown = 3 * 256 * 256
	for k := range buckets {
		buckets[k].far = unknown
	}
	var p color.Palette
	for len(p) < paletteSize {
		worst, most := -1, 0
		for k := range buckets {
			if b := &buckets[k]; b.far*b.pixels > most {
				worst, most = k, b.far*b.pixels
			}
		}
		if worst < 0 {
			break
		}
		c := buckets[worst].color
		for k := range buckets {
			b := &buckets[k]
			if d := distance(b.color, c); d < b.far {
				b.far, b.place = d, uint8(len(p))
			}
		}
		p = append(p, color.RGBA{R: c[0], G: c[1], B: c[2], A: 0xff})
	}
	return p
}

// distance returns the squared distance of two colours.
func distance(a, b [3]uint8) int {
	d := 0
	for k := range a {
		e := int(a[k]) - int(b[k])
		d += e * e
	}
	return d
}

// encodePNG writes an opaque image as a PNG, with a palette if 256 colours show it: a
// third of the bytes to compress, and not filtered.
func encodePNG(w io.Writer, img *image.RGBA) error {
	b := bufio.NewWriter(w)
	var shown image.Image = img
	if p := paletted(img); p != nil {
		shown = p
	}
	if err := png.Encode(b, shown); err != nil {
		return err
	}
	return b.Flush()
}

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
