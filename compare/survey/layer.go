package survey

import (
	"errors"
	"math"

	"kolmo/compare"
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/process"
)

// layerSurvey is Lambda = a/eta of a diffusion whose noise ends beyond the ball, along rays from the centre,
// dense in the layer where it falls to zero: a layer that lies
// between the nodes of all levels shows there.
type layerSurvey struct {
	of    *process.Diffusion
	radii []float64 // ascending, the last is the diffusion's radius
	x     [][]float64
	// lambda has Lambda/eta, the entries k <= l of ray i at radius j in [i*len(radii)+j].
	lambda [][]float64
	ball   grid.Ball
}

// Numbers of radii in the ball, by dimension, and in the layer.
var ballRadii = [grid.MaxDim + 1]int{0, 256, 96, 32}

const layerRadii = 48

// layered reports that a diffusion's noise ends in a layer beyond the ball.
func layered(m *process.Diffusion) bool { return !m.Analytic && m.Noise == process.NoiseEndsIn }

// newLayerSurvey evaluates Lambda/eta of a diffusion along the axes and diagonals.
func newLayerSurvey(p *compare.Problem, of *process.Diffusion, workers int) *layerSurvey {
	s := &layerSurvey{of: of, ball: p.Ball}
	d := len(p.Ball.Center)
	inside := ballRadii[d]
	for j := range inside {
		s.radii = append(s.radii, p.Ball.R*float64(j)/float64(inside))
	}
	for j := range layerRadii + 1 {
		s.radii = append(s.radii, p.Ball.R+(of.Radius-p.Ball.R)*float64(j)/layerRadii)
	}
	for _, short := range rays(p.Ball.Round()) {
		ray := make([]float64, d) // coordinates with a range stay where they start
		for k := range ray {
			if p.Ball.Range(k) == nil {
				ray[k], short = short[0], short[1:]
			}
		}
		for _, r := range s.radii {
			x := make([]float64, d)
			for k := range x {
				x[k] = p.Ball.Center[k] + r*ray[k]
			}
			s.x = append(s.x, x)
		}
	}
	s.lambda = make([][]float64, len(s.x))
	for e, field := range s.lambdas(p.Dynamics.At(s.x, workers)) {
		for i, v := range field {
			if e == 0 {
				s.lambda[i] = nil
			}
			s.lambda[i] = append(s.lambda[i], v)
		}
	}
	return s
}

// rays returns the unit vectors whose entries are 0 or one of +-c.
func rays(d int) (list [][]float64) {
	total := 1
	for range d {
		total *= 3
	}
	for i := range total {
		v, norm, rest := make([]float64, d), 0.0, i
		for k := range v {
			v[k] = float64(rest%3 - 1)
			norm += v[k] * v[k]
			rest /= 3
		}
		if norm == 0 {
			continue
		}
		for k := range v {
			v[k] /= math.Sqrt(norm)
		}
		list = append(list, v)
	}
	return list
}

// lambdas returns the entries k <= l of Lambda = a/eta, [entry][point].
func (s *layerSurvey) lambdas(f process.Fields) (list [][]float64) {
	c := s.of.Coefficients(f, 1)
	for k, row := range c.A {
		for l := k; l < len(row); l++ {
			if row[l] != nil {
				list = append(list, row[l])
			}
		}
	}
	return list
}

// layerMiss is by how much the interpolants of Lambda/eta on a grid miss it along the
// rays, entry by entry.
type layerMiss struct {
	of *layerSurvey
	h  float64 // largest spacing of the grid's nodes
	at float64 // and where the layer is
	// whole tells that interpolants take whole axes.
	whole bool
	// off is the interpolant less Lambda/eta, entry e at radius j of ray i in
	// [e][i*len(radii)+j].
	off [][]float64
}

// spacingBetween returns the largest spacing of a grid's nodes between a ball's radius and another one along its axes.
func spacingBetween(g *grid.Grid, ball grid.Ball, to float64) (at float64) {
	for k := range g.Dim() {
		if ball.Range(k) != nil {
			continue
		}
		a := g.Axis(k)
		for i := range a.Len() - 1 {
			left, right := a.Node(i)-ball.Center[k], a.Node(i+1)-ball.Center[k]
			if min(right, to) > max(left, ball.R) || min(-left, to) > max(-right, ball.R) {
				at = max(at, right-left)
			}
		}
	}
	return at
}

// LayerSpacings returns how many spacings of a grid's nodes the layer beyond the ball is thick in which a diffusion's noise ends
// by definition, infinite where there is none. Grids with few of them do not see the layer: two of them may agree to any number of digits on
// a noise that ends elsewhere.
func LayerSpacings(p *compare.Problem, m *process.Diffusion, g *grid.Grid) float64 {
	if !layered(m) {
		return math.Inf(1)
	}
	return (m.Radius - p.Ball.R) / spacingBetween(g, p.Ball, m.Radius)
}

