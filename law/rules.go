package law

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
)

// Rule says how the law of several independent variables becomes a finite sum.
// Variables with finitely many values are exact under every rule.
type Rule interface {
	// product returns nodes, by variable, and weights for continuous variables.
	product(v []Variable) (columns [][]float64, weights []float64, err error)
	// finer returns rules for the estimate of the error in the given number of
	// continuous variables, the best first: one that has too many nodes is passed
	// over. most, if not zero, is the number of nodes there is room for.
	finer(variables, most int) []Rule
	// nodes returns the number of nodes that product would make of n variables, exactly up
	// to 2^53 and +Inf beyond double precision.
	nodes(n int) float64
}

// Tensor is the tensor product of Gauss rules with Points points per variable,
// at least 1. Its refinement has up to four times as many points, as far as a few
// thousand nodes reach, and at least four more; where these are too many nodes it is
// a net.
type Tensor struct{ Points int }

// Smolyak is the sparse combination of tensor products
//
//	sum over l of (-1)^(q-|l|) binomial(n-1, q-|l|) U_{l_1} x .. x U_{l_n},
//	q - n + 1 <= |l| <= q,  q = Level + n - 1,  l_i >= 1,
//
// of Gauss rules U_l with 2l - 1 points in n variables (Wasilkowski and
// Wozniakowski, J. Complexity 11, 1995, equation 2). It integrates polynomials of
// total degree 2 Level - 1 exactly. For n > 1 some weights are negative. Its
// refinement is a tensor product in up to three variables, which is of another kind,
// and has two more levels, or one, or is a net, in more.
type Smolyak struct{ Level int }

// QMC is a Sobol' net of Points points, a power of two, with the direction numbers
// of Joe and Kuo (SIAM J. Sci. Comput. 30, 2008), scrambled by Owen's nested
// permutations and sent to the laws by their quantiles; the error for smooth
// integrands is near Points^(-3/2). Its refinement has another scrambling and twice
// the points, unless there are as many as possible.
type QMC struct {
	Points int
	Seed   uint64
}

var (
	_ Rule = Tensor{}
	_ Rule = Smolyak{}
	_ Rule = QMC{}
)

// Independent returns the tensor product of Gauss rules with the given number of
// points, at least 1, per variable.
func Independent(variables []Variable, points int) (*Samples, error) {
	return IndependentBy(variables, Tensor{points})
}

// IndependentBy returns the law of independent variables as a finite sum: the
// rule's nodes for the continuous variables times all values of the others. It is
// the law itself if none is continuous.
func IndependentBy(variables []Variable, rule Rule) (*Samples, error) {
	var continuous []Variable
	for _, v := range variables {
		if v.Law.Atoms() == 0 {
			continuous = append(continuous, v)
		}
	}
	if n := Nodes(variables, rule); n > MaxNodes || n*float64(len(variables)) > MaxValues {
		return nil, fmt.Errorf("law: %w: %.6g nodes of %d variables; at most %d nodes and %d values are possible", ErrTooManyNodes, n, len(variables), MaxNodes, MaxValues)
	}
	columns, w := [][]float64{}, []float64{1}
	if len(continuous) > 0 {
		var err error
		if columns, w, err = rule.product(continuous); err != nil {
			return nil, err
		}
	}
	continuousNodes := len(w)
	unbounded := false
	names := make([]string, len(variables))
	sorted := make([][]float64, len(variables))
	for i, v := range variables {
		names[i] = v.Name
		unbounded = unbounded || !v.Law.Bounded()
		n := v.Law.Atoms()
		if n == 0 {
			sorted[i], columns = columns[0], columns[1:]
			continue
		}
		nodes, weights := make([]float64, n), make([]float64, n)
		if err := v.Law.RuleTo(nodes, weights); err != nil {
			return nil, fmt.Errorf("law: variable %s: %w", v.Name, err)
		}
		// Repeat what there is for every value.
		m := len(w)
		for j := range i {
			sorted[j] = repeat(sorted[j], n)
		}
		for j := range columns {
			columns[j] = repeat(columns[j], n)
		}
		w = repeat(w, n)
		sorted[i] = make([]float64, len(w))
		for k := range w {
			sorted[i][k] = nodes[k/m]
			w[k] *= weights[k/m]
		}
	}
	s, err := newSamples(names, sorted, w)
	if err != nil {
		return nil, err
	}
	s.unbounded, s.laws = unbounded, variables
	s.hull = hull(variables)
	if len(continuous) > 0 {
		atoms := len(w) / continuousNodes
		s.finer = func(most int) (*Samples, error) {
			var err error
			for _, finer := range rule.finer(len(continuous), most/atoms) {
				var fine *Samples
				if fine, err = IndependentBy(variables, finer); err == nil {
					return fine, nil
				}
			}
			return nil, err
		}
	}
	return s, nil
}

