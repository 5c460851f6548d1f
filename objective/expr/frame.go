package expr

import "kolmo/objective/expr/function"

// register is where a value lives: one slice per component, nil for components
// that vanish identically.
type register [components][]float64

// instruction is an operation with its operands and its result in registers of
// one frame.
type instruction struct {
	value
	unaryFn  func(float64) function.Jet
	binaryFn func(u, v float64) function.Jet2
	lanesFn  func(v, d, dd, u []float64) // nil: unaryFn lane by lane
	a, b     int                         // registers
	dst      int
	bare     bool // derivatives of the root do without its value
}

// frame is a list of instructions and the registers they work on.
type frame struct {
	d         int
	registers []register
	code      []instruction
	s         [5][]float64 // partial derivatives of the current operation
	q         sum          // the component that is being computed
}

// builder lays out a frame. Storage returns to a free list after the last use
// of a value, so a long tape needs little memory.
type builder struct {
	p     *Program
	width int
	frame *frame
	at    map[int]int // value -> register
	last  map[int]int // value -> index of the last value that uses it
	free  [][]float64
	bare  []bool // see Program.bare; nil: none
}

func newBuilder(p *Program, width int) *builder {
	f := &frame{d: p.d}
	for i := range f.s {
		f.s[i] = make([]float64, width)
	}
	return &builder{p: p, width: width, frame: f, at: map[int]int{}, last: map[int]int{}}
}

func (b *builder) slice() []float64 {
	if n := len(b.free); n > 0 {
		s := b.free[n-1]
		b.free = b.free[:n-1]
		return s
	}
	return make([]float64, b.width)
}

// place gives value i a register.
func (b *builder) place(i int) int {
	if r, ok := b.at[i]; ok {
		return r
	}
	var reg register
	for c := range components {
		if b.p.values[i].mask&(1<<c) != 0 {
			reg[c] = b.slice()
		}
	}
	b.frame.registers = append(b.frame.registers, reg)
	b.at[i] = len(b.frame.registers) - 1
	return b.at[i]
}

// build lays out the values for which inside holds; its operands from outside
// become input registers, which are never reused. keep lists values that must
// survive to the end.
func (b *builder) build(inside func(i int) bool, keep []int) *frame {
	vs := b.p.values
	for i := range vs {
		if inside(i) {
			for _, a := range [2]int{vs[i].a, vs[i].b} {
				if a >= 0 {
					b.last[a] = i
					if !inside(a) || isInput(vs[a].op) {
						b.place(a)
					}
				}
			}
		}
	}
	kept := map[int]bool{}
	for _, i := range keep {
		kept[i] = true
		if !inside(i) || isInput(vs[i].op) {
			b.place(i)
		}
	}
	for i := range vs {
		v := vs[i]
		if !inside(i) || isInput(v.op) {
			continue
		}
		ins := instruction{value: v, a: b.at[v.a], b: -1, dst: b.place(i), bare: b.bare != nil && b.bare[i]}
		if v.b >= 0 {
			ins.b = b.at[v.b]
		}
		if v.op == OpPow || v.op == OpCall && v.fn.Arity == 2 {
			ins.binaryFn = v.binary()
		} else {
			ins.unaryFn = v.unary()
			if v.op == OpCall && b.width > 1 {
				ins.lanesFn = function.Lanes[v.fn.Name]
			}
		}
		b.frame.code = append(b.frame.code, ins)
		for k, a := range [2]int{v.a, v.b} {
			if a < 0 || k == 1 && a == v.a || b.last[a] != i || kept[a] || !inside(a) || isInput(vs[a].op) {
				continue
			}
			for _, s := range b.frame.registers[b.at[a]] {
				if s != nil {
					b.free = append(b.free, s)
				}
			}
		}
	}
	return b.frame
}

func isInput(o Op) bool { return o == OpConst || o == OpParam || o == OpVar || o == OpExtern }

// run evaluates the first n lanes up to the given order of derivatives; where they are
// all that is wanted, values that they do without may be left out.
func (f *frame) run(n, order int, derivatives bool) {
	for k := range f.code {
		ins := &f.code[k]
		a := &f.registers[ins.a]
		dst := &f.registers[ins.dst]
		bare := derivatives && ins.bare
		switch {
		case ins.op == OpNeg:
			f.neg(dst, a, n, order)
		case ins.op == OpAdd:
			f.add(dst, a, &f.registers[ins.b], 1, n, order, bare)
		case ins.op == OpSub:
			f.add(dst, a, &f.registers[ins.b], -1, n, order, bare)
		case ins.op == OpMul:
			f.mul(dst, a, &f.registers[ins.b], n, order, bare)
		case ins.op == OpDiv:
			f.div(dst, a, &f.registers[ins.b], n, order)
		case ins.unaryFn != nil:
			f.apply1(ins.unaryFn, ins.lanesFn, dst, a, n, order, bare)
		default:
			f.apply2(ins.binaryFn, dst, a, &f.registers[ins.b], n, order)
		}
	}
}

// last returns the number of components needed for derivatives up to order.
func last(order int) int { return [3]int{1, 4, components}[order] }
