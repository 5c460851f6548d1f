package expr

import "math"

// Replace returns e with expressions in the places of parameters, sample variables and
// externals, all at once.
func (e *Expr) Replace(with map[string]*Expr) *Expr {
	return &Expr{root: rewrite(e.root, map[*node]*node{}, func(n *node) *node {
		if by := with[n.name]; by != nil && (n.op == OpParam || n.op == OpVar || n.op == OpExtern) {
			return by.root
		}
		return n
	})}
}

// rewrite rebuilds a tree from its leaves on; change is given every node with its new
// arguments. Definitions of which something has changed are no longer named.
func rewrite(n *node, done map[*node]*node, change func(*node) *node) *node {
	if v, ok := done[n]; ok {
		return v
	}
	out := n
	for i, a := range n.args {
		b := rewrite(a, done, change)
		if b == a {
			continue
		}
		if out == n {
			c := *n
			c.args = append([]*node(nil), n.args...)
			out = &c
		}
		out.args[i] = b
	}
	if out.op == OpRef && out != n {
		out = out.args[0]
	}
	out = change(out)
	done[n] = out
	return out
}

// WithRoot returns e with the external scalar root in the place of the square root of the
// positive external eta: sqrt(c*eta) becomes sqrt(c)*root, eta^(3/2) root^3 and
// eta/sqrt(eta) root.
func (e *Expr) WithRoot(eta, root string) *Expr {
	h := &halves{eta: eta, root: &node{op: OpExtern, name: root}, done: map[*node]halved{}}
	return &Expr{root: rewrite(e.root, map[*node]*node{}, h.change)}
}

// halves finds powers of sqrt(eta) in products.
type halves struct {
	eta  string
	root *node
	done map[*node]halved
}

// halved is root^j w.
type halved struct {
	w *node
	j int
}

// split returns w and j with n = root^j w.
func (h *halves) split(n *node) (w *node, j int) {
	if s, ok := h.done[n]; ok {
		return s.w, s.j
	}
	w, j = h.parts(n)
	h.done[n] = halved{w, j}
	return w, j
}

func (h *halves) parts(n *node) (w *node, j int) {
	switch n.op {
	case OpRef:
		return h.split(n.args[0])
	case OpExtern:
		switch n.name {
		case h.eta:
			return number(1), 2
		case h.root.name:
			return number(1), 1
		}
	case OpNeg:
		w, j := h.split(n.args[0])
		return minus(nil, w), j
	case OpMul, OpDiv:
		a, i := h.split(n.args[0])
		b, j := h.split(n.args[1])
		if n.op == OpMul {
			return times(a, b), i + j
		}
		return divided(a, b), i - j
	case OpAdd, OpSub:
		a, i := h.split(n.args[0])
		b, j := h.split(n.args[1])
		k := min(i, j)
		a, b = times(h.power(i-k), a), times(h.power(j-k), b)
		if n.op == OpAdd {
			return joined(a, b), k
		}
		return minus(a, b), k
	case OpPow:
		p, ok := n.args[1].constant()
		a, i := h.split(n.args[0])
		if q := p * float64(i); ok && i != 0 && q == math.Trunc(q) && math.Abs(q) < 64 {
			return raised(a, p), int(q)
		}
	case OpCall:
		a, i := h.split(n.args[0])
		if n.name == "sqrt" && i != 0 && i%2 == 0 {
			return called("sqrt", a), i / 2
		}
	}
	return n, 0
}

func (h *halves) power(j int) *node { return raised(h.root, float64(j)) }

// change replaces roots, powers and quotients of what has a factor eta.
func (h *halves) change(n *node) *node {
	switch {
	case n.op == OpCall && n.name == "sqrt", n.op == OpDiv:
	case n.op == OpPow:
		if p, ok := n.args[1].constant(); !ok || p == math.Trunc(p) {
			return n
		}
	default:
		return n
	}
	if n.op == OpDiv {
		_, below := h.split(n.args[1])
		if w, j := h.split(n); below != 0 && j >= 0 {
			return times(h.power(j), w)
		}
		return n
	}
	if w, j := h.split(n); j > 0 {
		return times(h.power(j), w)
	}
	return n
}
