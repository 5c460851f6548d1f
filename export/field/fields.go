// Package field writes the fields of a result and the operator S as files, and reads and draws
// those of fields.
package field

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/export/nc"
	"kolmo/grid"
)

// Dir is the folder, inside a study's output, that WriteSet fills.
const Dir = "fields"

// Meta is what a field file says about its study beyond the result. Empty
// texts are left out of the file.
type Meta struct {
	Study, Title string // name and title of the study
	Kolmo        string // the version
	Algorithm    string // its title; empty: the name of the chain
	Origin
	Parameters []string // the names of x1, x2, ..
	OfState
	Center      []float64
	R, R2       float64
	Seed        uint64
	Scheme      string // the method asked for, in words
	Compression int    // 0 for none or the level of deflate
}

// OfState is what the grid's coordinates q have to do with the study's z, where they are others; else it is empty, but
// for Axes where coordinates without an axis have one of several values.
type OfState struct {
	Axes  string          // what q are
	Ball  string          // the ball in words
	Own   []string        // the names of z
	Users *grid.Ellipsoid // the ball in z
	// FromState stores q of z.
	FromState func(q, z []float64)
}

// Origin is what a study was read from.
type Origin struct {
	StudyText   string // the study file, so that the file can be made again
	DataFile    string // as the study file names it; empty: it has none
	DataSHA256  string // its digest
	StudySHA256 string // that of the study file
}

// Files returns the names, in a study's output folder and with slashes, of the file of
// the field set that belongs to a row and of its sidecar.
func Files(observable, model, etaText string) []string {
	name := Dir + "/" + compare.Key{Observable: observable, Model: model, EtaText: etaText}.File()
	return []string{name, strings.TrimSuffix(name, ".nc") + ".xmf2"}
}

// WriteSet writes a field set to dir/fields/f.File(), with its sidecar;
// doc/results-file.md describes the file. dir must exist. row is the gap that the fields belong to, or
// nil. fields lists what is stored: u, U, gap = U - u, and those derivatives that f
// has, as studies name them; if it is empty nothing is written. The file is whole or
// absent, but that a killed process leaves a .part.
func WriteSet(dir string, f *compare.FieldSet, row *compare.GapRow, fields []string, meta Meta) error {
	if len(fields) == 0 {
		return nil
	}
	meta.Algorithm = cmp.Or(meta.Algorithm, f.Chain)
	dir = filepath.Join(dir, Dir)
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("export: %w", err)
	}
	if err := writeFieldSet(filepath.Join(dir, f.File()), f, row, fields, meta); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func writeFieldSet(path string, f *compare.FieldSet, row *compare.GapRow, fields []string, meta Meta) error {
	lines, carried := carrier(f.Grid, meta)
	spec := &nc.Spec{
		Series:      []nc.Variable{{Name: "sup_gap", LongName: "sup over the ball of |U - u|", Attrs: valueAttrs("gap", row)}},
		Attrs:       fieldAttrs(f, row, meta, lines),
		Step:        "step of " + meta.Algorithm,
		Steps:       len(f.N),
		Compression: meta.Compression,
	}
	names := meta.Parameters
	if meta.Users != nil {
		names = meta.Own
	}
	for k, line := range lines {
		a := nc.Axis{Name: fmt.Sprintf("x%d", k+1), Nodes: line}
		if k < len(names) {
			a.LongName = AxisTitle(names[k], meta.Users != nil)
		}
		spec.Axes = append(spec.Axes, a)
	}
	var sources []fieldSource
	for _, name := range fields {
		s, err := newFieldSource(name, f, row, meta.Algorithm)
		if err != nil {
			return err
		}
		sources = append(sources, s)
		spec.Fields = append(spec.Fields, s.variable)
	}
	w, err := nc.Create(path, spec)
	if err != nil {
		return err
	}
	defer w.Abort()
	values := make([][]float64, len(sources))
	for i, n := range f.N {
		for k, s := range sources {
			values[k] = carried(s.at(i))
		}
		if err := w.Append(float64(n)*f.Eta*cmp.Or(f.Pace, 1), int64(n), values, f.Sup[i:i+1]); err != nil {
			return err
		}
	}
	return w.Close()
}

// leastNodes are those of evenly spaced axes, by dimension: the edge of the ball is seen in them.
var leastNodes = [grid.MaxDim]int{201, 81, 25}

