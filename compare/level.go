package compare

import (
	"errors"
	"fmt"
	"math"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
	"kolmo/sgdop"
)

// method is a discretisation without its resolution.
type method struct {
	kind  grid.Kind
	order int // of derivatives; fd.FullWidth for collocation
	width int // nodes per axis that interpolate; 0: all
	// scheme takes sub steps per SGD step; nil: Taylor polynomials of L.
	scheme scheme.Scheme
	shift  int // nodes per axis beyond those usually tried
	// box is the half-width of the model's box over R; zero: 1. The modified model's is R2.
	box float64
}

// chebyshev returns collocation with interpolation by whole axes.
func chebyshev() method {
	return method{kind: grid.KindChebyshev, order: fd.FullWidth}
}

// uniform returns finite differences of the given order with local
// interpolation of degree order+1.
func uniform(order int) method {
	if order == 0 {
		order = DefaultOrder
	}
	return method{kind: grid.KindUniform, order: order, width: order + 2}
}

// by returns the method with the steps of a scheme; nil: Taylor polynomials.
func (m method) by(s scheme.Scheme) method {
	m.scheme = s
	return m
}

// String names the method: "uniform of order 8 by douglas".
func (m method) String() string {
	s := m.kind.String()
	if m.order != fd.FullWidth {
		s += fmt.Sprintf(" of order %d", m.order)
	}
	if m.scheme != nil {
		s += " by " + m.scheme.Name()
	}
	return s
}

// level is a method with its resolution.
type level struct {
	method
	nodes []int // per axis
	sub   int   // steps per SGD step, schemes only
	// asGiven marks a grid that the study fixes: it is not scaled with the box.
	asGiven bool
}

// The resolutions tried, nodes per axis. Multiples of four suit the kernels.
var (
	chebyshevNodes = []int{12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256}
	uniformNodes   = []int{24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024}
)

// role is what a grid is for: they differ in what bounds their size.
type role int

const (
	forS role = iota // weights of S
	forL             // derivatives and fields
)

// Limits of refinement, by memory alone.
const (
	// maxBytes bounds the memory of S.
	maxBytes = sgdop.DefaultMaxBytes / 2
	// maxCollocation bounds the nodes of an axis that is used as a whole: the
	// spectral radius of L grows with their square.
	maxCollocation = 512
	// maxNodes bounds the nodes of a grid of L.
	maxNodes = 300_000
)

// fixedRatio is the ratio of the grid that a fixed one is compared with.
const fixedRatio = 0.7

// ladder returns the resolutions of a method in dimension d, coarsest first, as
// far as they fit in memory; nodes fixes the finest, which is compared with a
// grid of 0.7 times as many nodes.
func (m method) ladder(r role, d int, nodes []int) ([]level, error) {
	if nodes != nil {
		return m.fixed(r, d, nodes)
	}
	list := chebyshevNodes
	if m.kind == grid.KindUniform {
		list = uniformNodes
	}
	if d < 3 {
		list = list[1:]
	}
	var levels []level
	for _, n := range list {
		n += m.shift
		axes := make([]int, d)
		for k := range axes {
			axes[k] = n
		}
		l := level{method: m, nodes: axes}
		if n < m.minNodes() {
			continue
		}
		if !l.fits(r) {
			break
		}
		levels = append(levels, l)
	}
	if len(levels) < 2 {
		return nil, &InputError{Key: "solver.space", Msg: fmt.Sprintf("no two %s grids of this order fit in memory in %d dimensions; want another space or a lower order", m.kind, d)}
	}
	return levels, nil
}

// fixed returns the given grid and the coarser one it is compared with.
func (m method) fixed(r role, d int, nodes []int) ([]level, error) {
	coarse, fine := level{method: m, asGiven: true}, level{method: m, asGiven: true}
	least := m.minNodes()
	for k := range d {
		n := nodes[min(k, len(nodes)-1)]
		c := int(math.Ceil(fixedRatio * float64(n)))
		if c < least || c == n {
			return nil, &InputError{Key: "solver.nodes", Msg: fmt.Sprintf("%d nodes are too few: the error estimate compares with a grid of 0.7 times as many, which needs %d; want at least %d", n, least, int(math.Ceil(float64(least)/fixedRatio)))}
		}
		coarse.nodes, fine.nodes = append(coarse.nodes, c), append(fine.nodes, n)
	}
	if !fine.fits(r) {
		return nil, &InputError{Key: "solver.nodes", Msg: fmt.Sprintf("%v nodes are too many: S may use %d GiB, L %d nodes, and collocation %d per axis; want fewer nodes or space: uniform", nodes, maxBytes>>30, maxNodes, maxCollocation)}
	}
	return []level{coarse, fine}, nil
}

// fits reports that a level stays within the limits of memory.
func (l level) fits(r role) bool {
	total := l.count()
	if l.width == 0 && l.largest() > maxCollocation {
		return false
	}
	if r == forL {
		return total <= maxNodes
	}
	if l.width == 0 {
		return 8*total*total <= maxBytes
	}
	// Twice the window of one sample; what the merged windows need is known
	// and checked when S is assembled.
	return 16*total*math.Pow(float64(l.width), float64(len(l.nodes))) <= maxBytes
}

