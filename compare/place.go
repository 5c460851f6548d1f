package compare

import "kolmo/process"

// toUser returns a point of the dynamics' coordinates as users know it.
func (p *Problem) toUser(q []float64) []Number {
	z := q
	if c, ok := p.Dynamics.(process.Charted); ok {
		z = make([]float64, len(q))
		c.ToUser(z, q)
	}
	x := make([]Number, 0, len(z))
	for _, v := range z {
		x = append(x, Number(v))
	}
	return x
}

// fromUser is the inverse of toUser.
func (p *Problem) fromUser(x []Number) []float64 {
	z := make([]float64, len(x))
	for k, v := range x {
		z[k] = float64(v)
	}
	if c, ok := p.Dynamics.(process.Charted); ok {
		q := make([]float64, len(z))
		c.FromUser(q, z)
		return q
	}
	return z
}

// reach is the half-width of the box of S: that of the ball which the chain keeps.
func (p *Problem) reach() float64 {
	if t, ok := p.Dynamics.(process.Tapered); ok {
		return max(p.Ball.R, t.Reach())
	}
	return p.Ball.R
}
