package sgdop

import (
	"math"

	"kolmo/grid"
	"kolmo/process"
)

// locator finds the images of a node and the weights that interpolate there. It is
// a workspace.
type locator struct {
	g     *grid.Grid // whose windows interpolate
	rows  *grid.Grid // of the nodes; nil: g
	im    process.Imager
	prob  []float64
	width int
	x     []float64
	// images has those of the node: coordinate k of image m in images[m*d+k].
	images []float64
	base   []int                  // M x d: first node of the window of sample k
	wide   [grid.MaxDim]int       // nodes of a window along an axis, 1 beyond the last
	w      [grid.MaxDim][]float64 // M x wide: its weights along an axis
	reach  reach
	// windowsOnly leaves the weights out.
	windowsOnly bool
	directions
}

// directions are what a patched locator finds: no weights, which are left to a patch.
type directions struct {
	patched bool
	dirs    []float64 // image m is x + scale dirs[m*d:(m+1)*d]
	scale   float64
	some    []float64 // weights of one image
	// Of shared rows: where they are, and that of the node located; found tells that dirs are that node's.
	means *Means
	row   *meanRow
	found bool
}

// one is the weight along an axis that is not there.
var one = []float64{1}

// newPatchedLocator returns a locator for whole axes whose rows a patch sums.
func newPatchedLocator(g *grid.Grid, c process.Affine) *locator {
	m := c.Images()
	a := &locator{g: g, im: c.NewDirector(), prob: make([]float64, m), x: make([]float64, g.Dim()),
		directions: directions{dirs: make([]float64, m*g.Dim()), scale: c.Scale(), patched: true}}
	for k := range g.Dim() {
		if n := g.Axis(k).Len(); n > len(a.some) {
			a.some = make([]float64, n)
		}
	}
	return a
}

func newLocator(g *grid.Grid, c process.Chain, width int) *locator {
	m := c.Images()
	a := &locator{
		g: g, im: c.NewImager(), prob: make([]float64, m), width: width,
		x: make([]float64, g.Dim()), images: make([]float64, m*g.Dim()), base: make([]int, m*g.Dim()), wide: [grid.MaxDim]int{1, 1, 1},
	}
	for k := range g.Dim() {
		a.wide[k] = g.Axis(k).Width(width)
		a.w[k] = make([]float64, m*a.wide[k])
	}
	return a
}

// locate computes the interpolation weights at the images of node i.
func (a *locator) locate(i int) error {
	g := a.g
	d := g.Dim()
	rows := a.rows
	if rows == nil {
		rows = g
	}
	rows.PointTo(a.x, i)
	if a.patched {
		return a.locatePatched(i)
	}
	if err := a.im.ImagesTo(a.prob, a.images, a.x); err != nil {
		return err
	}
	for k := range d {
		axis := g.Axis(k)
		w := a.wide[k]
		for m := range a.prob {
			if a.windowsOnly {
				a.base[m*d+k] = axis.Window(a.images[m*d+k], a.width)
				continue
			}
			a.base[m*d+k] = axis.WindowTo(a.w[k][m*w:(m+1)*w], a.images[m*d+k], a.width)
		}
	}
	return nil
}

// locatePatched finds the directions at node i, unless they are shared and known.
func (a *locator) locatePatched(i int) error {
	a.found, a.row = false, nil
	if a.means != nil {
		a.row = &a.means.rows[i]
		if a.row.known {
			return nil
		}
	}
	if err := a.find(); err != nil {
		return err
	}
	if a.row != nil {
		a.row.bound(a)
	}
	return nil
}

// find computes the directions at the node, of a patched locator, unless it has.
func (a *locator) find() error {
	if a.found {
		return nil
	}
	a.found = true
	return a.im.ImagesTo(a.prob, a.dirs, a.x)
}

// image returns coordinate k of image m.
func (a *locator) image(m, k int) float64 {
	at := m*len(a.x) + k
	if a.patched {
		return a.x[k] + a.scale*a.dirs[at]
	}
	return a.images[at]
}

// stays reports that no image of a shared row leaves the box.
func (a *locator) stays() bool {
	if a.row == nil {
		return false
	}
	for k := range a.x {
		axis := a.g.Axis(k)
		mid, half := a.x[k]+a.scale*a.row.mid[k], math.Abs(a.scale)*a.row.half[k]
		if mid-half < axis.Lo() || mid+half > axis.Hi() {
			return false
		}
	}
	return true
}

// box returns the window of sample m.
func (a *locator) box(m int) box {
	var b box
	d := a.g.Dim()
	for k := range b.lo {
		b.hi[k] = 1
		if k < d {
			b.lo[k] = int32(a.base[m*d+k])
			b.hi[k] = b.lo[k] + int32(a.wide[k])
		}
	}
	return b
}

// axis returns the weights of sample m along axis k.
func (a *locator) axis(k, m int) []float64 {
	if k >= a.g.Dim() {
		return one
	}
	w := a.wide[k]
	return a.w[k][m*w : (m+1)*w]
}

// node returns the first node of the window of sample m.
func (a *locator) node(m int) int {
	d, i := a.g.Dim(), 0
	for k := range d {
		i += a.base[m*d+k] * a.g.Stride(k)
	}
	return i
}

// reach is what the images of some nodes are like.
type reach struct {
	rows, outside int
	distance      float64
	weight, sum   float64 // largest and total probability that leaves
	lebesgue      float64
	factor        float64 // largest product of absolute sums of one image outside
}

