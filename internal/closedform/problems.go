package closedform

// Radius is R of the ball |x| <= R on which the two problems are studied.
const Radius = 2

// Quad1D returns the references of f(x;xi) = (x - xi)^2/2, xi = +-1 equally
// likely, for phi = x^2 and phi = cos(x), in this order.
func Quad1D() []*Reference {
	l := Linear{
		A:       [][]float64{{1}},
		Nodes:   [][]float64{{1}, {-1}},
		Weights: []float64{0.5, 0.5},
	}
	return []*Reference{
		must(New("x^2", l, Quadratic{Q: [][]float64{{1}}})),
		must(New("cos(x)", l, Cosine{K: []float64{1}})),
	}
}

// Quad2D returns the references of grad f(x;xi) = A x - xi with
// A = [[1,.3],[.3,2]] and xi uniform on (1,.4), (-1,-.4), (.3,-.6), (-.3,.6),
// for phi = |x|^2 and phi = cos(x1 + x2/2), in this order.
func Quad2D() []*Reference {
	l := Linear{
		A:       [][]float64{{1, 0.3}, {0.3, 2}},
		Nodes:   [][]float64{{1, 0.4}, {-1, -0.4}, {0.3, -0.6}, {-0.3, 0.6}},
		Weights: []float64{0.25, 0.25, 0.25, 0.25},
	}
	return []*Reference{
		must(New("|x|^2", l, Quadratic{Q: [][]float64{{1, 0}, {0, 1}}})),
		must(New("cos(x1 + x2/2)", l, Cosine{K: []float64{1, 0.5}})),
	}
}

// must returns r; the two problems are constants and cannot fail.
func must(r *Reference, err error) *Reference {
	if err != nil {
		panic(err)
	}
	return r
}
