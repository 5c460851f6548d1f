package expr

import (
	"fmt"

	"kolmo/internal/kernel"
)

// Degree is the exponents of a monomial: of the root, and of the parameters.
type Degree struct {
	Root int
	X    [MaxParameters]int
}

// Degrees says which monomials of a power series are kept. With every monomial all that
// divide it are kept.
type Degrees struct {
	list []Degree // by total degree; the first is 1
	// pairs[c] are the two factors of monomial c, in all ways.
	pairs [][][2]int
}

// NewDegrees returns the monomials of a root and d parameters that keep accepts.
func NewDegrees(d int, keep func(m Degree) bool) *Degrees {
	g := &Degrees{}
	for total := 0; ; total++ {
		before := len(g.list)
		g.add(d, total, 0, Degree{}, keep)
		if len(g.list) == before {
			break
		}
	}
	index := map[Degree]int{}
	for i, m := range g.list {
		index[m] = i
	}
	g.pairs = make([][][2]int, len(g.list))
	for i, a := range g.list {
		for j, b := range g.list {
			if c, ok := index[a.times(b)]; ok {
				g.pairs[c] = append(g.pairs[c], [2]int{i, j})
			}
		}
	}
	return g
}

// add appends the monomials of a total degree in the parameters from i on and the root.
func (g *Degrees) add(d, total, i int, m Degree, keep func(m Degree) bool) {
	if i == d {
		if m.Root = total; keep(m) {
			g.list = append(g.list, m)
		}
		return
	}
	for n := range total + 1 {
		m.X[i] = n
		g.add(d, total-n, i+1, m, keep)
	}
}

func (m Degree) times(o Degree) Degree {
	m.Root += o.Root
	for i := range m.X {
		m.X[i] += o.X[i]
	}
	return m
}

// Len returns the number of monomials.
func (g *Degrees) Len() int { return len(g.list) }

// Index returns the place of a monomial, -1 if it is not kept.
func (g *Degrees) Index(m Degree) int {
	for i, o := range g.list {
		if o == m {
			return i
		}
	}
	return -1
}

// Values keeps values alone.
func Values(d int) *Degrees { return NewDegrees(d, func(m Degree) bool { return m == Degree{} }) }

// mostTotal is the highest total degree that expansions of functions know.
const mostTotal = 4

// Series evaluates expressions as truncated power series in the deviations of the
// parameters from where they are and in a root r, around r = 0, in many lanes at once. The
// externals are powers of r: external k is r^(k+1); with Values alone they are numbers. It
// is a workspace; its calls do not allocate but for powers of which no exponent is constant,
// and it serves one goroutine at a time.
type Series struct {
	g      *Degrees
	p      *Program
	roots  []int
	values []series // per value of the program
	code   [2][]int // what depends on parameters and externals only, and the rest
	x      [][]float64
	sample [][]float64
	powers [2]series // of what a function is of, and which of their slices are not zero
	there  [2][]bool
	coeff  [mostTotal + 1][]float64
}

// series has a slice per monomial, nil where it vanishes identically.
type series [][]float64

// NewSeries compiles expressions together.
func NewSeries(list []*Expr, in Inputs, g *Degrees) (*Series, error) {
	if len(in.Parameters) > MaxParameters {
		return nil, fmt.Errorf("expr: %d parameters; at most %d are possible", len(in.Parameters), MaxParameters)
	}
	c := &compiler{p: &Program{d: len(in.Parameters), inputs: in}, shared: map[key]int{}}
	s := &Series{g: g, p: c.p, x: make([][]float64, len(in.Parameters)), sample: make([][]float64, len(in.Variables))}
	done := map[*node]*node{}
	for _, e := range list {
		root, err := (&Expr{root: rewrite(e.root, done, plain)}).Build(c.emit)
		if err != nil {
			return nil, err
		}
		s.roots = append(s.roots, root)
	}
	for i := range s.coeff {
		s.coeff[i] = make([]float64, Lanes)
	}
	for i := range s.powers {
		s.powers[i], s.there[i] = make(series, len(g.list)), make([]bool, len(g.list))
		for m := range g.list {
			s.powers[i][m] = make([]float64, Lanes)
		}
	}
	s.values = make([]series, len(s.p.values))
	for i := range s.p.values {
		s.place(i)
	}
	for i := range s.x {
		if s.x[i] == nil {
			s.x[i] = make([]float64, Lanes)
		}
	}
	for i := range s.sample {
		if s.sample[i] == nil {
			s.sample[i] = make([]float64, Lanes)
		}
	}
	return s, nil
}

// plain writes functions of two arguments by others, but for the larger and the smaller.
func plain(n *node) *node {
	if n.op != OpCall || len(n.args) != 2 {
		return n
	}
	u, v := n.args[0], n.args[1]
	switch n.name {
	case "hypot":
		return called("sqrt", joined(times(u, u), times(v, v)))
	case "huber":
		m := called("min", called("abs", u), v)
		return times(m, minus(called("abs", u), divided(m, number(2))))
	}
	return n
}

