package figure

import (
	"image"
	"math"

	"kolmo/compare"
)

// Raster is a picture-ready raster of a disc: every node has a value, so that
// it can be interpolated up to the circle.
type Raster struct {
	x, y   []float64
	v      []float64 // v[j*len(x)+i]
	Lo, Hi float64   // of the values inside the disc
	cx, cy float64
	R      float64
}

// NewRaster returns the raster of a's difference; false if it has no value, or
// shapes that do not fit.
func NewRaster(a *compare.Raster) (*Raster, bool) { return NewRasterOf(a, a.Values) }

// NewRasterOf returns the raster of values on a's points.
func NewRasterOf(a *compare.Raster, values []float64) (*Raster, bool) {
	nx, ny := len(a.X1), len(a.X2)
	if nx < 2 || ny < 2 || len(values) != nx*ny || len(a.Center) != 2 || !(a.R > 0) {
		return nil, false
	}
	p := &Raster{x: a.X1, y: a.X2, v: append([]float64(nil), values...), cx: a.Center[0], cy: a.Center[1], R: a.R}
	p.Lo, p.Hi = Bounds(p.v)
	if p.Lo > p.Hi {
		return nil, false
	}
	p.fill()
	return p, true
}

// Bounds returns the least and the largest finite value; +Inf, -Inf if none is.
func Bounds(v []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, f := range v {
		if !math.IsNaN(f) && !math.IsInf(f, 0) {
			lo, hi = min(lo, f), max(hi, f)
		}
	}
	return lo, hi
}

// fill gives a value to the nodes outside the disc, ring by ring, by linear
// extrapolation from two nodes further in, and where there are none the mean of
// the neighbours. Only a cell's width of it is ever seen.
func (p *Raster) fill() {
	nx, ny := len(p.x), len(p.y)
	missing := func(i, j int) bool {
		f := p.v[j*nx+i]
		return math.IsNaN(f) || math.IsInf(f, 0)
	}
	for {
		next := map[int]float64{}
		left := false
		for j := range ny {
			for i := range nx {
				if !missing(i, j) {
					continue
				}
				left = true
				var line, mean, lines, means float64
				for _, d := range [8][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}} {
					a, b := i+d[0], j+d[1]
					if a < 0 || a >= nx || b < 0 || b >= ny || missing(a, b) {
						continue
					}
					mean += p.v[b*nx+a]
					means++
					if e, f := a+d[0], b+d[1]; e >= 0 && e < nx && f >= 0 && f < ny && !missing(e, f) {
						line += 2*p.v[b*nx+a] - p.v[f*nx+e]
						lines++
					}
				}
				switch {
				case lines > 0:
					next[j*nx+i] = line / lines
				case means > 0:
					next[j*nx+i] = mean / means
				}
			}
		}
		if !left || len(next) == 0 {
			return
		}
		for k, f := range next {
			p.v[k] = f
		}
	}
}

// At returns the bilinear interpolant At a point of the raster's square.
func (p *Raster) At(x, y float64) float64 {
	nx := len(p.x)
	i, s := Cell(p.x, x)
	j, t := Cell(p.y, y)
	a := p.v[j*nx+i]*(1-s) + p.v[j*nx+i+1]*s
	b := p.v[(j+1)*nx+i]*(1-s) + p.v[(j+1)*nx+i+1]*s
	return a*(1-t) + b*t
}

// Cell returns the Cell of the uniform nodes that x lies in, and where in it.
func Cell(nodes []float64, x float64) (k int, s float64) {
	n := len(nodes)
	f := (x - nodes[0]) / (nodes[n-1] - nodes[0]) * float64(n-1)
	k = min(max(int(math.Floor(f)), 0), n-2)
	return k, f - float64(k)
}

// image returns the disc over the coordinates of w in the colours of m, pixels wide and high;
// outside it is transparent. The edge is hard: the circle is drawn over it.
func (p *Raster) image(m ColorMap, pixels int, w *Warp) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, pixels, pixels), m.palette())
	lo, hi := w.frame(p)
	wx, wy := hi.x-lo.x, hi.y-lo.y
	z, q := make([]float64, 2), make([]float64, 2)
	for j := range pixels {
		z[1] = hi.y - (float64(j)+0.5)/float64(pixels)*wy
		row := img.Pix[j*img.Stride:][:pixels]
		for i := range row {
			z[0] = lo.x + (float64(i)+0.5)/float64(pixels)*wx
			if copy(q, z); w != nil {
				w.From(q, z)
			}
			x, y := q[0], q[1]
			if (x-p.cx)*(x-p.cx)+(y-p.cy)*(y-p.cy) <= p.R*p.R {
				row[i] = m.index(p.At(x, y))
			}
		}
	}
	return img
}

// barImage returns a column with the colours of m, the largest value on top.
func barImage(m ColorMap, pixels int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, 1, pixels), m.palette())
	for j := range pixels {
		t := 1 - (float64(j)+0.5)/float64(pixels)
		img.Pix[j*img.Stride] = m.index(m.Min + t*(m.Max-m.Min))
	}
	return img
}
