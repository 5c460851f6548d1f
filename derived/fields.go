package derived

import (
	"fmt"
	"strings"

	"kolmo/grid"
	"kolmo/process"
)

// values are the coefficients of drifts and diffusions at a point, in the chart.
type values struct {
	b0, b1 Vector // m12, and the second-order term
	d0     Matrix // the Jacobian of b0
	// n0 is a at eta = 0, and n1 and n2 its part of order eta in the first- and the
	// second-order model; with each goes a drift by Ito's formula.
	n0, n1, n2       Matrix
	ito0, ito1, ito2 Vector
}

// Fields are these at points. They implement process.Fields.
type Fields struct {
	dim int
	g   *grid.Grid
	x   [][]float64
	at  []values

	frozen *frozen // of the models of constant noise
}

var _ process.Fields = (*Fields)(nil)

// set stores the values at q, with what moments finds there; z is a workspace.
func (v *values) set(c *Chart, moments func(m *Moments, z []float64), z, q []float64) {
	c.toState(z, q)
	var m Moments
	moments(&m, z)
	j := c.jetAt(z)
	first, second := m.terms(c.d, 1), m.terms(c.d, 2)
	*v = values{b0: m.M12, n0: m.M22, b1: second.B1, n1: first.A1, n2: second.A1}
	v.b0, v.b1 = c.pushDrift(j, &v.b0), c.pushDrift(j, &v.b1)
	v.n0, v.ito0 = c.pushDiffusion(j, &v.n0)
	v.n1, v.ito1 = c.pushDiffusion(j, &v.n1)
	v.n2, v.ito2 = c.pushDiffusion(j, &v.n2)
	v.d0 = c.jacobian(j, &m)
}

// finite reports that all values are.
func (v *values) finite() bool {
	sum := 0.0
	for k := range v.b0 {
		sum += v.b0[k]*0 + v.b1[k]*0 + v.ito0[k]*0 + v.ito1[k]*0 + v.ito2[k]*0
		for l := range v.b0 {
			sum += v.n0[k][l]*0 + v.n1[k][l]*0 + v.n2[k][l]*0
		}
	}
	return sum == 0
}

// NonFiniteError reports that a step or its moments are not finite at a state.
type NonFiniteError struct {
	Name string // of the algorithm
	Z    []float64
}

func (e *NonFiniteError) Error() string {
	z := make([]string, len(e.Z))
	for k, v := range e.Z {
		z[k] = fmt.Sprintf("%.6g", v)
	}
	return fmt.Sprintf("the moments of a step of %s are not finite at (%s)", e.Name, strings.Join(z, ", "))
}

// NonFinite makes process.NonFinite know the error.
func (e *NonFiniteError) NonFinite() bool { return true }

// Grid implements process.Fields.
func (f *Fields) Grid() *grid.Grid { return f.g }

// Len implements process.Fields.
func (f *Fields) Len() int { return len(f.at) }

// PointTo implements process.Fields.
func (f *Fields) PointTo(x []float64, i int) {
	if f.g != nil {
		f.g.PointTo(x, i)
		return
	}
	copy(x, f.x[i])
}

// FlowTo implements process.Fields: the limit's drift and its Jacobian.
func (f *Fields) FlowTo(b, jacobian []float64, i int) {
	v := &f.at[i]
	for k := range b {
		b[k] = v.b0[k] + v.ito0[k]
		for l := range b {
			jacobian[k*len(b)+l] = v.d0[k][l]
		}
	}
}

// Noise implements process.Fields.
func (f *Fields) Noise(i int) float64 {
	sum := 0.0
	for k := range f.dim {
		sum += f.at[i].n1[k][k]
	}
	return sum
}

// The orders by which parts are told apart: of a drift, m12, the term of order eta in the
// second-order model, and that in the first-order one; of a diffusion, the like.
const (
	limitPart = iota
	secondPart
	firstPart
)

// Parts implements process.Fields.
func (f *Fields) Parts() []process.FieldPart {
	var parts []process.FieldPart
	add := func(role process.Role, order, k, l int, at func(v *values) float64) {
		parts = append(parts, process.FieldPart{Part: process.Part{Role: role, Order: order, K: k, L: l},
			At: func(i int) float64 { return at(&f.at[i]) }})
	}
	for k := range f.dim {
		add(process.InDrift, limitPart, k, k, func(v *values) float64 { return v.b0[k] + v.ito0[k] })
		add(process.InDrift, secondPart, k, k, func(v *values) float64 { return v.b1[k] + v.ito2[k] })
		add(process.InDrift, firstPart, k, k, func(v *values) float64 { return v.ito1[k] })
		for l := k; l < f.dim; l++ {
			add(process.InDiffusion, limitPart, k, l, func(v *values) float64 { return v.n0[k][l] })
			add(process.InDiffusion, secondPart, k, l, func(v *values) float64 { return v.n2[k][l] })
			add(process.InDiffusion, firstPart, k, l, func(v *values) float64 { return v.n1[k][l] })
		}
	}
	return parts
}

// NewObserver implements process.Fields.
func (f *Fields) NewObserver(phi process.Observable) func(x []float64, i int) float64 {
	value := phi.NewFunc()
	return func(x []float64, _ int) float64 { return value(x) }
}
