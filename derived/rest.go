package derived

// restSteps is the number of Newton's steps to a point of rest, and restLeft the last one's
// length over that of the region.
const (
	restSteps = 50
	restLeft  = 1e-10
)

// rest moves z to where m12 is zero, by Newton's method in the coordinates that are not held, and
// returns the moments there, of these alone. It is false where a step leads to what is not
// inside; R is a length of that.
func rest(alg Algorithm, z []float64, held []bool, R float64, inside func(z []float64) bool) (m Moments, ok bool) {
	moments := alg.NewMoments()
	at := func() Moments {
		var all Moments
		moments(&all, z)
		return all.round(held)
	}
	d := 0
	for k := range z {
		if !held[k] {
			d++
		}
	}
	for range restSteps {
		if m = at(); !finiteMoments(&m) {
			return m, false
		}
		a := make([][]float64, d)
		for k := range a {
			a[k] = append(append([]float64(nil), m.D12[k][:d]...), -m.M12[k])
		}
		move, solved := eliminate(a)
		if !solved {
			return m, false
		}
		size := 0.0
		for k := range z {
			if held[k] {
				continue
			}
			z[k] += move[0]
			size += move[0] * move[0]
			move = move[1:]
		}
		if !inside(z) {
			return m, false
		}
		if size <= restLeft*restLeft*R*R {
			return at(), true
		}
	}
	return m, false
}

// restFrom is rest from the center of |z - center| <= R in the coordinates of the ball:
// coordinates with a range are held at the middle of where they start.
func restFrom(alg Algorithm, center []float64, R float64) (m Moments, ok bool) {
	z, held := starts(alg, center)
	begin := append([]float64(nil), z...)
	return rest(alg, z, held, R, func(z []float64) bool {
		far := 0.0
		for k := range z {
			far += (z[k] - begin[k]) * (z[k] - begin[k])
		}
		return far <= R*R
	})
}

// Where restNearest begins beside the center: shells, and points on each.
const (
	restShells  = 3
	restDensity = 2
)

// restNearest returns the point of rest in the region of a chart that is nearest to its center, of
// those to which Newton's method leads from it and from points around it, and the moments there.
// Coordinates with a range are held where the center has them.
func restNearest(alg Algorithm, c *Chart) (z []float64, m Moments, ok bool) {
	ball, held := c.held(), make([]bool, c.d)
	for k := range held {
		held[k] = c.ranged(k)
	}
	begin := [][]float64{ball.Center}
	for i := range restShells {
		begin = append(begin, ball.With(ball.R*float64(i+1)/restShells).Sphere(restDensity)...)
	}
	inside := func(z []float64) bool { return c.norm(z) <= c.r }
	for _, q := range begin {
		at := make([]float64, c.d)
		c.toState(at, q)
		there, found := rest(alg, at, held, c.r, inside)
		// Nearer by more than rounding: which of the same is found first does not count.
		if found && (!ok || c.norm(at) < c.norm(z)-restLeft*c.r) {
			z, m, ok = at, there, true
		}
	}
	return z, m, ok
}

func finiteMoments(m *Moments) bool {
	sum := 0.0
	for k := range m.M12 {
		sum += m.M12[k] * 0
		for l := range m.M12 {
			sum += m.D12[k][l] * 0
		}
	}
	return sum == 0
}
