package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// CutoffEffect is the difference e = u_modified - u_second-order that the
// cutoff Lambda = chi(|x|)^2 C makes in the modified model. It has no closed
// form; it solves
//
//	e_t = L e - (eta/2) (1 - chi^2) C:hess u,    e(.,0) = 0,    |x| <= R2,
//
// L the modified generator and u the closed form of the second-order model.
// Because e itself is computed, and not u, a relative accuracy of 1e-3 in e is
// 1e-6 or better in the gap. The method is collocation in polar coordinates of
// the eigenbasis, d = 1 or 2: Chebyshev points on a diameter, Fourier in the
// angle, Crank-Nicolson in time.
//
// It is a workspace: one goroutine at a time.
type CutoffEffect struct {
	ref    *Reference
	eta    float64
	r      []float64 // nodes on the radius, from R2 inwards
	w      []float64 // barycentric weights of the whole diameter
	angles int       // nodes on [0, pi); e(-x) = e(x)
	y      [][]float64
	damp   []float64 // -(eta/2)(1 - chi^2) at the nodes
	step   *mat.Dense
	source *mat.Dense
	dt     float64
	n      int           // steps of SGD done
	e      *mat.VecDense // e at n eta; node (j,a) at j*angles+a
	rhs    *mat.VecDense
}

// curved is an observable that knows C:hess u(y,t).
type curved interface {
	curvature(s *system, m Model, eta, t float64, y []float64) float64
}

// CutoffConfig sets the resolution; the zero value and nil mean the defaults.
type CutoffConfig struct {
	Nodes    int // on the radius; default 40
	Angles   int // on the half circle, even, for d = 2; default 12
	Substeps int // time steps per SGD step; default 16
}

// SmoothStep returns the step of class C-infinity that is one for s <= 0 and
// zero for s >= 1: p(1-s)/(p(s)+p(1-s)), p(s) = exp(-1.5/s).
func SmoothStep(s float64) float64 {
	const steepness = 1.5
	switch {
	case s <= 0:
		return 1
	case s >= 1:
		return 0
	}
	return 1 / (1 + math.Exp(steepness*(1/(1-s)-1/s)))
}

// NewCutoffEffect returns e at n = 0 for chi, a function of |x| that is one
// for |x| <= R and zero for |x| >= outer.
func (r *Reference) NewCutoffEffect(eta, outer float64, chi func(float64) float64, c *CutoffConfig) *CutoffEffect {
	cfg := CutoffConfig{Nodes: 40, Angles: 12, Substeps: 16}
	if c != nil {
		if c.Nodes > 0 {
			cfg.Nodes = c.Nodes
		}
		if c.Angles > 0 {
			cfg.Angles = c.Angles
		}
		if c.Substeps > 0 {
			cfg.Substeps = c.Substeps
		}
	}
	if r.sys.d > 2 {
		panic("closedform: the cutoff's effect needs d = 1 or 2")
	}
	if r.sys.d == 1 {
		cfg.Angles = 1
	}
	f := &CutoffEffect{ref: r, eta: eta, angles: cfg.Angles, dt: eta / float64(cfg.Substeps)}
	gen := f.generator(cfg.Nodes, outer, chi)
	size := len(f.y)
	f.e = mat.NewVecDense(size, nil)
	f.rhs = mat.NewVecDense(size, nil)
	// e' = (I - dt/2 L)^{-1} ((I + dt/2 L) e + dt s)
	var implicit, explicit mat.Dense
	implicit.Scale(-f.dt/2, gen)
	explicit.Scale(f.dt/2, gen)
	for i := range size {
		implicit.Set(i, i, implicit.At(i, i)+1)
		explicit.Set(i, i, explicit.At(i, i)+1)
	}
	f.source, f.step = new(mat.Dense), new(mat.Dense)
	if err := f.source.Inverse(&implicit); err != nil {
		panic("closedform: Crank-Nicolson matrix is singular")
	}
	f.step.Mul(f.source, &explicit)
	f.source.Scale(f.dt, f.source)
	return f
}