// leastLayer and leastWholeLayer are the fewest spacings of the nodes that see a layer, of differences and of collocation, by
// dimension. On fewer than these on the line errors do not fall from grid to grid, so that two may agree by chance. The
// coarsest grids that are tried have hardly more of R2 = 1.5 R: 15.2, 9.8 and 5.8 by differences.
var (
	leastLayer      = [grid.MaxDim + 1]float64{0, 15, 6, 5}
	leastWholeLayer = [grid.MaxDim + 1]float64{0, 4, 4, 2.5}
)

// LayerFrom returns the rung of a ladder from which on grids see the layer in which a diffusion's noise ends by definition,
// 0 where there is none. They have the given share of those spacings at least. The error tells of fewer than two such grids, or is that of a grid.
func LayerFrom(p *compare.Problem, m *process.Diffusion, ladder []Level, share float64) (from int, err error) {
	if !layered(m) {
		return 0, nil
	}
	var least, spacings [2]float64 // of the two finest grids
	for i, l := range ladder {
		least[0], least[1] = least[1], share*leastLayer[len(l.Nodes)]
		if l.Width == 0 {
			least[1] = share * leastWholeLayer[len(l.Nodes)]
		}
		if l.AsGiven && len(ladder) == 2 && i == 0 {
			least[1] *= FixedRatio // the grid that the study's is compared with
		}
		l, half := l.OnBox(p, m)
		g, err := p.Region(half).Box(l.Kind, l.Nodes)
		if err != nil {
			return 0, err
		}
		if spacings[0], spacings[1] = spacings[1], LayerSpacings(p, m, g); spacings[1] < least[1] {
			from = i + 1
		}
	}
	if from+1 < len(ladder) {
		return from, nil
	}
	return 0, errors.New(compare.Say("the layer from R to R2 in which the noise ends has %.2g spacings of a grid's nodes and is seen from %.2g on: want R2 farther out", spacings[0], least[0]))
}

// miss compares the interpolants of Lambda/eta at the nodes of a grid with Lambda/eta
// along the rays.
func (s *layerSurvey) miss(at process.Fields, width, workers int) *layerMiss {
	g := at.Grid()
	fields := s.lambdas(at)
	m := &layerMiss{of: s, whole: width == 0, off: make([][]float64, len(fields)), at: spacingBetween(g, s.ball, s.of.Radius)}
	for e := range fields {
		m.off[e] = make([]float64, len(s.x))
	}
	for k := range g.Dim() {
		a := g.Axis(k)
		for i := range a.Len() - 1 {
			m.h = max(m.h, a.Node(i+1)-a.Node(i))
		}
	}
	par.Ranges(workers, len(s.x), func(lo, hi int) {
		in := grid.NewInterpolator(g, width)
		for i := lo; i < hi; i++ {
			in.Locate(s.x[i])
			for e := range fields {
				m.off[e][i] = in.Value(fields[e]) - s.lambda[i][e]
			}
		}
	})
	return m
}

// A layer is thin below these thicknesses, in spacings of the nodes there. A grid does
// not resolve it: how its errors fall from grid to grid is then chance, and two may agree
// by it, as by differences with a layer of six spacings (studies/testdata/truth/thin-cutoff-agreed.yaml).
const (
	thinLayer      = 16
	thinWholeLayer = 4 // for collocation
)

// Thin reports that the grid does not resolve the layer.
func (m *layerMiss) Thin() bool {
	limit := float64(thinLayer)
	if m.whole {
		limit = thinWholeLayer
	}
	return m.of.of.Radius-m.of.ball.R < limit*m.at
}

// Thickens reports that the layer has fewer than four spacings of the nodes there, and four or more on a
// grid of so many times the nodes.
func (m *layerMiss) Thickens(times float64) bool {
	spacings := (m.of.of.Radius - m.of.ball.R) / m.at
	return spacings < thinWholeLayer && spacings*times >= thinWholeLayer
}

// layerFlow is how the modified model's paths leave the layer: the least inward speed of
// the drift on its two spheres, and the largest diffusion, eta trace Sigma, there.
type layerFlow struct{ speed, diffusion float64 }

// layerWindow is the least length over which misses are averaged, in spacings of nodes.
const layerWindow = 2

// layerReach is how far from the layer, in spacings of nodes there, misses are taken in magnitude.
const layerReach = 2

