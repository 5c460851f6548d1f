package compare

import "math"

// RasterPole is how far from the centre of the ball, in R, slices lie at most: further
// out nothing would be seen on them.
const RasterPole = 0.95

// Errors are the parts of the error estimate of a gap, absolute values.
type Errors struct {
	Space         Number `json:"space" col:"space; error"`                 // discretisation of L
	Time          Number `json:"time" col:"time; error"`                   // propagation in t
	Interpolation Number `json:"interpolation" col:"interpolation; error"` // interpolation in S
	Quadrature    Number `json:"quadrature" col:"quadrature; error"`       // quadrature over xi
	Sup           Number `json:"sup" col:"sup; error"`                     // search for the supremum over the ball
	Tail          Number `json:"tail" col:"tail; error"`                   // steps beyond the last one computed
	Taper         Number `json:"taper" col:"taper; error"`                 // noise that ends beyond the region
}

// Total is the error of a gap, its tail included where the supremum over n is closed.
func (e *Errors) Total(closed bool) Number {
	total := e.Space + e.Time + e.Interpolation + e.Quadrature + e.Sup + e.Taper
	if closed {
		total += e.Tail
	}
	return total
}

// Scale multiplies all parts by a factor.
func (e *Errors) Scale(by Number) {
	for _, part := range []*Number{&e.Space, &e.Time, &e.Interpolation, &e.Quadrature, &e.Sup, &e.Tail, &e.Taper} {
		*part *= by
	}
}

// OfFields are the errors of u, of U^n and of their difference at the steps that were computed. Where
// noise ends, the chain's may too.
func (e *Errors) OfFields() (u, chain, difference Number) {
	u, chain = e.Space+e.Time, e.Interpolation+e.Quadrature
	return u + e.Taper, chain + e.Taper, u + chain + e.Taper
}

// GapRow is sup_n sup_{|x|<=R} |U^n - u(., n eta)| (3.3) for one observable,
// model and learning rate.
type GapRow struct {
	Key    `heads:"observable= model="`
	Gap    Number `json:"gap" col:"gap; ~Error"`
	Error  Number `json:"error" col:"error; error"` // total, absolute, two-sided
	Errors Errors `json:"errors"`
	GapPlace
	// Tail reports that the supremum is approached as n grows and not attained.
	Tail bool `json:"tail"`
	GapMethod
	// ClosedBy names the argument that closed the supremum over all n: "basis",
	// "fit", "oscillation", or nil; "horizon" where it is over t <= Horizon by definition.
	ClosedBy *string  `json:"closed_by"`
	Horizon  *float64 `json:"horizon,omitempty"`
	// Growth estimates max_t |e^{tL}| in the maximum norm.
	Growth    Number  `json:"growth"`
	Invariant bool    `json:"invariant"` // |x - center - eta grad f(x;xi)| <= R over ball and law
	Certified bool    `json:"certified" col:"certified; (Tail)"`
	Reason    *string `json:"reason"` // nil, or why the row is not certified
	// Steps is the number of SGD steps computed and LocalOrder the slope of the
	// gap between this eta and the preceding, larger one (NaN for the first).
	Steps      int    `json:"steps"`
	LocalOrder Number `json:"local_order" col:"order; .2 @n"`
}

// GapMethod is the discretisation of a gap.
type GapMethod struct {
	Nodes      int    `json:"nodes"` // per axis
	Space      string `json:"space"` // chebyshev or uniform
	SpaceOrder int    `json:"space_order"`
	// Scheme is the propagation in t: polynomial, or a scheme with its steps per
	// SGD step.
	Scheme string `json:"scheme"`
}

// GapPlace is where the supremum of a gap is.
type GapPlace struct {
	// N, T and X are where the largest computed value was: step, time n eta and
	// point.
	N int      `json:"n" col:"n"`
	T float64  `json:"t" col:"t; 4g spare"`
	X []Number `json:"x" col:"x; .4"`
}

// Curve is the gap over the ball as a function of time,
// Gap[i] = sup_{|x|<=R} |U^n - u(., n eta)| at T[i] = n eta.
type Curve struct {
	Observable, Model, EtaText string
	Eta                        float64
	T, Gap                     []float64
	// Images are |U^n - u| at the step of the largest gap and the images of its place by mirrors
	// of axes: bit k of the index mirrors axis k, as grid.Ball.Mirrored does. Nil where unknown.
	Images []float64
}

// Raster is U^n, u(., n eta) and their difference at the worst n, on a uniform
// raster of the interval (d = 1) or the square (d = 2) around the ball, for a
// picture. Entry j*len(X1)+i of U, Diffusion and Values belongs to (X1[i], X2[j]);
// points outside the ball are NaN. X2 is nil for d = 1.
//
// For d = 3 there are no values but three Slices, the planes through At that are
// orthogonal to the third, the second and the first axis. A slice is a Raster of
// its own with Center, R and At in its plane. A worst point near a pole of the
// ball would leave a slice of no size: slices stay within RasterPole R of the centre.
type Raster struct {
	Key
	N            int
	T            float64
	Center       []float64
	R            float64
	At           []float64 // the worst point
	Gap          float64   // |U^n - u| there
	X1, X2       []float64
	U, Diffusion []float64 // U^n and u(., n eta)
	Values       []float64 // U^n - u(., n eta)

	Slices []Raster // d = 3
	// Held says where coordinates with a range are whose starts differ: "m = 0.5"; they have no axis.
	Held string
	RasterSlice
}

// RasterSlice is the plane of a slice.
type RasterSlice struct {
	Axes   [2]int  // of a slice: the axes of X1 and X2, from 0
	Normal int     // of a slice: the axis orthogonal to it
	Offset float64 // of a slice: the coordinate along that axis
}

// NoErrors returns errors of which nothing is known.
func NoErrors() Errors {
	nan := Number(math.NaN())
	return Errors{Space: nan, Time: nan, Interpolation: nan, Quadrature: nan, Sup: nan, Tail: nan, Taper: nan}
}

// GapResults is what a study of gaps found.
type GapResults struct {
	Gap      []GapRow      `json:"gap"`
	Order    []OrderRow    `json:"order"`
	Constant []ConstantRow `json:"constant"`
}

// StudyGap asks for the gap, uniformly in time (Theorem 1); it is answered by certified gaps.
const StudyGap Study = "gap"

func (*GapResults) study() Study { return StudyGap }

func (p *GapResults) answered() (answered, rows int) {
	return count(p.Gap, func(r *GapRow) bool { return r.Certified })
}
