package look

import (
	"kolmo/grid"
)

func CopyFields(u [][]float64) [][]float64 {
	c := make([][]float64, len(u))
	for i := range u {
		c[i] = append([]float64(nil), u[i]...)
	}
	return c
}

func NewBlock(steps, fields, n int) [][][]float64 {
	b := make([][][]float64, steps)
	for j := range b {
		b[j] = make([][]float64, fields)
		for f := range b[j] {
			b[j][f] = make([]float64, n)
		}
	}
	return b
}

// At returns the interpolants of fields at points.
func At(q *Points, g *grid.Grid, width int, fields [][]float64) [][]float64 {
	in := grid.NewInterpolator(g, width)
	values := make([][]float64, len(fields))
	for f := range fields {
		values[f] = make([]float64, len(q.X))
	}
	for i, x := range q.X {
		in.Locate(x)
		for f := range fields {
			values[f][i] = in.Value(fields[f])
		}
	}
	return values
}
