package sgdop

import (
	"context"
	"fmt"
	"math"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
	"kolmo/objective"
)

// Config holds the choices of an assembly. The zero value and nil mean the
// defaults.
type Config struct {
	// Width is the number of nodes per axis that interpolate at an image, the
	// degree plus one. Default 0: the whole axis.
	Width int
	// Workers is the number of goroutines. Default 0: all processors.
	Workers int
	// MaxBytes bounds the memory of the weights. Default 0: DefaultMaxBytes.
	MaxBytes int64
}

// DefaultMaxBytes is the default bound on the memory of the weights.
const DefaultMaxBytes = 4 << 30

// SizeError reports an operator that would not fit in the memory it may use.
type SizeError struct {
	Nodes       int   // nodes of the grid
	Bytes, Most int64 // needed and allowed
}

// Error implements error.
func (e *SizeError) Error() string {
	return fmt.Sprintf("sgdop: S on %d nodes needs %.1f GiB, allowed are %.1f GiB", e.Nodes, float64(e.Bytes)/(1<<30), float64(e.Most)/(1<<30))
}

// FullBytes returns the memory of the weights of S on n nodes with windows of
// the whole grid.
func FullBytes(n int) int64 { return 8 * int64(n) * int64(n) }

// nodesPerTask is the number of rows one worker assembles at a time.
const nodesPerTask = 32

