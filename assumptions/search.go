package assumptions

import (
	"cmp"
	"math"
	"slices"

	"kolmo/objective"
	"kolmo/objective/expr"
)

// Sizes of the search.
const (
	searchPairs   = 4_000_000 // grid points times samples
	polishSamples = 400       // more samples are narrowed down to those that were extreme on the grid
	polishStarts  = 3
	mostConvexity = 10 // entries of Assumptions.Nonconvex
)

// What is smallest over samples and points.
const (
	worstGradient    = iota // -|g|
	worstConfinement        // x.g/|x|^2
	worstInvariance         // the largest eta that keeps the image in the ball
	quantities
)

// gridPoint is what the search found at one point of its grid.
type gridPoint struct {
	x, u   []float64 // u = x - center
	radius float64
	worst  [quantities]float64
	sample [quantities]int
	mu     float64 // smallest eigenvalue of hess f
	f      float64
	grad   [3]float64 // of f, with hess
	hess   [3][3]float64
}

// check is the state of Check.
type check struct {
	l     *objective.Loss // with the ends of the law's support behind its nodes
	nodes int             // of the law
	o     objective.Objective
	shape
	grid   []gridPoint
	few    *samples // that were extreme somewhere
	ids    []int    // their nodes
	all    *samples
	ev     objective.Evaluator // of l
	grads  []float64
	curved map[int]Curvature
	// singular are points beyond R where a sample's loss is not finite.
	singular []extreme
	outer    peak // of the second derivatives beyond R
	proof    *prover
	progress
}

// shape is where a check looks.
type shape struct {
	d      int
	center []float64
	r, r2  float64
}

func newCheck(o objective.Objective, l *objective.Loss, nodes int, center []float64, R, R2 float64, progress func(share float64)) (*check, error) {
	c := &check{l: l, nodes: nodes, o: o, shape: shape{d: l.Dim(), center: center, r: R, r2: R2}, all: newSamples(l), ev: l.NewEvaluator(), curved: map[int]Curvature{}}
	c.told = progress
	points := max(60, min([4]int{0, 600, 2500, 4000}[c.d], searchPairs/l.Law().Len()))
	c.phase(scanShare)
	for _, radius := range searchRadii(c.d, points, R, R2) {
		n := points / searchShells(c.d, points)
		for _, u := range directions(c.d, n) {
			if err := c.scan(u, radius); err != nil {
				return nil, err
			}
			c.tell()
		}
	}
	if err := c.scan(make([]float64, c.d), 0); err != nil {
		return nil, err
	}
	if c.outer.pole(center, R2, c.all.bend) {
		u := slices.Clone(c.outer.x)
		for i := range u {
			u[i] -= center[i]
		}
		c.singular = append(c.singular, extreme{x: c.outer.x, u: u, sample: c.outer.sample})
	}
	c.narrow()
	proof, err := newProver(l, center)
	if err != nil {
		return nil, err
	}
	c.proof = proof
	return c, nil
}

// searchShells is the number of radii of the grid.
func searchShells(d, points int) int {
	switch d {
	case 1:
		return points / 2
	case 2:
		return max(6, int(math.Sqrt(float64(points)/1.5)))
	}
	return max(6, int(1.3*math.Cbrt(float64(points))))
}

// searchRadii returns radii from 0 to R2, R and R2 among them.
func searchRadii(d, points int, R, R2 float64) []float64 {
	shells := searchShells(d, points)
	outside := max(2, int(float64(shells)*(R2-R)/R2))
	inside := max(3, shells-outside)
	var radii []float64
	for k := 1; k <= inside; k++ {
		radii = append(radii, R*float64(k)/float64(inside))
	}
	for k := 1; k <= outside; k++ {
		radii = append(radii, R+(R2-R)*float64(k)/float64(outside))
	}
	return radii
}

// scan evaluates every sample at one point.
func (c *check) scan(u []float64, radius float64) error {
	p := gridPoint{x: make([]float64, c.d), u: make([]float64, c.d), radius: radius}
	for i := range u {
		p.u[i] = radius * u[i]
		p.x[i] = c.center[i] + p.u[i]
	}
	var bend *peak
	if radius > c.r {
		bend = &c.outer
	}
	if err := c.all.checkAt(p.x, bend); err != nil {
		if radius > c.r { // no error: only Assumption 1 (i) and Lemma 2 look there
			c.singular = append(c.singular, extreme{x: p.x, u: p.u, sample: err.Sample})
			return nil
		}
		err.Sample, err.Nodes = c.name(err.Sample)
		return err
	}
	for q := range p.worst {
		p.worst[q] = math.Inf(1)
	}
	c.all.machine.Point(p.x, nil, 2)
	g := make([]float64, c.d*expr.Lanes)
	for k := 0; k < len(c.all.weights); k += expr.Lanes {
		n := c.all.machine.Block(k)
		c.all.machine.GradsTo(g)
		if f := c.all.machine.Value(); f != nil {
			for l, v := range f {
				p.f += c.all.weights[k+l] * v
			}
		}
		for l := range n {
			for i := range c.d {
				p.grad[i] += c.all.weights[k+l] * g[l*c.d+i]
			}
			for q := range p.worst {
				if v := c.quantity(q, p.u, g[l*c.d:(l+1)*c.d]); v < p.worst[q] {
					p.worst[q], p.sample[q] = v, k+l
				}
			}
			var h [3][3]float64
			for i := range c.d {
				for j := i; j < c.d; j++ {
					if s := c.all.machine.Hess(i, j); s != nil {
						h[i][j], h[j][i] = s[l], s[l]
						p.hess[i][j] += c.all.weights[k+l] * s[l]
						p.hess[j][i] = p.hess[i][j]
					}
				}
			}
			if radius <= c.r {
				c.curve(k+l, h, p.x)
			}
		}
	}
	p.mu = smallestEigenvalue(p.hess, c.d)
	c.grid = append(c.grid, p)
	return nil
}

