package closedform

import "math"

// Observable is a function phi of the parameters: a Quadratic or a Cosine.
type Observable interface {
	rotate(s *system) (observed, error)
}

var (
	_ Observable = Quadratic{}
	_ Observable = Cosine{}
	_ observed   = (*quadratic)(nil)
	_ observed   = (*cosine)(nil)
)

// Quadratic is phi(x) = x.Q x + Constant.
type Quadratic struct {
	Q        [][]float64 // d x d; only its symmetric part counts
	Constant float64
}

// Cosine is phi(x) = cos(K.x).
type Cosine struct {
	K []float64 // length d
}

func (q Quadratic) rotate(s *system) (observed, error) {
	d := s.d
	if len(q.Q) != d {
		return nil, ErrShape
	}
	for _, row := range q.Q {
		if len(row) != d {
			return nil, ErrShape
		}
	}
	r := square(d)
	for i := range d {
		for j := range d {
			for k := range d {
				for l := range d {
					sym := (q.Q[k][l] + q.Q[l][k]) / 2
					r[i][j] += s.v.At(k, i) * sym * s.v.At(l, j)
				}
			}
		}
	}
	return &quadratic{q: r, c: q.Constant}, nil
}

func (c Cosine) rotate(s *system) (observed, error) {
	if len(c.K) != s.d {
		return nil, ErrShape
	}
	for _, k := range c.K {
		if math.IsNaN(k) || math.IsInf(k, 0) {
			return nil, ErrShape
		}
	}
	return &cosine{k: s.rotate(c.K)}, nil
}
