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
