package spectrum

import (
	"fmt"
	"math"
	"slices"

	"kolmo/compare"
	"kolmo/compare/unit"
	"kolmo/grid"
	"kolmo/process"
)

// Constants of the search for points of rest in the plane.
const (
	// planeNodes are the starts along a diameter, of which those are followed whose first step of Newton's method
	// is not longer than planeReach spacings.
	planeNodes, planeReach = 31, 3
	planeSteps             = 60  // most steps of Newton's method
	planeBeyond            = 1.1 // of the radius: what steps beyond is not followed
	// planeEnough is the length of a step, in radii, after which a point is known to rounding.
	planeEnough = 1e-9
	// planeSame is the distance of two points that are one, planeZero that of a coordinate from 0 that rounding does not tell.
	planeSame, planeZero = 1e-6, 1e-13
	// planeFirst is the difference of first coordinates below which the second ones order wells.
	planeFirst = 1e-6
	// planeMost is the number of points of rest from which they are taken for a curve.
	planeMost = 32
	// planeNeutral is the real part of an eigenvalue over the Jacobian's size that is not told from zero.
	planeNeutral = 1e-6
	// windingPoints are those on the circle at which the drift is looked at.
	windingPoints = 720
	// wayStep is the step over the fastest rate of paths from the saddle, waySteps the most of them, wayFrom how far from it,
	// in radii, they start, and wayNear how near to a point of rest they have arrived.
	wayStep, waySteps, wayFrom, wayNear = 1, 10_000, 1e-3, 0.05
)

// flow returns two numbers for every point of the plane.
type flow func(points [][]float64) ([]float64, error)

// meanStep is the mean step of a chain, E F(z) - z.
func meanStep(chain process.Chain) flow {
	im, n := chain.NewImager(), chain.Images()
	at, weights := make([]float64, 2*n), make([]float64, n)
	return func(points [][]float64) ([]float64, error) {
		out := make([]float64, 0, 2*len(points))
		for _, z := range points {
			if err := im.ImagesTo(weights, at, z); err != nil {
				return nil, err
			}
			var sum [2]float64
			for i, w := range weights {
				sum[0] += w * (at[2*i] - z[0])
				sum[1] += w * (at[2*i+1] - z[1])
			}
			out = append(out, sum[0], sum[1])
		}
		return out, nil
	}
}

// driftOf is the drift of coefficients.
func driftOf(coefficients func(points [][]float64) *unit.Plane) flow {
	return func(points [][]float64) ([]float64, error) {
		c, out := coefficients(points), make([]float64, 0, 2*len(points))
		for i := range points {
			b, _, _ := c.At(i)
			out = append(out, b[0], b[1])
		}
		return out, nil
	}
}

// disc is a ball in the coordinates of users, where it may be the image of one. size is its largest radius.
type disc struct {
	p    *compare.Problem
	ball grid.Ball
	size float64
}

func newDisc(p *compare.Problem, ball grid.Ball) *disc {
	d := &disc{p: p, ball: ball}
	for _, z := range d.edge(windingPoints) {
		d.size = max(d.size, apartBy(z, d.users(ball.Center)))
	}
	return d
}

// users returns a point of the ball's coordinates in those of users.
func (d *disc) users(q []float64) []float64 {
	z := make([]float64, 2)
	for k, v := range d.p.ToUser(q) {
		z[k] = float64(v)
	}
	return z
}

// own is the inverse of users.
func (d *disc) own(z []float64) []float64 {
	return d.p.FromUser([]compare.Number{compare.Number(z[0]), compare.Number(z[1])})
}

// contains reports that a point lies in a ball as large as share.
func (d *disc) contains(z []float64, share float64) bool {
	return d.ball.Distance(d.own(z)) <= share*d.ball.R
}

// nodes are the points of a grid with so many nodes along a diameter.
func (d *disc) nodes(n int) (points [][]float64) {
	at := func(k, i int) float64 { return d.ball.Center[k] + d.ball.R*float64(2*i-(n-1))/float64(n-1) }
	for i := range n {
		for j := range n {
			if q := []float64{at(0, j), at(1, i)}; d.ball.Contains(q) {
				points = append(points, d.users(q))
			}
		}
	}
	return points
}

// edge are points on the circle, once around.
func (d *disc) edge(n int) [][]float64 {
	points := make([][]float64, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = d.users([]float64{d.ball.Center[0] + d.ball.R*cos, d.ball.Center[1] + d.ball.R*sin})
	}
	return points
}

// jacobian is the matrix d_l b_k of a flow, row by row.
type jacobian [4]float64

