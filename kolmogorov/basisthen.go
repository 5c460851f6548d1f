package kolmogorov

import "errors"

// basisThenPolynomial propagates by a Basis as far as that serves, and from there by Taylor
// polynomials. It is a workspace: one goroutine at a time.
type basisThenPolynomial struct {
	op    *Operator
	eta   float64
	basis *Basis
	poly  *Polynomial // nil while the basis serves
	u     [][]float64 // the fields where the basis is
	until int         // the steps that it served
	err   float64     // of these, as it grows on its way
}

// NewBasisThenPolynomial returns a propagator by SGD steps of length eta > 0 that is a Basis
// up to the first step whose bound is above the tolerance, and a Polynomial from there on. On
// collocation grids that is the cheaper one for smooth observables, and no worse for others
// than by the basis that was tried. Its errors in t are the truncation alone, and it ends
// with the errors of Polynomial. The bound has the growth that the basis shows, and no less
// than the one given.
func NewBasisThenPolynomial(op *Operator, eta float64, cfg *BasisConfig) Propagator {
	c := cfg.withDefaults()
	c.Truncation, c.ahead, c.least, c.Growth = true, true, c.Growth, 0
	return &basisThenPolynomial{op: op, eta: eta, basis: NewBasis(op, eta, &c)}
}

func (p *basisThenPolynomial) TimeError() float64 {
	if p.poly == nil {
		return p.err + p.basis.TimeError()
	}
	return p.err + p.poly.TimeError()
}

func (p *basisThenPolynomial) TimeErrorAt(n int) float64 {
	if p.poly == nil {
		return p.err + p.basis.TimeErrorAt(n)
	}
	return p.TimeError()
}

// KeepDifferences implements Propagator: there are none.
func (p *basisThenPolynomial) KeepDifferences() *Differences { return nil }

func (p *basisThenPolynomial) Start(u [][]float64) {
	p.poly, p.until, p.err = nil, 0, 0
	p.keep(u)
	p.basis.Start(u)
}

func (p *basisThenPolynomial) Set(u [][]float64) {
	if p.poly != nil {
		p.poly.Set(u)
		return
	}
	p.err += p.basis.shown() * p.basis.TimeError()
	p.keep(u)
	p.basis.Set(u)
}

// keep makes u the fields from which a polynomial would begin.
func (p *basisThenPolynomial) keep(u [][]float64) {
	p.u = resized(p.u, u)
	for f := range u {
		copy(p.u[f], u[f])
	}
}

func (p *basisThenPolynomial) Advance(out [][][]float64) error {
	if len(out) == 0 {
		return nil
	}
	if p.poly == nil {
		err := p.basis.Advance(out)
		var short *BasisError
		if !errors.As(err, &short) {
			if err == nil {
				p.keep(out[len(out)-1])
				p.until += len(out)
			}
			return err
		}
		p.err += p.basis.shown() * p.basis.TimeErrorAt(p.until)
		p.poly = NewPolynomial(p.op, p.eta)
		p.poly.Set(p.u)
		p.poly.guard = p.basis.guard
		p.poly.guard.steps = p.until
	}
	return p.poly.Advance(out)
}