// place gives a value its slices and its part of the code.
func (s *Series) place(i int) {
	v := &s.p.values[i]
	out := make(series, len(s.g.list))
	s.values[i] = out
	keep := func(m Degree) {
		if k := s.g.Index(m); k >= 0 && out[k] == nil {
			out[k] = make([]float64, Lanes)
		}
	}
	switch v.op {
	case OpConst:
		keep(Degree{})
		fill(out[0], v.c)
		return
	case OpParam:
		keep(Degree{})
		s.x[v.n] = out[0]
		var m Degree
		m.X[v.n] = 1
		if keep(m); s.g.Index(m) >= 0 {
			fill(out[s.g.Index(m)], 1)
		}
		return
	case OpVar:
		keep(Degree{})
		s.sample[v.n] = out[0]
		return
	case OpExtern:
		keep(Degree{})
		m := Degree{Root: v.n + 1}
		if keep(m); s.g.Index(m) >= 0 {
			fill(out[s.g.Index(m)], 1)
		}
		return
	}
	a := s.values[v.a]
	for k, m := range s.g.list {
		there := a[k] != nil
		if v.b >= 0 {
			there = there || s.values[v.b][k] != nil
		}
		if v.op != OpNeg && v.op != OpAdd && v.op != OpSub && !there {
			there = s.reached(v, k)
		}
		if there || k == 0 {
			keep(m)
		}
	}
	if v.class == classPoint {
		s.code[0] = append(s.code[0], i)
	} else {
		s.code[1] = append(s.code[1], i)
	}
}

// reached reports that products of what an operation is of have monomial k.
func (s *Series) reached(v *value, k int) bool {
	has := func(m int) bool { return s.values[v.a][m] != nil || v.b >= 0 && s.values[v.b][m] != nil }
	if v.op == OpMul {
		for _, p := range s.g.pairs[k] {
			if s.values[v.a][p[0]] != nil && s.values[v.b][p[1]] != nil {
				return true
			}
		}
		return false
	}
	// Any product of monomials of the arguments.
	var made func(k int) bool
	made = func(k int) bool {
		if has(k) {
			return true
		}
		for _, p := range s.g.pairs[k] {
			if p[0] != 0 && p[1] != 0 && has(p[0]) && made(p[1]) {
				return true
			}
		}
		return false
	}
	return made(k)
}

// X returns the lanes of parameter i, for the caller to set.
func (s *Series) X(i int) []float64 { return s.x[i] }

// Sample returns the lanes of sample variable i, for the caller to set.
func (s *Series) Sample(i int) []float64 { return s.sample[i] }

// Externals sets the externals, where values alone are kept.
func (s *Series) Externals(of []float64) {
	for i, v := range s.p.values {
		if v.op == OpExtern {
			fill(s.values[i][0], of[v.n])
		}
	}
}

// Point evaluates what does not depend on the sample in the first n lanes, and Block then
// the rest.
func (s *Series) Point(n int) { s.run(s.code[0], n) }

// Block evaluates what depends on the sample in the first n lanes.
func (s *Series) Block(n int) { s.run(s.code[1], n) }

// At returns the lanes of the coefficient of monomial m of expression i, nil where it
// vanishes identically.
func (s *Series) At(i, m int) []float64 { return s.values[s.roots[i]][m] }

func (s *Series) run(code []int, n int) {
	for _, i := range code {
		v := &s.p.values[i]
		dst, a := s.values[i], s.values[v.a]
		switch v.op {
		case OpNeg:
			for k, d := range dst {
				if d != nil {
					for l, x := range a[k][:n] {
						d[l] = -x
					}
				}
			}
		case OpAdd, OpSub:
			joinTo(dst, a, s.values[v.b], v.op == OpSub, n)
		case OpMul:
			s.multiply(dst, a, s.values[v.b], n)
		case OpDiv:
			s.divide(dst, a, s.values[v.b], n)
		default:
			s.function(v, dst, a, n)
		}
	}
}

// joinTo stores a + b, or a - b.
func joinTo(dst, a, b series, less bool, n int) {
	for k, d := range dst {
		switch {
		case d == nil:
		case b[k] == nil:
			if a[k] == nil {
				clear(d[:n])
			} else {
				copy(d[:n], a[k])
			}
		case a[k] == nil && less:
			for l, x := range b[k][:n] {
				d[l] = -x
			}
		case a[k] == nil:
			copy(d[:n], b[k])
		case less:
			kernel.Minus(d[:n], a[k][:n], b[k][:n])
		default:
			kernel.Plus(d[:n], a[k][:n], b[k][:n])
		}
	}
}

// multiply stores a b.
func (s *Series) multiply(dst, a, b series, n int) {
	for k, d := range dst {
		if d == nil {
			continue
		}
		started := false
		for _, p := range s.g.pairs[k] {
			u, v := a[p[0]], b[p[1]]
			switch {
			case u == nil || v == nil:
			case started:
				kernel.AddTimes(d[:n], u[:n], v[:n])
			default:
				kernel.Times(d[:n], u[:n], v[:n])
				started = true
			}
		}
		if !started {
			clear(d[:n])
		}
	}
}

// divide stores q = a/b, from q_k = (a_k - sum over q_i b_j, j > 0)/b_0.
func (s *Series) divide(dst, a, b series, n int) {
	for k, d := range dst {
		if d == nil {
			continue
		}
		if a[k] == nil {
			clear(d[:n])
		} else {
			copy(d[:n], a[k])
		}
		for _, p := range s.g.pairs[k] {
			if p[1] == 0 || dst[p[0]] == nil || b[p[1]] == nil {
				continue
			}
			q, v := dst[p[0]][:n], b[p[1]][:n]
			for l := range q {
				d[l] -= q[l] * v[l]
			}
		}
		for l, v := range b[0][:n] {
			d[l] /= v
		}
	}
}
