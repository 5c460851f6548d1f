package given

import (
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/objective"
	"kolmo/process"
)

// Phase is a derived dynamics, in its chart, with given diffusions of its states beside its
// own. Their noise ends as that of its own.
type Phase struct {
	*Dynamics
	d *derived.Dynamics
}

var (
	_ process.Charted     = (*Phase)(nil)
	_ process.Contracting = (*Phase)(nil)
	_ process.Tapered     = (*Phase)(nil)
	_ process.Paced       = (*Phase)(nil)
)

// lossy is an algorithm of a loss.
type lossy interface{ Objective() objective.Objective }

// phaseBase is a derived dynamics as a Base.
type phaseBase struct{ *derived.Dynamics }

func (b phaseBase) Objective() objective.Objective { return b.Algorithm().(lossy).Objective() }

// NewPhase returns the dynamics of an algorithm, which must have a method Objective, with
// the given models behind its own.
func NewPhase(d *derived.Dynamics, etas []float64, models ...*Model) *Phase {
	p := &Phase{Dynamics: &Dynamics{Base: phaseBase{d}, models: models, etas: etas, region: d.Region(), chart: d}, d: d}
	p.collect()
	return p
}

// Region implements process.Charted.
func (p *Phase) Region() grid.Ball { return p.d.Region() }

// ToUser implements process.Charted.
func (p *Phase) ToUser(z, q []float64) { p.d.ToUser(z, q) }

// FromUser implements process.Charted.
func (p *Phase) FromUser(q, z []float64) { p.d.FromUser(q, z) }

// Chart implements process.Charted.
func (p *Phase) Chart() string { return p.d.Chart() }

// Contraction implements process.Contracting.
func (p *Phase) Contraction() float64 { return p.d.Contraction() }

// Pace implements process.Paced. Given diffusions are over the users' time.
func (p *Phase) Pace() float64 { return p.d.Pace() }

// Reach implements process.Tapered.
func (p *Phase) Reach() float64 { return p.d.Reach() }

// Ends implements process.Tapered.
func (p *Phase) Ends() [2]float64 { return p.d.Ends() }

// Moved implements process.Tapered.
func (p *Phase) Moved() process.Dynamics {
	return NewPhase(p.d.Moved().(*derived.Dynamics), p.etas, p.models...)
}

// Refine implements process.Dynamics.
func (p *Phase) Refine() (process.Dynamics, bool) {
	fine, ok := p.d.Refine()
	if !ok {
		return nil, false
	}
	return p.with(fine), true
}

// Thinned implements process.Dynamics.
func (p *Phase) Thinned(n int, phi []process.Observable) (process.Dynamics, []process.Observable, bool) {
	few, seen, ok := p.d.Thinned(n, phi)
	if !ok {
		return nil, nil, false
	}
	return p.with(few), seen, true
}

// with returns the same models beside another base in the same chart.
func (p *Phase) with(base process.Dynamics) *Phase {
	d := base.(*derived.Dynamics)
	e := *p.Dynamics
	e.Base, e.chart = phaseBase{d}, d
	return &Phase{Dynamics: &e, d: d}
}
