package field

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"

	"kolmo/export/nc"
	"kolmo/grid"
	"kolmo/internal/h5"
)

// Stored is an open results file, complete or .part, to be described and
// drawn. It belongs to one goroutine at a time.
type Stored struct {
	path string
	data *nc.Reader
	*Lattice
}

// Error says what is wrong with a results file, or with what was asked of
// it. Files that cannot be read at all give errors that wrap a syscall.Errno.
type Error struct{ Path, Msg string }

func (e *Error) Error() string { return e.Path + " " + e.Msg }

// fail returns an Error.
func (f *Stored) fail(format string, args ...any) error {
	return &Error{f.path, fmt.Sprintf(format, args...)}
}

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
	region, err := f.regionOf()
	if err != nil {
		return err
	}
	var lines [][]float64
	for _, a := range f.data.Axes {
		lines = append(lines, a.Nodes)
	}
	if f.Lattice, err = NewLattice(lines, region); err != nil {
		return f.fail("has axes that are no grid (%v)", err)
	}
	return nil
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

// regionOf reads the attributes R, center and metric; nil where there is no R.
func (f *Stored) regionOf() (*grid.Ellipsoid, error) {
	r, ok := f.data.Attr("R").(float64)
	if !ok {
		return nil, nil
	}
	if !(r > 0) || math.IsInf(r, 0) {
		return nil, f.fail("has the attribute R = %v, want a positive number", r)
	}
	d := len(f.data.Axes)
	center, err := f.numbers("center", d)
	if err != nil {
		return nil, err
	}
	if center == nil {
		center = make([]float64, d)
	}
	metric, err := f.numbers("metric", d*d)
	if err != nil {
		return nil, err
	}
	region, err := grid.NewEllipsoid(center, r, metric)
	if err != nil {
		return nil, f.fail("has the attribute metric = %q, want a symmetric and positive definite matrix", f.text("metric"))
	}
	return region, nil
}

// numbers reads an attribute of n numbers; nil where there is none.
func (f *Stored) numbers(name string, n int) ([]float64, error) {
	text, ok := f.data.Attr(name).(string)
	if !ok {
		return nil, nil
	}
	words, out := strings.Fields(text), make([]float64, n)
	bad := f.fail("has the attribute %s = %q, want %d numbers", name, text, n)
	if len(words) != n {
		return nil, bad
	}
	for k, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, bad
		}
		out[k] = v
	}
	return out, nil
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

// values returns a field at a step, x1 fastest. Nodes outside the region without a value have one that is extrapolated.
func (f *Stored) values(field string, step int) ([]float64, error) {
	values, err := f.data.Step(field, step)
	if err != nil {
		return nil, readError(f.path, err)
	}
	f.fill(values)
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

// Has reports that the file holds a field.
func (f *Stored) Has(name string) bool {
	_, err := f.field(name)
	return err == nil
}

// Steps returns the number of stored times.
func (f *Stored) Steps() int { return len(f.data.T) }

// Around returns the region, nil where the file does not say.
func (f *Stored) Around() *grid.Ellipsoid { return f.region }

// On returns a function that interpolates a field of a step at the points of lines, one for each axis. At points
// outside the region values may be extrapolated.
func (f *Stored) On(lines [][]float64) func(name string, step int) ([]float64, error) {
	at := f.over(lines, nil)
	return func(name string, step int) ([]float64, error) {
		values, err := f.values(name, step)
		if err != nil {
			return nil, err
		}
		return at(values), nil
	}
}
