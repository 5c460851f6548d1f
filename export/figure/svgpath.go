package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Precision of the paths of an SVG document, in points.
const (
	lineTolerance = 0.04 // how far a line may be from its points
	outlineUnit   = 0.02 // of the coordinates of filled outlines
)

// shorterPaths returns an SVG document of vgsvg with the same paths in fewer characters, which is
// most of it: steps in place of coordinates, outlines in whole numbers of a small unit, and no
// points on a straight line. What is no path of vgsvg stays as it is.
func shorterPaths(svg string) string {
	const opening, between = `<path d="`, `" style="`
	var b strings.Builder
	for {
		before, path, found := strings.Cut(svg, opening)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		svg = path
		d, rest, styled := strings.Cut(path, between)
		style, _, closed := strings.Cut(rest, `"`)
		steps, ok := readPath(d)
		switch {
		case !styled || !closed || !ok:
			b.WriteString(opening)
			continue
		case strings.Contains(style, "fill:none"):
			b.WriteString(opening + writePath(straightened(steps), 0.01, 0.01))
		default:
			fmt.Fprintf(&b, `<path transform="scale(%v)" d="%s`, outlineUnit, writePath(steps, outlineUnit, 1))
		}
		b.WriteString(between)
		svg = rest
	}
}

// pathStep is a command of a path with its points.
type pathStep struct {
	command byte // M, L, Q, C or Z
	points  []vg.Point
}

// pathPoints are the numbers of points of a path's commands.
var pathPoints = map[byte]int{'M': 1, 'L': 1, 'Q': 2, 'C': 3, 'Z': 0}

// readPath reads a path of vgsvg; false for one with other commands.
func readPath(d string) ([]pathStep, bool) {
	var steps []pathStep
	for d != "" {
		s := pathStep{command: d[0]}
		n, ok := pathPoints[s.command]
		if !ok {
			return nil, false
		}
		end := 1
		for end < len(d) && (d[end] < 'A' || d[end] > 'z') {
			end++
		}
		numbers := strings.FieldsFunc(d[1:end], func(r rune) bool { return r == ',' || r == ' ' })
		if len(numbers) != 2*n {
			return nil, false
		}
		d = d[end:]
		for k := 0; k < len(numbers); k += 2 {
			x, errX := strconv.ParseFloat(numbers[k], 64)
			y, errY := strconv.ParseFloat(numbers[k+1], 64)
			if errX != nil || errY != nil {
				return nil, false
			}
			s.points = append(s.points, vg.Point{X: vg.Length(x), Y: vg.Length(y)})
		}
		steps = append(steps, s)
	}
	return steps, true
}

// writePath writes a path as steps between coordinates that are rounded to a unit, each times
// shown/unit.
func writePath(steps []pathStep, unit, shown float64) string {
	var b strings.Builder
	var x, y, startX, startY float64
	last := byte(0)
	for i, s := range steps {
		if s.command == 'Z' {
			b.WriteByte('z')
			x, y, last = startX, startY, 'z'
			continue
		}
		command, relative := s.command+'a'-'A', true
		if i == 0 {
			command, relative = 'M', false
		}
		if command != last || command == 'm' {
			b.WriteByte(command)
		}
		first := command != last || command == 'm'
		last = command
		toX, toY := x, y
		for _, p := range s.points {
			toX, toY = math.Round(float64(p.X)/unit), math.Round(float64(p.Y)/unit)
			fromX, fromY := x, y
			if !relative {
				fromX, fromY = 0, 0
			}
			for _, v := range []float64{toX - fromX, toY - fromY} {
				text := shortDecimal(v * shown)
				if !first && text[0] != '-' {
					b.WriteByte(' ')
				}
				b.WriteString(text)
				first = false
			}
		}
		x, y = toX, toY
		if s.command == 'M' {
			startX, startY = x, y
		}
	}
	return b.String()
}

// shortDecimal returns a number with two decimals at most and no zero before the point.
func shortDecimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	switch {
	case s == "" || s == "-" || s == "-0":
		return "0"
	case strings.HasPrefix(s, "0."):
		return s[1:]
	case strings.HasPrefix(s, "-0."):
		return "-" + s[2:]
	}
	return s
}

// straightened returns a path whose lines have no points that are nearer than lineTolerance to
// the straight line between others.
func straightened(steps []pathStep) []pathStep {
	var out []pathStep
	for i := 0; i < len(steps); {
		j := i + 1
		for j < len(steps) && steps[j].command == 'L' {
			j++
		}
		if steps[i].command == 'Z' || len(steps[i].points) != 1 {
			out = append(out, steps[i:j]...)
		} else {
			out = append(out, simplified(steps[i:j])...)
		}
		i = j
	}
	return out
}

// simplified is the algorithm of Ramer (1972) and of Douglas and Peucker (1973).
func simplified(run []pathStep) []pathStep {
	n := len(run) - 1
	if n < 2 {
		return run
	}
	a, b := run[0].points[0], run[n].points[0]
	worst, most := 0, vg.Length(0)
	for k := 1; k < n; k++ {
		if d := distanceToLine(run[k].points[0], a, b); d > most {
			worst, most = k, d
		}
	}
	if most <= lineTolerance {
		return []pathStep{run[0], run[n]}
	}
	left, right := simplified(run[:worst+1]), simplified(run[worst:])
	return append(left[:len(left):len(left)], right[1:]...)
}

// distanceToLine returns how far p is from the straight line from a to b.
func distanceToLine(p, a, b vg.Point) vg.Length {
	along, off := b.Sub(a), p.Sub(a)
	square := along.Dot(along)
	if square == 0 {
		return vg.Length(math.Sqrt(float64(off.Dot(off))))
	}
	s := min(max(off.Dot(along)/square, 0), 1)
	d := off.Sub(along.Scale(s))
	return vg.Length(math.Sqrt(float64(d.Dot(d))))
}
