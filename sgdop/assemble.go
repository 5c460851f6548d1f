package sgdop

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/internal/par"
	"kolmo/process"
)

// nodesPerTask is the number of rows one worker assembles at a time.
const nodesPerTask = 32

// Assemble returns S of a chain on the grid, which must have the chain's dimension. What
// of the weights is kept follows from the memory they need, see Storage; what was chosen
// and why says Operator.Choice. An asked-for storage that does not fit is a *SizeError:
// before any work for whole-axis windows, after a first pass over the images for local
// ones. Other errors are one that process.NonFinite knows where an image is not finite, a
// choice that is left to a probe that is not there, or the context's. The result does not depend on
// the workers. Cost: for whole-axis windows about 2 M operations per weight, M the
// number of samples; for local ones 2 M w^d per node.
func Assemble(ctx context.Context, g *grid.Grid, chain process.Chain, cfg *Config) (*Operator, error) {
	c := cfg.withDefaults()
	if g.Dim() != chain.Dim() {
		return nil, fmt.Errorf("sgdop: a chain of %d coordinates on a grid of %d axes", chain.Dim(), g.Dim())
	}
	if int64(g.Len()) > math.MaxInt32 {
		return nil, fmt.Errorf("sgdop: %d nodes, want at most %d", g.Len(), math.MaxInt32)
	}
	if c.Width == WidthAuto {
		return assembleChosen(ctx, g, chain, &c)
	}
	if c.Width < 0 {
		return nil, fmt.Errorf("sgdop: width %d, want a number of nodes, 0 or WidthAuto", c.Width)
	}
	return assembleWidth(ctx, g, chain, &c, Choice{Error: math.NaN()})
}

// assembleWidth assembles S with the width of c.
func assembleWidth(ctx context.Context, g *grid.Grid, chain process.Chain, c *Config, choice Choice) (*Operator, error) {
	s := &Operator{rows: rows{frame: frame{g: g, chain: chain, width: c.Width}}, traits: traits{choice: choice}}
	b := &builder{s: s, c: c, ctx: ctx}
	s.full = true
	for k := range g.Dim() {
		s.full = s.full && g.Axis(k).Width(c.Width) == g.Axis(k).Len()
	}
	over, err := b.oversample()
	if err == nil && !over {
		if err = b.plan(); err == nil {
			err = b.build()
		}
	}
	if err != nil {
		return nil, err
	}
	s.leak, s.lebesgue = b.reach.leakage(), b.reach.lebesgue
	b.report(1)
	return s, nil
}

// builder is one assembly.
type builder struct {
	s     *Operator
	c     *Config
	ctx   context.Context
	boxes [][]box // per task, of its rows one after the other
	count []int32 // by row
	reach reach
	// patched sums rows over patches.
	patched bool
	// windowsOnly finds windows without weights.
	windowsOnly bool
	// without has rows that are left out; nil: none.
	without *rows

	mu         sync.Mutex
	done, goal int // tasks
	told       float64
}

// report tells the share that is done.
func (b *builder) report(share float64) {
	if b.c.Progress != nil && share > b.told {
		b.told = share
		b.c.Progress(share)
	}
}