func (j jacobian) det() float64  { return j[0]*j[3] - j[1]*j[2] }
func (j jacobian) size() float64 { return math.Sqrt(j[0]*j[0] + j[1]*j[1] + j[2]*j[2] + j[3]*j[3]) }

// parts are the real parts of the eigenvalues, the larger last.
func (j jacobian) parts() (low, high float64) {
	half := (j[0] + j[3]) / 2
	root := math.Sqrt(max(half*half-j.det(), 0))
	return half - root, half + root
}

// jet returns a flow and its Jacobians at points, by differences of fourth order.
func (f flow) jet(points [][]float64, h float64) (b [][2]float64, j []jacobian, err error) {
	steps := []float64{-2, -1, 1, 2}
	all := make([][]float64, 0, 9*len(points))
	for _, z := range points {
		all = append(all, z)
		for k := range z {
			for _, s := range steps {
				w := slices.Clone(z)
				w[k] += s * h
				all = append(all, w)
			}
		}
	}
	v, err := f(all)
	if err != nil {
		return nil, nil, err
	}
	b, j = make([][2]float64, len(points)), make([]jacobian, len(points))
	for i := range points {
		at := func(n, k int) float64 { return v[2*(9*i+n)+k] }
		for k := range 2 {
			b[i][k] = at(0, k)
			for l := range 2 {
				n := 1 + 4*l
				j[i][2*k+l] = (8*(at(n+2, k)-at(n+1, k)) - (at(n+3, k) - at(n, k))) / (12 * h)
			}
		}
	}
	return b, j, nil
}

// newton returns the step of Newton's method.
func newton(b [2]float64, j jacobian) (step [2]float64) {
	d := j.det()
	return [2]float64{(j[1]*b[1] - j[3]*b[0]) / d, (j[2]*b[0] - j[0]*b[1]) / d}
}

// planeRests are the points of rest of a flow in a ball of the plane.
type planeRests struct {
	stable, saddles, others [][]float64
	ways                    [][2]float64 // of saddles, along which paths leave
	fastest                 float64      // the largest Jacobian on the ball
	why                     string       // they may not be all
}

// restsInPlane finds the points of rest of a flow in a disc by Newton's method from the nodes of a grid. The signs of
// their determinants add up to the turns that the flow makes along the circle; why says where they do not.
func (f flow) restsInPlane(in *disc) (*planeRests, error) {
	r, h := new(planeRests), slopeStep*in.size
	live := in.nodes(planeNodes)
	spacing := 2 * in.size / (planeNodes - 1)
	var found [][]float64
	for n := range planeSteps {
		b, j, err := f.jet(live, h)
		if err != nil {
			return nil, err
		}
		var next [][]float64
		for i, z := range live {
			if n == 0 {
				r.fastest = max(r.fastest, j[i].size())
			}
			step := newton(b[i], j[i])
			size := math.Hypot(step[0], step[1])
			to := []float64{z[0] + step[0], z[1] + step[1]}
			switch {
			case !(size <= in.size) || !in.contains(to, planeBeyond) || n == 0 && size > planeReach*spacing:
			case size > planeEnough*in.size:
				next = append(next, to)
			case in.contains(to, 1) && !slices.ContainsFunc(found, func(w []float64) bool { return apartBy(w, to) <= planeSame*in.size }):
				found = append(found, to)
			}
		}
		if live = next; len(live) == 0 || len(found) > planeMost {
			break
		}
	}
	if len(found) > planeMost {
		r.why = fmt.Sprintf("the drift has more than %d points of rest in the ball: not two wells", planeMost)
		return r, nil
	}
	_, j, err := f.jet(found, h)
	if err != nil {
		return nil, err
	}
	turns := 0
	for i, z := range found {
		for k := range z {
			if math.Abs(z[k]) <= planeZero*in.size {
				z[k] = 0
			}
		}
		turns += int(math.Copysign(1, j[i].det()))
		low, high := j[i].parts()
		tiny := planeNeutral * j[i].size()
		switch {
		case high < -tiny:
			r.stable = append(r.stable, z)
		case low < -tiny && high > tiny:
			r.saddles = append(r.saddles, z)
			r.ways = append(r.ways, unstable(j[i], high))
		default:
			r.others = append(r.others, z)
		}
	}
	around, ok, err := f.winding(in)
	if err == nil && (!ok || around != turns) {
		r.why = "the points of rest that were found in the ball need not be all: the drift turns otherwise along its edge"
	}
	return r, err
}

// unstable is the direction of a saddle's positive eigenvalue.
func unstable(j jacobian, value float64) [2]float64 {
	u, v := [2]float64{j[1], value - j[0]}, [2]float64{value - j[3], j[2]}
	if math.Hypot(v[0], v[1]) > math.Hypot(u[0], u[1]) {
		u = v
	}
	size := math.Hypot(u[0], u[1])
	return [2]float64{u[0] / size, u[1] / size}
}

