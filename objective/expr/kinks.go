package expr

// Kink is a call in an expression whose derivative jumps, or its second one, where Gap is 0.
type Kink struct {
	Call, Gap *Expr
	Second    bool // the first derivative does not jump
}

// Kinks returns the calls of abs, min, max and huber, each once. That of hypot is one point, where no
// derivative is finite.
func (e *Expr) Kinks() (list []Kink) {
	seen := map[*node]bool{}
	var walk func(n *node)
	walk = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for _, a := range n.args {
			walk(a)
		}
		var gap *node
		switch n.name { // which nothing but a call has
		case "abs":
			gap = n.args[0]
		case "min", "max":
			gap = minus(n.args[0], n.args[1])
		case "huber":
			gap = minus(called("abs", n.args[0]), n.args[1])
		default:
			return
		}
		list = append(list, Kink{Call: &Expr{n}, Gap: &Expr{gap}, Second: n.name == "huber"})
	}
	walk(e.root)
	return list
}
