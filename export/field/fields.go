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

// OfState is what the axes have to do with the study's coordinates, where they are others; else it is empty, but
// for Axes where coordinates without an axis have one of several values.
type OfState struct {
	Axes string   // what the axes are
	Ball string   // the ball in the study's coordinates
	Own  []string // the names of these
	// ToState stores them of a point of the axes.
	ToState func(z, q []float64)
}

// Origin is what a study was read from.
type Origin struct {
	StudyText   string // the study file, so that the file can be made again
	DataFile    string // as the study file names it; empty: it has none
	DataSHA256  string // its digest
	StudySHA256 string // that of the study file
}

// File returns the name of a field set's file, "square-modified-eta1_128.nc".
func File(f *compare.FieldSet) string {
	return f.Observable + "-" + f.Model + "-eta" + strings.ReplaceAll(f.EtaText, "/", "_") + ".nc"
}

// Files returns the names, in a study's output folder and with slashes, of the file of
// the field set that belongs to a row and of its sidecar.
func Files(observable, model, etaText string) []string {
	name := Dir + "/" + File(&compare.FieldSet{Key: compare.Key{Observable: observable, Model: model, EtaText: etaText}})
	return []string{name, strings.TrimSuffix(name, ".nc") + ".xmf2"}
}

// WriteSet writes a field set to dir/fields/File(f), with its sidecar;
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
	if err := writeFieldSet(filepath.Join(dir, File(f)), f, row, fields, meta); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func writeFieldSet(path string, f *compare.FieldSet, row *compare.GapRow, fields []string, meta Meta) error {
	spec := &nc.Spec{
		Series:      []nc.Variable{{Name: "sup_gap", LongName: "sup over the ball of |U - u|", Attrs: valueAttrs("gap", row)}},
		Attrs:       fieldAttrs(f, row, meta),
		Step:        "step of " + meta.Algorithm,
		Steps:       len(f.N),
		Compression: meta.Compression,
	}
	for k := range f.Grid.Dim() {
		a := nc.Axis{Name: fmt.Sprintf("x%d", k+1), Nodes: f.Grid.Axis(k).Nodes()}
		if k < len(meta.Parameters) {
			a.LongName = parameterWord + meta.Parameters[k]
			if meta.ToState != nil {
				a.LongName = axisWord + meta.Parameters[k]
			}
		}
		spec.Axes = append(spec.Axes, a)
	}
	spec.Coordinates = stateAt(f.Grid, fields, meta)
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
			values[k] = s.at(i)
		}
		if err := w.Append(float64(n)*f.Eta*cmp.Or(f.Pace, 1), int64(n), values, f.Sup[i:i+1]); err != nil {
			return err
		}
	}
	return w.Close()
}

// stateAt returns the study's own coordinates of the nodes, where the axes are others. Of those that have the name
// of something else in the file it is "state_" and the name.
func stateAt(g *grid.Grid, fields []string, meta Meta) []nc.Coordinate {
	if meta.ToState == nil || len(meta.Own) != g.Dim() {
		return nil
	}
	list := make([]nc.Coordinate, g.Dim())
	for k, name := range meta.Own {
		list[k] = nc.Coordinate{Name: name, LongName: stateWord + name, Values: make([]float64, g.Len())}
		if slices.Contains(reserved, name) || slices.Contains(fields, name) {
			list[k].Name = "state_" + name
		}
	}
	q, z := make([]float64, g.Dim()), make([]float64, g.Dim())
	for i := range g.Len() {
		g.PointTo(q, i)
		meta.ToState(z, q)
		for k := range list {
			list[k].Values[i] = z[k]
		}
	}
	return list
}

// What begins the long_name of an axis that is a coordinate of the study, of another, and of a coordinate of the
// study beside the axes.
const (
	parameterWord = "parameter "
	axisWord      = "axis "
	stateWord     = "state "
)

// reserved are names of what every file has.
var reserved = []string{"t", "n", "x1", "x2", "x3", "sup_gap"}

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
