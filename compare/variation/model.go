package variation

import (
	"errors"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// Model is M of a diffusion on a grid. One goroutine at a time.
type Model struct {
	*terms
	Fields     [][]float64 // the entries of M(t)
	op         *kolmogorov.Operator
	p          float64
	size       float64 // of the operator
	term, next [][]float64
	slope      [][]float64 // d_c of an entry, [c*entries+e]
}

// terms are what multiplies M and its derivatives beside L.
type terms struct {
	first []*kolmogorov.Derivative
	d     int
	db    [][]float64 // [i*d+j]: d_j b_i
	// square[((a*d+i)*d+b)*d+j] is sum_k (Ds_k)_ai (Ds_k)_bj, and mixed[(c*d+a)*d+i] is
	// sum_k s_kc (Ds_k)_ai; nil without noise. In more than one dimension fields that vanish are nil too.
	square, mixed [][]float64
}

// newTerms returns the terms of coefficients on a grid; see NewModel.
func newTerms(g *grid.Grid, c *kolmogorov.Coefficients, order int, root process.Root, state func(z, q []float64), workers int) (*terms, error) {
	t := &terms{d: g.Dim()}
	for j := range t.d {
		J := make([]int, t.d)
		J[j] = 1
		dj, err := kolmogorov.NewDerivative(g, J, order)
		if err != nil {
			return nil, err
		}
		t.first = append(t.first, dj)
	}
	t.jacobians(c, root, newFrame(t.first, g, state), workers)
	return t, nil
}

// NewModel returns M(0) of a diffusion with an operator and coefficients, of differences of an order. root is its drift and
// the root of its a, nil where it has no noise; state stores the users' coordinates of a point, nil where they are the grid's.
func NewModel(op *kolmogorov.Operator, c *kolmogorov.Coefficients, order int, root process.Root, state func(z, q []float64), p float64, workers int) (*Model, error) {
	g := op.Grid()
	d := g.Dim()
	if d > 1 && p != 2 {
		panic("variation: only squares have a matrix")
	}
	t, err := newTerms(g, c, order, root, state, workers)
	if err != nil {
		return nil, err
	}
	m := &Model{terms: t, Fields: identity(g), op: op.WithWorkers(workers), p: p, term: identity(g), next: identity(g)}
	m.slope = newFields(d*Entries(d), g.Len())
	sum := make([]float64, g.Len())
	addSizes(sum, m.db, 2*p)
	addSizes(sum, m.square, p*p)
	if m.size = op.SpectralRadius() + slices.Max(sum); m.size-m.size != 0 {
		return nil, errors.New("variation: the equation is not finite")
	}
	if d > 1 {
		prune(m.db)
		prune(m.square)
		prune(m.mixed)
	}
	return m, nil
}

// addSizes adds c times those of fields.
func addSizes(sum []float64, fields [][]float64, c float64) {
	for _, f := range fields {
		for i, v := range f {
			sum[i] += c * math.Abs(v)
		}
	}
}

// prune drops fields that vanish.
func prune(fields [][]float64) {
	for k, f := range fields {
		if !slices.ContainsFunc(f, func(v float64) bool { return v != 0 }) {
			fields[k] = nil
		}
	}
}

func newFields(count, n int) [][]float64 {
	f := make([][]float64, count)
	for i := range f {
		f[i] = make([]float64, n)
	}
	return f
}

// couples tells which directions the diffusion moves to which; see follower.
func (m *terms) couples() []bool {
	sizes := make([]float64, m.d*m.d)
	for i := range sizes {
		for _, v := range m.db[i] {
			sizes[i] = max(sizes[i], math.Abs(v))
		}
		if m.square != nil {
			for _, v := range m.square[i*m.d*m.d+i] {
				sizes[i] = max(sizes[i], math.Sqrt(max(0, v)))
			}
		}
	}
	return coupled(sizes)
}

// rateTo stores the right-hand side of the equation at u in dst.
func (m *Model) rateTo(dst, u [][]float64) {
	d, entries := m.d, len(u)
	for e := range u {
		m.op.ApplyTo(dst[e], nil, 1, u[e])
		for c := range d {
			if m.drifts(c) {
				m.first[c].ApplyTo(m.slope[c*entries+e], u[e])
			}
		}
	}
	if d == 1 {
		for i, v := range u[0] {
			dst[0][i] += m.p * m.db[0][i] * v
			if m.square != nil {
				dst[0][i] += m.p*(m.p-1)/2*m.square[0][i]*v + m.p*m.mixed[0][i]*m.slope[0][i]
			}
		}
		return
	}
	for k := range d {
		for l := k; l < d; l++ {
			out := dst[Entry(d, k, l)]
			for a := range d {
				addProduct(out, m.db[a*d+k], u[Entry(d, a, l)])
				addProduct(out, m.db[a*d+l], u[Entry(d, k, a)])
				if m.square == nil {
					continue
				}
				for b := range d {
					addProduct(out, m.square[(a*d+k)*d*d+b*d+l], u[Entry(d, a, b)])
				}
				for c := range d {
					addProduct(out, m.mixed[c*d*d+a*d+k], m.slope[c*entries+Entry(d, a, l)])
					addProduct(out, m.mixed[c*d*d+a*d+l], m.slope[c*entries+Entry(d, k, a)])
				}
			}
		}
	}
}

// drifts reports that derivatives of M along axis c play a part.
func (m *terms) drifts(c int) bool {
	return m.mixed != nil && slices.ContainsFunc(m.mixed[c*m.d*m.d:(c+1)*m.d*m.d], func(f []float64) bool { return f != nil })
}

// addProduct adds u v to dst; a nil u is zero.
func addProduct(dst, u, v []float64) {
	for i, w := range u {
		dst[i] += w * v[i]
	}
}

// Constants of Taylor polynomials.
const (
	// taylorStep is the size of the operator times a step.
	taylorStep = 4
	// taylorTerms is the most terms, the last far below rounding for such steps.
	taylorTerms = 60
	// taylorLeast is the size of a term, over the sum's, at which the series ends.
	taylorLeast = 1e-17
)

// ErrGrows reports a field that is not finite any more.
var ErrGrows = errors.New("variation: unstable: the moments on the grid grow without bound")

// Advance goes from t to t + dt by Taylor polynomials.
func (m *Model) Advance(dt float64) error {
	steps := int(math.Ceil(dt * m.size / taylorStep))
	h := dt / float64(max(steps, 1))
	for range max(steps, 1) {
		for e, f := range m.Fields {
			copy(m.term[e], f)
		}
		for k := 1; k <= taylorTerms; k++ {
			m.rateTo(m.next, m.term)
			m.term, m.next = m.next, m.term
			largest, top := 0.0, 0.0
			for e, f := range m.term {
				for i := range f {
					f[i] *= h / float64(k)
					m.Fields[e][i] += f[i]
					largest, top = max(largest, math.Abs(f[i])), max(top, math.Abs(m.Fields[e][i]))
				}
			}
			if top-top != 0 || top != top {
				return ErrGrows
			}
			if largest <= taylorLeast*top {
				break
			}
		}
	}
	return nil
}
