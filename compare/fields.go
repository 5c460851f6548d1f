package compare

import (
	"math"

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
	Derivatives                []FieldDerivative
	Every                      int    // all N are its multiples
	Note                       string // why Every is not what was asked for, or ""
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

// fieldSet returns the snapshots of a row, without the errors of derivatives.
func (e *engine) fieldSet(r *rowRun, eta Rate) FieldSet {
	shots := r.m.shots
	f := FieldSet{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.String(), Eta: eta.Value, EtaText: eta.Text, Grid: e.data.g,
		Every: shots.every, Note: shots.note(eta), Own: newDiscretisation(r.m.data.g, r.m.level), OfS: newDiscretisation(e.data.g, e.lv)}
	for k := range shots.list {
		shot := &shots.list[k]
		if shot.n >= len(r.curve) {
			break
		}
		f.N = append(f.N, shot.n)
		f.U = append(f.U, shot.u[r.obs])
		f.Diffusion = append(f.Diffusion, shot.d[r.obs])
		f.Sup = append(f.Sup, r.curve[shot.n])
	}
	f.Derivatives = shots.derivatives(e, r, len(f.N))
	return f
}

// Size of the pictures' rasters.
const (
	rasterPlane = 201
	rasterLine  = 801
)

// raster returns the gap field of a row at its worst step, for a picture.
func (e *engine) raster(r *rowRun, eta Rate) (Raster, bool) {
	d := e.data.g.Dim()
	if d > 2 || r.bestN == 0 {
		return Raster{}, false
	}
	ball := e.p.Ball
	ra := Raster{Observable: e.p.Observables[r.obs].Name(), Model: r.m.model.String(), Eta: eta.Value, EtaText: eta.Text,
		N: r.bestN, T: float64(r.bestN) * eta.Value, Center: ball.Center, R: ball.R, At: r.bestX, Gap: r.best}
	n := rasterLine
	if d == 2 {
		n = rasterPlane
	}
	axes := make([][]float64, d)
	for k, c := range ball.Center {
		axes[k] = make([]float64, n)
		for i := range axes[k] {
			axes[k][i] = c + ball.R*(float64(2*i-(n-1))/float64(n-1))
		}
	}
	t := grid.NewTransfer(e.data.g, axes, e.width)
	ra.Values = make([]float64, t.Len())
	t.ApplyTo(ra.Values, r.bestE)
	ra.X1 = axes[0]
	if d == 2 {
		ra.X2 = axes[1]
		x := make([]float64, 2)
		for i := range ra.Values {
			x[0], x[1] = axes[0][i%n], axes[1][i/n]
			if !ball.Contains(x) {
				ra.Values[i] = math.NaN()
			}
		}
	}
	return ra, true
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
