package main

import (
	"errors"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/mat"

	"kolmo/fd"
	"kolmo/grid"
	"kolmo/internal/closedform"
	"kolmo/kolmogorov"
	"kolmo/kolmogorov/scheme"
)

const (
	closureEta  = 0.25
	closureTime = 40
	// growthHorizon is long enough: growth over three units of time is the same.
	growthHorizon = 1
	growthFields  = 3
)

// closureEquation returns the Ornstein-Uhlenbeck process of f = x^2/2, Sigma = 1,
// as the second-order model; its noise does not vanish at the faces.
func closureEquation(half float64) equation {
	return equation{
		d: 1, half: half,
		drift:     func(_ int, x []float64) float64 { return -(1 + closureEta/2) * x[0] },
		diffusion: func(_, _ int, _ []float64) float64 { return closureEta },
	}
}

// carried returns the largest error of cos x at the nodes over all SGD steps to
// closureTime, or what ended the run.
func carried(op *kolmogorov.Operator, prop kolmogorov.Propagator) string {
	cosine := closedform.Quad1D()[1]
	g := op.Grid()
	u := sample(g, func(x []float64) float64 { return math.Cos(x[0]) })
	worst := 0.0
	for n := 1; n <= closureTime/closureEta; n++ {
		v, err := run(prop, u, 1)
		if errors.Is(err, kolmogorov.ErrUnstable) {
			return "unstable"
		}
		must(v, err)
		want := sample(g, func(x []float64) float64 {
			return cosine.Diffusion(closedform.SecondOrder, closureEta, closureEta*float64(n), x)
		})
		worst = max(worst, distance(g, v, want).sup)
		u = v
	}
	return three(worst)
}

// writeClosures writes the growth by the closures at noisy faces.
func writeClosures(w io.Writer) {
	const sub = 16
	fmt.Fprintf(w, `## One-sided closures at noisy faces

Solved: the Ornstein-Uhlenbeck process b = -(1 + eta/2) x, a = eta with eta = 1/4 on [-2,2] and [-5,5], where the noise does not vanish at the faces and no boundary condition is imposed. The
growth is max_t |e^{tL}| as Operator.Growth estimates it; abs(b) h/a is the cell Peclet number at the face; the largest real part of the eigenvalues is from gonum (these two up to 320 nodes); the errors are the largest at the nodes over all SGD steps when cos x is carried to t = %d
by the polynomial propagator and by Hundsdorfer-Verwer with %d steps per eta.

`, closureTime, sub)
	type cell struct {
		half     float64
		order, n int
	}
	var cells []cell
	// The largest first, so that no worker waits for them at the end.
	for _, n := range []int{640, 320, 160, 80, 40} {
		for _, order := range []int{10, 8, 6, 4, 2} {
			for _, half := range []float64{2, 5} {
				cells = append(cells, cell{half, order, n})
			}
		}
	}
	rows := map[cell][]string{}
	t := table{}
	t.fill(len(cells), func(i int) []string {
		c := cells[i]
		op := closureEquation(c.half).operator(space{grid.KindUniform, c.order}, c.n)
		h := 2 * c.half / float64(c.n-1)
		row := []string{fmt.Sprintf("[-%g,%g]", c.half, c.half), fmt.Sprint(c.order), fmt.Sprint(c.n),
			three((1 + closureEta/2) * c.half * h / closureEta), growth(op), "-", "-"}
		if c.n <= 320 {
			row[5] = rightmost(op)
			row[6] = carried(op, kolmogorov.NewPolynomial(op, closureEta))
		}
		prop, err := kolmogorov.NewStepping(op, scheme.HundsdorferVerwer{}, closureEta, sub, nil)
		if errors.Is(err, fd.ErrSingular) {
			return append(row, "singular")
		}
		return append(row, carried(op, must(prop, err)))
	})
	for i, c := range cells {
		rows[c] = t.rows[i]
	}
	sorted := table{header: []string{"box", "order", "nodes", "abs(b) h/a", "growth", "largest Re", "error, polynomial", "error, hundsdorfer-verwer"}}
	for _, half := range []float64{2, 5} {
		for _, order := range []int{2, 4, 6, 8, 10} {
			for _, n := range []int{40, 80, 160, 320, 640} {
				sorted.rows = append(sorted.rows, rows[cell{half, order, n}])
			}
		}
	}
	sorted.writeTo(w)
	fmt.Fprint(w, closureConclusion+`
Collocation on Chebyshev axes, the growth by the number of nodes N, with N sqrt(a/(R abs(b))) in brackets:

`)
	nodes := []int{12, 16, 20, 24, 28, 32, 40, 48, 56, 64}
	spectral := table{header: []string{"box"}}
	for _, n := range nodes {
		spectral.header = append(spectral.header, fmt.Sprint(n))
	}
	for _, half := range []float64{2, 5} {
		row := []string{fmt.Sprintf("[-%g,%g]", half, half)}
		for _, n := range nodes {
			op := closureEquation(half).operator(space{grid.KindChebyshev, fd.FullWidth}, n)
			rule := float64(n) * math.Sqrt(closureEta/(half*(1+closureEta/2)*half))
			row = append(row, fmt.Sprintf("%s (%s)", growth(op), three(rule)))
		}
		spectral.rows = append(spectral.rows, row)
	}
	spectral.writeTo(w)
}

// rightmost returns the largest real part of the eigenvalues of L, whose own rounding
// errors are above 1e-11.
func rightmost(op *kolmogorov.Operator) string {
	var eig mat.Eigen
	if !eig.Factorize(dense(op), mat.EigenNone) {
		return "not found"
	}
	most := math.Inf(-1)
	for _, v := range eig.Values(nil) {
		most = max(most, real(v))
	}
	const zero = 1e-10
	if most < zero {
		return "below " + three(zero)
	}
	return three(most)
}

// growth returns the estimate, which stops at 1e8.
func growth(op *kolmogorov.Operator) string {
	const most = 1e8
	g := op.Growth(growthHorizon, growthFields)
	if g > most {
		return "over " + three(most)
	}
	return three(g)
}

// closureConclusion is what the table shows.
const closureConclusion = `No eigenvalue has a positive real part beyond rounding: what grows with the nodes, the order and a/(abs(b) h) is a transient, which multiplies rounding errors, to about
4e-14 times the growth in the errors of orders 8 and 10 by the polynomial (those of Hundsdorfer-Verwer are its error in time, 1.95e-6 and 3.01e-5, until that is exceeded).
Up to a growth of 1e7, where Operator.CheckGrowth draws the line, rounding stays below 1e-6; it stays below a growth of 100 where the cell Peclet number at the faces is above 1.
Where the noise does not vanish at the faces and that number is small, the closures do not converge at their order either: on [-2,2] the error of orders 2 and 4 hardly falls with the
nodes. Studies compare such grids with the same spacing on a wider box, or with a lower order, and count twice the difference.
`