// measure adds the images located last.
func (a *locator) measure() {
	d := a.g.Dim()
	r := &a.reach
	r.rows++
	if a.stays() {
		r.lebesgue = max(r.lebesgue, a.absoluteMean())
		return
	}
	if a.patched {
		// A row that is shared was finite.
		if err := a.find(); err != nil {
			panic("sgdop: " + err.Error())
		}
	}
	row, leaves := 0.0, 0.0
	// The samples whose images stay inside: their probability, and that of those, and the
	// sums of those, whose weights are looked at.
	inside, seen, sums := 0.0, 0.0, 0.0
	stride := 1
	if a.patched {
		stride = sampleStride(len(a.prob))
	}
	for m, p := range a.prob {
		out := false
		for k := range d {
			axis := a.g.Axis(k)
			if beyond := beyondBox(axis, a.image(m, k)); beyond > 0 {
				out = true
				r.distance = max(r.distance, beyond/(axis.Hi()-axis.Lo()))
			}
		}
		switch {
		case out:
			product := a.absolute(m)
			row += math.Abs(p) * product
			leaves += math.Abs(p)
			r.factor = max(r.factor, product)
		case m%stride == 0:
			seen += math.Abs(p)
			sums += math.Abs(p) * a.absolute(m)
			fallthrough
		default:
			inside += math.Abs(p)
		}
	}
	if stride == 1 {
		row += sums
	} else if seen > 0 {
		row += sums / seen * inside
	}
	r.lebesgue = max(r.lebesgue, row)
	if leaves > 0 {
		r.outside++
		r.weight = max(r.weight, leaves)
		r.sum += leaves
	}
}

// measuredSamples is the number of samples of a patched row, of those whose images stay
// inside, from which its mean sum of absolute weights is estimated.
const measuredSamples = 512

// absolute returns the product, over the axes, of the sums of absolute weights of sample m.
func (a *locator) absolute(m int) float64 {
	d := a.g.Dim()
	if a.patched {
		return a.absoluteOf(a.dirs[m*d : (m+1)*d])
	}
	product := 1.0
	for k := range d {
		product *= absoluteSum(a.axis(k, m))
	}
	return product
}

// absoluteOf is absolute of an image in the direction v, of a patched locator.
func (a *locator) absoluteOf(v []float64) float64 {
	product := 1.0
	for k, along := range v {
		axis := a.g.Axis(k)
		w := a.some[:axis.Len()]
		axis.WindowTo(w, a.x[k]+a.scale*along, 0)
		product *= absoluteSum(w)
	}
	return product
}

// absoluteMean estimates the mean of absolute over the samples of a shared row, none of
// which leaves the box, from some of them.
func (a *locator) absoluteMean() float64 {
	d, weights := a.g.Dim(), a.means.weights
	stride := sampleStride(len(weights))
	seen, sums := 0.0, 0.0
	for n := 0; n*d < len(a.row.some); n++ {
		p := math.Abs(weights[n*stride])
		seen += p
		sums += p * a.absoluteOf(a.row.some[n*d:(n+1)*d])
	}
	if seen == 0 {
		return 0
	}
	return sums / seen * a.means.total
}

func absoluteSum(w []float64) float64 {
	sum := 0.0
	for _, v := range w {
		sum += math.Abs(v)
	}
	return sum
}

// leaves reports that an image located last lies outside the box.
func (a *locator) leaves() bool {
	for m := range a.prob {
		for k := range a.x {
			axis := a.g.Axis(k)
			if y := a.image(m, k); beyondBox(axis, y) > 0 {
				return true
			}
		}
	}
	return false
}

// beyondBox returns how far y is beyond the ends of an axis, zero for what rounding explains.
func beyondBox(axis *grid.Axis, y float64) float64 {
	beyond := max(axis.Lo()-y, y-axis.Hi())
	if beyond > roundoff*(math.Abs(axis.Lo())+math.Abs(axis.Hi())) {
		return beyond
	}
	return 0
}

// roundoff is the distance beyond the box, in units of its ends, that rounding of
// an image explains.
const roundoff = 4e-16

// add merges what another locator has seen.
func (r *reach) add(q *reach) {
	r.rows += q.rows
	r.outside += q.outside
	r.distance = max(r.distance, q.distance)
	r.weight = max(r.weight, q.weight)
	r.sum += q.sum
	r.lebesgue = max(r.lebesgue, q.lebesgue)
	r.factor = max(r.factor, q.factor)
}

// Leakage is how far and how much the images of the nodes leave the box; beyond it
// fields are extrapolated by the polynomial of the outermost nodes.
type Leakage struct {
	// Distance is the largest distance by which an image leaves, along any axis and
	// in units of the box's width there.
	Distance float64
	// Rows is the number of nodes some image of which leaves, and Share that number
	// over all nodes.
	Rows  int
	Share float64
	// Probability is the largest probability, over the nodes, that an image leaves,
	// and Mean its mean over all nodes.
	Probability, Mean float64
	// Factor is the largest sum of absolute weights of one image outside: what
	// extrapolation can multiply errors by.
	Factor float64
}

func (r *reach) leakage() Leakage {
	n := float64(r.rows)
	return Leakage{Distance: r.distance, Rows: r.outside, Share: float64(r.outside) / n, Probability: r.weight, Mean: r.sum / n, Factor: r.factor}
}
