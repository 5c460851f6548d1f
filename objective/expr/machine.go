package expr

import "fmt"

// Lanes is the number of samples evaluated at a time.
const Lanes = 64

// Batch is a Program bound to the values of its sample variables. It is
// immutable; what depends on the samples only has been computed.
type Batch struct {
	p       *Program
	n       int
	columns map[int][]float64 // value -> its value per sample
}

// Bind returns p over n samples: columns[i][k] is the value of sample variable i
// in sample k. It panics if a column is missing or has another length.
func (p *Program) Bind(n int, columns [][]float64) *Batch {
	if len(columns) != len(p.inputs.Variables) {
		panic(fmt.Sprintf("expr: %d columns for %d sample variables", len(columns), len(p.inputs.Variables)))
	}
	for _, c := range columns {
		if len(c) != n {
			panic("expr: the columns differ in length")
		}
	}
	b := &Batch{p: p, n: n, columns: map[int][]float64{}}
	for i, v := range p.values {
		if v.op == OpVar {
			b.columns[i] = columns[v.n]
		}
	}
	b.hoist()
	return b
}

// hoist computes the values that depend on samples only and that other
// operations need.
func (b *Batch) hoist() {
	p := b.p
	inColumn := func(i int) bool { return p.values[i].class == classColumn }
	var keep []int
	for _, i := range p.laneInputs() {
		if inColumn(i) && p.values[i].op != OpVar {
			keep = append(keep, i)
			b.columns[i] = make([]float64, b.n)
		}
	}
	if len(keep) == 0 {
		return
	}
	bl := newBuilder(p, Lanes)
	f := bl.build(inColumn, keep)
	for i, r := range bl.at {
		if p.values[i].op == OpConst {
			fill(f.registers[r][0], p.values[i].c)
		}
	}
	for k := 0; k < b.n; k += Lanes {
		n := min(Lanes, b.n-k)
		for i, r := range bl.at {
			if p.values[i].op == OpVar {
				copy(f.registers[r][0], b.columns[i][k:k+n])
			}
		}
		f.run(n, 0, false)
		for _, i := range keep {
			copy(b.columns[i][k:k+n], f.registers[bl.at[i]][0])
		}
	}
}

// laneInputs returns the values that the per-sample part of the tape takes from
// elsewhere, and the root if it is no per-sample value itself.
func (p *Program) laneInputs() []int {
	need := map[int]bool{}
	for _, v := range p.values {
		if v.class == classLane {
			for _, a := range [2]int{v.a, v.b} {
				if a >= 0 && p.values[a].class != classLane {
					need[a] = true
				}
			}
		}
	}
	if p.values[p.root].class != classLane {
		need[p.root] = true
	}
	var list []int
	for i := range p.values {
		if need[i] {
			list = append(list, i)
		}
	}
	return list
}

// Machine evaluates a Batch: first Point, then Block for each block of samples.
// It is a workspace; its calls do not allocate, and it serves one goroutine at a
// time.
type Machine struct {
	b     *Batch
	order int
	// derivatives tells that Block may leave out values.
	derivatives bool

	point *frame // once per point, width 1
	lanes *frame // per block of samples

	parameters, externals []binding // inputs of point
	broadcast             []transfer
	load                  []column
	root                  int // register in lanes
	n                     int // samples in the current block
}

type binding struct{ register, input int }

// transfer copies a value of the point frame to all lanes.
type transfer struct{ from, to int }

// column makes the samples of a block the value of a register.
type column struct {
	data     []float64
	register int
}