// diameter returns the Chebyshev points on [-1,1] (an even number, so that
// zero is none of them), their barycentric weights and the first and second
// differentiation matrices, folded for even functions onto the positive half.
func diameter(half int) (x, w []float64, d1, d2 *mat.Dense) {
	n := 2 * half
	for k := range n {
		x = append(x, math.Sin(math.Pi*float64(n-1-2*k)/float64(2*(n-1))))
		w = append(w, float64(1-2*(k%2)))
	}
	w[0] /= 2
	w[n-1] /= 2
	full := mat.NewDense(n, n, nil)
	for i := range n {
		sum := 0.0
		for j := range n {
			if j != i {
				v := w[j] / w[i] / (x[i] - x[j])
				full.Set(i, j, v)
				sum -= v
			}
		}
		full.Set(i, i, sum)
	}
	var second mat.Dense
	second.Mul(full, full)
	fold := func(m *mat.Dense) *mat.Dense {
		f := mat.NewDense(half, half, nil)
		for i := range half {
			for j := range half {
				f.Set(i, j, m.At(i, j)+m.At(i, n-1-j))
			}
		}
		return f
	}
	return x, w, fold(full), fold(&second)
}

// halfCircle returns the Fourier differentiation matrices, first and second,
// for functions of period pi on m equal steps, m even or one.
func halfCircle(m int) (d1, d2 *mat.Dense) {
	d1, d2 = mat.NewDense(m, m, nil), mat.NewDense(m, m, nil)
	if m == 1 {
		return d1, d2
	}
	h := 2 * math.Pi / float64(m) // of the doubled angle
	for i := range m {
		for j := range m {
			if i == j {
				d2.Set(i, i, 4*(-math.Pi*math.Pi/(3*h*h)-1.0/6))
				continue
			}
			sign := float64(1 - 2*((i+j)%2))
			s, c := math.Sincos(float64(i-j) * h / 2)
			d1.Set(i, j, sign*c/s) // 2 * 1/2 * cot
			d2.Set(i, j, -4*sign/(2*s*s))
		}
	}
	return d1, d2
}

// generator sets the nodes and returns the modified generator on them.
func (f *CutoffEffect) generator(half int, outer float64, chi func(float64) float64) *mat.Dense {
	s := f.ref.sys
	x, w, dr, drr := diameter(half)
	dt, dtt := halfCircle(f.angles)
	f.w = w
	for _, v := range x {
		f.r = append(f.r, v*outer)
	}
	kappa, _ := Modified.coefficients()
	b := s.rates(kappa, f.eta)
	size := half * f.angles
	gen := mat.NewDense(size, size, nil)
	for j := range half {
		r := f.r[j]
		lambda := f.eta * chi(r) * chi(r)
		for a := range f.angles {
			sin, cos := math.Sincos(math.Pi * float64(a) / float64(f.angles))
			n, tau := []float64{cos, sin}[:s.d], []float64{-sin, cos}[:s.d]
			y := make([]float64, s.d)
			var bn, bt, ann, ant, att float64
			for i := range s.d {
				y[i] = r * n[i]
				bn -= b[i] * r * n[i] * n[i]
				bt -= b[i] * r * n[i] * tau[i]
				for k := range s.d {
					ann += lambda * n[i] * s.c[i][k] * n[k]
					ant += lambda * n[i] * s.c[i][k] * tau[k]
					att += lambda * tau[i] * s.c[i][k] * tau[k]
				}
			}
			if s.d == 1 {
				bt, ant, att = 0, 0, 0
			}
			f.y = append(f.y, y)
			f.damp = append(f.damp, -(f.eta-lambda)/2)
			row := j*f.angles + a
			for k := range half {
				for c := range f.angles {
					v := 0.0
					if c == a {
						v += (bn+att/(2*r))*dr.At(j, k)/outer + ann/2*drr.At(j, k)/(outer*outer)
					}
					v += ant / r * dr.At(j, k) / outer * dt.At(a, c)
					if k == j {
						v += (bt/r-ant/(r*r))*dt.At(a, c) + att/(2*r*r)*dtt.At(a, c)
					}
					gen.Set(row, k*f.angles+c, v)
				}
			}
		}
	}
	return gen
}

