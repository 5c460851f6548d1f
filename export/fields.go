package export

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kolmo/compare"
	"kolmo/export/nc"
)

// FieldsDir is the folder, inside a study's output, that WriteFields fills.
const FieldsDir = "fields"

// FieldMeta is what a field file says about its study beyond the result. Empty
// texts are left out of the file.
type FieldMeta struct {
	StudyText  string   // the study file, so that the file can be made again
	Parameters []string // the names of x1, x2, ..
	Center     []float64
	R, R2      float64
	Seed       uint64
	Scheme     string // the method, in words
}

// WriteFields writes the result's field sets to dir/fields, one file
// OBSERVABLE-MODEL-etaETA.nc with its sidecar each; doc/results-file.md describes
// them. fields lists what is stored of u, U and gap = U - u; if it is empty, or
// the result has no field sets, nothing is written. Between two files ctx is
// asked whether to go on. A file is whole or absent.
func WriteFields(ctx context.Context, dir string, r *compare.Result, fields []string, meta FieldMeta) error {
	if len(fields) == 0 || len(r.Fields) == 0 {
		return nil
	}
	dir = filepath.Join(dir, FieldsDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for i := range r.Fields {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := &r.Fields[i]
		if err := writeFieldSet(filepath.Join(dir, fieldFile(f)), r, f, fields, meta); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

// fieldFile returns "square-modified-eta1_128.nc".
func fieldFile(f *compare.FieldSet) string {
	return f.Observable + "-" + f.Model + "-eta" + strings.ReplaceAll(f.EtaText, "/", "_") + ".nc"
}

func writeFieldSet(path string, r *compare.Result, f *compare.FieldSet, fields []string, meta FieldMeta) error {
	axes := make([]nc.Axis, f.Grid.Dim())
	for k := range axes {
		a := f.Grid.Axis(k)
		axes[k] = nc.Axis{Name: fmt.Sprintf("x%d", k+1), Nodes: a.Nodes()}
		if k < len(meta.Parameters) {
			axes[k].LongName = "parameter " + meta.Parameters[k]
		}
	}
	variables := make([]nc.Variable, len(fields))
	for i, name := range fields {
		v, err := fieldVariable(name, f)
		if err != nil {
			return err
		}
		variables[i] = v
	}
	series := []nc.Variable{{Name: "sup_gap", LongName: "sup over the ball of |U - u|"}}
	w, err := nc.Create(path, &nc.Spec{Axes: axes, Fields: variables, Series: series, Attrs: fieldAttrs(r, f, meta), Steps: len(f.N)})
	if err != nil {
		return err
	}
	defer w.Abort()
	gap := make([]float64, f.Grid.Len())
	for i, n := range f.N {
		values := make([][]float64, len(fields))
		for k, name := range fields {
			switch name {
			case "u":
				values[k] = f.Diffusion[i]
			case "U":
				values[k] = f.U[i]
			case "gap":
				for j := range gap {
					gap[j] = f.U[i][j] - f.Diffusion[i][j]
				}
				values[k] = gap
			}
		}
		if err := w.Append(float64(n)*f.Eta, int64(n), values, f.Sup[i:i+1]); err != nil {
			return err
		}
	}
	return w.Close()
}

// fieldVariable describes one of the fields u, U and gap.
func fieldVariable(name string, f *compare.FieldSet) (nc.Variable, error) {
	long, ok := map[string]string{
		"u":   "u(x, n eta) = E phi(X) of the diffusion (" + f.Model + ")",
		"U":   "U^n(x) = E phi(X_n) of stochastic gradient descent",
		"gap": "U - u",
	}[name]
	if !ok {
		return nc.Variable{}, fmt.Errorf("unknown field %q: want u, U or gap", name)
	}
	return nc.Variable{Name: name, LongName: long + ", phi = " + f.Observable}, nil
}

// mostText is the length in bytes of the longest text attribute.
const mostText = 64000

// fieldAttrs returns the file's attributes: what it holds and what is needed to
// make it again.
func fieldAttrs(r *compare.Result, f *compare.FieldSet, meta FieldMeta) []nc.Attr {
	nodes := make([]string, f.Grid.Dim())
	for k := range nodes {
		nodes[k] = fmt.Sprint(f.Grid.Axis(k).Len())
	}
	attrs := []nc.Attr{
		{Name: "eta", Value: f.Eta},
		{Name: "R", Value: meta.R},
		{Name: "R2", Value: meta.R2},
		{Name: "seed", Value: int64(meta.Seed)},
	}
	text := func(name, value string) {
		if value != "" && len(value) <= mostText {
			attrs = append(attrs, nc.Attr{Name: name, Value: value})
		}
	}
	text("title", titleOf(r))
	text("study", r.Study)
	text("observable", f.Observable)
	text("model", f.Model)
	text("eta_text", f.EtaText)
	text("center", strings.Trim(fmt.Sprint(meta.Center), "[]"))
	text("scheme", meta.Scheme)
	text("space", f.Grid.Axis(0).Kind().String())
	text("nodes", strings.Join(nodes, " x "))
	text("kolmo", r.Kolmo)
	text("source", "kolmo run")
	text("references", "Li and Wang, Methods and Applications of Analysis 30(3), 2023, 95-112")
	for i := range r.Gap {
		g := &r.Gap[i]
		if g.Observable == f.Observable && g.Model == f.Model && g.Eta == f.Eta {
			attrs = append(attrs,
				nc.Attr{Name: "gap_value", Value: float64(g.Gap)},
				nc.Attr{Name: "gap_error", Value: float64(g.Error)})
			if g.Certified {
				text("certified", "yes")
			} else {
				text("certified", "no: "+reasonOf(g))
			}
		}
	}
	if len(meta.StudyText) > mostText {
		text("study_yaml_left_out", fmt.Sprintf("the study file has %d bytes, an attribute at most %d", len(meta.StudyText), mostText))
	}
	text("study_yaml", meta.StudyText)
	return attrs
}
