package assumptions

import (
	"math"

	"kolmo/objective/expr"
)

// Kink is a place in the ball about which a sample's loss has a kink.
type Kink struct {
	Call   string // the part of the loss that has it
	Second bool   // of the second derivative, not of the first
	At     []float64
	Sample int // as in Constant, with Values
	Values string
}

// kinkOf looks for a call of abs, min, max or huber that has its kink in the ball: what
// vanishes there has both signs at points of the grid, or is zero at one and not at another.
func kinkOf(c *check) *Kink {
	nodes := c.l.Nodes()
	for _, kink := range c.l.Expr().Kinks() {
		p, err := expr.Compile(kink.Gap, expr.Inputs{Parameters: c.l.Parameters(), Variables: nodes.Variables})
		if err != nil {
			continue // objective.New has compiled what it is made of
		}
		n := nodes.Len()
		machine := p.Bind(n, nodes.Columns).NewMachine()
		low, high := make([]float64, n), make([]float64, n)
		least, at := make([]float64, n), make([]int, n)
		for k := range n {
			low[k], high[k], least[k] = math.Inf(1), math.Inf(-1), math.Inf(1)
		}
		for i := range c.grid {
			if c.grid[i].radius > c.r {
				continue
			}
			machine.Point(c.grid[i].x, nil, 0)
			for k := 0; k < n; k += expr.Lanes {
				machine.Block(k)
				for l, v := range machine.Value() {
					low[k+l], high[k+l] = min(low[k+l], v), max(high[k+l], v)
					if math.Abs(v) < least[k+l] {
						least[k+l], at[k+l] = math.Abs(v), i
					}
				}
			}
		}
		for k := range n {
			if low[k] < 0 && high[k] > 0 || least[k] == 0 && low[k] < high[k] {
				found := &Kink{Call: kink.Call.String(), Second: kink.Second, At: c.grid[at[k]].x}
				found.Sample, found.Values = c.name(k)
				return found
			}
		}
	}
	return nil
}
