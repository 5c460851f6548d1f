package assumptions

import (
	"container/heap"
	"math"

	"kolmo/internal/interval"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/objective/expr/enclose"
)

// proofWork is the budget of one proof in operations of the loss's expression over
// a box: about a quarter of a second.
const proofWork = 4_000_000

// prover encloses minima over regions and samples by branch and bound.
type prover struct {
	l      *objective.Loss
	d      int
	center []float64
	box    *enclose.Box
	budget int // evaluations of one sample over one box, per constant
	spent  int
	last   region
	order  int // of box at last; -1: none
}

func newProver(l *objective.Loss, center []float64) (*prover, error) {
	nodes := l.Nodes()
	enc, err := enclose.New(l.Expr(), expr.Inputs{Parameters: l.Parameters(), Variables: nodes.Variables}, nodes.Len(), nodes.Columns)
	if err != nil {
		return nil, err
	}
	return &prover{l: l, d: l.Dim(), center: center, box: enc.NewBox(), budget: proofWork / max(1, enc.Len()), order: -1}, nil
}

// goal is a function of a region and a sample that is to be minimised. It
// encloses the function and its derivatives over p; over a point, for which value
// is true, the derivatives need not be set.
type goal func(p *prover, at region, sample int, value bool) dual

// gradient returns the sample's gradient over a region.
func (p *prover) gradient(c *chart, at region, sample int, value bool) (g [3]dual) {
	order := 2
	if value {
		order = 1
	}
	if p.order != order || p.last != at {
		p.box.Set(c.x[:p.d], order)
		p.last, p.order = at, order
	}
	p.box.Sample(sample)
	p.spent++
	for i := range p.d {
		g[i].v = p.box.Grad(i)
		if value {
			continue
		}
		for k := range p.d {
			for l := range p.d {
				g[i].d[k] = g[i].d[k].Add(p.box.Hess(i, l).Mul(c.j[l][k]))
			}
		}
	}
	return g
}

// inner returns sum_i a_i b_i.
func (p *prover) inner(a, b *[3]dual) dual {
	s := a[0].mul(b[0])
	for i := 1; i < p.d; i++ {
		s = s.add(a[i].mul(b[i]))
	}
	return s
}

// norm2 returns |g|^2.
func (p *prover) norm2(g *[3]dual) dual {
	s := g[0].sqr()
	for i := 1; i < p.d; i++ {
		s = s.add(g[i].sqr())
	}
	return s
}

// minusSquare is -|grad f(x;xi)|^2.
func minusSquare(p *prover, at region, sample int, value bool) dual {
	c := newChart(p.center, at)
	g := p.gradient(&c, at, sample, value)
	return p.norm2(&g).neg()
}

// confining is x.grad f(x;xi)/|x|^2 = u.grad f(x;xi)/r.
func confining(p *prover, at region, sample int, value bool) dual {
	c := newChart(p.center, at)
	g := p.gradient(&c, at, sample, value)
	return p.inner(&c.u, &g).div(c.r)
}

// minusRate returns the goal -1/eta, eta being the largest one for which
// |x - eta g| <= R. With a = x.g, it is 1/eta = (sqrt(a^2 + |g|^2 rho) - a)/rho =
// |g|^2/(a + sqrt(a^2 + |g|^2 rho)), rho = R^2 - |x|^2; the first form suits small
// gradients inside, the second the boundary, where rho vanishes.
func minusRate(R float64) goal {
	return func(p *prover, at region, sample int, value bool) dual {
		c := newChart(p.center, at)
		g := p.gradient(&c, at, sample, value)
		gg := p.norm2(&g)
		a := c.r.mul(p.inner(&c.u, &g))
		one := dual{v: interval.Point(R)}
		rho := one.sub(c.r).mul(one.add(c.r))
		rho.v.Lo = max(rho.v.Lo, 0) // |x| <= R
		root := a.sqr().add(gg.mul(rho)).sqrt()
		const inside = 0.1
		if rho.v.Lo > inside*R*R {
			return a.sub(root).div(rho)
		}
		return gg.div(a.add(root)).neg()
	}
}

// expected returns grad f, hess f and, if order is 3, the third derivatives
// of f over a region.
type expected struct {
	g [3]interval.Interval
	h [3][3]interval.Interval
	t [3][3][3]interval.Interval
}

func (p *prover) expected(c *chart, order int) (e expected) {
	p.box.Set(c.x[:p.d], order)
	p.order = -1
	for k, w := range p.l.Law().Weights {
		p.box.Sample(k)
		p.spent++
		for i := range p.d {
			e.g[i] = e.g[i].Add(p.box.Grad(i).Scale(w))
			for j := i; j < p.d; j++ {
				e.h[i][j] = e.h[i][j].Add(p.box.Hess(i, j).Scale(w))
				if order == 3 {
					for l := j; l < p.d; l++ {
						e.t[i][j][l] = e.t[i][j][l].Add(p.box.Third(i, j, l).Scale(w))
					}
				}
			}
		}
	}
	for i := range p.d {
		for j := range p.d {
			e.h[i][j] = e.h[min(i, j)][max(i, j)]
			for l := range p.d {
				a, b, c := sort3(i, j, l)
				e.t[i][j][l] = e.t[a][b][c]
			}
		}
	}
	return e
}

func sort3(a, b, c int) (int, int, int) {
	if a > b {
		a, b = b, a
	}
	if b > c {
		b, c = c, b
	}
	if a > b {
		a, b = b, a
	}
	return a, b, c
}