// carrier returns the axes of a file and what takes a field of a grid to them. They are the grid's, or where the
// study's coordinates are others these, evenly spaced in the box around the ball as closely as a Chebyshev grid of as
// many nodes is in its middle, or leastNodes; then values are by interpolation, and NaN outside the ball.
func carrier(g *grid.Grid, meta Meta) (lines [][]float64, carried func(values []float64) []float64) {
	most := 0
	for k := range g.Dim() {
		lines = append(lines, g.Axis(k).Nodes())
		most = max(most, g.Axis(k).Len())
	}
	if meta.Users == nil {
		return lines, func(values []float64) []float64 { return values }
	}
	lines = meta.Users.Box(max(int(math.Pi/4*float64(most))*2+1, leastNodes[len(lines)-1]))
	width := 0
	if g.Axis(0).Kind() != grid.KindChebyshev {
		width = localWidth
	}
	in := grid.NewInterpolator(g, width)
	z, q := make([]float64, len(lines)), make([]float64, len(lines))
	total := 1
	for _, line := range lines {
		total *= len(line)
	}
	return lines, func(values []float64) []float64 {
		out := make([]float64, total)
		for i := range out {
			pointTo(z, lines, i)
			if !meta.Users.Contains(z) {
				out[i] = math.NaN()
				continue
			}
			meta.FromState(q, z)
			in.Locate(q)
			out[i] = in.Value(values)
		}
		return out
	}
}

// What begins the long_name of an axis that is a parameter, or a coordinate of a state.
const (
	parameterWord = "parameter "
	stateWord     = "state "
)

// fieldSource is a field that is stored.
type fieldSource struct {
	variable nc.Variable
	at       func(i int) []float64 // the values of step i, until the next call
}

// newFieldSource returns the field of the given name in f, whose gap is row, or nil, of a chain of an algorithm.
func newFieldSource(name string, f *compare.FieldSet, row *compare.GapRow, algorithm string) (fieldSource, error) {
	n, err := compare.ParseFieldName(name, f.Grid.Dim())
	if err != nil {
		return fieldSource{}, err
	}
	s := fieldSource{variable: nc.Variable{Name: n.Variable(), LongName: longName(n, f, algorithm)}}
	if n.J != nil {
		i := slices.IndexFunc(f.Derivatives, func(d compare.FieldDerivative) bool { return d.Name.String() == n.String() })
		if i < 0 {
			return s, fmt.Errorf("the field %s was not computed", n)
		}
		d := &f.Derivatives[i]
		s.variable.Attrs = derivativeAttrs(d)
		s.at = func(i int) []float64 { return d.Values[i] }
		return s, nil
	}
	s.variable.Attrs = valueAttrs(n.Of, row)
	switch n.Of {
	case "u":
		s.at = func(i int) []float64 { return f.Diffusion[i] }
	case "U":
		s.at = func(i int) []float64 { return f.U[i] }
	default:
		gap := make([]float64, f.Grid.Len())
		s.at = func(i int) []float64 {
			for j := range gap {
				gap[j] = f.U[i][j] - f.Diffusion[i][j]
			}
			return gap
		}
	}
	return s, nil
}

// longName describes a field.
func longName(n compare.FieldName, f *compare.FieldSet, algorithm string) string {
	text := map[string]string{
		"u":   "u(x, n eta) = E phi(X) of the diffusion (" + f.Model + ")",
		"U":   "U^n(x) = E phi(X_n) of " + algorithm,
		"gap": "U - u",
	}[n.Of]
	if n.J != nil {
		j := strings.Trim(strings.ReplaceAll(fmt.Sprint(n.J), " ", ","), "[]")
		text = "d^(" + j + ") of " + text
	}
	return text + ", phi = " + f.Observable
}

// valueAttrs says how good a field is that is no derivative: its share of the error of the
// gap in the ball.
func valueAttrs(name string, row *compare.GapRow) []nc.Attr {
	err := math.NaN()
	if row != nil {
		u, chain, gap := row.Errors.OfFields()
		err = float64(map[string]compare.Number{"u": u, "U": chain, "gap": gap}[name])
	}
	if math.IsNaN(err) || math.IsInf(err, 0) {
		return []nc.Attr{{Name: "error_estimate", Value: "none"}}
	}
	return []nc.Attr{{Name: "error", Value: err},
		{Name: "error_estimate", Value: "where the gap is largest or could be"}}
}

// derivativeAttrs says how a derivative was computed and how good it is.
func derivativeAttrs(d *compare.FieldDerivative) []nc.Attr {
	attrs := []nc.Attr{{Name: "derivative", Value: d.Name.String()}, {Name: "method", Value: d.Method}}
	if math.IsNaN(d.Error) {
		return append(attrs, nc.Attr{Name: "error_estimate", Value: "none: only one grid was computed"})
	}
	return append(attrs, nc.Attr{Name: "error", Value: d.Error},
		nc.Attr{Name: "error_estimate", Value: "largest error over the ball and the stored steps, from the difference of the two finest grids"})
}
