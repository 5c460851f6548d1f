package main

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"kolmo/internal/closedform"
)

// linearProblem draws a problem in d dimensions whose sample gradients are A x - xi; its answers are closed forms.
// In the class anisotropic the curvature or the noise has ratios up to 100.
func linearProblem(seed uint64, id, class string, dims int) *problem {
	d := draw{source(seed, id)}
	anisotropic := class == "anisotropic"
	curvature, noise := make([]float64, dims), make([]float64, dims)
	for i := range dims {
		curvature[i], noise[i] = 0.5+1.5*d.Float64(), 0.2+0.5*d.Float64()
	}
	first, last := 1, 4
	if anisotropic {
		ratio := math.Pow(10, 1+d.Float64())
		if d.chance(0.5) {
			curvature[0], noise[0] = curvature[0]*ratio/2, noise[0]*ratio/4
			first = int(math.Ceil(math.Log2(curvature[0])))
			last = first + 1
		} else {
			noise[0] *= 10 / ratio
			for i := 1; i < dims; i++ {
				noise[i] /= ratio
			}
		}
	}
	q := d.rotation(dims)
	a := make([][]float64, dims)
	for i := range a {
		a[i] = make([]float64, dims)
	}
	for i := range dims {
		for j := range i + 1 {
			v := 0.0
			for k := range dims {
				v += q[k][i] * curvature[k] * q[k][j]
			}
			a[i][j], a[j][i] = round3(v), round3(v)
		}
	}
	radius := one(d, 1., 2, 3)
	etas := d.rates(2, first, last)
	values := d.signed(q, noise, dims)
	for range mostDraws {
		if linearStays(a, values, radius, etas[0].value) {
			break
		}
		for _, z := range values {
			for i := range z {
				z[i] *= 0.75
			}
		}
	}
	weights := make([]float64, len(values))
	for i := range weights {
		weights[i] = 1 / float64(len(values))
	}
	l := closedform.Linear{A: a, Nodes: values, Weights: weights}

	parameters := []string{"x", "y", "z"}[:dims]
	samples := []string{"u", "v", "w"}[:dims]
	var terms []string
	for i := range dims {
		for j := range dims {
			terms = append(terms, fmt.Sprintf("%s*%s*%s/2", number(a[i][j]), parameters[i], parameters[j]))
		}
	}
	for i := range dims {
		terms = append(terms, fmt.Sprintf("(-1)*%s*%s", samples[i], parameters[i]))
	}
	var names, phi []string
	var refs []*closedform.Reference
	add := func(text string, o closedform.Observable) {
		r, err := closedform.New(text, l, o)
		if err != nil {
			panic(fmt.Errorf("%s: %w", id, err))
		}
		names, phi, refs = append(names, string(rune('a'+len(names)))), append(phi, text), append(refs, r)
	}
	add(d.quadratic(parameters))
	if dims < 3 {
		add(d.cosine(parameters, radius))
	} else {
		add(d.quadratic(parameters))
	}
	models := some(d, 2, "second-order", "first-order", "gradient-flow")
	b := header(id, parameters, strings.Join(terms, " + "), samples, values)
	finishStudy(b, layout{radius: radius, outer: 1.5 * radius, names: names, phi: phi, etas: etas, models: models,
		accuracy: one(d, "0.1", "0.01", "0.001", "1e-4"), solver: one(d, "{space: auto, time: auto}", d.solver())})
	return &problem{id: id, class: class, text: b.String(), names: names,
		inside: func(model string, eta float64) bool { return linearStays(a, values, radius, eta) },
		answers: func(r request, _ float64) ([]answer, error) {
			var out []answer
			for _, ref := range refs {
				gap, n, x, _ := ref.Gap(closedform.Model(r.model), r.eta, radius)
				if gap < 1e-12 {
					return nil, errNothing
				}
				out = append(out, answer{gap: gap, gapError: 1e-12 * gap, n: n, x: x[0]})
			}
			return out, nil
		}}
}

// rotation draws an orthogonal matrix; its rows are the new axes.
func (d draw) rotation(dims int) [][]float64 {
	data := make([]float64, dims*dims)
	for i := range data {
		data[i] = d.NormFloat64()
	}
	var qr mat.QR
	qr.Factorize(mat.NewDense(dims, dims, data))
	var q mat.Dense
	qr.QTo(&q)
	rows := make([][]float64, dims)
	for i := range rows {
		rows[i] = mat.Row(nil, i, &q)
	}
	return rows
}

// signed draws values of a law of mean zero: opposite pairs of equal weights, of a size along each of the rows of q.
func (d draw) signed(q [][]float64, noise []float64, dims int) [][]float64 {
	var values [][]float64
	for range dims + d.IntN(2) {
		z, minus := make([]float64, dims), make([]float64, dims)
		for k, size := range noise {
			c := size * (2*d.Float64() - 1)
			for i := range dims {
				z[i] += c * q[k][i]
			}
		}
		for i := range dims {
			minus[i] = -z[i]
		}
		values = append(values, z, minus)
	}
	return values
}

// quadratic draws x.Q x.
func (d draw) quadratic(parameters []string) (string, closedform.Observable) {
	dims := len(parameters)
	q := make([][]float64, dims)
	var terms []string
	for i := range dims {
		q[i] = make([]float64, dims)
	}
	for i := range dims {
		for j := range i + 1 {
			v := d.between(-1, 1)
			if i == j {
				v = d.between(0.2, 1.5)
			}
			q[i][j], q[j][i] = v, v
		}
	}
	for i := range dims {
		for j := range dims {
			terms = append(terms, fmt.Sprintf("%s*%s*%s", number(q[i][j]), parameters[i], parameters[j]))
		}
	}
	return strings.Join(terms, " + "), closedform.Quadratic{Q: q}
}

// cosine draws cos(k.x).
func (d draw) cosine(parameters []string, radius float64) (string, closedform.Observable) {
	k := make([]float64, len(parameters))
	var terms []string
	for i, p := range parameters {
		k[i] = round3(d.between(-3, 3) / radius)
		terms = append(terms, fmt.Sprintf("%s*%s", number(k[i]), p))
	}
	return "cos(" + strings.Join(terms, " + ") + ")", closedform.Cosine{K: k}
}

// linearStays reports that |x - eta (A x - z)| <= radius for all x in the ball; the left side is convex in x.
func linearStays(a, values [][]float64, radius, eta float64) bool {
	for _, x := range sphere(len(a)) {
		for _, z := range values {
			sum := 0.0
			for i := range a {
				y := radius*x[i] + eta*z[i]
				for j := range a {
					y -= eta * a[i][j] * radius * x[j]
				}
				sum += y * y
			}
			if sum > radius*radius {
				return false
			}
		}
	}
	return true
}

// sphere returns points of the unit sphere, two on the line and about two degrees apart in the plane.
func sphere(dims int) [][]float64 {
	switch dims {
	case 1:
		return [][]float64{{-1}, {1}}
	case 2:
		var points [][]float64
		for i := range 240 {
			s, c := math.Sincos(2 * math.Pi * float64(i) / 240)
			points = append(points, []float64{c, s})
		}
		return points
	}
	// Fibonacci's lattice.
	const count = 3000
	golden := math.Pi * (3 - math.Sqrt(5))
	var points [][]float64
	for i := range count {
		z := 1 - 2*(float64(i)+0.5)/count
		s, c := math.Sincos(golden * float64(i))
		r := math.Sqrt(1 - z*z)
		points = append(points, []float64{r * c, r * s, z})
	}
	return points
}
