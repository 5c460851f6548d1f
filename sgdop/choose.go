package sgdop

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/grid"
	"kolmo/objective"
)

// Choice is how S is computed.
type Choice struct {
	// Width is the number of nodes per axis that interpolate, 0 for whole axes.
	Width int
	// Storage is what is kept of the weights, never StorageAuto, and Bytes its memory.
	Storage Storage
	Bytes   int64
	// Single reports weights in single precision.
	Single bool
	// Error is what the probe found of the interpolation error, over all its steps;
	// NaN without a probe.
	Error float64
	// Why says in one sentence why.
	Why string
}

// MatrixFree reports that no merged weights are kept.
func (c Choice) MatrixFree() bool { return c.Storage == StorageFactors || c.Storage == StorageNone }

// String returns the choice in one line.
func (c Choice) String() string {
	how := "whole axes"
	if c.Width > 0 {
		how = fmt.Sprintf("width %d (degree %d)", c.Width, c.Width-1)
	}
	return fmt.Sprintf("%s, %s, %s: %s", how, c.Storage, size(c.Bytes), c.Why)
}

// Probe is what an operator is chosen for.
type Probe struct {
	// Fields are the functions that S will be applied to.
	Fields []func(x []float64) float64
	// Accuracy is the largest interpolation error wanted after Steps steps,
	// relative to the largest |field| on the nodes.
	Accuracy float64
	// Steps is the number of steps whose errors add up. Default 0: 1/eta, the
	// time after which a strongly convex loss forgets them.
	Steps int
}

// The probe's sizes: nodes looked at, images per node times nodes, and widths.
const (
	probeNodes  = 400
	probePairs  = 40_000
	leastWidth  = 4
	mostWidth   = 12
	widthStep   = 2
	wholeLimit  = 12 // nodes up to which equidistant ones interpolate as a whole
	probeStride = 0.6180339887498949
)

// candidate is one width with what the probe found.
type candidate struct {
	width   int
	err     float64 // of all steps
	bytes   int64   // of windows
	work    float64 // products per application
	storage Storage
}

// Choose returns the width, among degrees 3 to 11 and whole axes, that meets the
// accuracy of cfg.Probe at the least work and within cfg.MaxBytes; if none does,
// the one with the least error. The interpolation error of a width is
// the largest difference, over a set of nodes, between S u with it and with two
// nodes more, of whole axes what the decay of the fields' Chebyshev coefficients lets
// expect, times the steps. Memory and work come from the windows of these nodes.
// cfg.Width is not looked at, nor are powers of S: Assemble with WidthAuto goes on to
// the next width where they grow, or where the fields after the probe's steps are
// harder to interpolate than at first. The error is that
// of a missing probe, of a gradient or field that is not finite, or the context's.
// Cost: about probePairs interpolations per width and field.
func Choose(ctx context.Context, g *grid.Grid, o objective.Objective, eta float64, cfg *Config) (Choice, error) {
	c := cfg.withDefaults()
	list, err := ranked(ctx, g, o, eta, &c)
	if err != nil {
		return Choice{Error: math.NaN()}, err
	}
	return list[0], nil
}

// probeSteps returns the steps of a probe.
func (p *Probe) steps(eta float64) int {
	if p.Steps > 0 {
		return p.Steps
	}
	return max(1, int(math.Ceil(1/eta)))
}

// ranked returns the choices from the best on.
func ranked(ctx context.Context, g *grid.Grid, o objective.Objective, eta float64, c *Config) ([]Choice, error) {
	if c.Probe == nil || len(c.Probe.Fields) == 0 || !(c.Probe.Accuracy > 0) {
		return nil, errors.New("sgdop: a probe needs fields and an accuracy above zero")
	}
	steps := c.Probe.steps(eta)
	p := newProbe(g, c.Probe.Fields)
	if p.scale == 0 || math.IsNaN(p.scale) || math.IsInf(p.scale, 0) {
		return nil, fmt.Errorf("sgdop: the fields of a probe have the size %v", p.scale)
	}
	list, err := p.candidates(ctx, o, eta, c)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].err *= float64(steps) / p.scale
	}
	meets := func(a *candidate) bool { return a.err <= c.Probe.Accuracy }
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case meets(&a) && meets(&b):
			return cmp.Compare(a.work, b.work)
		case meets(&a):
			return -1
		case meets(&b):
			return 1
		}
		return cmp.Compare(a.err, b.err)
	})
	choices := make([]Choice, len(list))
	for k := range list {
		b := &list[k]
		why := fmt.Sprintf("interpolation error %.1e after %d steps", b.err, steps)
		if meets(b) {
			why += fmt.Sprintf(" meets %.1e at the least work", c.Probe.Accuracy)
		} else {
			why += fmt.Sprintf(", the least there is, misses %.1e", c.Probe.Accuracy)
		}
		for i := range list {
			if i == k {
				continue
			}
			why += fmt.Sprintf("; %s: %.1e, %.2g times the work", name(list[i].width), list[i].err, list[i].work/b.work)
			if list[i].bytes > c.MaxBytes {
				why += ", " + size(list[i].bytes) + " do not fit"
			}
		}
		choices[k] = Choice{Width: b.width, Storage: b.storage, Bytes: b.bytes, Error: b.err, Why: why}
	}
	return choices, nil
}

