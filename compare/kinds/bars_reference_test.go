package kinds

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/sgd"
)

// fineReference is a problem on the line by dense matrices: barycentric interpolation on
// many Chebyshev nodes for S, exponentials of collocated L for the models, a raster with
// parabolas for suprema, and high powers for limits. It shares no code with the package.
type fineReference struct {
	center, r, r2 float64
	nodes         int                       // on the ball; too many are amplified by noise at its ends
	w             []float64                 // weights of the samples
	g, h          []func(x float64) float64 // gradients and curvatures
	phis          []func(x float64) float64
}

// fineKnown is what is known of one observable, model and learning rate.
type fineKnown struct{ rho, sum, sgd, diffusion float64 }

// Resolutions of the reference.
const (
	fineCutoff  = 160 // on the box of the modified model
	fineSGD     = 72
	fineRaster  = 1501
	finePowers  = 2048 // steps after which all fields are constants
	fineRhoTime = 16   // in t
)

// axis returns n nodes about the centre and their barycentric weights.
func (p *fineReference) axis(n int, half float64) (x, w []float64) {
	for k := range n {
		x = append(x, p.center-half*math.Cos(math.Pi*float64(k)/float64(n-1)))
		w = append(w, math.Pow(-1, float64(k)))
	}
	w[0], w[n-1] = w[0]/2, w[n-1]/2
	return x, w
}

// interpolation adds c times the row that interpolates at y.
func interpolation(row, x, w []float64, y, c float64) {
	sum := 0.0
	for k := range x {
		if x[k] == y {
			row[k] += c
			return
		}
		sum += w[k] / (y - x[k])
	}
	for k := range x {
		row[k] += c * w[k] / (y - x[k]) / sum
	}
}

// step returns the rows that take E u(y - eta g) from values at the nodes, y the raster or
// the nodes themselves.
func (p *fineReference) step(x, w, y []float64, eta float64) *mat.Dense {
	m := mat.NewDense(len(y), len(x), nil)
	for i, at := range y {
		for s, g := range p.g {
			interpolation(m.RawRowView(i), x, w, at-eta*g(at), p.w[s])
		}
	}
	return m
}

// generator returns L at the nodes.
func (p *fineReference) generator(x, w []float64, model string, eta float64) *mat.Dense {
	n := len(x)
	d := mat.NewDense(n, n, nil)
	for i := range n {
		for k := range n {
			if i != k {
				v := w[k] / w[i] / (x[i] - x[k])
				d.Set(i, k, v)
				d.Set(i, i, d.At(i, i)-v)
			}
		}
	}
	var d2 mat.Dense
	d2.Mul(d, d)
	l := mat.NewDense(n, n, nil)
	for i, at := range x {
		grad, hess, square := 0.0, 0.0, 0.0
		for s, q := range p.w {
			v := p.g[s](at)
			grad, hess, square = grad+q*v, hess+q*p.h[s](at), square+q*v*v
		}
		b, a := -grad, eta*(square-grad*grad)
		switch model {
		case sgd.GradientFlow:
			a = 0
		case sgd.SecondOrder:
			b -= eta / 2 * hess * grad
		case sgd.Modified:
			b -= eta / 2 * hess * grad
			if s := (math.Abs(at-p.center) - p.r) / (p.r2 - p.r); s >= 1 {
				a = 0
			} else if s > 0 {
				chi := 1 / (1 + math.Exp(1.5*(1/(1-s)-1/s)))
				a *= chi * chi
			}
		}
		for k := range n {
			l.Set(i, k, b*d.At(i, k)+a/2*d2.At(i, k))
		}
	}
	return l
}

// known computes what is known of every observable.
func (p *fineReference) known(model string, eta float64) []fineKnown {
	n, half := p.nodes, p.r
	if model == sgd.Modified {
		n, half = fineCutoff, p.r2
	}
	x, w := p.axis(n, half)
	l := p.generator(x, w, model, eta)
	l.Scale(eta, l)
	var e mat.Dense
	e.Exp(l)
	raster := make([]float64, fineRaster)
	for i := range raster {
		raster[i] = p.center + p.r*(2*float64(i)/(fineRaster-1)-1)
	}
	at := mat.NewDense(fineRaster, n, nil)
	for i, y := range raster {
		interpolation(at.RawRowView(i), x, w, y, 1)
	}
	image := p.step(x, w, raster, eta)
	obs := len(p.phis)
	values := func(x []float64) *mat.Dense {
		u := mat.NewDense(len(x), obs, nil)
		for i, y := range x {
			for o, phi := range p.phis {
				u.Set(i, o, phi(y))
			}
		}
		return u
	}
	known := make([]fineKnown, obs)
	u := values(x)
	for j := 1; float64(j)*eta <= fineRhoTime; j++ {
		var next, a, b mat.Dense
		next.Mul(&e, u)
		a.Mul(image, u)
		b.Mul(at, &next)
		a.Sub(&a, &b)
		for o := range known {
			rho := parabolaSup(mat.Col(nil, o, &a))
			known[o].rho, known[o].sum = max(known[o].rho, rho), known[o].sum+rho
		}
		u = &next
	}
	sx, sw := p.axis(fineSGD, p.r)
	limit := func(a *mat.Dense, u *mat.Dense) []float64 {
		for range int(math.Log2(finePowers)) {
			var square mat.Dense
			square.Mul(a, a)
			a = &square
		}
		var end mat.Dense
		end.Mul(a, u)
		return append([]float64(nil), end.RawRowView(len(u.RawRowView(0)))...)
	}
	chain, diffusion := limit(p.step(sx, sw, sx, eta), values(sx)), limit(&e, values(x))
	for o := range known {
		known[o].sgd, known[o].diffusion = chain[o], diffusion[o]
		if model == sgd.GradientFlow {
			known[o].diffusion = p.phis[o](p.minimizer())
		}
	}
	return known
}

// minimizer finds where the mean gradient vanishes, by bisection.
func (p *fineReference) minimizer() float64 {
	lo, hi := p.center-p.r, p.center+p.r
	for range 200 {
		mid, grad := lo/2+hi/2, 0.0
		for s, q := range p.w {
			grad += q * p.g[s](mid)
		}
		if grad > 0 {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo/2 + hi/2
}

// parabolaSup returns max |v|, through three neighbours of the largest.
func parabolaSup(v []float64) float64 {
	at := 0
	for i := range v {
		if math.Abs(v[i]) > math.Abs(v[at]) {
			at = i
		}
	}
	if at == 0 || at == len(v)-1 {
		return math.Abs(v[at])
	}
	a, b, c := v[at-1], v[at], v[at+1]
	if d := a - 2*b + c; d != 0 {
		b -= (a - c) * (a - c) / (8 * d)
	}
	return math.Abs(b)
}
