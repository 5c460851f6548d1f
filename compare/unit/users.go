package unit

import (
	"kolmo/compare"
	"kolmo/process"
)

// usersChain is a chain of the plane in the user's coordinates.
type usersChain struct {
	process.Chain
	of process.Charted
}

// InUsers returns a chain of the plane in the user's coordinates.
func InUsers(d process.Dynamics, eta float64) process.Chain {
	if of, ok := d.(process.Charted); ok {
		return &usersChain{d.Chain(eta), of}
	}
	return d.Chain(eta)
}

func (c *usersChain) NewImager() process.Imager {
	return &usersImager{c.Chain.NewImager(), c.of, make([]float64, c.Dim())}
}

// usersImager finds images in the user's coordinates.
type usersImager struct {
	in process.Imager
	of process.Charted
	q  []float64
}

func (im *usersImager) ImagesTo(weights, images, z []float64) error {
	im.of.FromUser(im.q, z)
	err := im.in.ImagesTo(weights, images, im.q)
	for d, m := len(z), 0; m < len(weights); m++ {
		image := images[m*d : (m+1)*d]
		copy(im.q, image)
		im.of.ToUser(image, im.q)
	}
	return err
}

// Plane are b and the entries 11, 12 and 22 of a at points of the plane; nil slices are zero.
type Plane struct {
	B [2][]float64
	A [3][]float64
}

// At returns b and the variances of the axes and their covariance at point i.
func (c *Plane) At(i int) (b, a [2]float64, cross float64) {
	value := func(f []float64) float64 {
		if f == nil {
			return 0
		}
		return f[i]
	}
	return [2]float64{value(c.B[0]), value(c.B[1])}, [2]float64{value(c.A[0]), value(c.A[2])}, value(c.A[1])
}

// UsersPlane returns what finds b and a of a model of the plane in the user's coordinates z. Ito's formula has
//
//	b(z_k) = b.grad z_k + (1/2) a:hess z_k,   a(z_k, z_l) = grad z_k.a grad z_l.
//
// Derivatives of z are differences of fourth order, apart by jetStep in the coordinates q.
func UsersPlane(p *compare.Problem, d process.Dynamics, m *process.Diffusion, eta float64, workers int) func(points [][]float64) *Plane {
	of, charted := d.(process.Charted)
	charted = charted && of.Chart() != ""
	return func(points [][]float64) *Plane {
		own := points
		if charted {
			own = make([][]float64, len(points))
			for i, z := range points {
				own[i] = make([]float64, 2)
				of.FromUser(own[i], z)
			}
		}
		c := m.Coefficients(d.At(own, workers), eta)
		in := &Plane{B: [2][]float64{c.B[0], c.B[1]}, A: [3][]float64{c.A[0][0], c.A[0][1], c.A[1][1]}}
		if !charted {
			return in
		}
		out := new(Plane)
		for i, q := range own {
			b, a, cross := in.At(i)
			j := jetOf(of, q, jetStep*p.Ball.R)
			for k := range out.B {
				out.B[k] = append(out.B[k], j.first[0][k]*b[0]+j.first[1][k]*b[1]+(a[0]*j.second[0][k]+a[1]*j.second[1][k])/2+cross*j.mixed[k])
			}
			for e, kl := range [3][2]int{{0, 0}, {0, 1}, {1, 1}} {
				k, l := kl[0], kl[1]
				out.A[e] = append(out.A[e], a[0]*j.first[0][k]*j.first[0][l]+a[1]*j.first[1][k]*j.first[1][l]+cross*(j.first[0][k]*j.first[1][l]+j.first[1][k]*j.first[0][l]))
			}
		}
		return out
	}
}

// jetStep is how far points of differences are apart, in radii.
const jetStep = 2e-3

// jet are the derivatives of z in q along the axes, their second ones, and the mixed ones, each of z_1 and z_2.
type jet struct {
	first, second [2][2]float64
	mixed         [2]float64
}

// jetOf returns the derivatives of the user's coordinates at a point.
func jetOf(of process.Charted, q []float64, h float64) (j jet) {
	at := func(u, v float64) (z [2]float64) {
		of.ToUser(z[:], []float64{q[0] + h*u, q[1] + h*v})
		return z
	}
	along := func(u, v float64) (first, second [2]float64) {
		a, b, c, d, e := at(-2*u, -2*v), at(-u, -v), at(0, 0), at(u, v), at(2*u, 2*v)
		for k := range a {
			first[k] = (8*(d[k]-b[k]) - (e[k] - a[k])) / (12 * h)
			second[k] = (16*((d[k]-c[k])+(b[k]-c[k])) - ((e[k] - c[k]) + (a[k] - c[k]))) / (12 * h * h)
		}
		return first, second
	}
	j.first[0], j.second[0] = along(1, 0)
	j.first[1], j.second[1] = along(0, 1)
	_, up := along(1, 1)
	_, down := along(1, -1)
	for k := range j.mixed {
		j.mixed[k] = (up[k] - down[k]) / 4
	}
	return j
}