// Nodes returns the number of nodes that IndependentBy makes of the variables, exactly up
// to 2^53, without making them.
func Nodes(variables []Variable, rule Rule) float64 {
	continuous, total := 0, 1.0
	for _, v := range variables {
		if n := v.Law.Atoms(); n > 0 {
			total *= float64(n)
		} else {
			continuous++
		}
	}
	if continuous > 0 {
		total *= rule.nodes(continuous)
	}
	return total
}

// repeat returns n copies of x one after the other.
func repeat(x []float64, n int) []float64 {
	out := make([]float64, 0, n*len(x))
	for range n {
		out = append(out, x...)
	}
	return out
}

// Sizes of refined rules.
const (
	// richPoints bounds the points per variable, and richNodes the nodes, up to which
	// points are multiplied by richFactor; fineNodes is where they are still by 1.5.
	richPoints, richFactor, richNodes = 256, 4, 5_000
	fineNodes                         = 50_000
	// netPoints is the size of a net that stands for what would have too many nodes.
	netPoints = 1 << 14
	// sparseFrom is the number of variables from which a sparse rule is refined to one.
	sparseFrom = 4
)

// richer returns the points per variable of the refinement of a tensor product.
func richer(points, variables, most int) int {
	side := func(nodes int) int { return int(math.Pow(float64(nodes), 1/float64(variables)) + 1e-9) }
	n := max(min(richFactor*points, richPoints, side(richNodes)), min((3*points+1)/2, side(fineNodes)), points+4)
	if room := side(most) - points; room > 1 {
		n = min(n, points+(room+1)/2) // and the refinement of the refinement has room, too
	}
	return n
}

func (r Tensor) finer(variables, most int) []Rule {
	return []Rule{Tensor{richer(r.Points, variables, most)}, QMC{Points: netPoints}}
}

func (r Tensor) nodes(n int) float64 { return math.Pow(float64(r.Points), float64(n)) }

func (r Tensor) product(v []Variable) ([][]float64, []float64, error) {
	if r.Points < 1 {
		return nil, nil, fmt.Errorf("law: %d points; at least 1 is needed", r.Points)
	}
	points := make([]int, len(v))
	for i := range v {
		points[i] = r.Points
	}
	return tensor(v, points)
}

// tensor returns the product of Gauss rules with points[i] points in variable i,
// the first variable's nodes varying fastest.
func tensor(v []Variable, points []int) (columns [][]float64, w []float64, err error) {
	total := 1
	for _, n := range points {
		total *= n
	}
	w = make([]float64, total)
	for k := range w {
		w[k] = 1
	}
	stride := 1
	columns = make([][]float64, len(v))
	for i, n := range points {
		nodes, weights := make([]float64, n), make([]float64, n)
		if err := v[i].Law.RuleTo(nodes, weights); err != nil {
			return nil, nil, fmt.Errorf("law: variable %s: %w", v[i].Name, err)
		}
		columns[i] = make([]float64, total)
		for k := range w {
			j := k / stride % n
			columns[i][k] = nodes[j]
			w[k] *= weights[j]
		}
		stride *= n
	}
	return columns, w, nil
}

func (r Smolyak) finer(variables, most int) []Rule {
	if variables < sparseFrom {
		return Tensor{2*r.Level - 1}.finer(variables, most)
	}
	return []Rule{Smolyak{r.Level + 2}, Smolyak{r.Level + 1}, QMC{Points: netPoints}}
}

// nodes counts by the generating function of 2l - 1 over the levels l - 1 of a variable,
// (1 + z)/(1 - z)^2: of its n-th power, the terms of the degrees Level - n to Level - 1.
func (r Smolyak) nodes(n int) float64 {
	if r.Level < 1 {
		return 0
	}
	c := make([]float64, r.Level) // by degree
	c[0] = 1
	for range n {
		for k := len(c) - 1; k > 0; k-- {
			c[k] += c[k-1]
		}
		for range 2 {
			for k := 1; k < len(c); k++ {
				c[k] += c[k-1]
			}
		}
	}
	var total float64
	for _, x := range c[max(0, r.Level-n):] {
		total += x
	}
	return total
}

func (r Smolyak) product(v []Variable) (columns [][]float64, w []float64, err error) {
	n := len(v)
	if r.Level < 1 {
		return nil, nil, fmt.Errorf("law: level %d; at least 1 is needed", r.Level)
	}
	columns = make([][]float64, n)
	q := r.Level + n - 1
	levels := make([]int, n)
	var visit func(i, sum int) error
	visit = func(i, sum int) error {
		if i < n {
			for l := 1; sum+l+n-i-1 <= q; l++ {
				levels[i] = l
				if err := visit(i+1, sum+l); err != nil {
					return err
				}
			}
			return nil
		}
		if sum < q-n+1 {
			return nil
		}
		points := make([]int, n)
		for i, l := range levels {
			points[i] = 2*l - 1
		}
		factor := 1.0
		for j := 1; j <= q-sum; j++ {
			factor *= -float64(n-j) / float64(j)
		}
		c, u, err := tensor(v, points)
		if err != nil {
			return err
		}
		for i := range columns {
			columns[i] = append(columns[i], c[i]...)
		}
		for _, x := range u {
			w = append(w, factor*x)
		}
		return nil
	}
	if err := visit(0, 0); err != nil {
		return nil, nil, err
	}
	return columns, w, nil
}

