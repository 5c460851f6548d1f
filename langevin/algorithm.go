package langevin

import (
	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
)

// Name is the kind.
const Name = "langevin"

// algorithm is Langevin dynamics for a loss. It implements derived.Ending.
type algorithm struct {
	names  []string
	o      objective.Objective
	beta   float64
	span   float64 // a length of the region
	points int     // of the quadrature of Z, per coordinate
	end    func(x []float64) float64
}

var _ derived.Ending = (*algorithm)(nil)

// thirdSpacing is the spacing, over R, of the differences of hess f.
const thirdSpacing = 1.0 / 64

// firstPoints is the number of points per coordinate that stand for Z, and morePoints by
// how many a richer quadrature has more.
const (
	firstPoints = 6
	morePoints  = 2
)

// New returns the dynamics of an expected loss at the inverse temperature beta in a ball of
// radius R; names are those of the parameters.
func New(names []string, o objective.Objective, beta, R float64) derived.Algorithm {
	return &algorithm{names, o, beta, R * thirdSpacing, firstPoints, func([]float64) float64 { return 1 }}
}

func (a *algorithm) Name() string { return Name }

// Objective returns the expected loss.
func (a *algorithm) Objective() objective.Objective { return a.o }

func (a *algorithm) Names() []string { return a.names }

func (a *algorithm) Noisy() bool { return true }

func (a *algorithm) Ends(end func(x []float64) float64) derived.Algorithm {
	b := *a
	b.end = end
	return &b
}

// Law implements derived.Algorithm: the nodes of xi times those of Z.
func (a *algorithm) Law() process.Law {
	l := a.o.Law()
	return process.Law{Images: a.images(), Draws: l.Draws, Unbounded: l.Unbounded, Moving: l.Moving, Note: l.Note}
}

// images is the number of nodes of xi and Z.
func (a *algorithm) images() int {
	n := a.o.Law().Len()
	for range a.names {
		n *= a.points
	}
	return n
}

// Refine implements derived.Algorithm: more points for Z, and for xi where it is a
// quadrature.
func (a *algorithm) Refine() (derived.Algorithm, bool) {
	b := *a
	b.points += morePoints
	if fine, ok := a.o.Refine(); ok {
		b.o = fine
	}
	return &b, b.points <= mostPoints
}

// mostPoints bounds the points of a quadrature of Z, per coordinate.
const mostPoints = 12

// with returns the algorithm for another loss.
func (a *algorithm) with(o objective.Objective) *algorithm {
	b := *a
	b.o = o
	return &b
}

// Thinned implements derived.Algorithm. Batches are left as they are.
func (a *algorithm) Thinned(n int) (derived.Algorithm, bool) {
	l, ok := a.o.(*objective.Loss)
	if !ok || l.Law().Len() <= n {
		return nil, false
	}
	return a.with(l.Thinned(n)), true
}

// differences are the weights of an eighth-order first derivative at 1, 2, 3, 4 spacings.
var differences = [4]float64{4. / 5, -1. / 5, 4. / 105, -1. / 280}

// NewMoments implements derived.Algorithm. Third derivatives of f are differences of hess f.
func (a *algorithm) NewMoments() func(m *derived.Moments, x []float64) {
	ev, d := a.o.NewEvaluator(), a.o.Dim()
	var at, beside objective.Moments
	y := make([]float64, d)
	laplacian := func(k int, shift float64, x []float64) float64 {
		copy(y, x)
		y[k] += shift
		ev.MomentsTo(&beside, y)
		sum := 0.0
		for l := range d {
			sum += beside.Hess[l][l]
		}
		return sum
	}
	return func(m *derived.Moments, x []float64) {
		ev.MomentsTo(&at, x)
		*m = derived.Moments{}
		for k := range d {
			third := 0.0
			for i, w := range differences {
				h := float64(i+1) * a.span
				third += w * (laplacian(k, h, x) - laplacian(k, -h, x)) / a.span
			}
			m.M12[k], m.L12[k] = -at.Grad[k], -third/a.beta
			m.M22[k][k] = 2 / a.beta
			for l := range d {
				m.D12[k][l] = -at.Hess[k][l]
				m.M24[k][l] = at.Grad[k]*at.Grad[l] + at.Sigma[k][l]
			}
		}
	}
}
