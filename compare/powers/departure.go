package powers

import "kolmo/internal/krylov"

// Departure is how far U^n of one observable is from its limit as n grows, by the basis:
// sum_j At(n)[j] d_j for j < Dim(). It belongs to the powers.
type Departure struct {
	*krylov.Departure
	p     *Powers
	of    int
	field []float64 // of all observables
}

// looks are what is kept of looks ahead, by stage and number of vectors.
type looks struct {
	always map[[2]int]float64 // bounds for all steps
	serves *krylov.Trajectory // the newest
	served [2]int
}

// aheadVectors is how many times the vectors of a stage may serve all later steps.
const aheadVectors = 2

// Departure returns that of an observable from the vectors that serve step n, and more of them
// until its bound for all steps is at most the tolerance; nil where that is not met. It depends
// on n and the tolerance alone. s is the grid's S.
func (p *Powers) Departure(s Chain, n, observable int, tolerance float64) *Departure {
	p.S = s
	defer func() { p.S = nil }()
	stage := p.Reach(n)
	if stage < 0 {
		stage = len(p.Stages) - 1
	}
	if stage < 0 {
		return nil
	}
	y := p.ahead(stage, tolerance/p.Size[observable])
	if y == nil {
		return nil
	}
	d, err := krylov.NewDeparture(p.Basis, y)
	if err != nil {
		return nil
	}
	return &Departure{Departure: d, p: p, of: observable}
}

// ahead returns the trajectory of a stage's vectors, or of those and as many more as it takes,
// whose bound for all steps is at most the tolerance; nil where none is.
func (p *Powers) ahead(stage int, tolerance float64) *krylov.Trajectory {
	y := p.Stages[stage]
	if y.BoundAlways() <= tolerance {
		return y
	}
	// Later stages go on from their own vectors, whoever looked ahead before.
	defer p.Basis.Truncate(p.Basis.Dim())
	p.Basis.Truncate(y.Dim())
	met, err := p.Basis.Until(min(MostVectors, aheadVectors*y.Dim()), func() float64 {
		key := [2]int{stage, p.Basis.Dim()}
		if bound, ok := p.always[key]; ok && !(bound <= tolerance) {
			return bound / tolerance
		}
		if p.served != key {
			p.serves, p.served = p.Basis.Powers(p.growths[stage]), key
			p.always[key] = p.serves.BoundAlways()
		}
		y = p.serves
		return y.BoundAlways() / tolerance
	})
	if err != nil || !met {
		return nil
	}
	return y
}

// FieldTo stores the observable's part of d_j in dst.
func (d *Departure) FieldTo(dst []float64, j int) {
	if d.field == nil {
		d.field = make([]float64, len(d.p.Size)*d.p.Nodes)
	}
	d.Departure.FieldTo(d.field, j)
	for i, v := range d.field[d.of*d.p.Nodes : (d.of+1)*d.p.Nodes] {
		dst[i] = d.p.Size[d.of] * v
	}
}

// BoundAlways returns what U^n errs by at most because of the basis, for all n.
func (d *Departure) BoundAlways() float64 { return d.p.Size[d.of] * d.Departure.BoundAlways() }
