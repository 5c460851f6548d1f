package kolmogorov

import arnoldi "kolmo/internal/krylov"

// Departure is how far u is from its limit as t grows, by a basis that serves all times:
// u(n eta) - limit = sum_j At(n)[j] d_j for j < Dim(), and BoundAlways bounds what u errs by at
// all n. It belongs to the propagator.
type Departure struct {
	*arnoldi.Departure
	l      *reflectedOperator
	folded []float64
}

// FieldTo stores d_j on the grid in dst.
func (d *Departure) FieldTo(dst []float64, j int) {
	d.Departure.FieldTo(d.folded, j)
	d.l.UnfoldTo(dst, d.folded, d.l.set)
}

// Departure returns that of field f from the basis that serves step n, with more vectors until
// its bound for all steps is at most the tolerance; nil where that is not met, or no basis serves
// since Start. What NewBasisThenPolynomial returns has it too. Cost: small matrices.
func (p *Basis) Departure(n, f int, tolerance float64) *Departure {
	if p.failed != nil || p.since > 0 || p.runs[f].now == nil {
		return nil
	}
	r := p.runs[f]
	y, met := r.now, r.now.BoundAlways() <= tolerance
	if !met {
		defer r.b.Truncate(r.b.Dim()) // later steps go on from their own vectors
		met, _ = r.b.Until(p.cfg.Vectors, func() float64 {
			y = r.b.Exponential(p.eta, n, r.growth)
			return ratio(y.BoundAlways(), tolerance)
		})
	}
	d, err := arnoldi.NewDeparture(r.b, y)
	if err != nil || !met {
		return nil
	}
	return &Departure{Departure: d, l: r.l, folded: make([]float64, r.l.Len())}
}

// Departure is that of the basis while it serves.
func (p *basisThenPolynomial) Departure(n, f int, tolerance float64) *Departure {
	if p.poly != nil {
		return nil
	}
	return p.basis.Departure(n, f, tolerance)
}
