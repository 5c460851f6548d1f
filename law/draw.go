package law

import (
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Drawer draws xi from its law itself: a row of the data, a value, a draw from
// continuous laws, not a node of their quadrature.
type Drawer interface {
	// Draw sets the first n entries of lanes[i], for every variable i of the merged law, to
	// independent draws.
	Draw(rnd *rand.Rand, lanes [][]float64, n int)
}

var (
	_ Drawer = (*rows)(nil)
	_ Drawer = marginals(nil)
)

// NewDrawer returns a Drawer whose calls of Draw must have the same rnd.
func (m *Merged) NewDrawer(rnd *rand.Rand) Drawer {
	if m.of.laws == nil {
		return newRows(m)
	}
	var draws marginals
	for _, name := range m.Variables {
		for _, v := range m.of.laws {
			if v.Name == name {
				draws = append(draws, newDraw(v.Law, rnd))
			}
		}
	}
	return draws
}

// rows draws nodes of a finite law by the alias method (Walker, ACM Trans. Math.
// Software 3, 1977): two random numbers per draw whatever the number of nodes.
type rows struct {
	columns [][]float64
	share   []float64 // of node k in its own slot
	other   []int     // node that has the rest
}

func newRows(m *Merged) *rows {
	w := m.Weights
	n := len(w)
	r := &rows{columns: m.Columns, share: make([]float64, n), other: make([]int, n)}
	var small, large []int
	for k := range w {
		r.share[k], r.other[k] = w[k]*float64(n), k
		if r.share[k] < 1 {
			small = append(small, k)
		} else {
			large = append(large, k)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, g := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		r.other[s] = g
		if r.share[g] -= 1 - r.share[s]; r.share[g] < 1 {
			large = large[:len(large)-1]
			small = append(small, g)
		}
	}
	for _, k := range append(small, large...) {
		r.share[k] = 1 // up to rounding
	}
	return r
}

func (r *rows) Draw(rnd *rand.Rand, lanes [][]float64, n int) {
	for p := range n {
		k := rnd.IntN(len(r.share))
		if rnd.Float64() >= r.share[k] {
			k = r.other[k]
		}
		for i, c := range r.columns {
			lanes[i][p] = c[k]
		}
	}
}

// marginals draws independent variables.
type marginals []func() float64

func (m marginals) Draw(_ *rand.Rand, lanes [][]float64, n int) {
	for i, draw := range m {
		lane := lanes[i][:n]
		for p := range lane {
			lane[p] = draw()
		}
	}
}

// newDraw returns a function that draws from a law. Laws without a way of their own
// are drawn by their quantiles.
func newDraw(m Marginal, rnd *rand.Rand) func() float64 {
	switch m := m.(type) {
	case Uniform:
		return func() float64 { return m.Low + (m.High-m.Low)*rnd.Float64() }
	case Normal:
		return func() float64 { return m.Mean + m.Std*rnd.NormFloat64() }
	case Gamma:
		if m.Shape == 1 {
			return func() float64 { return rnd.ExpFloat64() / m.Rate }
		}
		return distuv.Gamma{Alpha: m.Shape, Beta: m.Rate, Src: rnd}.Rand
	case Beta:
		a, b := distuv.Gamma{Alpha: m.Alpha, Beta: 1, Src: rnd}, distuv.Gamma{Alpha: m.Beta, Beta: 1, Src: rnd}
		return func() float64 {
			for {
				// Of small parameters both may underflow.
				if x, y := a.Rand(), b.Rand(); x+y > 0 {
					return x / (x + y)
				}
			}
		}
	case Laplace:
		return func() float64 { return m.Mean + m.Scale*(rnd.ExpFloat64()-rnd.ExpFloat64()) }
	case Rademacher:
		return func() float64 { return float64(2*rnd.IntN(2) - 1) }
	case Bernoulli:
		return func() float64 {
			if rnd.Float64() < m.P {
				return 1
			}
			return 0
		}
	}
	return func() float64 {
		for {
			if p := rnd.Float64(); p > 0 {
				return m.Quantile(p)
			}
		}
	}
}

// Deck draws batches without replacement. It is a workspace: calls do not allocate, and
// one Deck serves one goroutine at a time.
type Deck struct {
	cards   []int // the population in some order
	owner   []int // population -> node
	columns [][]float64
	chosen  []int // of every lane, size x lanes
	size    int
}

// NewDeck returns a deck for so many lanes of batches without replacement.
func (b *Batches) NewDeck(lanes int) *Deck {
	d := &Deck{columns: b.of.Columns, size: b.size, chosen: make([]int, b.size*lanes)}
	for node, count := range b.counts {
		for range count {
			d.owner = append(d.owner, node)
			d.cards = append(d.cards, len(d.cards))
		}
	}
	return d
}

// Deal draws a batch for each of the first n lanes.
func (d *Deck) Deal(rnd *rand.Rand, n int) {
	for p := range n {
		d.dealTo(d.chosen[p*d.size:(p+1)*d.size], rnd)
	}
}

// SampleTo sets the first n entries of lanes[i], for every variable i of the merged law,
// to sample k of the batches dealt last.
func (d *Deck) SampleTo(lanes [][]float64, n, k int) {
	for p := range n {
		node := d.owner[d.chosen[p*d.size+k]]
		for i, c := range d.columns {
			lanes[i][p] = c[node]
		}
	}
}

// dealTo draws different members of the population: the first cards of a deck as they
// are shuffled (Fisher and Yates). The deck's order before does not matter.
func (d *Deck) dealTo(dst []int, rnd *rand.Rand) {
	for i := range dst {
		j := i + rnd.IntN(len(d.cards)-i)
		d.cards[i], d.cards[j] = d.cards[j], d.cards[i]
		dst[i] = d.cards[i]
	}
}
