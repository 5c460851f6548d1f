package nc

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"kolmo/internal/h5"
)

// Axis is one axis of the grid.
type Axis struct {
	Name     string    // "x1", "x2", "x3", in this order
	Nodes    []float64 // finite and increasing; the spacing is free
	LongName string    // what the axis is, such as the parameter's name; may be empty
}

// Coordinate is a function of the place that readers may use beside the axes, where these are no coordinates of
// theirs: an auxiliary coordinate of CF. Its name is as a Variable's, without blanks.
type Coordinate struct {
	Name     string
	LongName string    // may be empty
	Values   []float64 // at the nodes, x1 fastest
}

// Variable names a field or a series.
//
// A name begins with a letter, a digit or an underscore and has no slash,
// control character or trailing space, which netCDF forbids: "d(1,0)u" is one.
type Variable struct {
	Name     string
	LongName string // may be empty
	Attrs    []Attr // what else is said about it; sorted by name where a file was read
}

// longName is the attribute that holds a LongName.
const longName = "long_name"

// reservedAttrs are the attributes of a variable that its Attrs cannot hold.
var reservedAttrs = []string{longName, "coordinates", "CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"}

// Attr is a named scalar: a string (UTF-8, at most 64000 bytes), a float64 or
// an int64.
type Attr = h5.Attr

// conventions is the value of the root attribute Conventions.
const conventions = "CF-1.8"

// maxAxes is the largest dimension d of a grid.
const maxAxes = 3

// seriesChunk is the number of steps that one block of t, n or a series holds.
const seriesChunk = 256

// maxChunkBytes is where HDF5 ends: a chunk must be smaller than 4 GiB.
const maxChunkBytes = 1<<32 - 1

// axisName returns the name of axis k, counted from 0.
func axisName(k int) string { return fmt.Sprintf("x%d", k+1) }

// gridLen returns the number of nodes of the grid, prod N_k.
func gridLen(axes []Axis) int {
	n := 1
	for _, a := range axes {
		n *= len(a.Nodes)
	}
	return n
}

// gridShape returns N_d, .., N_1, the extents of a field in the file's order.
func gridShape(axes []Axis) []int {
	shape := make([]int, len(axes))
	for k, a := range axes {
		shape[len(axes)-1-k] = len(a.Nodes)
	}
	return shape
}

// fieldLayout returns the layout of a field: one chunk per step, each with its place.
// A step too large for a chunk is cut along the slowest axes.
func fieldLayout(axes []Axis, steps int) h5.Layout {
	grid := gridShape(axes)
	chunk := append([]int{1}, grid...)
	bytes := 8 * gridLen(axes)
	for i := 1; bytes > maxChunkBytes; {
		if chunk[i] == 1 {
			i++
			continue
		}
		bytes /= chunk[i]
		chunk[i] = (chunk[i] + 1) / 2
		bytes *= chunk[i]
	}
	return h5.Layout{Shape: append([]int{steps}, grid...), Chunk: chunk, FillNaN: true, Reserve: true}
}

// countLayout returns the layout of n.
func countLayout(steps int) h5.Layout {
	return h5.Layout{Shape: []int{steps}, Chunk: []int{seriesChunk}, Reserve: true}
}

// seriesLayout returns the layout of t and the series. Where a kill left t shorter than a
// field, readers of netCDF see the fill value.
func seriesLayout(steps int) h5.Layout {
	l := countLayout(steps)
	l.FillNaN = true
	return l
}

// checkAxes returns an error unless the axes are as Axis says.
func checkAxes(axes []Axis) error {
	if len(axes) < 1 || len(axes) > maxAxes {
		return fmt.Errorf("%d axes, want 1 to %d", len(axes), maxAxes)
	}
	total := 8
	for k, a := range axes {
		if a.Name != axisName(k) {
			return fmt.Errorf("axis %d is named %q, want %q", k+1, a.Name, axisName(k))
		}
		if len(a.Nodes) == 0 {
			return fmt.Errorf("axis %s has no nodes", a.Name)
		}
		if len(a.Nodes) > math.MaxInt/total {
			return fmt.Errorf("the grid is too large")
		}
		total *= len(a.Nodes)
		for i, x := range a.Nodes {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return fmt.Errorf("axis %s: node %d is %v", a.Name, i, x)
			}
			if i > 0 && x <= a.Nodes[i-1] {
				return fmt.Errorf("axis %s: node %d, %v, does not exceed node %d, %v", a.Name, i, x, i-1, a.Nodes[i-1])
			}
		}
	}
	return nil
}

// checkCoordinates returns an error unless they are as Coordinate says, but for their names' being taken.
func checkCoordinates(axes []Axis, list []Coordinate) error {
	for _, c := range list {
		if strings.ContainsFunc(c.Name, unicode.IsSpace) {
			return fmt.Errorf("%q is no name for a coordinate", c.Name)
		}
		if len(c.Values) != gridLen(axes) {
			return fmt.Errorf("coordinate %s: %d values at %d nodes", c.Name, len(c.Values), gridLen(axes))
		}
	}
	return nil
}

// variables returns what names coordinates.
func variables(list []Coordinate) []Variable {
	var out []Variable
	for _, c := range list {
		out = append(out, Variable{Name: c.Name})
	}
	return out
}

// checkNames returns an error unless the variables' names are legal and differ
// from one another and from the coordinates'.
func checkNames(axes []Axis, variables ...[]Variable) error {
	taken := map[string]bool{"t": true, "n": true}
	for _, a := range axes {
		taken[a.Name] = true
	}
	for _, list := range variables {
		for _, v := range list {
			if !legalName(v.Name) {
				return fmt.Errorf("%q is no name for a variable", v.Name)
			}
			if taken[v.Name] {
				return fmt.Errorf("the name %q is taken", v.Name)
			}
			taken[v.Name] = true
		}
	}
	return nil
}

// legalName reports whether netCDF and HDF5 take s as a variable's name.
func legalName(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return utf8.ValidString(s) && len(s) <= 256 && !strings.HasSuffix(s, " ") &&
		(first == '_' || unicode.IsLetter(first) || unicode.IsDigit(first)) &&
		strings.IndexFunc(s, func(r rune) bool { return r == '/' || unicode.IsControl(r) }) < 0
}
