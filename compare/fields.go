package compare

import (
	"math"
	"slices"

	"kolmo/grid"
)

// FieldSet is U^n and u(., n eta) of one row on the grid of S, at some steps.
type FieldSet struct {
	Observable, Model, EtaText string
	Eta                        float64
	Grid                       *grid.Grid
	N                          []int       // SGD steps
	U, Diffusion               [][]float64 // [step][node]
	Sup                        []float64   // sup of the gap over the ball at these steps
}

// snapshots keeps fields of one model at regularly spaced steps: every given number of
// steps, or thinned whenever there are too many.
type snapshots struct {
	every int
	thin  bool
	n     []int
	u     [][][]float64 // [shot][observable] of U
	d     [][][]float64 // [shot][observable] of the model
}

// mostShots is the number of automatic snapshots from which every second one is
// dropped: about twenty remain.
const mostShots = 28

func newSnapshots(every int) *snapshots {
	if every > 0 {
		return &snapshots{every: every}
	}
	return &snapshots{every: 1, thin: true}
}

// keepFields makes the engine keep its fields, beginning with step 0.
func (e *engine) keepFields(every int) {
	e.shots = true
	for _, m := range e.models {
		m.shots = newSnapshots(every)
		m.shots.keep(0, e.data.phi, e.data.phi)
	}
}

func (s *snapshots) keep(n int, u, d [][]float64) {
	s.n = append(s.n, n)
	s.u = append(s.u, u)
	s.d = append(s.d, d)
}

// due reports that step n is to be kept, and makes room for it.
func (s *snapshots) due(n int) bool {
	if n%s.every != 0 {
		return false
	}
	if s.thin && len(s.n) >= mostShots {
		s.every *= 2
		k := 0
		for i := range s.n {
			if s.n[i]%s.every == 0 {
				s.n[k], s.u[k], s.d[k] = s.n[i], s.u[i], s.d[i]
				k++
			}
		}
		s.n, s.u, s.d = s.n[:k], s.u[:k], s.d[:k]
	}
	return n%s.every == 0
}

// offerFields keeps entry j of the block, which is step n, for the models for which it is
// due.
func (e *engine) offerFields(n, j int) {
	var u [][]float64 // shared by the models
	for _, m := range e.models {
		if !m.open() || !m.shots.due(n) {
			continue
		}
		if u == nil {
			u = copyFields(e.uOut[j])
		}
		var d [][]float64
		for _, r := range e.rows {
			if r.m == m {
				d = append(d, r.onS[j])
			}
		}
		m.shots.keep(n, u, copyFields(d))
	}
}

// fieldSet returns the snapshots of a row.
func (e *engine) fieldSet(r *rowRun, eta Rate) FieldSet {
	f := FieldSet{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.String(), Eta: eta.Value, EtaText: eta.Text, Grid: e.data.g}
	for k, n := range r.m.shots.n {
		if n >= len(r.curve) {
			break
		}
		f.N = append(f.N, n)
		f.U = append(f.U, r.m.shots.u[k][r.obs])
		f.Diffusion = append(f.Diffusion, r.m.shots.d[k][r.obs])
		f.Sup = append(f.Sup, r.curve[n])
	}
	return f
}

// Size of the pictures' rasters.
const (
	rasterLine  = 801
	rasterPlane = 201
	rasterSlice = 121
	// rasterPole is how far from the centre, in R, slices lie at most.
	rasterPole = 0.95
)

// raster returns the fields of a row at its worst step, for a picture.
func (e *engine) raster(r *rowRun, eta Rate) (Raster, bool) {
	if r.bestN == 0 {
		return Raster{}, false
	}
	ball := e.p.Ball
	ra := Raster{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.String(), Eta: eta.Value, EtaText: eta.Text,
		N: r.bestN, T: float64(r.bestN) * eta.Value, Center: ball.Center, R: ball.R, At: slices.Clone(r.bestX), Gap: r.best}
	switch e.data.g.Dim() {
	case 1:
		ra.X1 = rasterAxis(ball.Center[0], ball.R, rasterLine)
		e.rasterFields(&ra, r, [][]float64{ra.X1})
	case 2:
		ra.X1 = rasterAxis(ball.Center[0], ball.R, rasterPlane)
		ra.X2 = rasterAxis(ball.Center[1], ball.R, rasterPlane)
		e.rasterFields(&ra, r, [][]float64{ra.X1, ra.X2})
	default:
		for normal := 2; normal >= 0; normal-- {
			ra.Slices = append(ra.Slices, e.rasterSlice(&ra, r, normal))
		}
	}
	return ra, true
}

// rasterSlice returns the slice of a raster for d = 3 that is orthogonal to an axis.
func (e *engine) rasterSlice(ra *Raster, r *rowRun, normal int) Raster {
	s := *ra
	s.Slices, s.Normal = nil, normal
	s.Axes = [2]int{0, 1}
	for k := normal; k < 2; k++ {
		s.Axes[k] = k + 1
	}
	most := rasterPole * ra.R
	away := min(max(ra.At[normal]-ra.Center[normal], -most), most)
	s.Offset = ra.Center[normal] + away
	s.R = math.Sqrt(ra.R*ra.R - away*away)
	s.Center = []float64{ra.Center[s.Axes[0]], ra.Center[s.Axes[1]]}
	s.At = []float64{ra.At[s.Axes[0]], ra.At[s.Axes[1]]}
	s.X1, s.X2 = rasterAxis(s.Center[0], s.R, rasterSlice), rasterAxis(s.Center[1], s.R, rasterSlice)
	points := make([][]float64, 3)
	points[s.Axes[0]], points[s.Axes[1]], points[normal] = s.X1, s.X2, []float64{s.Offset}
	e.rasterFields(&s, r, points)
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

// rasterFields fills the fields of a raster, whose points they are interpolated to.
func (e *engine) rasterFields(ra *Raster, r *rowRun, points [][]float64) {
	t := grid.NewTransfer(e.data.g, points, e.width)
	ra.Values, ra.Diffusion, ra.U = make([]float64, t.Len()), make([]float64, t.Len()), make([]float64, t.Len())
	t.ApplyTo(ra.Values, r.bestE)
	t.ApplyTo(ra.Diffusion, r.bestS)
	disc := grid.Ball{Center: ra.Center, R: ra.R}
	for i, v := range ra.Values {
		if ra.X2 != nil && !disc.Contains([]float64{ra.X1[i%len(ra.X1)], ra.X2[i/len(ra.X1)]}) {
			ra.Values[i], ra.Diffusion[i], ra.U[i] = math.NaN(), math.NaN(), math.NaN()
			continue
		}
		ra.U[i] = ra.Diffusion[i] + v
	}
}

// mostCurve is the number of points of a curve that is kept.
const mostCurve = 600

// curve returns the row's gap as a function of time, thinned.
func (e *engine) curve(r *rowRun, eta Rate) Curve {
	c := Curve{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.String(), Eta: eta.Value, EtaText: eta.Text}
	stride := (len(r.curve)-1)/mostCurve + 1
	for n := 0; n < len(r.curve); n++ {
		if n%stride == 0 || n == r.bestN || n == len(r.curve)-1 {
			c.T = append(c.T, float64(n)*eta.Value)
			c.Gap = append(c.Gap, r.curve[n])
		}
	}
	return c
}