// name returns a width in words.
func name(width int) string {
	if width == 0 {
		return "whole axes"
	}
	return fmt.Sprintf("degree %d", width-1)
}

// probe are the fields on the grid and the nodes looked at.
type probe struct {
	g      *grid.Grid
	fields [][]float64
	scale  float64 // largest |field|
}

func newProbe(g *grid.Grid, functions []func(x []float64) float64) *probe {
	p := &probe{g: g, fields: sampleAll(g, functions)}
	for _, u := range p.fields {
		for _, v := range u {
			if a := math.Abs(v); !(a <= p.scale) {
				p.scale = a
			}
		}
	}
	return p
}

// sampleAll returns the functions' values at the nodes.
func sampleAll(g *grid.Grid, functions []func(x []float64) float64) [][]float64 {
	x := make([]float64, g.Dim())
	fields := make([][]float64, len(functions))
	for f, phi := range functions {
		fields[f] = make([]float64, g.Len())
		for i := range fields[f] {
			g.PointTo(x, i)
			fields[f][i] = phi(x)
		}
	}
	return fields
}

// nodes returns up to count nodes spread over the grid, the corners' neighbourhood
// not preferred: multiples of the golden section.
func (p *probe) nodes(count int) []int {
	n := p.g.Len()
	if n <= count {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	list := make([]int, count)
	for i := range list {
		_, frac := math.Modf(float64(i+1) * probeStride)
		list[i] = min(int(frac*float64(n)), n-1)
	}
	return list
}

// candidates returns what the probe found of every width, one-step errors in
// absolute terms.
func (p *probe) candidates(ctx context.Context, o objective.Objective, eta float64, c *Config) ([]candidate, error) {
	g := p.g
	shortest, longest, chebyshev := g.Axis(0).Len(), 0, true
	for k := range g.Dim() {
		shortest, longest = min(shortest, g.Axis(k).Len()), max(longest, g.Axis(k).Len())
		chebyshev = chebyshev && g.Axis(k).Kind() == grid.KindChebyshev
	}
	m := o.Law().Len()
	nodes := p.nodes(max(probeNodes/25, min(probeNodes, probePairs/m)))
	var list []candidate
	var values [][]float64 // per width, of all nodes and fields
	var last []float64
	for w := leastWidth; w <= mostWidth+widthStep && w < shortest; w += widthStep {
		v, weights, windows, err := p.apply(ctx, o, eta, w, nodes)
		if err != nil {
			return nil, err
		}
		if last != nil {
			list[len(list)-1].err = difference(last, v)
		}
		last = v
		values = append(values, v)
		if w > mostWidth {
			break
		}
		list = append(list, p.sized(o, eta, w, weights*float64(g.Len()), windows*float64(g.Len()), c))
	}
	if len(list) > 0 && len(values) == len(list) {
		list = list[:len(list)-1] // no wider window to compare with
	}
	if chebyshev || longest <= wholeLimit || len(list) == 0 {
		n := float64(g.Len())
		whole := p.sized(o, eta, 0, n*n, n, c)
		whole.err = p.tail()
		list = append(list, whole)
	}
	return list, nil
}

// oneStep returns the interpolation error of one application with the given width.
func (p *probe) oneStep(ctx context.Context, o objective.Objective, eta float64, width int, nodes []int) (float64, error) {
	if width == 0 {
		return p.tail(), nil
	}
	a, _, _, err := p.apply(ctx, o, eta, width, nodes)
	if err != nil {
		return 0, err
	}
	b, _, _, err := p.apply(ctx, o, eta, width+widthStep, nodes)
	if err != nil {
		return 0, err
	}
	return difference(a, b), nil
}

// sized returns a candidate with its memory, storage and work.
func (p *probe) sized(o objective.Objective, eta float64, width int, weights, windows float64, c *Config) candidate {
	s := &Operator{g: p.g, o: o, eta: eta, width: width}
	bytes := 8.0
	if c.Single {
		bytes = 4
	}
	a := candidate{width: width, bytes: int64(bytes*weights + windowBytes*windows), work: weights}
	if err := s.choose(c, a.bytes); err != nil {
		// What is asked for does not fit: Assemble will say so.
		s.choice.Storage = c.Storage
	}
	a.storage = s.choice.Storage
	if s.choice.MatrixFree() {
		a.work = float64(p.g.Len()) * float64(o.Law().Len())
		for k := range p.g.Dim() {
			a.work *= float64(p.g.Axis(k).Width(width))
		}
		a.bytes = s.choice.Bytes
	}
	return a
}

// apply returns S u at the nodes with windows of the given width, field by field,
// and the mean number of weights and of windows of a row.
func (p *probe) apply(ctx context.Context, o objective.Objective, eta float64, width int, nodes []int) (values []float64, weights, windows float64, err error) {
	a := newLocator(p.g, o, eta, width)
	in := grid.NewInterpolator(p.g, width)
	y := make([]float64, p.g.Dim())
	values = make([]float64, len(nodes)*len(p.fields))
	var gr grouper
	for k, i := range nodes {
		if err := ctx.Err(); err != nil {
			return nil, 0, 0, err
		}
		if err := a.locate(i); err != nil {
			return nil, 0, 0, err
		}
		gr.reset()
		for m, prob := range a.prob {
			gr.add(a.box(m))
			for l := range y {
				y[l] = a.x[l] - eta*a.grads[m*len(y)+l]
			}
			in.Locate(y)
			for f, u := range p.fields {
				values[k*len(p.fields)+f] += prob * in.Value(u)
			}
		}
		list := gr.windows()
		windows += float64(len(list)) / float64(len(nodes))
		for j := range list {
			weights += float64(list[j].volume()) / float64(len(nodes))
		}
	}
	return values, weights, windows, nil
}

// difference returns max |u - v|; NaN counts as infinite.
func difference(u, v []float64) float64 {
	worst := 0.0
	for i := range u {
		d := math.Abs(u[i] - v[i])
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst = max(worst, d)
	}
	return worst
}

// tail returns the sum, over the axes, of an estimate of what the polynomials through
// all nodes of an axis miss of the fields: twice the Chebyshev coefficients beyond the
// last, which continue the last four as a geometric series.
func (p *probe) tail() float64 {
	total := 0.0
	for k := range p.g.Dim() {
		n, stride := p.g.Axis(k).Len(), p.g.Stride(k)
		worst := 0.0
		for _, u := range p.fields {
			for i := range u {
				if p.g.Index(i, k) == 0 {
					worst = max(worst, missed(u[i:], n, stride))
				}
			}
		}
		total += worst
	}
	return total + rounding*p.scale
}

const (
	rounding  = 4e-16 // of a field's values
	slowDecay = 0.9   // largest ratio of pairs of coefficients that is believed
)

// missed returns the estimate for one line of n values at Chebyshev-Gauss-Lobatto
// nodes. Coefficients are taken in pairs, since every other may vanish.
func missed(u []float64, n, stride int) float64 {
	last := math.Abs(coefficient(u, n, stride, n-1)) + math.Abs(coefficient(u, n, stride, n-2))
	if n < 6 {
		return 2 * last
	}
	before := math.Abs(coefficient(u, n, stride, n-3)) + math.Abs(coefficient(u, n, stride, n-4))
	if last == 0 {
		return 0
	}
	q := min(last/before, slowDecay)
	return 2 * last * q / (1 - q)
}

// coefficient returns the k-th coefficient of the Chebyshev series through n values.
func coefficient(u []float64, n, stride, k int) float64 {
	sum := 0.0
	for i := range n {
		v := u[i*stride]
		if i == 0 || i == n-1 {
			v /= 2
		}
		// cos(pi i k/(n-1)) with the product reduced exactly.
		sum += v * math.Cos(math.Pi*float64(i*k%(2*(n-1)))/float64(n-1))
	}
	if k == n-1 || k == 0 {
		return sum / float64(n-1)
	}
	return 2 * sum / float64(n-1)
}
