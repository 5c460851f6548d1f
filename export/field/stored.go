package field

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"kolmo/export/nc"
	"kolmo/export/table"
	"kolmo/grid"
	"kolmo/internal/h5"
)

// Stored is an open results file, complete or .part, to be described and
// drawn. It belongs to one goroutine at a time.
type Stored struct {
	path string
	data *nc.Reader
	grid *grid.Grid
	// width is the number of nodes per axis of an interpolation between the grid's
	// nodes; 0 means all of them.
	width int
	ball  grid.Ball // R is 0 where the file does not say
}

// Error says what is wrong with a results file, or with what was asked of
// it. Files that cannot be read at all give errors that wrap a syscall.Errno.
type Error struct{ Path, Msg string }

func (e *Error) Error() string { return e.Path + " " + e.Msg }

// fail returns an Error.
func (f *Stored) fail(format string, args ...any) error {
	return &Error{f.path, fmt.Sprintf(format, args...)}
}

// localWidth is the number of nodes that an interpolation uses on axes that are
// not Chebyshev's.
const localWidth = 8

// Open opens the results file path; the caller must Close it. What is no
// HDF5 file, is cut off, or has another layout, gives an *Error; what the
// system refuses to read, an error that wraps a syscall.Errno.
func Open(path string) (*Stored, error) {
	data, err := nc.Open(path)
	if err != nil {
		return nil, readError(path, err)
	}
	f := &Stored{path: path, data: data}
	if err := f.describe(); err != nil {
		data.Close() // opened for reading, nothing to lose
		return nil, err
	}
	return f, nil
}

// Close closes the file. A second Close does nothing.
func (f *Stored) Close() error { return f.data.Close() }

// describe checks what the file says of itself.
func (f *Stored) describe() error {
	if len(f.data.Fields) == 0 {
		return f.fail("has no fields, so it is no results file of kolmo")
	}
	if err := f.setGrid(); err != nil {
		return f.fail("has axes that are no grid (%v)", err)
	}
	return f.setBall()
}

// readError says in one sentence why a results file could not be read.
func readError(path string, err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		if errors.Is(err, syscall.EAGAIN) {
			return fmt.Errorf("%s is being written; HDF5_USE_FILE_LOCKING=FALSE looks into it all the same: %w", path, errno)
		}
		return &os.PathError{Op: "read", Path: path, Err: errno}
	}
	if crash, ok := errors.AsType[*h5.CrashError](err); ok {
		return fmt.Errorf("%s %s", path, crash.Text)
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "not a regular file"):
		return &Error{path, "is not a regular file"}
	case strings.Contains(text, "signature not found"):
		return &Error{path, "is not an HDF5 file"}
	case strings.Contains(text, "truncated file"):
		return &Error{path, "is cut off: HDF5 expects more bytes than it has"}
	}
	_, why, _ := strings.Cut(text, path) // "nc: read PATH (x1): why", "h5: open PATH: why"
	why = strings.TrimSuffix(strings.TrimLeft(why, ": "), ", so this is no results file of kolmo")
	return &Error{path, "is no results file of kolmo: " + why}
}

// setGrid makes the grid of the file's axes.
func (f *Stored) setGrid() error {
	axes := make([]*grid.Axis, len(f.data.Axes))
	for k, a := range f.data.Axes {
		axis, err := fileAxis(a)
		if err != nil {
			return err
		}
		axes[k] = axis
		if axis.Kind() != grid.KindChebyshev {
			f.width = localWidth
		}
	}
	var err error
	f.grid, err = grid.New(axes...)
	return err
}

// fileAxis returns the axis whose nodes the file has: a Chebyshev or a uniform one
// where they are those of such an axis to rounding.
func fileAxis(a nc.Axis) (*grid.Axis, error) {
	given, err := grid.Given(a.Name, a.Nodes)
	if err != nil {
		return nil, err
	}
	const rounding = 1e-13 // of the axis' length
	for _, like := range []func(string, int, float64, float64) (*grid.Axis, error){grid.Uniform, grid.Chebyshev} {
		axis, err := like(a.Name, given.Len(), given.Lo(), given.Hi())
		if err != nil {
			continue // too few nodes for this kind
		}
		same := true
		for i, x := range a.Nodes {
			same = same && math.Abs(x-axis.Node(i)) <= rounding*(given.Hi()-given.Lo())
		}
		if same {
			return axis, nil
		}
	}
	return given, nil
}

