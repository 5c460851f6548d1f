package reshuffle

import (
	"fmt"
	"math"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// Limits of an epoch.
const (
	mostSamples = 10
	// mostOrders is the number of different orders up to which S is the mean over all of them.
	mostOrders = 120
)

// Of is the kind whose samples come without replacement.
const Of = "sgd"

// Epoch is the samples of a loss, with how often each is there.
type Epoch struct {
	loss   *objective.Loss
	n      int
	count  []int   // by node of the loss's law
	orders float64 // different ones
	nodes  int     // of a law per coordinate, where these are too many
	all    []set
}

// NewEpoch returns the epoch of n equally likely samples. The error says why there is none.
func NewEpoch(l *objective.Loss, n int) (*Epoch, error) {
	if !l.Law().Exact {
		return nil, fmt.Errorf("an epoch is of rows or values, and the law of the sample has others")
	}
	if n > mostSamples {
		return nil, fmt.Errorf("an epoch of %d samples is too long; at most %d samples are possible", n, mostSamples)
	}
	e := &Epoch{loss: l, n: n, orders: math.Gamma(float64(n + 1))}
	for _, w := range l.Law().Weights {
		c := math.Round(w * float64(n))
		if math.Abs(w*float64(n)-c) > 1e-9 {
			return nil, fmt.Errorf("an epoch is of equally likely samples, and one has the probability %.6g", w)
		}
		e.count = append(e.count, int(c))
		e.orders /= math.Gamma(c + 1)
	}
	return e.with(nodes[l.Dim()]), nil
}

// with returns the epoch whose laws have so many nodes per coordinate.
func (e *Epoch) with(nodes int) *Epoch {
	f, most := *e, 1
	for range e.loss.Dim() {
		most *= nodes
	}
	if e.exact() {
		most = mostOrders
	}
	f.nodes, f.all = nodes, e.sets(most)
	return &f
}

// exact reports that S is the mean over all orders.
func (e *Epoch) exact() bool { return e.orders < mostOrders+0.5 }

// images is the number of atoms of the law of an image.
func (e *Epoch) images() int { return e.all[len(e.all)-1].atoms }

// algorithm is gradient descent over epochs.
type algorithm struct {
	*Epoch
	names []string
}

var (
	_ derived.Quiet = (*algorithm)(nil)
	_ derived.Paced = (*algorithm)(nil)
)

// New returns the algorithm; names are those of the parameters.
func New(names []string, e *Epoch) derived.Algorithm { return &algorithm{e, names} }

// Objective is the loss of a sample, of which models by formulas speak.
func (a *algorithm) Objective() objective.Objective { return a.loss }

func (a *algorithm) Name() string { return Of }

func (a *algorithm) Names() []string { return a.names }

// Noisy implements derived.Algorithm: the limit has no noise.
func (a *algorithm) Noisy() bool { return false }

func (a *algorithm) Quiet() bool { return true }

// Pace implements derived.Paced: an epoch takes the time N eta.
func (a *algorithm) Pace() float64 { return float64(a.n) }

func (a *algorithm) Law() process.Law {
	points := 0
	for _, s := range a.all[:len(a.all)-1] {
		points += s.atoms
	}
	return process.Law{Images: a.images(), Points: points, Draws: a.n, Exact: a.exact(), Moving: !a.exact(), Unbounded: a.loss.Law().Unbounded}
}

// Refine implements derived.Algorithm: with one node more per coordinate.
func (a *algorithm) Refine() (derived.Algorithm, bool) {
	if a.exact() {
		return nil, false
	}
	return &algorithm{a.with(a.nodes + 1), a.names}, true
}

// Thinned implements derived.Algorithm: epochs are short.
func (a *algorithm) Thinned(int) (derived.Algorithm, bool) { return nil, false }

// NewMoments implements derived.Algorithm; see the package.
func (a *algorithm) NewMoments() func(m *derived.Moments, x []float64) {
	machine, d := a.loss.NewMachine(), a.loss.Dim()
	return func(m *derived.Moments, x []float64) {
		var g derived.Vector    // sum g_i
		var turn derived.Vector // sum H_i g_i
		var h derived.Matrix    // sum H_i
		machine.Point(x, nil, 2)
		for first := 0; first < len(a.count); {
			n := machine.Block(first)
			for i, c := range a.count[first : first+n] {
				for k := range d {
					g[k] += float64(c) * at(machine.Grad(k), i)
					for l := range d {
						hess := at(machine.Hess(min(k, l), max(k, l)), i)
						h[k][l] += float64(c) * hess
						turn[k] += float64(c) * hess * at(machine.Grad(l), i)
					}
				}
			}
			first += n
		}
		*m = derived.Moments{}
		for k := range d {
			m.M12[k], m.M14[k] = -g[k], -turn[k]/2
			for l := range d {
				m.M14[k] += h[k][l] * g[l] / 2
				m.D12[k][l] = -h[k][l]
				m.M24[k][l] = g[k] * g[l]
			}
		}
	}
}

// at returns an entry of a derivative that is zero where there is none.
func at(values []float64, i int) float64 {
	if values == nil {
		return 0
	}
	return values[i]
}
