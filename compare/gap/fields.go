package gap

import (
	"math"

	"kolmo/compare"
	"kolmo/compare/march"
	"kolmo/compare/survey"
	"kolmo/grid"
)

func newDiscretisation(g *grid.Grid, l survey.Level) compare.Discretisation {
	d := compare.Discretisation{Space: l.Kind.String(), Order: l.SpaceOrder()}
	for k := range g.Dim() {
		d.Nodes = append(d.Nodes, g.Axis(k).Len())
	}
	return d
}

// fieldSetOf returns the snapshots of a row, without the errors of derivatives.
func fieldSetOf(e *march.Engine, r *march.Row, eta compare.Rate) compare.FieldSet {
	shots := r.Model.Shots
	own := e.Outset()
	f := compare.FieldSet{Key: compare.Key{Observable: e.Problem.Observables[r.Observable].Name(), Model: r.Model.Model.Name, Eta: eta.Value, EtaText: eta.Text}, Chain: e.Problem.Dynamics.Name(), Grid: own.G,
		Pace: e.Problem.Pace(), Every: shots.Every, Note: shots.Note(eta), Own: newDiscretisation(r.Model.Data.Grid, r.Model.Level), OfS: newDiscretisation(e.Data.Grid, e.Level)}
	for k := range shots.List {
		shot := &shots.List[k]
		if shot.N >= len(r.Curve) {
			break
		}
		f.N = append(f.N, shot.N)
		f.U = append(f.U, own.Of(shot.U[r.Observable]))
		f.Diffusion = append(f.Diffusion, own.Of(shot.D[r.Observable]))
		f.Sup = append(f.Sup, shot.Sup[r.Observable])
	}
	f.Derivatives = shots.Derivatives(e, r, len(f.N))
	return f
}

// Size of the pictures' rasters.
const (
	rasterLine  = 801
	rasterPlane = 201
	rasterSlice = 121
)

// rasterOf returns the fields of a row at its worst step, for a picture.
func rasterOf(e *march.Engine, r *march.Row, eta compare.Rate) (compare.Raster, bool) {
	if r.BestN == 0 {
		return compare.Raster{}, false
	}
	own := e.Outset()
	ball := own.Ball
	ra := compare.Raster{Key: compare.Key{Observable: e.Problem.Observables[r.Observable].Name(), Model: r.Model.Model.Name, Eta: eta.Value, EtaText: eta.Text},
		N: r.BestN, T: e.Problem.Time(r.BestN, eta.Value), Center: ball.Center, R: ball.R, At: own.Point(r.BestX), Gap: r.Best, Held: e.Held(r.BestX)}
	switch own.G.Dim() {
	case 1:
		ra.X1 = rasterAxis(ball.Center[0], ball.R, rasterLine)
		fillRaster(e, &ra, r, [][]float64{ra.X1})
	case 2:
		ra.X1 = rasterAxis(ball.Center[0], ball.R, rasterPlane)
		ra.X2 = rasterAxis(ball.Center[1], ball.R, rasterPlane)
		fillRaster(e, &ra, r, [][]float64{ra.X1, ra.X2})
	default:
		for normal := 2; normal >= 0; normal-- {
			ra.Slices = append(ra.Slices, sliceOf(e, &ra, r, normal))
		}
	}
	return ra, true
}

// sliceOf returns the slice of a raster for d = 3 that is orthogonal to an axis.
func sliceOf(e *march.Engine, ra *compare.Raster, r *march.Row, normal int) compare.Raster {
	s := *ra
	s.Slices, s.Normal = nil, normal
	s.Axes = [2]int{0, 1}
	for k := normal; k < 2; k++ {
		s.Axes[k] = k + 1
	}
	most := compare.RasterPole * ra.R
	away := min(max(ra.At[normal]-ra.Center[normal], -most), most)
	s.Offset = ra.Center[normal] + away
	s.R = math.Sqrt(ra.R*ra.R - away*away)
	s.Center = []float64{ra.Center[s.Axes[0]], ra.Center[s.Axes[1]]}
	s.At = []float64{ra.At[s.Axes[0]], ra.At[s.Axes[1]]}
	s.X1, s.X2 = rasterAxis(s.Center[0], s.R, rasterSlice), rasterAxis(s.Center[1], s.R, rasterSlice)
	points := make([][]float64, 3)
	points[s.Axes[0]], points[s.Axes[1]], points[normal] = s.X1, s.X2, []float64{s.Offset}
	fillRaster(e, &s, r, points)
	return s
}

// rasterAxis returns n equally spaced points from c - r to c + r.
func rasterAxis(c, r float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = c + r*(float64(2*i-(n-1))/float64(n-1))
	}
	return x
}

// fillRaster fills the fields of a raster, whose points they are interpolated to.
func fillRaster(e *march.Engine, ra *compare.Raster, r *march.Row, points [][]float64) {
	t := grid.NewTransfer(e.Data.Grid, e.Outset().Points(points, r.BestX), e.Width)
	ra.Values, ra.Diffusion, ra.U = make([]float64, t.Len()), make([]float64, t.Len()), make([]float64, t.Len())
	t.ApplyTo(ra.Values, r.BestE)
	t.ApplyTo(ra.Diffusion, r.BestS)
	disc := grid.Ball{Center: ra.Center, R: ra.R}
	for i, v := range ra.Values {
		if ra.X2 != nil && !disc.Contains([]float64{ra.X1[i%len(ra.X1)], ra.X2[i/len(ra.X1)]}) {
			ra.Values[i], ra.Diffusion[i], ra.U[i] = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		ra.Diffusion[i] += e.Offset[r.Observable]
		ra.U[i] = ra.Diffusion[i] + v
	}
}

// mostCurve is the number of points of a curve that is kept.
const mostCurve = 600

// curveOf returns the row's gap as a function of time, thinned, and at the images of its place.
func curveOf(e *march.Engine, r *march.Row, eta compare.Rate) compare.Curve {
	c := compare.Curve{Observable: e.Problem.Observables[r.Observable].Name(), Model: r.Model.Model.Name, Eta: eta.Value, EtaText: eta.Text}
	stride := (len(r.Curve)-1)/mostCurve + 1
	for n := 0; n < len(r.Curve); n++ {
		if n%stride == 0 || n == r.BestN || n == len(r.Curve)-1 {
			c.T = append(c.T, e.Problem.Time(n, eta.Value))
			c.Gap = append(c.Gap, r.Curve[n])
		}
	}
	if r.BestN > 0 {
		images := grid.NewTransfer(e.Data.Grid, e.Problem.Ball.Mirrored(r.BestX), e.Width)
		c.Images = make([]float64, images.Len())
		images.ApplyTo(c.Images, r.BestE)
		for i, v := range c.Images {
			c.Images[i] = math.Abs(v)
		}
	}
	return c
}