// minNodes is the fewest nodes that the method's stencils need.
func (m method) minNodes() int { return max(8, m.order+2) }

// halfWidth returns the half-width of a model's own box.
func halfWidth(p *Problem, m *process.Diffusion) float64 {
	if m.Radius > 0 {
		return m.Radius
	}
	return p.Ball.R
}

// onBox returns the level on the model's own box and that box's half-width: that of a
// model which has one, else R, or wider where the level asks for it.
func (l level) onBox(p *Problem, m *process.Diffusion) (level, float64) {
	switch {
	case m.Radius > 0:
		return l.scaled(m.Radius / p.Ball.R), m.Radius
	case l.box > 1:
		return l.scaled(l.box), l.box * p.Ball.R
	}
	return l, p.Ball.R
}

// scaled returns the level for a box larger by the given factor.
func (l level) scaled(factor float64) level {
	// The layer between R and R2 is one more feature to resolve, but spectral
	// resolution grows a little slower than the box.
	const exponent = 0.85
	if l.asGiven {
		return l
	}
	s := l
	s.nodes = make([]int, len(l.nodes))
	for k, n := range l.nodes {
		s.nodes[k] = (int(math.Ceil(float64(n)*math.Pow(factor, exponent))) + 3) / 4 * 4
	}
	return s
}

// largest returns the largest number of nodes per axis.
func (l level) largest() int {
	n := 0
	for _, m := range l.nodes {
		n = max(n, m)
	}
	return n
}

// spaceOrder is the order of accuracy reported: nodes-1 for collocation.
func (l level) spaceOrder() int {
	if l.order == fd.FullWidth {
		return l.largest() - 1
	}
	return l.order
}

// inTime names the level's propagation in t.
func (l level) inTime() string {
	if l.scheme == nil {
		return polynomialName
	}
	return fmt.Sprintf("%s, %d steps per SGD step", l.scheme.Name(), l.sub)
}

// polynomialName is the name of the propagation by Taylor polynomials.
const polynomialName = "polynomial"

// Steps per SGD step of schemes.
const (
	firstSub = 4
	mostSub  = 1 << 12
)

// propagator returns the level's propagation in t. An explicit scheme takes more
// steps than sub where stability on the grid asks for them.
func (l level) propagator(op *kolmogorov.Operator, eta float64) (kolmogorov.Propagator, error) {
	if l.scheme == nil {
		return kolmogorov.NewPolynomial(op, eta), nil
	}
	cfg := &kolmogorov.SteppingConfig{Estimate: true}
	p, err := kolmogorov.NewStepping(op, l.scheme, eta, l.sub, cfg)
	var long *scheme.StepError
	if errors.As(err, &long) {
		p, err = kolmogorov.NewStepping(op, l.scheme, eta, l.sub*int(math.Ceil(long.Dt/long.Most)), cfg)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// followerVectors is the most vectors of a basis of L.
const followerVectors = 160

// follower is propagator for u from its beginning: on collocation grids a basis of L, as far
// as that serves. growth is that of e^{tL}.
func (l level) follower(op *kolmogorov.Operator, eta, growth float64) (kolmogorov.Propagator, error) {
	if l.scheme == nil && l.kind == grid.KindChebyshev {
		return kolmogorov.NewBasisThenPolynomial(op, eta, &kolmogorov.BasisConfig{Tolerance: powersTolerance, Vectors: followerVectors, Growth: growth}), nil
	}
	return l.propagator(op, eta)
}

// bytes estimates the memory of a plan: the weights of S and the basis of its powers, the
// blocks of fields that are compared, and the terms or stages of every model and observable.
func (pl plan) bytes(p *Problem) int64 {
	obs := len(p.Observables)
	nS := pl.s.count()
	total := 8 * nS * nS
	if pl.s.width > 0 {
		total = 16 * nS * math.Pow(float64(pl.s.width), float64(len(pl.s.nodes)))
	}
	if pl.s.width == 0 {
		total += float64(sgdop.MeansBytes(int(nS), len(pl.s.nodes), p.Dynamics.Law().Images))
	}
	total += 8 * float64(obs) * nS * mostVectors
	const (
		termFields = 80 // of a polynomial
		lineFields = 60 // stages and factored lines of a scheme with its estimate
	)
	for i, l := range pl.levels {
		l, _ = l.onBox(p, pl.models[i])
		fields := float64(blockSteps + termFields)
		if l.kind == grid.KindChebyshev {
			fields += followerVectors
		}
		if l.scheme != nil {
			fields = blockSteps + lineFields
		}
		total += float64(8*obs) * (fields*l.count() + 2*blockSteps*nS)
	}
	return int64(total)
}

// count returns the number of nodes of the level's grid.
func (l level) count() float64 {
	total := 1.0
	for _, n := range l.nodes {
		total *= float64(n)
	}
	return total
}

// InputError is a choice in the problem that cannot be honoured.
type InputError struct {
	Key string // the study's key: solver.nodes
	Msg string
}

// Error implements error.
func (e *InputError) Error() string { return e.Key + ": " + e.Msg }
