package grid

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"

	"kolmo/internal/kernel"
)

// Kind tells how the nodes of an axis are placed.
type Kind int

// The kinds of axes.
const (
	KindUniform   Kind = iota // equidistant nodes
	KindChebyshev             // Chebyshev-Gauss-Lobatto nodes
	KindSinh                  // nodes clustered about a point by the sinh map
	KindGiven                 // any nodes
)

// kindNames are the names of the kinds in study files and results.
var kindNames = [...]string{KindUniform: "uniform", KindChebyshev: "chebyshev", KindSinh: "sinh", KindGiven: "given"}

// String returns the name of the kind in study files and results.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("kind(%d)", int(k))
	}
	return kindNames[k]
}

// Axis is an immutable list of strictly increasing nodes. It may be shared by
// goroutines.
type Axis struct {
	name  string
	kind  Kind
	nodes []float64
	bary  []float64 // barycentric weights of the whole axis, Chebyshev only
	// diff returns its differentiation matrix, row-major, Chebyshev only. It is made when
	// it is first asked for: many axes are nodes and no more.
	diff func() []float64
}

// minNodes is the fewest nodes of an axis: one interval.
const minNodes = 2

// Uniform returns the axis of n equidistant nodes from lo to hi, both included
// exactly:
//
//	x_i = (lo+hi)/2 + (hi-lo)/2 (2i-(n-1))/(n-1),   i = 0 .. n-1.
//
// The error is fewer than two nodes, ends that are not finite with lo < hi, or
// nodes closer than rounding.
func Uniform(name string, n int, lo, hi float64) (*Axis, error) {
	if err := checkAxis(n, lo, hi); err != nil {
		return nil, err
	}
	nodes := make([]float64, n)
	mid, half := lo/2+hi/2, hi/2-lo/2
	for i := range nodes {
		// Symmetric about the middle to the last bit.
		nodes[i] = mid + half*(float64(2*i-(n-1))/float64(n-1))
	}
	nodes[0], nodes[n-1] = lo, hi
	if err := checkNodes(nodes); err != nil {
		return nil, err
	}
	return &Axis{name: name, kind: KindUniform, nodes: nodes}, nil
}

// Chebyshev returns the axis of the n Chebyshev-Gauss-Lobatto nodes
//
//	x_i = (lo+hi)/2 - (hi-lo)/2 cos(pi i/(n-1)),   i = 0 .. n-1,
//
// the ends exact. It errs as Uniform does. Cost: n^2 numbers, for the differentiation
// matrix (Berrut and Trefethen 2004), once derivatives are asked for.
func Chebyshev(name string, n int, lo, hi float64) (*Axis, error) {
	if err := checkAxis(n, lo, hi); err != nil {
		return nil, err
	}
	nodes, bary := make([]float64, n), make([]float64, n)
	mid, half := lo/2+hi/2, hi/2-lo/2
	for i := range nodes {
		// The sine form is symmetric about the middle to the last bit.
		nodes[i] = mid + half*math.Sin(math.Pi*float64(2*i-(n-1))/float64(2*(n-1)))
		bary[i] = 1 - 2*float64(i%2)
	}
	nodes[0], nodes[n-1] = lo, hi
	if err := checkNodes(nodes); err != nil {
		return nil, err
	}
	bary[0] /= 2
	bary[n-1] /= 2
	a := &Axis{name: name, kind: KindChebyshev, nodes: nodes, bary: bary}
	a.diff = sync.OnceValue(a.differentiation)
	return a, nil
}

// differentiation returns the differentiation matrix of the polynomial through all nodes,
// the diagonal as minus the sum of the others in the row (Welfert 1997).
func (a *Axis) differentiation() []float64 {
	n := len(a.nodes)
	matrix := make([]float64, n*n)
	for i := range n {
		row, sum := matrix[i*n:(i+1)*n], 0.0
		for j, w := range a.bary {
			if j != i {
				row[j] = w / a.bary[i] / (a.nodes[i] - a.nodes[j])
				sum += row[j]
			}
		}
		row[i] = -sum
	}
	return matrix
}

// Differentiation returns a copy of the matrix, row-major, that maps values at
// the nodes of a Chebyshev axis to the derivatives there of the polynomial
// through all of them; nil on other axes.
func (a *Axis) Differentiation() []float64 {
	if a.diff == nil {
		return nil
	}
	return slices.Clone(a.diff())
}

// derivativeWindowTo stores the weights of the value and the first two
// derivatives at x, w each, and returns the first node of the window.
func (a *Axis) derivativeWindowTo(dst []float64, x float64, width int) (base int) {
	w := a.Width(width)
	base = a.WindowTo(dst[:w], x, width)
	if w == len(a.nodes) && a.diff != nil {
		diff := a.diff()
		// The derivative of the interpolant is the interpolant of the
		// derivatives: l' = l D, l'' = l' D.
		kernel.Mul(1, w, w, dst[:w], w, diff, w, dst[w:2*w], w)
		kernel.Mul(1, w, w, dst[w:2*w], w, diff, w, dst[2*w:3*w], w)
		return base
	}
	lagrangeTo(dst, 2, x, a.nodes[base:base+w])
	return base
}

