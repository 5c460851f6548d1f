// Package waves tells how slow functions may be that turn faster than a grid resolves, under the steps of a chain.
package waves

import (
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"kolmo/grid"
	"kolmo/internal/kernel"
	"kolmo/process"
)

// Constants of waves that a grid does not resolve.
const (
	// perRootOfWaves is the order m up to which derivatives of waves outweigh what they bring of lower ones, over the square root of
	// their number in the box per variation of the Jacobian: for modes of lattices of random losses it was 0.69 at the least. growingShare is
	// the share of it that waves bear which grow shorter as well as longer: there it was 0.36.
	perRootOfWaves, growingShare = 0.5, 0.5
	// mostOrder is the order up to which waves are looked at, and orderStep the ratio of two orders.
	mostOrder, orderStep = 40, 1.3
	// phaseStep is the phase by which waves are scanned, between images that are farthest from each other.
	phaseStep = 0.3
	// fineStep is that on the line where waves of two lengths are held to each other.
	fineStep = 0.1
	// scanned is the number of points, about, and halfTurn that of directions in the half plane, at which they are.
	scanned, halfTurn = 64, 8
	// mostPairs is the number of images to which others are compared.
	mostPairs = 5
	// mostSkew is what a symmetric DF has of asymmetry, relative to |1 - DF|.
	mostSkew = 0.1
	// waveSafety divides the rates that what images add up to allows.
	waveSafety = 2
	// squarings of the matrix of a step come before growth is looked at in so many rounds, up to a relative change.
	squarings, growthRounds, growthChange = 5, 300, 1e-3
	// jacobianStep is that of differences of images, over the width of the box.
	jacobianStep = 1e-5
)

// Waves tells how slow functions may be that turn faster than a grid resolves. Let DF be the Jacobian of a step. A wave exp(i w.x) is
// multiplied by E exp(i w.(F - x)) and comes out with the wave vector DF^T w, so that its m-th derivatives fall at least like products of |DF^T w|^m/|w|^m:
//
//	rate >= -log r_m / eta,  r_m the leading eigenvalue of v -> |E exp(i w.F)| E min(1, |DF^T w|/|w|)^m v(F).
//
// Where the loss is not convex, waves that grow shorter leave the lengths that images add up as well as others do: with the inverse
// of what is more than 1. Both hold up to what lower derivatives add, m^2 times the variation of DF over the number of waves; beyond it, images that are
// multiples of a distance apart add up waves of that length: cos(2 pi x/distance) hardly falls where the loss is flat.
type Waves struct {
	eta     float64
	chains  []process.Chain // under all rules for the law
	box     *grid.Grid
	width   float64 // of the box
	at      []step  // by node of box
	unknown bool    // a step from some node is not finite
	varies  map[[grid.MaxDim]float64]float64
	// rates are those that were asked for, without and with what images add up.
	rates, added map[wave]float64
}

// step are the images of a point with the Jacobians there, row by row.
type step struct{ images, weights, jacobians []float64 }

// wave is a direction of waves with an order of derivatives.
type wave struct {
	along [grid.MaxDim]float64
	order float64
}

// New looks at the steps of a chain on a box, under all rules for its law, the study's first.
func New(chains []process.Chain, box *grid.Grid, eta float64) *Waves {
	w := &Waves{eta: eta, chains: chains, box: box, rates: map[wave]float64{}, added: map[wave]float64{}, varies: map[[grid.MaxDim]float64]float64{}}
	for k := range box.Dim() {
		w.width = max(w.width, box.Axis(k).Hi()-box.Axis(k).Lo())
	}
	w.look()
	return w
}

// look finds the images of the nodes and their Jacobians, by central differences.
func (w *Waves) look() {
	chain := w.chains[0]
	d, m := w.box.Dim(), chain.Images()
	im, x, h := chain.NewImager(), make([]float64, d), jacobianStep*w.width
	weights, ahead, back := make([]float64, m), make([]float64, m*d), make([]float64, m*d)
	for i := range w.box.Len() {
		s := step{images: make([]float64, m*d), weights: make([]float64, m), jacobians: make([]float64, m*d*d)}
		w.box.PointTo(x, i)
		failed := im.ImagesTo(s.weights, s.images, x) != nil
		for l := range d {
			at := x[l]
			x[l] = at + h
			failed = im.ImagesTo(weights, ahead, x) != nil || failed
			x[l] = at - h
			failed = im.ImagesTo(weights, back, x) != nil || failed
			x[l] = at
			for j := range m {
				for k := range d {
					s.jacobians[(j*d+k)*d+l] = (ahead[j*d+k] - back[j*d+k]) / (2 * h)
				}
			}
		}
		if w.unknown = w.unknown || failed; failed {
			s = step{}
		}
		w.at = append(w.at, s)
	}
}

