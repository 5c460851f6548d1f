package decay

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/compare"
	"kolmo/compare/fit"
	"kolmo/compare/look"
	"kolmo/grid"
	"kolmo/process"
)

// restPoint is a point at which a model's process stays: drift and noise are zero there,
// and so are the first derivatives of a, which is nowhere negative. The derivatives of u
// at such a point solve a linear system of their own,
//
//	d/dt d^K u = sum_{0<I<=K} C(K,I) [sum_k d^I b_k d^{K-I+e_k} u + (1/2) sum_kl d^I a_kl d^{K-I+e_k+e_l} u],
//
// in which no derivative of higher order than |K| is left. No grid shows them for long:
// around the point u has a layer that narrows like an exponential.
type restPoint struct {
	js      [][]int
	pace    float64 // the users' time over the system's
	system  *mat.Dense
	initial []*mat.VecDense // of d^J phi, by observable
}

// Constants of the local expansion.
const (
	// restReach is the half-width of the box of the expansion, over R, and leastReach
	// the least of it.
	restReach, leastReach = 0.05, 1e-3
	// restCoarse and restFine are its nodes per axis, which must agree to restAgreement
	// of the largest entry.
	restCoarse, restFine = 12, 16
	restAgreement        = 1e-6
	// restNoise is the noise, relative to its largest on the sphere, that is zero.
	restNoise = 1e-12
	// restRounding is the rounding error of values in the box.
	restRounding = 1e-13
)

// restPoint returns the minimizer of f as such a point; nil where the model has noise
// there, or f is not smooth enough.
func (s *Kind) restPoint(model int, eta compare.Rate) (*restPoint, error) {
	if s.Mu <= 0 || s.Problem.Models[model].OwnRest {
		return nil, nil
	}
	rest, ok := s.Problem.Dynamics.Rest(s.Problem.Ball)
	if !ok {
		return nil, nil
	}
	x := rest.Point
	if s.Problem.Models[model].Noise != process.NoNoise {
		own, most := s.Problem.Dynamics.At([][]float64{x}, 1).Noise(0), 0.0
		for sphere, i := s.Cache.Survey.Fields[0], 0; i < sphere.Len(); i++ {
			most = max(most, sphere.Noise(i))
		}
		if !(own <= restNoise*most) {
			return nil, nil
		}
	}
	room := (s.Problem.Ball.R - s.Problem.Ball.Distance(x)) / math.Sqrt(float64(len(x)))
	reach := min(restReach*s.Problem.Ball.R, 0.99*room)
	if reach < leastReach*s.Problem.Ball.R {
		return nil, nil
	}
	coarse, err := s.expand(model, eta, x, reach, restCoarse)
	if err != nil {
		return nil, err
	}
	fine, err := s.expand(model, eta, x, reach, restFine)
	if err != nil {
		return nil, err
	}
	var diff mat.Dense
	diff.Sub(fine.system, coarse.system)
	if !(fit.MaxOf(diff.RawMatrix().Data) <= restAgreement*fit.MaxOf(fine.system.RawMatrix().Data)) {
		return nil, nil
	}
	for o, v := range fine.initial {
		var d mat.VecDense
		d.SubVec(v, coarse.initial[o])
		for k, j := range fine.js {
			if !(math.Abs(d.AtVec(k)) <= restAgreement*s.Size[o]/math.Pow(reach, float64(look.OrderOf(j)))) {
				return nil, nil
			}
		}
	}
	return fine, nil
}

// expand sets up the system from derivatives by collocation in a small box around x.
func (s *Kind) expand(model int, eta compare.Rate, x []float64, reach float64, nodes int) (*restPoint, error) {
	d := len(x)
	axes := make([]int, d)
	for k := range axes {
		axes[k] = nodes
	}
	g, err := grid.Box(grid.KindChebyshev, axes, x, reach)
	if err != nil {
		return nil, err
	}
	fields, err := s.Problem.Dynamics.On(g, s.Config.Workers)
	if err != nil {
		return nil, err
	}
	c := s.Problem.Models[model].Coefficients(fields, eta.Value)
	r := &restPoint{js: look.MultiIndices(d), pace: s.Problem.Pace()}
	local := look.NewJets(g, 0, look.NewPoints(grid.Ball{Center: x, R: reach}, 1), r.js)
	local.Locate(&local.One, x, look.MostDerivative)
	at := func(u []float64, j []int) float64 {
		if u == nil {
			return 0
		}
		v := local.Sum(u, &local.One, j, d-1, local.Offset(&local.One))
		if math.Abs(v) <= restRounding*fit.MaxOf(u)*math.Pow(float64(nodes)/reach, float64(look.OrderOf(j))) {
			return 0
		}
		return v
	}
	n := len(r.js)
	r.system = mat.NewDense(n, n, nil)
	add := func(row int, j []int, v float64) {
		if to, ok := local.At[look.IndexOf(j)]; ok && look.OrderOf(j) <= look.OrderOf(r.js[row]) {
			r.system.Set(row, to, r.system.At(row, to)+v)
		}
	}
	for row, k := range r.js {
		for _, i := range below(k) {
			if look.OrderOf(i) == 0 {
				continue
			}
			times, rest := 1.0, make([]int, d)
			for a := range d {
				times *= binomial(k[a], i[a])
				rest[a] = k[a] - i[a]
			}
			for a := range d {
				rest[a]++
				add(row, rest, times*at(c.B[a], i))
				for b := a; b < d; b++ {
					rest[b]++
					share := times
					if a == b {
						share /= 2
					}
					add(row, rest, share*at(c.A[a][b], i))
					rest[b]--
				}
				rest[a]--
			}
		}
	}
	point := make([]float64, d)
	for _, phi := range s.Problem.Observables {
		f, u := phi.NewFunc(), make([]float64, g.Len())
		for i := range u {
			g.PointTo(point, i)
			u[i] = f(point)
		}
		v := mat.NewVecDense(n, nil)
		for k, j := range r.js {
			v.SetVec(k, at(u, j))
		}
		r.initial = append(r.initial, v)
	}
	return r, nil
}

// below returns all multi-indices I <= k.
func below(k []int) [][]int {
	all := [][]int{{}}
	for _, most := range k {
		var next [][]int
		for _, head := range all {
			for m := 0; m <= most; m++ {
				next = append(next, append(append([]int(nil), head...), m))
			}
		}
		all = next
	}
	return all
}

func binomial(n, k int) float64 {
	b := 1.0
	for i := range k {
		b = b * float64(n-i) / float64(i+1)
	}
	return b
}

// raise returns sup |d^J u| and its error with what the derivative is at the point: the
// supremum is at least that.
func (r *restPoint) raise(t, v, errs []float64, o, k int) (values, errors []float64) {
	var grown mat.Dense
	var u mat.VecDense
	for i := range t {
		grown.Reset()
		u.Reset()
		var scaled mat.Dense
		scaled.Scale(t[i]/r.pace, r.system)
		grown.Exp(&scaled)
		u.MulVec(&grown, r.initial[o])
		own := math.Abs(u.AtVec(k))
		value := max(v[i], own)
		e := max(max(v[i]+errs[i], own)-value, value-max(v[i]-errs[i], own))
		if own == value {
			e += restAgreement * own
		}
		values, errors = append(values, value), append(errors, e)
	}
	return values, errors
}