// winding returns how often a flow turns along the circle, and false where that is not seen.
func (f flow) winding(in *disc) (turns int, ok bool, err error) {
	points := in.edge(windingPoints)
	points = append(points, points[0])
	b, err := f(points)
	if err != nil {
		return 0, false, err
	}
	sum := 0.0
	for i := 2; i < len(b); i += 2 {
		by := math.Atan2(b[i-2]*b[i+1]-b[i-1]*b[i], b[i-2]*b[i]+b[i-1]*b[i+1])
		if !(math.Abs(by) < math.Pi/2) {
			return 0, false, nil
		}
		sum += by
	}
	return int(math.Round(sum / (2 * math.Pi))), true, nil
}

// arrivals returns which of some points the two paths from a saddle along a direction and against it come near to first,
// and -1 for none.
func (f flow) arrivals(from []float64, way [2]float64, in *disc, fastest float64, among [][]float64) (at [2]int, err error) {
	near := wayNear * in.size // and a part of the way to the nearest
	for _, w := range among {
		near = min(near, apartBy(from, w)/4)
	}
	start := min(wayFrom*in.size, near/4)
	paths := make([][]float64, 2)
	for i, s := range []float64{start, -start} {
		paths[i] = []float64{from[0] + s*way[0], from[1] + s*way[1]}
	}
	at = [2]int{-1, -1}
	stages := []struct{ share, weight float64 }{{0, 1. / 6}, {0.5, 1. / 3}, {0.5, 1. / 3}, {1, 1. / 6}} // by the method of Runge and Kutta
	for range waySteps {
		var live [2]bool // it has neither arrived nor left
		for i, z := range paths {
			if at[i] < 0 {
				at[i] = slices.IndexFunc(among, func(w []float64) bool { return apartBy(w, z) <= near })
			}
			live[i] = at[i] < 0 && in.contains(z, 1)
		}
		if !live[0] && !live[1] {
			break
		}
		by, last := make([]float64, 4), make([]float64, 4)
		for _, s := range stages {
			points := make([][]float64, 2)
			for i, z := range paths {
				points[i] = []float64{z[0] + s.share*last[2*i], z[1] + s.share*last[2*i+1]}
				if !live[i] {
					points[i] = from
				}
			}
			if last, err = f(points); err != nil {
				return at, err
			}
			for k := range last {
				last[k] *= wayStep / fastest
				by[k] += s.weight * last[k]
			}
		}
		for i, z := range paths {
			if live[i] {
				z[0], z[1] = z[0]+by[2*i], z[1]+by[2*i+1]
			}
		}
	}
	return at, nil
}

// apartBy is the distance of two points of the plane.
func apartBy(a, b []float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

// planeLandscape is landscapeOf in the plane.
func planeLandscape(p *compare.Problem, m *process.Diffusion, eta float64, ball grid.Ball) (*landscape, error) {
	in := newDisc(p, ball)
	var f flow
	var coefficients func(points [][]float64) *unit.Plane
	if m == nil {
		f = meanStep(unit.InUsers(p.Dynamics, eta))
	} else {
		coefficients = unit.UsersPlane(p, p.Dynamics, m, eta, 1)
		f = driftOf(coefficients)
	}
	r, err := f.restsInPlane(in)
	if err != nil {
		return nil, err
	}
	l := &landscape{stable: len(r.stable), why: r.why}
	switch {
	case l.why != "":
		return l, nil
	case len(r.stable) != 2 || len(r.saddles) != 1 || len(r.others) > 0:
		l.why = fmt.Sprintf("the drift has %d stable points of rest, %d saddles and %d others in the ball: not two wells", len(r.stable), len(r.saddles), len(r.others))
		return l, nil
	}
	at, err := f.arrivals(r.saddles[0], r.ways[0], in, r.fastest, r.stable)
	if err != nil {
		return nil, err
	}
	if at[0] < 0 || at[0]+at[1] != 1 {
		l.why = "paths from the saddle are not seen to lead to both stable points of rest: not two wells"
		return l, nil
	}
	left, saddle, right := r.stable[0], r.saddles[0], r.stable[1]
	k := 0
	if math.Abs(left[0]-right[0]) <= planeFirst*in.size {
		k = 1
	}
	if left[k] > right[k] {
		left, right = right, left
	}
	if m != nil {
		l.small, err = potentialOf(newDisc(p, p.Ball), coefficients, left, right, saddle)
	}
	l.left, l.saddle, l.right = in.own(left), in.own(saddle), in.own(right)
	return l, err
}
