package expr

// Lockstep evaluates a Program in many lanes at once, every lane with a point and a
// sample of its own: what paths drawn at random need. It is a workspace; its calls
// do not allocate, and it serves one goroutine at a time.
type Lockstep struct {
	frame     *frame
	root      int
	n         int
	x, sample [][]float64
}

// NewLockstep returns a workspace of Lanes lanes for p. It panics if p has external
// inputs.
func (p *Program) NewLockstep() *Lockstep {
	if len(p.inputs.Externals) > 0 {
		panic("expr: a program in lockstep has no externals")
	}
	b := newBuilder(p, Lanes)
	l := &Lockstep{
		frame:  b.build(func(int) bool { return true }, []int{p.root}),
		root:   b.at[p.root],
		x:      make([][]float64, len(p.inputs.Parameters)),
		sample: make([][]float64, len(p.inputs.Variables)),
	}
	for i, v := range p.values {
		r, ok := b.at[i]
		if !ok {
			continue
		}
		register := &l.frame.registers[r]
		switch v.op {
		case OpConst:
			fill(register[0], v.c)
		case OpParam:
			l.x[v.n] = register[0]
			fill(register[gradComponent(v.n)], 1)
		case OpVar:
			l.sample[v.n] = register[0]
		}
	}
	for _, list := range [][][]float64{l.x, l.sample} {
		for i := range list {
			if list[i] == nil { // p does not depend on it
				list[i] = make([]float64, Lanes)
			}
		}
	}
	return l
}

// X returns the lanes of parameter i, Lanes of them, for the caller to set.
func (l *Lockstep) X(i int) []float64 { return l.x[i] }

// Sample returns the lanes of sample variable i, for the caller to set.
func (l *Lockstep) Sample(i int) []float64 { return l.sample[i] }

// Run evaluates the first n lanes, n <= Lanes; order is the highest derivative
// computed, 0, 1 or 2.
func (l *Lockstep) Run(n, order int) {
	l.n = n
	l.frame.run(n, order, false)
}

// Value returns the values of the lanes last run. The slice is the workspace's own and
// is overwritten by the next Run; so it is for Grad.
func (l *Lockstep) Value() []float64 { return l.frame.registers[l.root][0][:l.n] }

// Grad returns the derivatives with respect to x_i of the lanes last run, nil where
// they vanish identically. The order must have been at least 1.
func (l *Lockstep) Grad(i int) []float64 {
	s := l.frame.registers[l.root][gradComponent(i)]
	if s == nil {
		return nil
	}
	return s[:l.n]
}