// variation returns how much DF^T e varies over the box, relative to the largest |DF^T e - e|.
func (w *Waves) variation(e [grid.MaxDim]float64) float64 {
	if v, ok := w.varies[e]; ok {
		return v
	}
	d := w.box.Dim()
	low, high, most, worst := make([]float64, d), make([]float64, d), 0.0, 0.0
	for j := range w.at[0].weights {
		for i := range w.at {
			to := w.at[i].turned(j, e[:d])
			if i == 0 {
				copy(low, to)
				copy(high, to)
			}
			for l, v := range to {
				low[l], high[l] = min(low[l], v), max(high[l], v)
			}
			most = max(most, floats.Distance(to, e[:d], 2))
		}
		worst = max(worst, floats.Distance(low, high, 2))
	}
	w.varies[e] = 0
	if most > 0 {
		w.varies[e] = worst / most
	}
	return w.varies[e]
}

// turned returns DF^T e at an image.
func (s *step) turned(j int, e []float64) []float64 {
	d := len(e)
	to := make([]float64, d)
	for l := range d {
		for k := range d {
			to[l] += s.jacobians[(j*d+k)*d+l] * e[k]
		}
	}
	return to
}

// change returns |DF^T e| at an image, at most 1; with shortened waves its inverse where it is more.
func (s *step) change(j int, e []float64, shortened bool) float64 {
	switch size := floats.Norm(s.turned(j, e), 2); {
	case size <= 1:
		return size
	case shortened:
		return 1 / size
	}
	return 1
}

// order returns the order of derivatives that is spoken of for waves of so many radians per length along a direction.
func (w *Waves) order(e [grid.MaxDim]float64, turn float64) float64 {
	return perRootOfWaves * math.Sqrt(turn*w.width/(2*math.Pi)/w.variation(e))
}

// turn is the inverse of order.
func (w *Waves) turn(e [grid.MaxDim]float64, order float64) float64 {
	return order / perRootOfWaves * (order / perRootOfWaves) * w.variation(e) * 2 * math.Pi / w.width
}

// rate returns the larger of both rates of waves along a direction of an order, where images add up all of them as well as they do long ones.
func (w *Waves) rate(e [grid.MaxDim]float64, m float64) float64 {
	if v, ok := w.rates[wave{e, m}]; ok {
		return v
	}
	w.rates[wave{e, m}] = w.falls(e, m, nil)
	return w.rates[wave{e, m}]
}

// rateOf is rate with what images add up of waves from an order on up to the next one.
func (w *Waves) rateOf(e [grid.MaxDim]float64, m float64) float64 {
	if v, ok := w.added[wave{e, m}]; ok {
		return v
	}
	kept := make([]float64, w.box.Len()) // of a wave, at a point, at the most
	x := make([]float64, w.box.Dim())
	for i := range kept {
		w.box.PointTo(x, i)
		rate, _, missed := w.projected(x, e).least(w.turn(e, m), w.turn(e, orderStep*m), phaseStep)
		kept[i] = math.Exp(-max(0, rate-missed) * w.eta)
	}
	w.added[wave{e, m}] = w.falls(e, m, kept)
	return w.added[wave{e, m}]
}

// falls returns the larger of -log r_m / eta with waves that grow longer, and of a lower order with all that change.
func (w *Waves) falls(e [grid.MaxDim]float64, m float64, kept []float64) float64 {
	return max(w.leading(e, m, false, kept), w.leading(e, growingShare*m, true, kept))
}