// layerSafety multiplies what magnitudes do. On a grid with no node in a layer of the thickness d the noise ends at R2,
// as if d were zero. It is off by the integral of 1 - exp(-(2 b/a) int dr/chi^2) over the layer: 0.26 d to 0.48 d for
// d from 0.01 to 0.5 of a/(2 b). Magnitudes are a quarter of d there at the least.
const layerSafety = 2

// Error is what the misses do to u with the given second derivatives. A path with the
// inward speed b and diffusion a sees the mean of a coefficient over the length a/(2 b),
// in which its density varies, and differences see none of what oscillates from node to
// node. So the misses are averaged over that length, or two spacings of nodes. Next to a layer
// that the grid does not resolve their magnitudes are: noise ends at a node then, which is off by a part of the
// layer at any number of nodes, while the mean of the signed misses passes through zero. Within a
// radius r they act at their largest over the time span in which derivatives fade. Beyond
// r they act as long as a path from the ball is there, dr/b between radii r and r + dr,
// less by the factor exp(-2 b (r - R)/a) beyond R. Of all r <= R the smallest sum is taken.
func (m *layerMiss) Error(eta, span float64, flow layerFlow, d int, slope *Slopes) float64 {
	radii, R := m.of.radii, m.of.ball.R
	last := len(radii) - 1
	length := layerWindow * m.h
	if flow.speed > 0 {
		length = max(length, flow.diffusion/(2*flow.speed))
	}
	rate, within := m.rates(eta, length, d, slope)
	if !(flow.speed > 0) {
		return span * within[last]
	}
	stays := func(j int) float64 {
		return rate[j] / flow.speed * math.Exp(-2*flow.speed*max(0, radii[j]-R)/flow.diffusion)
	}
	beyond, least := 0.0, span*within[last]
	for j := last; j > 0; j-- {
		beyond += (stays(j) + stays(j-1)) / 2 * (radii[j] - radii[j-1])
		if radii[j-1] <= R {
			least = min(least, span*within[j-1]+beyond)
		}
	}
	return least
}

// rates returns what the misses do to u per unit of time at the radii, and their largest within each.
func (m *layerMiss) rates(eta, length float64, d int, slope *Slopes) (rate, within []float64) {
	radii := m.of.radii
	near, safety := math.Inf(1), 1.0
	if m.Thin() {
		near, safety = m.of.ball.R-layerReach*m.at, layerSafety
	}
	rate, within = make([]float64, len(radii)), make([]float64, len(radii))
	for j := range radii {
		for ray := 0; ray < len(m.of.x); ray += len(radii) {
			sum, e := 0.0, 0
			for k := range d {
				for l := k; l < d; l++ {
					mean := hannMean(radii, m.off[e][ray:ray+len(radii)], j, length, near)
					sum += safety * eta / 2 * multiplicity(k, l) * mean * slope.second[k][l]
					e++
				}
			}
			rate[j] = max(rate[j], sum)
		}
		within[j] = rate[j]
		if j > 0 {
			within[j] = max(rate[j], within[j-1])
		}
	}
	return rate, within
}

// ErrorOfLimit is what the misses do to a mean under the invariant law: the mean under it of what they do to the integral of u
// over all times, of which the second derivatives are given. Beyond a radius they act at their largest on the law's share
// there, a spacing of the nodes nearer. Of all radii the smallest sum is taken.
func (m *layerMiss) ErrorOfLimit(eta float64, d int, slope *Slopes, beyond func(r float64) float64) float64 {
	_, within := m.rates(eta, layerWindow*m.h, d, slope)
	least := within[len(within)-1]
	for j, r := range m.of.radii {
		least = min(least, within[j]+beyond(r-m.at)*within[len(within)-1])
	}
	return least
}

// hannMean returns the magnitude of the mean of a function, given at radii, about radius j with the weight
// 1 + cos(2 pi s/length), |s| <= length/2. From the radius near on it is the mean of the
// function's magnitude. The function is even at the radius zero and zero beyond the last one.
func hannMean(radii, v []float64, j int, length, near float64) float64 {
	signed, magnitude := 0.0, 0.0
	weight := func(s float64) float64 {
		if math.Abs(s) >= length/2 {
			return 0
		}
		return (1 + math.Cos(2*math.Pi*s/length)) / length
	}
	for i := range radii {
		w := weight(radii[i]-radii[j]) + weight(radii[i]+radii[j])
		if w == 0 {
			continue
		}
		width := 0.0
		if i > 0 {
			width += (radii[i] - radii[i-1]) / 2
		}
		if i+1 < len(radii) {
			width += (radii[i+1] - radii[i]) / 2
		}
		if radii[i] < near {
			signed += w * width * v[i]
		} else {
			magnitude += w * width * math.Abs(v[i])
		}
	}
	return math.Abs(signed) + magnitude
}