// setBall reads the attributes R and center.
func (f *Stored) setBall() error {
	r, ok := f.data.Attr("R").(float64)
	if !ok {
		return nil
	}
	if !(r > 0) || math.IsInf(r, 0) {
		return f.fail("has the attribute R = %v, want a positive number", r)
	}
	center := make([]float64, f.grid.Dim())
	if text, ok := f.data.Attr("center").(string); ok {
		words := strings.Fields(text)
		if len(words) != len(center) {
			return f.fail("has the attribute center = %q, want %d numbers", text, len(center))
		}
		for k, w := range words {
			c, err := strconv.ParseFloat(w, 64)
			if err != nil || math.IsNaN(c) || math.IsInf(c, 0) {
				return f.fail("has the attribute center = %q, want %d numbers", text, len(center))
			}
			center[k] = c
		}
	}
	f.ball = grid.Ball{Center: center, R: r}
	return nil
}

// text returns a text attribute, "" if there is none.
func (f *Stored) text(name string) string {
	s, _ := f.data.Attr(name).(string)
	return s
}

// number returns a float attribute, NaN if there is none.
func (f *Stored) number(name string) float64 {
	if v, ok := f.data.Attr(name).(float64); ok {
		return v
	}
	return math.NaN()
}

// Fields returns the names of the stored fields, sorted.
func (f *Stored) Fields() []string {
	var names []string
	for _, v := range f.data.Fields {
		names = append(names, v.Name)
	}
	return names
}

// derivativeName turns d(1,0)u, as study files have it, into the stored name.
var derivativeName = strings.NewReplacer("(", "_", ",", "_", ")", "_", " ", "")

// field returns the stored Field with the given name.
func (f *Stored) field(name string) (nc.Variable, error) {
	for _, n := range []string{name, derivativeName.Replace(name)} {
		if v, ok := f.data.Field(n); ok {
			return v, nil
		}
	}
	return nc.Variable{}, f.fail("has no field %q; it has %s", name, strings.Join(f.Fields(), ", "))
}

// values returns a field at a step, x1 fastest.
func (f *Stored) values(field string, step int) ([]float64, error) {
	values, err := f.data.Step(field, step)
	if err != nil {
		return nil, readError(f.path, err)
	}
	return values, nil
}

// series returns the series of the given name, nil if there is none.
func (f *Stored) series(name string) ([]float64, error) {
	for _, v := range f.data.Series {
		if v.Name != name {
			continue
		}
		values, err := f.data.Values(name)
		if err != nil {
			return nil, readError(f.path, err)
		}
		return values, nil
	}
	return nil, nil
}

// stateOf returns the study's names of its coordinates and their values at a point of the axes, where the file has
// them beside the axes; else those of the axes.
func stateOf(f *Stored, q []float64) (names []string, z []float64) {
	if len(f.data.Coordinates) != f.grid.Dim() {
		return f.axisNames(), slices.Clone(q)
	}
	in := grid.NewInterpolator(f.grid, f.width)
	in.Locate(q)
	list := slices.Clone(f.data.Coordinates)
	order := strings.Fields(f.text("state"))
	place := func(c nc.Coordinate) int { return slices.Index(order, strings.TrimPrefix(c.LongName, stateWord)) }
	slices.SortStableFunc(list, func(a, b nc.Coordinate) int { return place(a) - place(b) })
	for _, c := range list {
		names = append(names, table.Clean(strings.TrimPrefix(c.LongName, stateWord)))
		z = append(z, in.Value(c.Values))
	}
	return names, z
}

// Has reports that the file holds a field.
func (f *Stored) Has(name string) bool {
	_, err := f.field(name)
	return err == nil
}

// Steps returns the number of stored times.
func (f *Stored) Steps() int { return len(f.data.T) }

// Around returns centre and radius of the ball, which is 0 where the file does not say.
func (f *Stored) Around() (center []float64, r float64) { return f.ball.Center, f.ball.R }

// On returns a function that interpolates a field of a step at the points of lines, one for each axis.
func (f *Stored) On(lines [][]float64) func(name string, step int) ([]float64, error) {
	move := grid.NewTransfer(f.grid, lines, f.width)
	return func(name string, step int) ([]float64, error) {
		values, err := f.values(name, step)
		if err != nil {
			return nil, err
		}
		on := make([]float64, move.Len())
		move.ApplyTo(on, values)
		return on, nil
	}
}