// curve records the curvature of one sample.
func (c *check) curve(k int, h [3][3]float64, x []float64) {
	// A matrix with a positive Gershgorin bound is positive definite.
	var largest float64
	definite := true
	for i := range c.d {
		off := 0.0
		for j := range c.d {
			largest = max(largest, math.Abs(h[i][j]))
			if i != j {
				off += math.Abs(h[i][j])
			}
		}
		definite = definite && h[i][i] > off
	}
	if definite {
		return
	}
	const rounding = 1e-12
	if v := smallestEigenvalue(h, c.d); v < -rounding*largest {
		if old, ok := c.curved[k]; !ok || v < old.Eigenvalue {
			c.curved[k] = Curvature{Sample: k, Eigenvalue: v, At: x}
		}
	}
}

// curvature fills in the samples that are not convex.
func (c *check) curvature(a *Assumptions) {
	a.NonconvexSamples = len(c.curved)
	for _, v := range c.curved {
		a.Nonconvex = append(a.Nonconvex, v)
	}
	slices.SortFunc(a.Nonconvex, func(p, q Curvature) int {
		return cmp.Or(cmp.Compare(p.Eigenvalue, q.Eigenvalue), cmp.Compare(p.Sample, q.Sample))
	})
	a.Nonconvex = a.Nonconvex[:min(len(a.Nonconvex), mostConvexity)]
}

// quantity returns what is to be small, for u = x - center and a sample gradient.
// Points where it does not say anything have +Inf.
func (c *check) quantity(q int, u, g []float64) float64 {
	var xx, xg, gg float64
	for i := range u {
		xx += u[i] * u[i]
		xg += u[i] * g[i]
		gg += g[i] * g[i]
	}
	switch q {
	case worstGradient:
		return -math.Sqrt(gg)
	case worstConfinement:
		if xx == 0 {
			return math.Inf(1)
		}
		return xg / xx
	}
	room := (c.r - math.Sqrt(xx)) * (c.r + math.Sqrt(xx))
	if room < -1e-12*c.r*c.r || gg == 0 {
		return math.Inf(1)
	}
	root := math.Sqrt(xg*xg + gg*max(room, 0))
	if xg < 0 {
		return max(room, 0) / (root - xg)
	}
	return (xg + root) / gg
}

// narrow makes the evaluator of the samples that polishing looks at.
func (c *check) narrow() {
	m := c.l.Law().Len()
	for k := range m {
		c.ids = append(c.ids, k)
	}
	c.few = c.all
	if m > polishSamples {
		seen := map[int]bool{}
		for _, p := range c.grid {
			for _, k := range p.sample {
				seen[k] = true
			}
		}
		c.ids = c.ids[:0]
		for k := range m {
			if seen[k] {
				c.ids = append(c.ids, k)
			}
		}
		c.few = only(c.l, c.ids)
	}
	c.grads = make([]float64, len(c.ids)*c.d)
}

// worstAt returns the smallest value of a quantity over the samples at
// x = center + u, and the sample.
func (c *check) worstAt(q int, x, u []float64) (float64, int) {
	best, sample := math.Inf(1), 0
	c.few.machine.Point(x, nil, 1)
	for k := 0; k < len(c.ids); k += expr.Lanes {
		n := c.few.machine.Block(k)
		c.few.machine.GradsTo(c.grads)
		for l := range n {
			if v := c.quantity(q, u, c.grads[l*c.d:(l+1)*c.d]); v < best {
				best, sample = v, c.ids[k+l]
			}
		}
	}
	return best, sample
}

// progress tells how far a check is.
type progress struct {
	told   func(share float64) // nil: nobody listens
	at, to float64             // the share that is done, and that at which the phase ends
}

// scanShare is the share of the work that the search on the grid takes.
const scanShare = 0.15

// tellStep is the part of what is left of a phase that one step of it is taken for: how many
// there will be is not known.
const tellStep = 0.02

// phase begins the next phase, which ends at a share of the whole work.
func (p *progress) phase(to float64) {
	p.at, p.to = p.to, to
	p.report()
}

// tell counts one step of the phase.
func (p *progress) tell() {
	p.at += tellStep * (p.to - p.at)
	p.report()
}

func (p *progress) report() {
	if p.told != nil {
		p.told(p.at)
	}
}