func checkAxis(n int, lo, hi float64) error {
	if n < minNodes {
		return fmt.Errorf("grid: an axis needs at least %d nodes, got %d", minNodes, n)
	}
	if !(lo < hi) || math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return fmt.Errorf("grid: an axis needs finite ends lo < hi, got %v and %v", lo, hi)
	}
	return nil
}

// checkNodes refuses nodes that rounding has put on top of each other.
func checkNodes(nodes []float64) error {
	for i := 1; i < len(nodes); i++ {
		if !(nodes[i-1] < nodes[i]) {
			return fmt.Errorf("grid: %d nodes between %v and %v are closer than rounding", len(nodes), nodes[0], nodes[len(nodes)-1])
		}
	}
	return nil
}

// Name returns the name of the axis.
func (a *Axis) Name() string { return a.name }

// Kind returns how the nodes are placed.
func (a *Axis) Kind() Kind { return a.kind }

// Len returns the number of nodes.
func (a *Axis) Len() int { return len(a.nodes) }

// Node returns node i. It panics if i is not in 0 .. Len()-1.
func (a *Axis) Node(i int) float64 { return a.nodes[i] }

// Nodes returns a copy of the nodes.
func (a *Axis) Nodes() []float64 { return append([]float64(nil), a.nodes...) }

// Lo returns the first node.
func (a *Axis) Lo() float64 { return a.nodes[0] }

// Hi returns the last node.
func (a *Axis) Hi() float64 { return a.nodes[len(a.nodes)-1] }

// Width clips an interpolation width to the axis: 0 stands for all nodes.
func (a *Axis) Width(w int) int {
	if w <= 0 || w > len(a.nodes) {
		return len(a.nodes)
	}
	return w
}

// base returns the first of the w nodes that are centred about x as well as the
// ends allow.
func (a *Axis) base(x float64, w int) int {
	n := len(a.nodes)
	if w >= n {
		return 0
	}
	var i int // nodes[i] <= x < nodes[i+1] when x is inside
	if a.kind == KindUniform {
		h := (a.nodes[n-1] - a.nodes[0]) / float64(n-1)
		t := (x - a.nodes[0]) / h
		switch {
		case !(t > 0):
			return 0
		case t >= float64(n-1):
			return n - w
		}
		i = int(t)
		if w%2 == 1 && t-float64(i) > 0.5 {
			i++
		}
	} else {
		i = sort.SearchFloat64s(a.nodes, x) - 1
		if w%2 == 1 && i >= 0 && i+1 < n && a.nodes[i+1]-x < x-a.nodes[i] {
			i++
		}
	}
	return min(max(i-(w-1)/2, 0), n-w)
}

// WindowTo stores in dst[:w] the Lagrange weights of the w = Width(width) nodes
// around x, so that a polynomial of degree w-1 has the value
// sum_i dst[i] p(node[base+i]) at x, and returns base. Outside the axis the
// polynomial of the outermost nodes is extrapolated. dst[:w] is overwritten;
// WindowTo panics if it is shorter. Cost: O(w) on a uniform axis and for the
// whole of a Chebyshev axis (barycentric formula), elsewhere O(w^2) (Fornberg
// 1988) and a search among the nodes; no allocation.
func (a *Axis) WindowTo(dst []float64, x float64, width int) (base int) {
	w := a.Width(width)
	dst = dst[:w]
	if w == len(a.nodes) && a.bary != nil {
		a.barycentricTo(dst, x)
		return 0
	}
	base = a.base(x, w)
	nodes := a.nodes[base : base+w]
	if a.kind == KindUniform {
		uniformWeightsTo(dst, (x-nodes[0])/(nodes[w-1]-nodes[0])*float64(w-1))
		return base
	}
	lagrangeTo(dst, 0, x, nodes)
	return base
}

// Window returns the base of WindowTo without the weights.
func (a *Axis) Window(x float64, width int) (base int) {
	w := a.Width(width)
	if w == len(a.nodes) && a.bary != nil {
		return 0
	}
	return a.base(x, w)
}

// minDistance is the distance from a node below which 1/distance may overflow;
// there the interpolant is the value at the node.
const minDistance = 0x1p-1000

// barycentricTo stores the Lagrange weights of the whole axis at x by the second
// barycentric formula. Outside the interval, where that formula loses accuracy,
// it is still backward stable for the small excursions it is used for.
func (a *Axis) barycentricTo(dst []float64, x float64) {
	sum := 0.0
	for i, node := range a.nodes {
		d := x - node
		if math.Abs(d) < minDistance {
			clear(dst)
			dst[i] = 1
			return
		}
		q := a.bary[i] / d
		dst[i] = q
		sum += q
	}
	inv := 1 / sum
	for i := range dst {
		dst[i] *= inv
	}
}

// uniformWeightsTo stores the Lagrange weights at t of the nodes 0, 1, .., w-1.
func uniformWeightsTo(dst []float64, t float64) {
	w := len(dst)
	// l_i(t) = prod_{j != i} (t-j)/(i-j): products from the left and the right.
	left := 1.0
	for i := range w {
		dst[i] = left
		left *= (t - float64(i)) / float64(i+1)
	}
	right := 1.0
	for i := w - 1; i >= 0; i-- {
		dst[i] *= right
		right *= -(t - float64(i)) / float64(w-i)
	}
}
