package law

import "math/rand/v2"

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
