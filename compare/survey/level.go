package survey

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/fd"
	"kolmo/grid"
	"kolmo/kolmogorov"
	"kolmo/kolmogorov/scheme"
	"kolmo/process"
	"kolmo/sgdop"
)

// Same reports that two levels are the same discretisation in x.
func (l Level) Same(o Level) bool {
	return l.Kind == o.Kind && l.Order == o.Order && l.Box == o.Box && slices.Equal(l.Nodes, o.Nodes)
}

// Below returns the level with the ratio of nodes to l that l has to the finer one.
func (l Level) Below(fine Level) Level {
	o := l
	o.Nodes = make([]int, len(l.Nodes))
	for k, n := range l.Nodes {
		ratio := float64(n) / float64(max(fine.Nodes[k], n))
		o.Nodes[k] = max(l.MinNodes(), min(int(float64(n)*min(ratio, mostBelow)), n-1))
	}
	return o
}

// mostBelow is the largest ratio of nodes of neighbouring plans.
const mostBelow = 0.9

// Method is a discretisation without its resolution.
type Method struct {
	Kind  grid.Kind
	Order int // of derivatives; fd.FullWidth for collocation
	Width int // nodes per axis that interpolate; 0: all
	// Scheme takes sub steps per SGD step; nil: Taylor polynomials of L.
	Scheme scheme.Scheme
	Shift  int // nodes per axis beyond those usually tried
	// Box is the half-width of the model's box over R; zero: 1. The modified model's is R2.
	Box float64
}

// Chebyshev returns collocation with interpolation by whole axes.
func Chebyshev() Method {
	return Method{Kind: grid.KindChebyshev, Order: fd.FullWidth}
}

// Uniform returns finite differences of the given order with local
// interpolation of degree order+1.
func Uniform(order int) Method {
	if order == 0 {
		order = compare.DefaultOrder
	}
	return Method{Kind: grid.KindUniform, Order: order, Width: order + 2}
}

// By returns the method with the steps of a scheme; nil: Taylor polynomials.
func (m Method) By(s scheme.Scheme) Method {
	m.Scheme = s
	return m
}

// String names the method: "uniform of order 8 by douglas".
func (m Method) String() string {
	s := m.Kind.String()
	if m.Order != fd.FullWidth {
		s += fmt.Sprintf(" of order %d", m.Order)
	}
	if m.Scheme != nil {
		s += " by " + m.Scheme.Name()
	}
	return s
}

// Level is a method with its resolution.
type Level struct {
	Method
	Nodes []int // per axis
	Sub   int   // steps per SGD step, schemes only
	// AsGiven marks a grid that the study fixes: it is not scaled with the box.
	AsGiven bool
}

// The resolutions tried, nodes per axis. Multiples of four suit the kernels.
var (
	chebyshevNodes = []int{12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256}
	uniformNodes   = []int{24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512, 640, 768, 1024}
)

// Role is what a grid is for: they differ in what bounds their size.
type Role int

