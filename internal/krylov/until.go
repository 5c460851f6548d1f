package krylov

import "math"

// Until extends the basis until ratio, that of a bound to its tolerance, is at most 1, and to
// no more than the given number of vectors. It returns whether that was met; where it was
// not, as with kinks, take steps instead. ratio is asked at few numbers of vectors, chosen
// by how fast it falls, and once the space is invariant. The error is that of Extend.
func (b *Basis) Until(most int, ratio func() float64) (met bool, err error) {
	var seen []look
	add := min(max(firstLook-b.m, 1), most-b.m)
	for {
		if add > 0 {
			if _, err := b.Extend(add); err != nil {
				return false, err
			}
		}
		r := ratio()
		if r <= 1 {
			return true, nil
		}
		if b.Closed() || b.m >= most {
			return false, nil
		}
		seen = append(seen, look{float64(b.m), math.Log(r)})
		add = min(more(seen), most-b.m)
	}
}

// look is a number of vectors and the logarithm of the ratio there.
type look struct{ m, log float64 }

// firstLook is the number of vectors at which Until first asks.
const firstLook = 8

// more returns how many vectors to add after the looks so far: to where the parabola through
// the last three crosses zero, since the logarithm falls ever faster (Hochbruck and Lubich
// 1997, theorem 2: like m^2), or some of what the secant of two asks for. Before it falls it
// says nothing, and half as many again are added, which is also the most.
func more(seen []look) int {
	n := len(seen)
	last := seen[n-1]
	least, most := max(1, last.m/32), max(4, last.m/2)
	want := most
	if n > 1 && seen[n-2].log > last.log && !math.IsInf(seen[n-2].log, 1) {
		slope := (seen[n-2].log - last.log) / (last.m - seen[n-2].m)
		want = secantShare * last.log / slope
		if n > 2 && !math.IsInf(seen[n-3].log, 1) {
			before := (seen[n-3].log - seen[n-2].log) / (seen[n-2].m - seen[n-3].m)
			bend := (slope - before) / (last.m - seen[n-3].m)
			if bend > 0 {
				slope += bend * (last.m - seen[n-2].m)
				want = 2 * last.log / (slope + math.Sqrt(slope*slope+4*bend*last.log))
			}
		}
	}
	// A look costs as much as several vectors.
	want += overshoot*want + 1
	if !(want <= most) {
		want = most
	}
	return int(math.Ceil(max(want, least)))
}

const (
	// secantShare is the share of the secant's vectors that are believed.
	secantShare = 0.8
	// overshoot is the share of vectors that are added beside them.
	overshoot = 0.15
)
