package variation

import (
	"kolmo/grid"
	"kolmo/internal/par"
	"kolmo/kolmogorov"
	"kolmo/process"
)

// frame takes derivatives of fields on a grid along the users' coordinates z, which are functions of the grid's, q.
type frame struct {
	g     *grid.Grid
	first []*kolmogorov.Derivative // along q
	// ahead[k*d+l] is d z_k/d q_l and back[l*d+j] is d q_l/d z_j; nil where z = q.
	ahead, back [][]float64
	along       [][]float64
}

// newFrame returns the frame of users' coordinates; nil: those of the grid.
func newFrame(first []*kolmogorov.Derivative, g *grid.Grid, state func(z, q []float64)) *frame {
	d, n := g.Dim(), g.Len()
	f := &frame{g: g, first: first, along: newFields(d, n)}
	if state == nil {
		return f
	}
	z, q, at := newFields(d, n), make([]float64, d), make([]float64, d)
	for i := range n {
		g.PointTo(q, i)
		state(at, q)
		for k, v := range at {
			z[k][i] = v
		}
	}
	f.ahead, f.back = newFields(d*d, n), newFields(d*d, n)
	for k := range d {
		for l := range d {
			first[l].ApplyTo(f.ahead[k*d+l], z[k])
		}
	}
	for i := range n {
		invert(f.back, f.ahead, d, i)
	}
	return f
}

// invert stores the inverse of a matrix of fields at a node, by the adjugate.
func invert(dst, of [][]float64, d, i int) {
	at := func(k, l int) float64 { return of[k%d*d+l%d][i] }
	switch d {
	case 1:
		dst[0][i] = 1 / of[0][i]
		return
	case 2:
		det := at(0, 0)*at(1, 1) - at(0, 1)*at(1, 0)
		dst[0][i], dst[1][i], dst[2][i], dst[3][i] = at(1, 1)/det, -at(0, 1)/det, -at(1, 0)/det, at(0, 0)/det
		return
	}
	cofactor := func(k, l int) float64 { return at(k+1, l+1)*at(k+2, l+2) - at(k+1, l+2)*at(k+2, l+1) }
	det := at(0, 0)*cofactor(0, 0) + at(0, 1)*cofactor(0, 1) + at(0, 2)*cofactor(0, 2)
	for k := range d {
		for l := range d {
			dst[l*d+k][i] = cofactor(k, l) / det
		}
	}
}

// gradientTo stores the derivatives of a field along z.
func (f *frame) gradientTo(dst [][]float64, u []float64) {
	for l, d := range f.first {
		d.ApplyTo(f.along[l], u)
	}
	for j := range dst {
		if f.back == nil {
			copy(dst[j], f.along[j])
			continue
		}
		clear(dst[j])
		for l := range dst {
			addProduct(dst[j], f.along[l], f.back[l*len(dst)+j])
		}
	}
}

// pushTo stores entry k of what a vector field in one kind of coordinates is in the other, by ahead or back.
func pushTo(dst []float64, by, v [][]float64, k int) {
	if by == nil {
		copy(dst, v[k])
		return
	}
	clear(dst)
	for l, f := range v {
		addProduct(dst, by[k*len(v)+l], f)
	}
}

// columnBytes is about the memory of the columns that are kept at a time.
const columnBytes = 64 << 20

// jacobians finds those of drift and root; see terms.
func (m *terms) jacobians(c *kolmogorov.Coefficients, root process.Root, f *frame, workers int) {
	d, n := m.d, f.g.Len()
	m.db = newFields(d*d, n)
	drift := newFields(d, n)
	if root == nil { // without noise b is a vector
		b := newFields(d, n)
		for k := range d {
			if c.B[k] != nil {
				copy(b[k], c.B[k])
			}
		}
		for k := range d {
			pushTo(drift[k], f.ahead, b, k)
		}
	} else {
		count := root.Len()
		if count > 0 {
			m.square, m.mixed = newFields(d*d*d*d, n), newFields(d*d*d, n)
		}
		chunk := min(max(1, columnBytes/(8*n*d)), max(count, 1))
		columns, end := newFields(chunk*d, n), make([]float64, n)
		for first := 0; first == 0 || first < count; first += chunk {
			own := columns[:min(chunk, count-first)*d]
			columnsTo(drift, own, end, root, f.g, first, workers)
			for k := 0; k < len(own); k += d {
				m.addColumn(f, own[k:k+d], end)
			}
		}
	}
	for k := range d {
		f.gradientTo(m.db[k*d:(k+1)*d], drift[k])
	}
}

// columnsTo finds the drift, and columns from the first one on.
func columnsTo(drift, columns [][]float64, end []float64, root process.Root, g *grid.Grid, first, workers int) {
	d := len(drift)
	par.Do(workers, rowTasks, func(task int) {
		w := root.NewRooter()
		b, s, q := make([]float64, d), make([]float64, root.Len()*d), make([]float64, d)
		lo, hi := par.Split(g.Len(), rowTasks, task)
		for i := lo; i < hi; i++ {
			g.PointTo(q, i)
			end[i] = w.ColumnsTo(b, s, q)
			for k, v := range b {
				drift[k][i] = v
			}
			for k := range columns {
				columns[k][i] = s[first*d+k]
			}
		}
	})
}

// addColumn adds what a column is to square and mixed. Where noise of the point ends for the computation's sake that of the
// first variation does not, so that what is constant in the ball is so everywhere.
func (m *terms) addColumn(f *frame, s [][]float64, end []float64) {
	d, n := m.d, len(end)
	ds, along := newFields(d*d, n), newFields(d, n)
	for k := range d {
		f.gradientTo(ds[k*d:(k+1)*d], s[k])
		pushTo(along[k], f.back, s, k)
	}
	for i, e := range end {
		for r, u := range ds {
			for q, v := range ds {
				m.square[r*d*d+q][i] += u[i] * v[i]
			}
			for c, v := range along {
				m.mixed[c*d*d+r][i] += e * v[i] * u[i]
			}
		}
	}
}
