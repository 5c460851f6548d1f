package field

import (
	"math"

	"kolmo/export/figure"
	"kolmo/grid"
)

// overState returns the study's coordinates of the plane where the file has them beside its two axes, for
// pictures; else nil.
func overState(f *Stored) *figure.Warp {
	if f.grid.Dim() != 2 || len(f.data.Coordinates) != 2 {
		return nil
	}
	names, _ := stateOf(f, f.ball.Center)
	s := &stateTable{center: f.ball.Center}
	lines := make([][]float64, 2)
	for k := range lines {
		lines[k] = Spread(f.ball.Center[k], f.ball.R, slicePoints)
	}
	s.lines = lines
	t := grid.NewTransfer(f.grid, lines, f.width)
	for k, name := range names {
		for _, c := range f.data.Coordinates {
			if c.LongName == stateWord+name {
				s.z[k] = make([]float64, t.Len())
				t.ApplyTo(s.z[k], c.Values)
			}
		}
		if s.z[k] == nil {
			return nil
		}
	}
	if !s.linearise(f.ball.R) {
		return nil
	}
	return &figure.Warp{Names: names, To: s.to, From: s.from}
}

// stateTable is a map of the plane by its values on evenly spaced points, straight between them and beyond.
type stateTable struct {
	lines  [][]float64
	center []float64
	z      [2][]float64
	inv    [2][2]float64 // of its Jacobian at the center
	size   float64       // of the region's image
	last   [2]float64    // where from ended
}

// to stores z of q.
func (s *stateTable) to(z, q []float64) {
	i, a := figure.Cell(s.lines[0], q[0])
	j, b := figure.Cell(s.lines[1], q[1])
	n := len(s.lines[0])
	for k, v := range s.z {
		low, high := v[j*n+i]*(1-a)+v[j*n+i+1]*a, v[(j+1)*n+i]*(1-a)+v[(j+1)*n+i+1]*a
		z[k] = low*(1-b) + high*b
	}
}

// linearise sets inv; false where the map has none.
func (s *stateTable) linearise(R float64) bool {
	var j [2][2]float64
	lo, hi := make([]float64, 2), make([]float64, 2)
	h := R / 16
	for l := range 2 {
		q := [2]float64{s.center[0], s.center[1]}
		q[l] += h
		s.to(hi, q[:])
		q[l] -= 2 * h
		s.to(lo, q[:])
		for k := range 2 {
			j[k][l] = (hi[k] - lo[k]) / (2 * h)
		}
	}
	det := j[0][0]*j[1][1] - j[0][1]*j[1][0]
	s.inv = [2][2]float64{{j[1][1] / det, -j[0][1] / det}, {-j[1][0] / det, j[0][0] / det}}
	s.size = R * math.Sqrt(math.Abs(det))
	copy(s.last[:], s.center)
	return s.size > 0 && s.size-s.size == 0
}

// How from ends: after so many steps, or at a point that is off by so little over the region's size. A chart
// shortens lengths to no less than a tenth of those at its center, by which the steps converge.
const (
	fromSteps = 300
	fromEnd   = 1e-5
)

// from stores q of z, from where the last point was.
func (s *stateTable) from(q, z []float64) {
	at := s.last
	var off [2]float64
	for range fromSteps {
		s.to(off[:], at[:])
		off[0], off[1] = z[0]-off[0], z[1]-off[1]
		if math.Hypot(off[0], off[1]) <= fromEnd*s.size {
			break
		}
		for k := range at {
			at[k] += s.inv[k][0]*off[0] + s.inv[k][1]*off[1]
		}
	}
	copy(q, at[:])
	if s.last = at; !(math.Abs(at[0])+math.Abs(at[1]) < math.MaxFloat64) {
		copy(s.last[:], s.center)
	}
}
