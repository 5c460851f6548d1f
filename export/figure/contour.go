package figure

import (
	"math"
	"slices"
)

// point is a point of the plane of a raster.
type point struct{ x, y float64 }

// told returns the raster without the islands on one side of a level that nowhere differ by
// more than err from it, where a line would show noise: they take the side of what is around them.
func (p *Raster) told(level, err float64) *Raster {
	if !(err > 0) {
		return p
	}
	const unseen, above, below = 0, 1, 2
	side, seen := make([]int, len(p.v)), make([]bool, len(p.v))
	// spread appends to the nodes list the others that it reaches.
	spread := func(list []int, reaches func(from, to int) bool) []int {
		nx := len(p.x)
		for n := 0; n < len(list); n++ {
			at := list[n]
			for _, step := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				i, j := at%nx+step[0], at/nx+step[1]
				if i >= 0 && i < nx && j >= 0 && j < len(p.y) && reaches(at, j*nx+i) {
					list = append(list, j*nx+i)
				}
			}
		}
		return list
	}
	var told []int
	for k := range p.v {
		if seen[k] {
			continue
		}
		seen[k] = true
		island := spread([]int{k}, func(from, to int) bool {
			joined := !seen[to] && (p.v[from] < level) == (p.v[to] < level)
			seen[to] = seen[to] || joined
			return joined
		})
		if slices.ContainsFunc(island, func(at int) bool { return math.Abs(p.v[at]-level) > err }) {
			for _, at := range island {
				if side[at] = above; p.v[at] < level {
					side[at] = below
				}
			}
			told = append(told, island...)
		}
	}
	if len(told) == len(p.v) {
		return p
	}
	spread(told, func(from, to int) bool {
		if side[to] != unseen {
			return false
		}
		side[to] = side[from]
		return true
	})
	out := *p
	out.v = append([]float64(nil), p.v...)
	for at, v := range p.v {
		switch off := math.Abs(v - level); {
		case side[at] == below && v >= level:
			out.v[at] = math.Nextafter(level-off, math.Inf(-1))
		case side[at] != below && v < level:
			out.v[at] = level + off
		}
	}
	return &out
}

// contour returns the lines on which the raster has the given level, inside its
// circle, by marching squares: each cell gives up to two segments, which are
// joined where they meet. The order of the lines is fixed.
func (p *Raster) contour(level float64) [][]point {
	nx := len(p.x)
	var segments [][2]point
	for j := range len(p.y) - 1 {
		for i := range nx - 1 {
			corner := [4]point{{p.x[i], p.y[j]}, {p.x[i+1], p.y[j]}, {p.x[i+1], p.y[j+1]}, {p.x[i], p.y[j+1]}}
			value := [4]float64{p.v[j*nx+i], p.v[j*nx+i+1], p.v[(j+1)*nx+i+1], p.v[(j+1)*nx+i]}
			var cut []point
			for k := range 4 {
				a, b := value[k]-level, value[(k+1)%4]-level
				if (a < 0) == (b < 0) {
					continue
				}
				cut = append(cut, crossing(corner[k], corner[(k+1)%4], a, b))
			}
			switch len(cut) {
			case 2:
				segments = append(segments, [2]point{cut[0], cut[1]})
			case 4: // a saddle: the middle decides which corners belong together
				mid := (value[0]+value[1]+value[2]+value[3])/4 - level
				if (mid < 0) == (value[0]-level < 0) {
					segments = append(segments, [2]point{cut[0], cut[1]}, [2]point{cut[2], cut[3]})
				} else {
					segments = append(segments, [2]point{cut[0], cut[3]}, [2]point{cut[1], cut[2]})
				}
			}
		}
	}
	var lines [][]point
	for _, l := range join(segments) {
		lines = append(lines, p.clip(l)...)
	}
	return lines
}

// crossing returns the point between p and q where the linear function with the
// values a at p and b at q is zero. It does not depend on the order of the ends,
// so that neighbouring cells agree to the bit.
func crossing(p, q point, a, b float64) point {
	if q.x < p.x || q.y < p.y {
		p, q, a, b = q, p, b, a
	}
	t := a / (a - b)
	return point{p.x + t*(q.x-p.x), p.y + t*(q.y-p.y)}
}

// join strings segments together at their common ends.
func join(segments [][2]point) [][]point {
	at := map[point][]int{} // segments by end
	for k, s := range segments {
		at[s[0]] = append(at[s[0]], k)
		at[s[1]] = append(at[s[1]], k)
	}
	used := make([]bool, len(segments))
	follow := func(end point) []point {
		var line []point
		for {
			next := -1
			for _, k := range at[end] {
				if !used[k] {
					next = k
					break
				}
			}
			if next < 0 {
				return line
			}
			used[next] = true
			if segments[next][0] == end {
				end = segments[next][1]
			} else {
				end = segments[next][0]
			}
			line = append(line, end)
		}
	}
	var lines [][]point
	for k, s := range segments {
		if used[k] {
			continue
		}
		used[k] = true
		forward := append([]point{s[0], s[1]}, follow(s[1])...)
		back := follow(s[0])
		line := make([]point, 0, len(back)+len(forward))
		for i := len(back) - 1; i >= 0; i-- {
			line = append(line, back[i])
		}
		lines = append(lines, append(line, forward...))
	}
	return lines
}

// clip returns the parts of a line that lie inside the circle.
func (p *Raster) clip(line []point) [][]point {
	var (
		out  [][]point
		part []point
	)
	flush := func() {
		if len(part) > 1 {
			out = append(out, part)
		}
		part = nil
	}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		// |a + t (b - a) - center|^2 = r^2
		dx, dy, fx, fy := b.x-a.x, b.y-a.y, a.x-p.cx, a.y-p.cy
		qa, qb, qc := dx*dx+dy*dy, fx*dx+fy*dy, fx*fx+fy*fy-p.R*p.R
		disc := qb*qb - qa*qc
		if qa == 0 {
			continue
		}
		if disc <= 0 {
			flush()
			continue
		}
		root := math.Sqrt(disc)
		t0, t1 := max((-qb-root)/qa, 0), min((-qb+root)/qa, 1)
		if t0 >= t1 {
			flush()
			continue
		}
		if t0 > 0 || len(part) == 0 {
			flush()
			part = []point{{a.x + t0*dx, a.y + t0*dy}}
		}
		part = append(part, point{a.x + t1*dx, a.y + t1*dy})
		if t1 < 1 {
			flush()
		}
	}
	flush()
	return out
}
