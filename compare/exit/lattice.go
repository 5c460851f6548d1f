package exit

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"kolmo/process"
)

// Constants of lattices, relative to the sides of the interval or box.
const (
	// latticeStates is the most states from which a chain is followed one by one, and
	// latticeSame how far two of them may be apart by rounding.
	latticeStates, latticeSame = 2000, 1e-12
	// latticeNear is how near two others must not be: then it is no lattice.
	latticeNear = 1e-9
)

// lattice are the states in a box that a chain reaches from a point, finitely many as those of a random walk.
type lattice struct {
	lo, hi []float64
	states [][]float64
	at     map[[2]int64]int // by cells of twice latticeNear
	moves  []moves          // of every state
}

// moves are the states that one goes to, and the probability with which it is left for good.
type moves struct {
	to  map[int]float64
	out float64
}

// onLattice returns the mean number of steps until a chain from x has left the box between lo and hi, if it reaches
// finitely many states only. It is exact: where these are carried to the very faces of the box, T jumps at them, and on cells the
// chain would stray to both sides. ok is false where there are too many states, or some too near to each other.
func onLattice(chain process.Chain, lo, hi, x []float64) (steps float64, ok bool, err error) {
	l := &lattice{lo: lo, hi: hi, states: [][]float64{x}, at: map[[2]int64]int{}}
	l.at[l.cell(x)] = 0
	im, d := chain.NewImager(), len(x)
	weights, images := make([]float64, chain.Images()), make([]float64, d*chain.Images())
	for next := 0; next < len(l.states); next++ {
		if err := im.ImagesTo(weights, images, l.states[next]); err != nil {
			return 0, false, err
		}
		m := moves{to: map[int]float64{}}
		for k, w := range weights {
			if w < 0 {
				return 0, false, errSigned
			}
			i, ok := l.reach(images[d*k : d*(k+1)])
			switch {
			case !ok && w > 0 || len(l.states) > latticeStates:
				return 0, false, nil
			case i < 0:
				m.out += w
			case w > 0:
				m.to[i] += w
			}
		}
		l.moves = append(l.moves, m)
	}
	return l.solve()
}

// cell returns in which of the cells of twice latticeNear a state lies.
func (l *lattice) cell(x []float64) (c [2]int64) {
	for k, v := range x {
		c[k] = int64(math.Floor((v - l.lo[k]) / (2 * latticeNear * (l.hi[k] - l.lo[k]))))
	}
	return c
}

// reach returns the number of a state, a new one's too, and -1 outside, where the faces belong to; ok is false where it is near
// to another state or a face, and not the same but for rounding.
func (l *lattice) reach(y []float64) (i int, ok bool) {
	out := false
	for k, v := range y {
		side := l.hi[k] - l.lo[k]
		inner := math.Min(v-l.lo[k], l.hi[k]-v) / side
		if inner > latticeSame && inner <= latticeNear {
			return 0, false
		}
		out = out || inner <= latticeSame
	}
	if out {
		return -1, true
	}
	c := l.cell(y)
	for a := int64(-1); a <= 1; a++ {
		for b := int64(-1); b <= 1; b++ {
			j, known := l.at[[2]int64{c[0] + a, c[1] + b}]
			if !known {
				continue
			}
			apart := 0.0
			for k, v := range y {
				apart = math.Max(apart, math.Abs(v-l.states[j][k])/(l.hi[k]-l.lo[k]))
			}
			if apart <= latticeSame {
				return j, true
			} else if apart <= latticeNear {
				return 0, false
			}
		}
	}
	if _, taken := l.at[c]; taken {
		return 0, false
	}
	l.at[c] = len(l.states)
	l.states = append(l.states, slices.Clone(y))
	return len(l.states) - 1, true
}

// solve takes the states in the order of their coordinates out of the chain, which keeps those that are joined near
// to each other.
func (l *lattice) solve() (steps float64, ok bool, err error) {
	order := make([]int, len(l.states))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(slices.Compare(l.states[i], l.states[j]), cmp.Compare(i, j))
	})
	place := make([]int, len(order))
	for k, i := range order {
		place[i] = k
	}
	half := 1
	for i, m := range l.moves {
		for j := range m.to {
			half = max(half, place[i]-place[j], place[j]-place[i])
		}
	}
	if float64(len(order))*float64(half)*float64(half) > chainWork {
		return 0, false, nil
	}
	b := newBand(len(order), half)
	for i, m := range l.moves {
		k := place[i]
		b.wait[k], b.out[k] = 1, m.out
		for j, w := range m.to {
			b.row(k)[place[j]-k+half] = w
		}
	}
	b.solve()
	return b.mean[place[0]], true, nil
}

// orOnLattice takes the time of finitely many states where they are, and that on cells elsewhere.
func orOnLattice(chain process.Chain, lo, hi, x []float64, on onChain) onChain {
	walk := sync.OnceValues(func() (*float64, error) {
		t, ok, err := onLattice(chain, lo, hi, x)
		if !ok {
			return nil, err
		}
		return &t, nil
	})
	return func(ctx context.Context, cells int) (float64, Spent, error) {
		if t, err := walk(); err != nil {
			return 0, Spent{}, err
		} else if t != nil {
			return *t, Spent{}, nil
		}
		return on(ctx, cells)
	}
}
