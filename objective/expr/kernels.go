package expr

import (
	"kolmo/internal/kernel"
	"kolmo/objective/expr/function"
)

// The kernels below compute one operation for n lanes. A nil slice stands for a
// component that vanishes identically; sums of products skip such terms.

func (f *frame) neg(dst, a *register, n, order int) {
	for c := range last(order) {
		if dst[c] != nil {
			d, s := dst[c][:n], a[c][:n]
			for l := range d {
				d[l] = -s[l]
			}
		}
	}
}

// add computes a + sign b, without its value if bare.
func (f *frame) add(dst, a, b *register, sign float64, n, order int, bare bool) {
	for c := range last(order) {
		if dst[c] == nil || bare && c == 0 {
			continue
		}
		d := dst[c][:n]
		switch {
		case b[c] == nil:
			copy(d, a[c][:n])
		case a[c] == nil:
			s := b[c][:n]
			for l := range d {
				d[l] = sign * s[l]
			}
		default:
			if sign > 0 {
				kernel.Plus(d, a[c][:n], b[c][:n])
			} else {
				kernel.Minus(d, a[c][:n], b[c][:n])
			}
		}
	}
}

// sum accumulates products into a component; the first one overwrites.
type sum struct {
	dst     []float64
	started bool
}

// product adds s t.
func (q *sum) product(s, t []float64) {
	if s == nil || t == nil {
		return
	}
	d := q.dst
	s, t = s[:len(d)], t[:len(d)]
	if q.started {
		kernel.AddTimes(d, s, t)
		return
	}
	q.started = true
	kernel.Times(d, s, t)
}

// triple adds r s t.
func (q *sum) triple(r, s, t []float64) {
	if s == nil || t == nil {
		return
	}
	d := q.dst
	r, s, t = r[:len(d)], s[:len(d)], t[:len(d)]
	if q.started {
		kernel.AddTimes3(d, r, s, t)
		return
	}
	q.started = true
	kernel.Times3(d, r, s, t)
}

// minus subtracts s t.
func (q *sum) minus(s, t []float64) {
	if s == nil || t == nil {
		return
	}
	q.begin()
	d := q.dst
	s, t = s[:len(d)], t[:len(d)]
	for l := range d {
		d[l] -= s[l] * t[l]
	}
}

// begin makes the sum zero if nothing has been added yet.
func (q *sum) begin() {
	if !q.started {
		q.started = true
		clear(q.dst)
	}
}

// derivatives computes the components of dst of order 1 and 2 that are there, each as a
// sum that first or second adds to: c is the component, ci and cj are those of the first
// derivatives that a second one is of.
func (f *frame) derivatives(dst *register, n, order int, first func(q *sum, c int), second func(q *sum, c, ci, cj int)) {
	if order == 0 {
		return
	}
	for i := range f.d {
		if c := gradComponent(i); dst[c] != nil {
			f.q = sum{dst: dst[c][:n]}
			first(&f.q, c)
		}
	}
	if order == 1 {
		return
	}
	for i := range f.d {
		for j := i; j < f.d; j++ {
			if c := hessComponent(i, j); dst[c] != nil {
				f.q = sum{dst: dst[c][:n]}
				second(&f.q, c, gradComponent(i), gradComponent(j))
			}
		}
	}
}

// mul computes a b, without its value if bare.
func (f *frame) mul(dst, a, b *register, n, order int, bare bool) {
	u, v := a[0], b[0]
	if !bare {
		kernel.Times(dst[0][:n], u[:n], v[:n])
	}
	f.derivatives(dst, n, order, func(q *sum, c int) {
		q.product(a[c], v)
		q.product(u, b[c])
	}, func(q *sum, c, ci, cj int) {
		q.product(a[c], v)
		q.product(u, b[c])
		q.product(a[ci], b[cj])
		q.product(a[cj], b[ci])
	})
}

// div computes q = u/v from q_i = (u_i - q v_i)/v and
// q_ij = (u_ij - q v_ij - q_i v_j - q_j v_i)/v.
func (f *frame) div(dst, a, b *register, n, order int) {
	u, v := a[0], b[0]
	d := dst[0][:n]
	for l := range d {
		d[l] = u[l] / v[l]
	}
	f.derivatives(dst, n, order, func(q *sum, c int) {
		q.copy(a[c])
		q.minus(dst[0], b[c])
		q.over(v)
	}, func(q *sum, c, ci, cj int) {
		q.copy(a[c])
		q.minus(dst[0], b[c])
		q.minus(dst[ci], b[cj])
		q.minus(dst[cj], b[ci])
		q.over(v)
	})
}

// over divides the sum by v, lane by lane.
func (q *sum) over(v []float64) {
	q.begin()
	d := q.dst
	v = v[:len(d)]
	for l := range d {
		d[l] /= v[l]
	}
}

// copy starts the sum with s.
func (q *sum) copy(s []float64) {
	if s != nil {
		q.started = true
		copy(q.dst, s)
	}
}

// apply1 computes phi(u), by lanes unless it is nil, and then without its value if bare.
func (f *frame) apply1(phi func(float64) function.Jet, lanes func(v, d, dd, u []float64), dst, a *register, n, order int, bare bool) {
	u, v, d1, d2 := a[0][:n], dst[0][:n], f.s[0][:n], f.s[1][:n]
	if lanes != nil {
		if bare {
			v = nil
		}
		lanes(v, d1, d2, u)
	} else {
		for l := range u {
			j := phi(u[l])
			v[l], d1[l], d2[l] = j.V, j.D, j.DD
		}
	}
	f.derivatives(dst, n, order, func(q *sum, c int) {
		q.product(d1, a[c])
	}, func(q *sum, c, ci, cj int) {
		q.triple(d2, a[ci], a[cj])
		q.product(d1, a[c])
	})
}

// apply2 computes phi(u, v).
func (f *frame) apply2(phi func(u, v float64) function.Jet2, dst, a, b *register, n, order int) {
	u, w, v := a[0][:n], b[0][:n], dst[0][:n]
	du, dv, duu, duv, dvv := f.s[0][:n], f.s[1][:n], f.s[2][:n], f.s[3][:n], f.s[4][:n]
	for l := range u {
		j := phi(u[l], w[l])
		v[l], du[l], dv[l], duu[l], duv[l], dvv[l] = j.V, j.DU, j.DV, j.DUU, j.DUV, j.DVV
	}
	f.derivatives(dst, n, order, func(q *sum, c int) {
		q.product(du, a[c])
		q.product(dv, b[c])
	}, func(q *sum, c, ci, cj int) {
		q.triple(duu, a[ci], a[cj])
		q.triple(duv, a[ci], b[cj])
		q.triple(duv, a[cj], b[ci])
		q.triple(dvv, b[ci], b[cj])
		q.product(du, a[c])
		q.product(dv, b[c])
	})
}