// leading returns one of them.
func (w *Waves) leading(e [grid.MaxDim]float64, m float64, shortened bool, kept []float64) float64 {
	n, d := w.box.Len(), w.box.Dim()
	a, next := make([]float64, n*n), make([]float64, n*n)
	var along [grid.MaxDim][]float64
	for k := range d {
		along[k] = make([]float64, w.box.Axis(k).Len())
	}
	for i, s := range w.at {
		for j, p := range s.weights {
			for k := range d {
				x := w.box.Axis(k)
				x.WindowTo(along[k], min(max(s.images[j*d+k], x.Lo()), x.Hi()), 0)
			}
			if kept != nil {
				p *= kept[i]
			}
			addTensor(a[i*n:(i+1)*n], p*math.Pow(s.change(j, e[:d], shortened), m), along[:d])
		}
	}
	for range squarings {
		kernel.Mul(n, n, n, a, n, a, n, next, n)
		a, next = next, a
	}
	v, u := make([]float64, n), make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	growth, steps := 0.0, float64(int(1)<<squarings)
	for range growthRounds {
		kernel.Mul(n, 1, n, a, n, v, 1, u, 1)
		size := floats.Norm(u, math.Inf(1))
		if !(size > 0) {
			growth = math.Inf(-1)
			break
		}
		now := math.Log(size)
		floats.ScaleTo(v, 1/size, u)
		if math.Abs(now-growth) <= growthChange*math.Abs(now) {
			growth = now
			break
		}
		growth = now
	}
	return max(0, -growth/(steps*w.eta))
}

// addTensor adds f times the product of weights along the axes, the first one contiguous, to a row.
func addTensor(row []float64, f float64, along [][]float64) {
	if len(along) == 1 {
		floats.AddScaled(row, f, along[0])
		return
	}
	last := along[len(along)-1]
	n := len(row) / len(last)
	for i, v := range last {
		addTensor(row[i*n:(i+1)*n], f*v, along[:len(along)-1])
	}
}

// Limit returns the rate from which functions may be as slow that turn faster than what is resolved, or one that is of interest if they are not.
func (w *Waves) Limit(resolved, upTo float64) float64 {
	if w.unknown {
		return 0 // nothing is known
	}
	if w.chains[0].Images() == 1 {
		return upTo // nothing is added up
	}
	least := upTo
	for _, e := range w.directions() {
		for m := w.order(e, resolved); m < mostOrder; m *= orderStep {
			if w.rate(e, m) >= least {
				break
			}
			least = min(least, w.rateOf(e, m))
			if len(w.chains) > 1 {
				break // a law with a density adds up shorter waves no better, whatever rules for it do
			}
		}
	}
	return least
}

// points are some of the nodes.
func (w *Waves) points() (list [][]float64) {
	n := w.box.Len()
	for i := 0; i < n; i += max(1, n/scanned) {
		x := make([]float64, w.box.Dim())
		w.box.PointTo(x, i)
		list = append(list, x)
	}
	return list
}

// projection is a point's images along a direction, under all rules for the law.
type projection struct {
	along, weights [][]float64
	spread, eta    float64
}

// projected returns the images of a point along a direction.
func (w *Waves) projected(x []float64, e [grid.MaxDim]float64) *projection {
	p, d := &projection{eta: w.eta}, len(x)
	for _, c := range w.chains {
		images, along, weights := make([]float64, c.Images()*d), make([]float64, c.Images()), make([]float64, c.Images())
		if c.NewImager().ImagesTo(weights, images, x) != nil {
			return &projection{}
		}
		for j := range along {
			along[j] = floats.Dot(images[j*d:(j+1)*d], e[:d])
		}
		p.along, p.weights = append(p.along, along), append(p.weights, weights)
		p.spread = max(p.spread, floats.Max(along)-floats.Min(along))
	}
	return p
}

// rate returns -log |E exp(i w.F)| / eta with its safety. What one rule for the law adds up and another does not is the rule's.
func (p *projection) rate(turn float64) float64 {
	rate := 0.0
	for c := range p.along {
		var sum complex128
		for j, y := range p.along[c] {
			sum += complex(p.weights[c][j], 0) * cmplx.Exp(complex(0, turn*y))
		}
		rate = max(rate, -math.Log(cmplx.Abs(sum))/p.eta/waveSafety)
	}
	return rate
}

// merged returns the images with those in cells of a width as one at their mean, where these are fewer: of many samples waves see no more.
func (p *projection) merged(width float64) *projection {
	cells := int(p.spread/width) + 1
	few := &projection{along: slices.Clone(p.along), weights: slices.Clone(p.weights), spread: p.spread, eta: p.eta}
	for c, y := range p.along {
		if len(y) <= cells {
			continue
		}
		low, along, weights := floats.Min(y), make([]float64, cells), make([]float64, cells)
		for j, v := range y {
			k := min(int((v-low)/width), cells-1)
			along[k], weights[k] = along[k]+p.weights[c][j]*v, weights[k]+p.weights[c][j]
		}
		for k, w := range weights {
			if w > 0 {
				along[k] /= w
			}
		}
		few.along[c], few.weights[c] = along, weights
	}
	return few
}

