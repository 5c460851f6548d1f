package crossing

// Node is a value with its derivative in t.
type Node struct{ T, U, Rate float64 }

// Between reports that a level is reached on the way from a to b: it is on the other side of a
// than before or met, and a is not on it.
func Between(a, b, level float64) bool {
	return a < level && b >= level || a > level && b <= level
}

// Linear returns the share of the way from a to b at which the line between them meets a level,
// which must lie between them.
func Linear(a, b, level float64) float64 { return (level - a) / (b - a) }

// halvings is the number of bisections, enough for the last bit.
const halvings = 60

// Cubic returns the time at which the cubic through two nodes, with their derivatives, meets a
// level that lies between their values, and its slope there. Where it does so several times it
// returns one of these.
func Cubic(a, b Node, level float64) (t, slope float64) {
	h := b.T - a.T
	lo, hi := 0.0, 1.0
	for range halvings {
		mid := (lo + hi) / 2
		if u, _ := hermite(a, b, h, mid); Between(a.U, u, level) {
			hi = mid
		} else {
			lo = mid
		}
	}
	_, slope = hermite(a, b, h, hi)
	return a.T + h*hi, slope
}

// hermite returns the cubic and its derivative in t at the share s of the way.
func hermite(a, b Node, h, s float64) (u, rate float64) {
	s2, s3 := s*s, s*s*s
	u = (2*s3-3*s2+1)*a.U + (s3-2*s2+s)*h*a.Rate + (3*s2-2*s3)*b.U + (s3-s2)*h*b.Rate
	rate = (6*s2-6*s)*(a.U-b.U)/h + (3*s2-4*s+1)*a.Rate + (3*s2-2*s)*b.Rate
	return u, rate
}