// maxSobol is the largest number of points of QMC.
const maxSobol = 1 << 19

// sobolDirection is the degree s, the inner coefficients a of a primitive polynomial
// over the field of two elements, and the initial numbers m of a dimension of
// Sobol's sequence.
type sobolDirection struct {
	s, a uint
	m    []uint32
}

// sobolDirections are those of the dimensions from the second on
// (new-joe-kuo-6.21201).
var sobolDirections = []sobolDirection{
	{1, 0, []uint32{1}},
	{2, 1, []uint32{1, 3}},
	{3, 1, []uint32{1, 3, 1}},
	{3, 2, []uint32{1, 1, 1}},
	{4, 1, []uint32{1, 1, 3, 3}},
	{4, 4, []uint32{1, 3, 5, 13}},
	{5, 2, []uint32{1, 1, 5, 5, 17}},
	{5, 4, []uint32{1, 1, 5, 5, 5}},
	{5, 7, []uint32{1, 1, 7, 11, 19}},
	{5, 11, []uint32{1, 1, 5, 1, 1}},
	{5, 13, []uint32{1, 1, 1, 3, 11}},
	{5, 14, []uint32{1, 3, 5, 5, 31}},
	{6, 1, []uint32{1, 3, 3, 9, 7, 49}},
	{6, 13, []uint32{1, 1, 1, 15, 21, 21}},
	{6, 16, []uint32{1, 3, 1, 13, 27, 49}},
	{6, 19, []uint32{1, 1, 1, 15, 7, 5}},
	{6, 22, []uint32{1, 3, 1, 15, 13, 25}},
	{6, 25, []uint32{1, 1, 5, 5, 19, 61}},
	{7, 1, []uint32{1, 3, 7, 11, 23, 15, 103}},
}

// MaxSobolVariables is the largest number of continuous variables of QMC.
const MaxSobolVariables = 20

// sobolTo stores the first len(dst) points of dimension i, counted from 0, as
// fractions of 2^32.
func sobolTo(dst []uint32, i int) {
	var v [32]uint32
	if i == 0 {
		for k := range v {
			v[k] = 1 << (31 - k)
		}
	} else {
		d := sobolDirections[i-1]
		s := int(d.s)
		for k := range v {
			if k < s {
				v[k] = d.m[k] << (31 - k)
				continue
			}
			v[k] = v[k-s] ^ v[k-s]>>d.s
			for j := 1; j < s; j++ {
				if d.a>>(s-1-j)&1 == 1 {
					v[k] ^= v[k-j]
				}
			}
		}
	}
	for k := 1; k < len(dst); k++ {
		dst[k] = dst[k-1] ^ v[bits.TrailingZeros(uint(k))] // in Gray code's order
	}
}

// scramble applies a nested random permutation of binary digits: every digit
// depends on those before it alone (Laine and Karras; Burley, J. Computer Graphics
// Techniques 9(4), 2020, section 4).
func scramble(x, seed uint32) uint32 {
	x = bits.Reverse32(x)
	x += seed
	x ^= x * 0x6c50b47c
	x ^= x * 0xb82f1e52
	x ^= x * 0xc7afe638
	x ^= x * 0x8d22f6e6
	return bits.Reverse32(x)
}

func (r QMC) finer(int, int) []Rule {
	return []Rule{QMC{min(2*r.Points, maxSobol), r.Seed + 1}}
}

func (r QMC) nodes(int) float64 { return float64(r.Points) }

func (r QMC) product(v []Variable) ([][]float64, []float64, error) {
	if r.Points < 2 || r.Points&(r.Points-1) != 0 {
		return nil, nil, fmt.Errorf("law: %d points; expected a power of two", r.Points)
	}
	if r.Points > maxSobol {
		return nil, nil, fmt.Errorf("law: %w: %d points; at most %d are possible", ErrTooManyNodes, r.Points, maxSobol)
	}
	if len(v) > MaxSobolVariables {
		return nil, nil, fmt.Errorf("law: %d variables; a Sobol' net has at most %d", len(v), MaxSobolVariables)
	}
	random := rand.New(rand.NewPCG(r.Seed, uint64(r.Points)))
	w := make([]float64, r.Points)
	for k := range w {
		w[k] = 1 / float64(r.Points)
	}
	net := make([]uint32, r.Points)
	columns := make([][]float64, len(v))
	for i := range columns {
		if err := v[i].Law.RuleTo(make([]float64, 1), make([]float64, 1)); err != nil { // its parameters
			return nil, nil, fmt.Errorf("law: variable %s: %w", v[i].Name, err)
		}
		columns[i] = make([]float64, r.Points)
		sobolTo(net, i)
		seed := random.Uint32()
		for k, x := range net {
			columns[i][k] = v[i].Law.Quantile((float64(scramble(x, seed)) + 0.5) / (1 << 32))
		}
	}
	return columns, w, nil
}