// NewMachine returns a workspace for b.
func (b *Batch) NewMachine() *Machine {
	p := b.p
	m := &Machine{b: b}
	inputs := p.laneInputs()
	inPoint := func(i int) bool { return p.values[i].class <= classPoint }
	var scalars []int
	for _, i := range inputs {
		if inPoint(i) {
			scalars = append(scalars, i)
		}
	}
	pb := newBuilder(p, 1)
	m.point = pb.build(inPoint, scalars)
	lb := newBuilder(p, Lanes)
	lb.bare = p.bare()
	m.lanes = lb.build(func(i int) bool { return p.values[i].class == classLane }, []int{p.root})
	for i, v := range p.values {
		r, ok := pb.at[i]
		if !ok {
			continue
		}
		switch v.op {
		case OpConst:
			m.point.registers[r][0][0] = v.c
		case OpParam:
			m.parameters = append(m.parameters, binding{r, v.n})
			m.point.registers[r][gradComponent(v.n)][0] = 1
		case OpExtern:
			m.externals = append(m.externals, binding{r, v.n})
		}
	}
	for _, i := range inputs {
		r := lb.at[i]
		switch {
		case p.values[i].class == classColumn:
			m.load = append(m.load, column{b.columns[i], r})
		case p.values[i].op == OpConst:
			fill(m.lanes.registers[r][0], p.values[i].c)
		default:
			m.broadcast = append(m.broadcast, transfer{pb.at[i], r})
		}
	}
	m.root = lb.at[p.root]
	return m
}

// Point moves the machine to x and sets the external scalars; order is the
// highest derivative that Block will compute, 0, 1 or 2. len(x) must be d and
// len(externals) the number of externals.
func (m *Machine) Point(x, externals []float64, order int) {
	if len(x) != m.b.p.d || len(externals) != len(m.b.p.inputs.Externals) {
		panic("expr: wrong number of parameters or externals")
	}
	m.order, m.derivatives = order, false
	for _, b := range m.parameters {
		m.point.registers[b.register][0][0] = x[b.input]
	}
	for _, b := range m.externals {
		m.point.registers[b.register][0][0] = externals[b.input]
	}
	m.point.run(1, order, false)
	n := min(Lanes, m.b.n)
	for _, t := range m.broadcast {
		from, to := &m.point.registers[t.from], &m.lanes.registers[t.to]
		for c := range last(order) {
			if from[c] != nil {
				fill(to[c][:n], from[c][0])
			}
		}
	}
}

// Gradients moves the machine to x, as Point does, for gradients alone: Block computes no
// second derivatives, and Value means nothing.
func (m *Machine) Gradients(x, externals []float64) {
	m.Point(x, externals, 1)
	m.derivatives = true
}

// Block evaluates the samples k, k+1, .., k+n-1 at the current point and returns
// n, which is Lanes except for the last block.
func (m *Machine) Block(k int) int {
	m.n = min(Lanes, m.b.n-k)
	for _, c := range m.load {
		m.lanes.registers[c.register][0] = c.data[k : k+m.n]
	}
	m.lanes.run(m.n, m.order, m.derivatives)
	return m.n
}

// Value returns the values of the last block. The slice is the machine's own and
// is overwritten by the next Block; so it is for Grad and Hess.
func (m *Machine) Value() []float64 { return m.lanes.registers[m.root][0][:m.n] }

// Grad returns the derivatives with respect to x_i of the last block, nil where
// they vanish identically. The order must be at least 1.
func (m *Machine) Grad(i int) []float64 { return m.component(gradComponent(i)) }

// GradsTo stores the gradients of the last block in dst, one after the other. The order
// must be at least 1.
func (m *Machine) GradsTo(dst []float64) {
	d := len(m.b.p.inputs.Parameters)
	for i := range d {
		g := m.Grad(i)
		if g == nil {
			for l := range m.n {
				dst[l*d+i] = 0
			}
			continue
		}
		for l, v := range g {
			dst[l*d+i] = v
		}
	}
}

// Hess returns the second derivatives with respect to x_i and x_j of the last
// block, nil where they vanish identically. The order must be 2.
func (m *Machine) Hess(i, j int) []float64 { return m.component(hessComponent(i, j)) }

func (m *Machine) component(c int) []float64 {
	s := m.lanes.registers[m.root][c]
	if s == nil {
		return nil
	}
	return s[:m.n]
}

func fill(s []float64, x float64) {
	for i := range s {
		s[i] = x
	}
}