const (
	ForS Role = iota // weights of S
	ForL             // derivatives and fields
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

// FixedRatio is the ratio of the grid that a fixed one is compared with.
const FixedRatio = 0.7

// Ladder returns the resolutions of a method in dimension d, coarsest first, as
// far as they fit in memory; nodes fixes the finest, which is compared with a
// grid of 0.7 times as many nodes. Along a clock there are a third as many as along other axes and four.
func (m Method) Ladder(r Role, p *compare.Problem, nodes []int) ([]Level, error) {
	d, ranges := len(p.Ball.Center), p.Dynamics.State().Ranges
	if nodes != nil {
		return m.fixed(r, d, nodes)
	}
	list := chebyshevNodes
	if m.Kind == grid.KindUniform {
		list = uniformNodes
	}
	if d < 3 {
		list = list[1:]
	}
	var levels []Level
	for _, n := range list {
		n += m.Shift
		axes := make([]int, d)
		for k := range axes {
			if axes[k] = n; k < len(ranges) && ranges[k] != nil && ranges[k].Clock != nil {
				axes[k] = max(n/3+4, m.MinNodes())
			}
		}
		l := Level{Method: m, Nodes: axes}
		if n < m.MinNodes() {
			continue
		}
		if !l.fits(r) {
			break
		}
		levels = append(levels, l)
	}
	if len(levels) < 2 {
		return nil, &compare.InputError{Key: "solver.space", Msg: fmt.Sprintf("no two %s grids of this order fit in memory in %d dimensions; want another space or a lower order", m.Kind, d)}
	}
	return levels, nil
}

// fixed returns the given grid and the coarser one it is compared with.
func (m Method) fixed(r Role, d int, nodes []int) ([]Level, error) {
	coarse, fine := Level{Method: m, AsGiven: true}, Level{Method: m, AsGiven: true}
	least := m.MinNodes()
	for k := range d {
		n := nodes[min(k, len(nodes)-1)]
		c := int(math.Ceil(FixedRatio * float64(n)))
		if c < least || c == n {
			return nil, &compare.InputError{Key: "solver.nodes", Msg: fmt.Sprintf("%d nodes are too few: the error estimate compares with a grid of 0.7 times as many, which needs %d; want at least %d", n, least, int(math.Ceil(float64(least)/FixedRatio)))}
		}
		coarse.Nodes, fine.Nodes = append(coarse.Nodes, c), append(fine.Nodes, n)
	}
	if !fine.fits(r) {
		return nil, &compare.InputError{Key: "solver.nodes", Msg: fmt.Sprintf("%v nodes are too many: S may use %d GiB, L %d nodes, and collocation %d per axis; want fewer nodes or space: uniform", nodes, maxBytes>>30, maxNodes, maxCollocation)}
	}
	return []Level{coarse, fine}, nil
}

// fits reports that a level stays within the limits of memory.
func (l Level) fits(r Role) bool {
	total := l.Count()
	if l.Width == 0 && l.Largest() > maxCollocation {
		return false
	}
	if r == ForL {
		return total <= maxNodes
	}
	if l.Width == 0 {
		return 8*total*total <= maxBytes
	}
	// Twice the window of one sample; what the merged windows need is known
	// and checked when S is assembled.
	return 16*total*math.Pow(float64(l.Width), float64(len(l.Nodes))) <= maxBytes
}

// MinNodes is the fewest nodes that the method's stencils need.
func (m Method) MinNodes() int { return max(8, m.Order+2) }

// HalfWidth returns the half-width of a model's own box.
func HalfWidth(p *compare.Problem, m *process.Diffusion) float64 {
	if m.Radius > 0 {
		return m.Radius
	}
	return p.Ball.R
}

// OnBox returns the level on the model's own box and that box's half-width: that of a
// model which has one, else R, or wider where the level asks for it.
func (l Level) OnBox(p *compare.Problem, m *process.Diffusion) (Level, float64) {
	switch {
	case m.Radius > 0:
		return l.Scaled(p.Ball, m.Radius/p.Ball.R), m.Radius
	case l.Box > 1:
		return l.Scaled(p.Ball, l.Box), l.Box * p.Ball.R
	}
	return l, p.Ball.R
}

// Scaled returns the level for a box that is larger by the given factor along the axes of the ball.
func (l Level) Scaled(b grid.Ball, factor float64) Level {
	// The layer between R and R2 is one more feature to resolve, but spectral
	// resolution grows a little slower than the box.
	const exponent = 0.85
	if l.AsGiven {
		return l
	}
	s := l
	s.Nodes = slices.Clone(l.Nodes)
	for k, n := range l.Nodes {
		if b.Range(k) != nil {
			continue
		}
		s.Nodes[k] = (int(math.Ceil(float64(n)*math.Pow(factor, exponent))) + 3) / 4 * 4
	}
	return s
}

// Largest returns the largest number of nodes per axis.
func (l Level) Largest() int {
	n := 0
	for _, m := range l.Nodes {
		n = max(n, m)
	}
	return n
}

// SpaceOrder is the order of accuracy reported: nodes-1 for collocation.
func (l Level) SpaceOrder() int {
	if l.Order == fd.FullWidth {
		return l.Largest() - 1
	}
	return l.Order
}

// InTime names the level's propagation in t.
func (l Level) InTime() string {
	if l.Scheme == nil {
		return PolynomialName
	}
	return fmt.Sprintf("%s, %d steps per SGD step", l.Scheme.Name(), l.Sub)
}

// PolynomialName is the name of the propagation by Taylor polynomials.
const PolynomialName = "polynomial"

// Steps per SGD step of schemes.
const (
	FirstSub = 4
	MostSub  = 1 << 12
)

// Propagator returns the level's propagation in t. An explicit scheme takes more
// steps than sub where stability on the grid asks for them.
func (l Level) Propagator(op *kolmogorov.Operator, eta float64) (kolmogorov.Propagator, error) {
	if l.Scheme == nil {
		return kolmogorov.NewPolynomial(op, eta), nil
	}
	cfg := &kolmogorov.SteppingConfig{Estimate: true}
	p, err := kolmogorov.NewStepping(op, l.Scheme, eta, l.Sub, cfg)
	if long, ok := errors.AsType[*scheme.StepError](err); ok {
		p, err = kolmogorov.NewStepping(op, l.Scheme, eta, l.Sub*int(math.Ceil(long.Dt/long.Most)), cfg)
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Count returns the number of nodes of the level's grid.
func (l Level) Count() float64 {
	total := 1.0
	for _, n := range l.Nodes {
		total *= float64(n)
	}
	return total
}

// MeanNodes is the nodes per axis of a level of S and one of a model that the outlook counts by.
func MeanNodes(s, l Level) float64 {
	return math.Sqrt(float64(s.Largest()) * float64(l.Largest()))
}