// least returns the least rate of waves between two lengths of w that a scan by steps of a phase finds, the longest of them that has it, and
// what the scan misses: the law's variance is at most a quarter of the square of its spread.
func (p *projection) least(from, to, phase float64) (rate, turn, missed float64) {
	if p.spread == 0 {
		return 0, from, 0
	}
	missed = phase * phase / 32 / p.eta / waveSafety
	rate = math.Inf(1)
	few := p.merged(phase / 4 / to)
	for at := from; at < to && rate > 0; at += phase / p.spread {
		if r := few.rate(at); r < rate {
			if r < rate-missed {
				turn = at
			}
			rate = r
		}
	}
	return rate, turn, missed
}

// Repeated looks on the line for waves that a grid resolves and images add up as well as any that it does not, at every point where they
// do: multiples of a lattice's. These fall no more slowly. It returns the least w of such waves.
func (w *Waves) Repeated(resolved, upTo float64) (least float64, ok bool) {
	if w.unknown {
		return 0, false
	}
	least = math.Inf(1)
	for _, x := range w.points() {
		p := w.projected(x, [grid.MaxDim]float64{1})
		if p.spread == 0 {
			return 0, false
		}
		shortest, _, _ := p.least(resolved, w.turn([grid.MaxDim]float64{1}, mostOrder), fineStep)
		if shortest >= upTo {
			continue
		}
		from := 0.0 // smooth functions are longer
		for from < resolved && p.rate(from) < upTo {
			from += fineStep / p.spread
		}
		longest, turn, missed := p.least(from, resolved, fineStep)
		if longest > shortest+missed {
			return 0, false
		}
		least = min(least, turn)
	}
	return least, true
}

// directions are those of waves: those that steps do not turn at the centre and where they change the least and, where DF is symmetric, the axes and others
// between them, and in the plane those that do not turn between two images of the centre.
func (w *Waves) directions() (list [][grid.MaxDim]float64) {
	d := w.box.Dim()
	if d == 1 {
		return [][grid.MaxDim]float64{{1}}
	}
	flattest, least, skew, most := 0, math.Inf(1), 0.0, 0.0
	for i, s := range w.at {
		a := s.mean(d)
		off := 0.0
		for k := range d {
			for l := range d {
				e := a.At(k, l)
				skew = max(skew, math.Abs(e-a.At(l, k)))
				if k == l {
					e--
				}
				off += e * e
			}
		}
		if most = max(most, math.Sqrt(off)); off < least {
			flattest, least = i, off
		}
	}
	list = append(kept(w.at[flattest].mean(d)), kept(w.at[w.box.Len()/2].mean(d))...)
	if skew > mostSkew*most {
		return list
	}
	if d > 2 {
		const third = 3
		for k := third*third*third/2 + 1; k < third*third*third; k++ {
			e := [grid.MaxDim]float64{float64(k%third - 1), float64(k/third%third - 1), float64(k/third/third - 1)}
			floats.Scale(1/floats.Norm(e[:], 2), e[:])
			list = append(list, e)
		}
		return list
	}
	for k := range halfTurn {
		sin, cos := math.Sincos(math.Pi * float64(k) / halfTurn)
		list = append(list, [grid.MaxDim]float64{cos, sin})
	}
	y := w.at[w.box.Len()/2].images
	for j := d; j < min(len(y), mostPairs*d); j += d {
		if size := math.Hypot(y[j]-y[0], y[j+1]-y[1]); size > 0 {
			list = append(list, [grid.MaxDim]float64{(y[j+1] - y[1]) / size, (y[0] - y[j]) / size})
		}
	}
	return list
}

// mean returns the mean of DF^T.
func (s *step) mean(d int) *mat.Dense {
	a := mat.NewDense(d, d, nil)
	for j, p := range s.weights {
		for k := range d {
			for l := range d {
				a.Set(l, k, a.At(l, k)+p*s.jacobians[(j*d+k)*d+l])
			}
		}
	}
	return a
}

// kept returns the real directions that a matrix does not turn.
func kept(a *mat.Dense) (list [][grid.MaxDim]float64) {
	d, _ := a.Dims()
	var eig mat.Eigen
	if !eig.Factorize(a, mat.EigenRight) {
		return nil
	}
	var v mat.CDense
	eig.VectorsTo(&v)
	for k, value := range eig.Values(nil) {
		if imag(value) != 0 {
			continue
		}
		var e [grid.MaxDim]float64
		for l := range d {
			e[l] = real(v.At(l, k))
		}
		floats.Scale(1/floats.Norm(e[:], 2), e[:])
		list = append(list, e)
	}
	return list
}
