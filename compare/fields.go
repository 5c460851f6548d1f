package compare

import (
	"math"

	"kolmo/grid"
)

// FieldSet is U^n and u(., n eta) of one row on the grid of S, at some steps.
type FieldSet struct {
	Observable, Model, EtaText string
	Chain                      string // its name
	Eta                        float64
	Grid                       *grid.Grid
	N                          []int       // SGD steps
	U, Diffusion               [][]float64 // [step][node]
	Sup                        []float64   // sup of the gap over the ball at these steps
	Derivatives                []FieldDerivative
	Pace                       float64 // step n ends at the time n Eta Pace
	Every                      int     // all N are its multiples
	Note                       string  // why Every is not what was asked for, or ""
	Own, OfS                   Discretisation
}

// Discretisation is a grid and the order of accuracy on it.
type Discretisation struct {
	Space string // chebyshev or uniform
	Nodes []int  // per axis
	Order int    // of differences; Nodes - 1 for collocation
}

func newDiscretisation(g *grid.Grid, l level) Discretisation {
	d := Discretisation{Space: l.kind.String(), Order: l.spaceOrder()}
	for k := range g.Dim() {
		d.Nodes = append(d.Nodes, g.Axis(k).Len())
	}
	return d
}

// fieldSetOf returns the snapshots of a row, without the errors of derivatives.
func fieldSetOf(e *engine, r *rowRun, eta Rate) FieldSet {
	shots := r.m.shots
	own := e.outset()
	f := FieldSet{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.Name, Chain: e.p.Dynamics.Name(), Eta: eta.Value, EtaText: eta.Text, Grid: own.g,
		Pace: e.p.pace(), Every: shots.every, Note: shots.note(eta), Own: newDiscretisation(r.m.data.g, r.m.level), OfS: newDiscretisation(e.data.g, e.lv)}
	for k := range shots.list {
		shot := &shots.list[k]
		if shot.n >= len(r.curve) {
			break
		}
		f.N = append(f.N, shot.n)
		f.U = append(f.U, own.of(shot.u[r.obs]))
		f.Diffusion = append(f.Diffusion, own.of(shot.d[r.obs]))
		f.Sup = append(f.Sup, shot.sup[r.obs])
	}
	f.Derivatives = shots.derivatives(e, r, len(f.N))
	return f
}

// Size of the pictures' rasters.
const (
	rasterLine  = 801
	rasterPlane = 201
	rasterSlice = 121
)

// RasterPole is how far from the centre of the ball, in R, slices lie at most: further
// out nothing would be seen on them.
const RasterPole = 0.95

// rasterOf returns the fields of a row at its worst step, for a picture.
func rasterOf(e *engine, r *rowRun, eta Rate) (Raster, bool) {
	if r.bestN == 0 {
		return Raster{}, false
	}
	own := e.outset()
	ball := own.ball
	ra := Raster{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.Name, Eta: eta.Value, EtaText: eta.Text,
		N: r.bestN, T: e.p.time(r.bestN, eta.Value), Center: ball.Center, R: ball.R, At: own.point(r.bestX), Gap: r.best, Held: e.held(r.bestX)}
	switch own.g.Dim() {
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
func sliceOf(e *engine, ra *Raster, r *rowRun, normal int) Raster {
	s := *ra
	s.Slices, s.Normal = nil, normal
	s.Axes = [2]int{0, 1}
	for k := normal; k < 2; k++ {
		s.Axes[k] = k + 1
	}
	most := RasterPole * ra.R
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
func fillRaster(e *engine, ra *Raster, r *rowRun, points [][]float64) {
	t := grid.NewTransfer(e.data.g, e.outset().points(points, r.bestX), e.width)
	ra.Values, ra.Diffusion, ra.U = make([]float64, t.Len()), make([]float64, t.Len()), make([]float64, t.Len())
	t.ApplyTo(ra.Values, r.bestE)
	t.ApplyTo(ra.Diffusion, r.bestS)
	disc := grid.Ball{Center: ra.Center, R: ra.R}
	for i, v := range ra.Values {
		if ra.X2 != nil && !disc.Contains([]float64{ra.X1[i%len(ra.X1)], ra.X2[i/len(ra.X1)]}) {
			ra.Values[i], ra.Diffusion[i], ra.U[i] = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		ra.Diffusion[i] += e.offset[r.obs]
		ra.U[i] = ra.Diffusion[i] + v
	}
}

// mostCurve is the number of points of a curve that is kept.
const mostCurve = 600

// curveOf returns the row's gap as a function of time, thinned.
func curveOf(e *engine, r *rowRun, eta Rate) Curve {
	c := Curve{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.Name, Eta: eta.Value, EtaText: eta.Text}
	stride := (len(r.curve)-1)/mostCurve + 1
	for n := 0; n < len(r.curve); n++ {
		if n%stride == 0 || n == r.bestN || n == len(r.curve)-1 {
			c.T = append(c.T, e.p.time(n, eta.Value))
			c.Gap = append(c.Gap, r.curve[n])
		}
	}
	return c
}
