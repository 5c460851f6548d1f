package sgd

import (
	"sync"

	"kolmo/assumptions"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/objective"
	"kolmo/process"
)

// The models with Sigma frozen at the minimiser x* of f in the ball.
const (
	// ConstantNoise is the one that most papers use: b = -grad f, a = eta Sigma(x*).
	ConstantNoise = "constant-noise"
	// SecondConstantNoise has the drift of SecondOrder: b = -(I + (eta/2) hess f) grad f.
	SecondConstantNoise = "second-order-constant-noise"
)

// frozen has Sigma at the minimiser, per loss: refined quadratures have their own.
type frozen struct {
	o     objective.Objective // of the dynamics itself
	ball  grid.Ball
	mu    sync.Mutex
	known map[objective.Objective]*objective.Moments
}

func newFrozen(o objective.Objective, ball grid.Ball) *frozen {
	return &frozen{o: o, ball: ball, known: map[objective.Objective]*objective.Moments{}}
}

// at returns the moments at the minimiser of a loss; false where there is none in the ball.
func (f *frozen) at(o objective.Objective) (*objective.Moments, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m, ok := f.known[o]
	if !ok {
		if at, found := assumptions.Displace(o, f.ball.Center, f.ball.R); found {
			m = new(objective.Moments)
			o.NewEvaluator().MomentsTo(m, at.Minimizer)
		}
		f.known[o] = m
	}
	return m, m != nil
}

// diffusion returns a model with its Sigma frozen. The gap is of order one, also with the
// drift of SecondOrder. The D of the two are these.
//
//	D u = -(1/2)(H m).grad u + (1/2) (Sigma - Sigma(x*)):hess u,   m = grad f, H = hess f,
//	D u = (1/2) (Sigma - Sigma(x*)):hess u.
//
// They are that of FirstOrder where Sigma is constant, and none of this power of eta.
func (f *frozen) diffusion(name string, m model, cut Cutoff) *process.Diffusion {
	d := m.diffusion(name, cut)
	d.Order, d.Formula = 1, process.Formula{Drift: "−∇f", Diffusion: "ηΣ(x*)"}
	d.Note = "is first-order with Σ frozen at the minimiser x*, as most papers have it"
	if m.corrected {
		d.Formula.Drift = "−∇f − (η/4) ∇|∇f|²"
		d.Note = "is second-order with Σ frozen at the minimiser x*, of order 2 only where Σ is constant"
	}
	d.Coefficients = func(at process.Fields, eta float64) *kolmogorov.Coefficients {
		fields := at.(*Fields)
		c := m.coefficients(fields, eta, cut)
		rest, ok := f.at(fields.o)
		if !ok {
			rest = new(objective.Moments)
		}
		x := make([]float64, fields.dim())
		for i := range fields.Len() {
			fields.PointTo(x, i)
			chi := m.share(cut, x)
			scale := eta * (chi * chi)
			for k := range x {
				for l := k; l < len(x); l++ {
					c.A[k][l][i] = scale * rest.Sigma[k][l]
				}
			}
		}
		return c
	}
	d.Control, d.Term, d.TermName = "", "", ""
	d.Lacks = func() string {
		if _, ok := f.at(f.o); !ok {
			return "is made of the minimiser of f, and none was found in the ball at which f is strictly convex"
		}
		return ""
	}
	// A constant hides nothing: the parts are the drift's.
	quiet := m
	quiet.noise = false
	d.Weights = quiet.weights
	d.Defect = f.defect(m)
	return d
}

// defect describes D, see diffusion.
func (f *frozen) defect(m model) process.Defect {
	d := gradientFlow.defect()
	d.New = func(at process.Fields, workers int) (*kolmogorov.Defect, error) {
		fields := at.(*Fields)
		rest, ok := f.at(fields.o)
		b := &defectBuilder{f: &Fields{o: fields.o, g: fields.g, at: append([]objective.Moments(nil), fields.at...)}, d: fields.dim()}
		for i := range fields.at {
			b.noise = max(b.noise, fields.Noise(i))
			for k := range b.d {
				for l := 0; ok && l < b.d; l++ {
					b.f.at[i].Sigma[k][l] -= rest.Sigma[k][l]
				}
			}
		}
		for k := range b.d {
			b.c.P[k] = make([]float64, fields.Len())
		}
		b.lowOrder(gradientFlow)
		if m.corrected {
			for k := range b.d {
				clear(b.c.P[k])
			}
		}
		return kolmogorov.NewDefect(fields.g, &b.c, b.noise)
	}
	return d
}
