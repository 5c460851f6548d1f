package derived

import (
	"math"

	"kolmo/process"
)

// clock returns the bend of coordinate k, a clock; 0 where it is none or is not bent.
func (c *Chart) clock(k int) (i *process.Interval, bend float64) {
	if i = c.ranges[k]; i.Clock != nil {
		bend = i.Clock.Bend
	}
	return i, bend
}

// bent returns coordinate k of q, which has a range, where z has v.
func (c *Chart) bent(k int, v float64) float64 {
	i, a := c.clock(k)
	if a == 0 || v == i.High {
		return v
	}
	return i.Low + (i.High-i.Low)*math.Log1p(a*(v-i.Low)/(i.High-i.Low))/math.Log1p(a)
}

// unbent is its inverse.
func (c *Chart) unbent(k int, v float64) float64 {
	i, a := c.clock(k)
	if a == 0 || v == i.High {
		return v
	}
	return i.Low + (i.High-i.Low)*math.Expm1(math.Log1p(a)*(v-i.Low)/(i.High-i.Low))/a
}

// slopes returns the first two derivatives of bent.
func (c *Chart) slopes(k int, v float64) (first, second float64) {
	i, a := c.clock(k)
	if a == 0 {
		return 1, 0
	}
	rest := 1 + a*(v-i.Low)/(i.High-i.Low)
	first = a / rest / math.Log1p(a)
	return first, -first * a / rest / (i.High - i.Low)
}

// intervals returns the ranges in q.
func (c *Chart) intervals() []*process.Interval {
	var list []*process.Interval
	for k, i := range c.ranges {
		if i != nil {
			q := *i
			q.StartLow, q.StartHigh = c.bent(k, i.StartLow), c.bent(k, i.StartHigh)
			i = &q
		}
		list = append(list, i)
	}
	return list
}