// Advance takes e from n to n + 1 steps of SGD.
func (f *CutoffEffect) Advance() {
	steps := int(math.Round(f.eta / f.dt))
	s := f.ref.sys
	forcing := mat.NewVecDense(len(f.y), nil)
	var add mat.VecDense
	for k := range steps {
		t := float64(f.n)*f.eta + (float64(k)+0.5)*f.dt
		for i, y := range f.y {
			if f.damp[i] != 0 {
				forcing.SetVec(i, f.damp[i]*f.ref.phi.(curved).curvature(s, Modified, f.eta, t, y))
			}
		}
		f.rhs.MulVec(f.step, f.e)
		add.MulVec(f.source, forcing)
		f.e.AddVec(f.rhs, &add)
	}
	f.n++
}

// N returns the number of SGD steps done.
func (f *CutoffEffect) N() int { return f.n }

// At returns e(x, n eta) by barycentric interpolation, for |x| <= R2.
func (f *CutoffEffect) At(x []float64) float64 {
	y := f.ref.sys.rotate(x)
	r := math.Sqrt(dot(y, y))
	angular := []float64{1}
	if f.angles > 1 {
		angular = periodicWeights(f.angles, math.Atan2(y[1], y[0]))
	}
	half := len(f.r) / 2
	radial := make([]float64, half)
	total := 0.0
	for k, node := range f.r {
		j := min(k, len(f.r)-1-k)
		if r == node {
			clear(radial)
			radial[j], total = 1, 1
			break
		}
		v := f.w[k] / (r - node)
		radial[j] += v
		total += v
	}
	sum := 0.0
	for j, rw := range radial {
		for a, aw := range angular {
			sum += rw / total * aw * f.e.AtVec(j*f.angles+a)
		}
	}
	return sum
}

// periodicWeights returns the weights of trigonometric interpolation at theta
// for functions of period pi on m equal steps, m even.
func periodicWeights(m int, theta float64) []float64 {
	weights := make([]float64, m)
	for a := range weights {
		// Half the doubled angle's distance to the node.
		s, c := math.Sincos(theta - math.Pi*float64(a)/float64(m))
		if math.Abs(s) < 1e-14 {
			clear(weights)
			weights[a] = 1
			return weights
		}
		weights[a] = math.Sin(float64(m)*(theta-math.Pi*float64(a)/float64(m))) / float64(m) * c / s
	}
	return weights
}

// curvature returns -(k.M C M k) u.
func (c *cosine) curvature(s *system, m Model, eta, t float64, y []float64) float64 {
	kappa, _ := m.coefficients()
	b := s.rates(kappa, eta)
	sum := 0.0
	for i := range s.d {
		for j := range s.d {
			sum += c.k[i] * c.k[j] * s.c[i][j] * math.Exp(-(b[i]+b[j])*t)
		}
	}
	return -sum * c.diffusion(s, m, eta, t, y)
}

// curvature returns 2 sum_ij C_ij q_ij e^{-(b_i+b_j)t}.
func (q *quadratic) curvature(s *system, m Model, eta, t float64, _ []float64) float64 {
	kappa, _ := m.coefficients()
	b := s.rates(kappa, eta)
	sum := 0.0
	for i := range s.d {
		for j := range s.d {
			sum += 2 * s.c[i][j] * q.q[i][j] * math.Exp(-(b[i]+b[j])*t)
		}
	}
	return sum
}
