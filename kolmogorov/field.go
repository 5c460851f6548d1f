package kolmogorov

import (
	"fmt"

	"kolmo/grid"
)

// checkField panics if v is no field on the grid.
func checkField(g *grid.Grid, what string, v []float64) {
	if len(v) != g.Len() {
		panic(fmt.Sprintf("kolmogorov: %s of length %d on a grid of %d nodes", what, len(v), g.Len()))
	}
}