// pass locates all nodes in parallel and calls each for every node, in order
// within a task; begin and end bracket a task.
func (b *builder) pass(tasks int, begin func(task int), each func(task int, a *locator, i int), end func(task int, a *locator)) error {
	s := b.s
	errs := make([]error, tasks)
	par.Do(b.c.Workers, tasks, func(task int) {
		a := b.locator()
		begin(task)
		lo, hi := par.Split(s.nodes().Len(), tasks, task)
		for i := lo; i < hi; i++ {
			if errs[task] = b.ctx.Err(); errs[task] != nil {
				return
			}
			if b.without != nil && b.without.has(i) {
				continue
			}
			if errs[task] = a.locate(i); errs[task] != nil {
				return
			}
			each(task, a, i)
		}
		end(task, a)
		b.mu.Lock()
		b.done++
		b.report(float64(b.done) / float64(b.goal))
		b.mu.Unlock()
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// locator returns a workspace for the rows of a task.
func (b *builder) locator() *locator {
	s := b.s
	if b.patched {
		a := newPatchedLocator(s.g, s.chain.(process.Affine))
		if m := b.c.Means; m.fits(s.g, s.chain) {
			a.means = m
		}
		return a
	}
	a := newLocator(s.g, s.chain, s.width)
	a.rows, a.windowsOnly = s.at, b.windowsOnly
	return a
}

// tasks returns the number of tasks of a pass.
func (b *builder) tasks() int { return (b.s.nodes().Len() + nodesPerTask - 1) / nodesPerTask }

// measured is a pass's end that keeps what its images are like, to be merged in the
// order of tasks.
func (b *builder) measured() (end func(task int, a *locator), merge func()) {
	all := make([]reach, b.tasks())
	return func(task int, a *locator) { all[task] = a.reach }, func() {
		b.reach = reach{}
		for i := range all {
			b.reach.add(&all[i])
		}
	}
}

// plan finds the windows of every row, then what is kept of the weights.
func (b *builder) plan() error {
	s, c := b.s, b.c
	n := int64(s.g.Len())
	b.goal = 2 * b.tasks()
	var windows int64
	if s.full {
		b.goal = b.tasks()
		windows = weightBytes*n*n + n*windowBytes
	} else if c.Storage == StorageAuto || c.Storage == StorageWindows {
		var err error
		if windows, err = b.findWindows(); err != nil {
			return err
		}
	} else {
		b.goal = b.tasks()
		windows = -1 // not asked for
	}
	return s.choose(c, windows)
}

// findWindows finds the windows of every row, and returns the memory that they need.
func (b *builder) findWindows() (bytes int64, err error) {
	b.boxes, b.count = make([][]box, b.tasks()), make([]int32, b.s.nodes().Len())
	groups := make([]grouper, b.tasks())
	b.windowsOnly = true
	err = b.pass(b.tasks(), func(int) {}, func(task int, a *locator, i int) {
		gr := &groups[task]
		gr.reset()
		for m := range a.prob {
			gr.add(a.box(m))
		}
		list := gr.windows()
		b.boxes[task] = append(b.boxes[task], list...)
		b.count[i] = int32(len(list))
	}, func(int, *locator) {})
	b.windowsOnly = false
	if err != nil {
		return 0, err
	}
	for _, list := range b.boxes {
		for i := range list {
			bytes += weightBytes*int64(list[i].volume()) + windowBytes
		}
	}
	return bytes, nil
}

// weightBytes is the memory of a weight, and windowBytes that of a window besides its weights,
// with its row's.
const (
	weightBytes = 8
	windowBytes = 36
)

// choose settles what is kept of the weights, given what windows would need.
func (s *Operator) choose(c *Config, windows int64) error {
	factors, none := s.factorBytes(), s.workBytes()
	ch := &s.choice
	ch.Width = s.width
	why := ch.Why
	refuse := func(bytes int64) error {
		if bytes > c.MaxBytes {
			return &SizeError{Nodes: s.g.Len(), Bytes: bytes, Most: c.MaxBytes}
		}
		return nil
	}
	var what string
	var err error
	switch {
	case c.Storage == StorageWindows:
		ch.Storage, ch.Bytes, err, what = StorageWindows, windows, refuse(windows), "windows, as asked for"
	case c.Storage == StorageFactors:
		ch.Storage, ch.Bytes, err, what = StorageFactors, factors, refuse(factors), "matrix-free from stored factors, as asked for"
	case c.Storage == StorageNone:
		ch.Storage, ch.Bytes, what = StorageNone, none, "matrix-free, everything computed anew, as asked for"
	case windows <= c.MaxBytes:
		ch.Storage, ch.Bytes, what = StorageWindows, windows, "windows fit in memory"
	case factors <= c.MaxBytes:
		ch.Storage, ch.Bytes = StorageFactors, factors
		what = fmt.Sprintf("matrix-free from stored factors: windows would need %s, allowed are %s", size(windows), size(c.MaxBytes))
	default:
		ch.Storage, ch.Bytes = StorageNone, none
		what = fmt.Sprintf("matrix-free, everything computed anew in each application: windows would need %s and factors %s, allowed are %s",
			size(windows), size(factors), size(c.MaxBytes))
	}
	s.reason = what
	if ch.Why = what; why != "" {
		ch.Why = why + "; " + what
	}
	return err
}

// build fills what plan has settled.
func (b *builder) build() error {
	switch b.s.choice.Storage {
	case StorageFactors:
		return b.factors()
	case StorageNone:
		return b.images()
	}
	return b.windows()
}

// windows lays out the windows of all rows and fills their weights.
func (b *builder) windows() error {
	s := b.s
	g := s.g
	n := s.nodes().Len()
	if s.full {
		all := box{hi: [grid.MaxDim]int32{1, 1, 1}}
		for k := range g.Dim() {
			all.hi[k] = int32(g.Axis(k).Len())
		}
		b.boxes = [][]box{slices.Repeat([]box{all}, n)}
		b.count = slices.Repeat([]int32{1}, n)
	}
	s.first = make([]int32, 1, n+1)
	for _, c := range b.count {
		s.first = append(s.first, s.first[len(s.first)-1]+c)
	}
	boxes := slices.Concat(b.boxes...)
	b.boxes, b.count = nil, nil
	list := make([]kernel.Window, len(boxes))
	total, row := 0, 0
	for i := range boxes {
		x := &boxes[i]
		for int(s.first[row+1]) <= i {
			row++
		}
		u := int(x.lo[0])
		for k := 1; k < g.Dim(); k++ {
			u += int(x.lo[k]) * g.Stride(k)
		}
		list[i] = kernel.Window{W: total, U: int32(u), Row: int32(row), E1: x.hi[0] - x.lo[0], E2: x.hi[1] - x.lo[1], E3: x.hi[2] - x.lo[2]}
		total += x.volume()
	}
	s.weights = make([]float64, total)
	_, affine := s.chain.(process.Affine)
	b.patched = s.full && affine && s.chain.Images() >= manySamples
	if m := b.c.Means; b.patched && m.fits(s.g, s.chain) {
		m.lock.Lock()
		defer m.lock.Unlock()
	}
	fillers := make([]*filler, b.tasks())
	end, merge := b.measured()
	err := b.pass(b.tasks(), func(task int) { fillers[task] = &filler{s: s} }, func(task int, a *locator, i int) {
		if s.at == nil {
			a.measure()
		}
		lo, hi := s.first[i], s.first[i+1]
		fillers[task].fill(a, boxes[lo:hi], list[lo:hi])
	}, func(task int, a *locator) {
		end(task, a)
		f := fillers[task]
		f.left, f.right, f.patch = nil, nil, nil
	})
	if err != nil {
		return err
	}
	merge()
	for _, f := range fillers {
		s.norm = max(s.norm, f.norm)
	}
	// Runs that lie side by side are one.
	for i := range list {
		x := &list[i]
		if g.Dim() > 1 && int(x.E1) == g.Stride(1) {
			x.E1, x.E2 = x.E1*x.E2, 1
			if g.Dim() > 2 && int(x.E1) == g.Stride(2) {
				x.E1, x.E3 = x.E1*x.E3, 1
			}
		}
	}
	s2, s3 := s.strides()
	s.win = kernel.NewWindows(list, n, g.Len(), total, s2, s3)
	s.cut()
	return nil
}