// duals returns grad f and hess f as functions of the region's coordinates.
func (e *expected) duals(c *chart, d int) (g [3]dual, h [3][3]dual) {
	for i := range d {
		g[i].v = e.g[i]
		for k := range d {
			for l := range d {
				g[i].d[k] = g[i].d[k].Add(e.h[i][l].Mul(c.j[l][k]))
			}
		}
		for j := range d {
			h[i][j].v = e.h[i][j]
			for k := range d {
				for l := range d {
					h[i][j].d[k] = h[i][j].d[k].Add(e.t[i][j][l].Mul(c.j[l][k]))
				}
			}
		}
	}
	return g, h
}

// outward is x.hess f grad f/(2 x.grad f), whose least value s < 0 gives Lemma 2's
// eta1 = -1/s.
func outward(p *prover, at region, _ int, value bool) dual {
	c := newChart(p.center, at)
	order := 3
	if value {
		order = 2
	}
	e := p.expected(&c, order)
	g, h := e.duals(&c, p.d)
	var hg [3]dual
	for i := range p.d {
		hg[i] = p.inner(&h[i], &g)
	}
	return p.inner(&c.u, &hg).div(p.inner(&c.u, &g)).scale(0.5)
}

// inwardness is (x - center).grad f.
func inwardness(p *prover, at region, _ int, _ bool) dual {
	c := newChart(p.center, at)
	e := p.expected(&c, 2)
	g, _ := e.duals(&c, p.d)
	return c.r.mul(p.inner(&c.u, &g))
}

// piece is a region that may hold the minimum.
type piece struct {
	at, domain region
	sample     int
	low        float64 // lower bound
	axis       int     // to be cut
}

type pieces []piece

func (q pieces) Len() int           { return len(q) }
func (q pieces) Less(i, j int) bool { return q[i].low < q[j].low }
func (q pieces) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *pieces) Push(x any)        { *q = append(*q, x.(piece)) }
func (q *pieces) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// enclosed is a verified enclosure of a minimum; the minimum is at most high
// at the given point.
type enclosed struct {
	low, high float64
	at        region
	sample    int
}

// bounder bounds a goal over a region from below, and from above at one point of it.
type bounder interface {
	bound(p *prover, q *piece) (high float64, at region)
}

// minimise encloses the least value over the domains and samples (one domain and
// sample 0 for goals that have none), until the enclosure is narrower than
// tolerance, relatively, or the budget is spent. Where bounds are void the
// enclosure is infinite. First are points at which the minimum may be, such as
// those that a search has found.
func (p *prover) minimise(b bounder, domains []region, samples int, first []piece, tolerance float64) enclosed {
	p.spent, p.order = 0, -1
	best := enclosed{low: math.Inf(-1), high: math.Inf(1)}
	take := func(q *piece, high float64, at region) {
		if high < best.high {
			best.high, best.at, best.sample = high, at, q.sample
		}
	}
	for i := range first {
		high, at := b.bound(p, &first[i])
		take(&first[i], high, at)
	}
	if len(domains)*samples > p.budget {
		return best // not even once
	}
	var queue pieces
	consider := func(q piece) {
		high, at := b.bound(p, &q)
		take(&q, high, at)
		if !(q.low > best.high) {
			heap.Push(&queue, q)
		}
	}
	for _, r := range domains {
		for k := range samples {
			consider(piece{at: r, domain: r, sample: k, low: math.Inf(-1)})
		}
	}
	for len(queue) > 0 {
		q := queue[0]
		best.low = min(q.low, best.high)
		if best.high-best.low <= tolerance*math.Abs(best.high) || p.spent >= p.budget {
			return best
		}
		heap.Pop(&queue)
		cut := q.at[q.axis].Mid()
		if !(q.at[q.axis].Lo < cut && cut < q.at[q.axis].Hi) {
			return best // no number in between
		}
		left, right := q, q
		left.at[q.axis].Hi, right.at[q.axis].Lo = cut, cut
		consider(left)
		consider(right)
	}
	best.low = best.high // every other piece is above
	return best
}

// bound implements bounder: natural enclosure, mean value form, and the
// monotonicity test, which moves the region to a face of the domain or discards it
// (low = +Inf).
func (f goal) bound(p *prover, q *piece) (high float64, at region) {
	for {
		v := f(p, q.at, q.sample, false)
		shrunk := false
		for k := range p.d {
			if q.at[k].IsPoint() {
				continue
			}
			switch {
			case v.d[k].Lo > 0 && q.at[k].Lo == q.domain[k].Lo:
				q.at[k].Hi, shrunk = q.at[k].Lo, true
			case v.d[k].Hi < 0 && q.at[k].Hi == q.domain[k].Hi:
				q.at[k].Lo, shrunk = q.at[k].Hi, true
			case v.d[k].Lo > 0 || v.d[k].Hi < 0:
				q.low = math.Inf(1)
				return math.Inf(1), at
			}
		}
		if shrunk {
			continue
		}
		at = q.at.middle(p.d)
		c := f(p, at, q.sample, true)
		mean := c.v
		widest := -1.0
		for k := range p.d {
			w := q.at[k].Sub(at[k])
			mean = mean.Add(v.d[k].Mul(w))
			if s := v.d[k].Mag() * q.at[k].Width(); !q.at[k].IsPoint() {
				if !finite(s) || s == 0 {
					s = q.at[k].Width() / q.domain[k].Width() * math.MaxFloat64 / 2
				}
				if s > widest {
					widest, q.axis = s, k
				}
			}
		}
		q.low = max(q.low, v.v.Lo, mean.Lo)
		if math.IsNaN(c.v.Hi) {
			return math.Inf(1), at
		}
		return c.v.Hi, at
	}
}
