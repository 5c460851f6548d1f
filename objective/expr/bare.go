package expr

// bare tells of every value whether derivatives of the root do without it: nothing but sums
// leads from it to the root. The logarithm in softplus, say, is then not taken.
func (p *Program) bare() []bool {
	needed := make([]bool, len(p.values))
	for i := len(p.values) - 1; i >= 0; i-- {
		v := &p.values[i]
		linear := v.op == OpNeg || v.op == OpAdd || v.op == OpSub
		for _, a := range [2]int{v.a, v.b} {
			if a >= 0 && (!linear || needed[i]) {
				needed[a] = true
			}
		}
	}
	bare := make([]bool, len(p.values))
	for i, n := range needed {
		bare[i] = !n
	}
	return bare
}