// Assemble returns S on the grid for learning rate eta; o must have the dimension
// of the grid. The errors are a *SizeError, found before any work for whole-axis
// windows and after a first pass over the gradients for local ones, an
// *objective.NonFiniteError where a sample gradient is not finite, or the
// context's. The result does not depend on the workers. Cost: for whole-axis
// windows about 2 M operations per weight, M the number of samples; for local ones
// 2 M w^d per node.
func Assemble(ctx context.Context, g *grid.Grid, o objective.Objective, eta float64, cfg *Config) (*Operator, error) {
	var c Config
	if cfg != nil {
		c = *cfg
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	s := &Operator{g: g, full: true, rows: make([]window, g.Len())}
	for k := range g.Dim() {
		s.full = s.full && g.Axis(k).Width(c.Width) == g.Axis(k).Len()
	}
	tasks := (g.Len() + nodesPerTask - 1) / nodesPerTask
	errs := make([]error, tasks)
	leaks := make([]float64, tasks)
	run := func(each func(a *assembler, i int)) error {
		par.Do(c.Workers, tasks, func(task int) {
			a := newAssembler(s, o, eta, c.Width)
			lo, hi := par.Split(g.Len(), tasks, task)
			for i := lo; i < hi; i++ {
				if errs[task] = ctx.Err(); errs[task] != nil {
					return
				}
				if errs[task] = a.locate(i); errs[task] != nil {
					return
				}
				each(a, i)
			}
			leaks[task] = a.leak
		})
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	}

	// First the extent of every row, then the memory, then the weights.
	if s.full {
		for i := range s.rows {
			r := &s.rows[i]
			r.extent = [grid.MaxDim]int{1, 1, 1}
			for k := range g.Dim() {
				r.extent[k] = g.Axis(k).Len()
			}
		}
	} else if err := run(func(a *assembler, i int) { a.extent(&s.rows[i]) }); err != nil {
		return nil, err
	}
	total := 0
	for i := range s.rows {
		r := &s.rows[i]
		r.offset = total
		total += r.extent[0] * r.extent[1] * r.extent[2]
	}
	if bytes := 8 * int64(total); bytes > c.MaxBytes {
		return nil, &SizeError{Nodes: g.Len(), Bytes: bytes, Most: c.MaxBytes}
	}
	s.weights = make([]float64, total)
	if err := run(func(a *assembler, i int) { a.fill(&s.rows[i]) }); err != nil {
		return nil, err
	}
	for _, l := range leaks {
		s.leak = max(s.leak, l)
	}
	return s, nil
}

// assembler is one worker's workspace.
type assembler struct {
	s     *Operator
	ev    objective.Evaluator
	prob  []float64
	eta   float64
	width int
	x     []float64
	grads []float64
	base  []int                  // M x d: first node of the window of sample k
	w     [grid.MaxDim][]float64 // M x width: its weights along an axis
	left  []float64              // rest x M: products of the weights along x2, x3
	right []float64              // M x N1: probability times the weights along x1
	leak  float64
}

// newAssembler returns the workspace of one task.
func newAssembler(s *Operator, o objective.Objective, eta float64, width int) *assembler {
	g := s.g
	m := o.Law().Len()
	a := &assembler{s: s, ev: o.NewEvaluator(), prob: make([]float64, m), eta: eta, width: width,
		x: make([]float64, g.Dim()), grads: make([]float64, m*g.Dim()), base: make([]int, m*g.Dim())}
	for k := range g.Dim() {
		a.w[k] = make([]float64, m*g.Axis(k).Width(width))
	}
	return a
}

// locate computes the interpolation weights at the images of node i.
func (a *assembler) locate(i int) error {
	g := a.s.g
	d := g.Dim()
	g.PointTo(a.x, i)
	a.ev.NodesTo(a.prob, a.grads, a.x)
	for k := range d {
		axis := g.Axis(k)
		w := axis.Width(a.width)
		span := axis.Hi() - axis.Lo()
		for m := range a.prob {
			y := a.x[k] - a.eta*a.grads[m*d+k]
			if math.IsNaN(y) || math.IsInf(y, 0) {
				return &objective.NonFiniteError{What: objective.WhatLoss, Part: "gradient", X: append([]float64(nil), a.x...), Sample: m}
			}
			a.leak = max(a.leak, (axis.Lo()-y)/span, (y-axis.Hi())/span)
			a.base[m*d+k] = axis.WindowTo(a.w[k][m*w:(m+1)*w], y, a.width)
		}
	}
	return nil
}

// extent sets the smallest window that holds those of all samples.
func (a *assembler) extent(r *window) {
	g := a.s.g
	d := g.Dim()
	r.extent = [grid.MaxDim]int{1, 1, 1}
	for k := range d {
		w := g.Axis(k).Width(a.width)
		lo, hi := g.Axis(k).Len(), 0
		for m := range a.prob {
			b := a.base[m*d+k]
			lo, hi = min(lo, b), max(hi, b+w)
		}
		r.base[k], r.extent[k] = lo, hi-lo
	}
}

// fill stores the merged weights of a row.
func (a *assembler) fill(r *window) {
	dst := a.s.weights[r.offset : r.offset+r.extent[0]*r.extent[1]*r.extent[2]]
	if a.s.full {
		a.fillFull(dst, r)
		return
	}
	g := a.s.g
	d := g.Dim()
	w1 := g.Axis(0).Width(a.width)
	for m, p := range a.prob {
		b := a.base[m*d : (m+1)*d]
		row := a.w[0][m*w1 : (m+1)*w1]
		n2, n3 := 1, 1
		if d > 1 {
			n2 = g.Axis(1).Width(a.width)
		}
		if d > 2 {
			n3 = g.Axis(2).Width(a.width)
		}
		for k := range n3 {
			for j := range n2 {
				c, at := p, b[0]-r.base[0]
				if d > 1 {
					c *= a.w[1][m*n2+j]
					at += (b[1] - r.base[1] + j) * r.extent[0]
				}
				if d > 2 {
					c *= a.w[2][m*n3+k]
					at += (b[2] - r.base[2] + k) * r.extent[0] * r.extent[1]
				}
				line := dst[at : at+w1]
				for i, v := range row {
					line[i] += c * v
				}
			}
		}
	}
}

// fillFull sums the outer products of all samples as one product of matrices,
// rest x M times M x N1.
func (a *assembler) fillFull(dst []float64, r *window) {
	n1, n2, n3 := r.extent[0], r.extent[1], r.extent[2]
	m, rest := len(a.prob), r.extent[1]*r.extent[2]
	if a.left == nil {
		a.left, a.right = make([]float64, rest*m), make([]float64, m*n1)
	}
	for s, p := range a.prob {
		for i, v := range a.w[0][s*n1 : (s+1)*n1] {
			a.right[s*n1+i] = p * v
		}
		for k := range n3 {
			c := 1.0
			if n3 > 1 {
				c = a.w[2][s*n3+k]
			}
			for j := range n2 {
				v := c
				if n2 > 1 {
					v *= a.w[1][s*n2+j]
				}
				a.left[(k*n2+j)*m+s] = v
			}
		}
	}
	kernel.Mul(rest, n1, m, a.left, m, a.right, n1, dst, n1)
}
