package spectrum

import (
	"fmt"
	"math"
	"strings"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/nc"
	"kolmo/export/view"
)

// eigenFile has the eigenfunctions as fields.
var eigenFile = view.Written{Names: []string{"eigenfunction.nc", "eigenfunction.xmf2"}, Write: writeEigen}

// writeEigen writes all eigenfunctions with values to a results file: one grid, one time, and a
// field per process, learning rate and k, its imaginary part beside it where that is not zero.
// The file is whole or absent.
func writeEigen(path string, r *compare.Result) (written bool, err error) {
	spec := &nc.Spec{Step: "none: eigenfunctions do not depend on t", Steps: 1}
	var values [][]float64
	for i := range r.Eigenfunctions {
		f := &r.Eigenfunctions[i]
		if f.Real == nil {
			continue
		}
		if spec.Axes == nil {
			for k, line := range f.Axes() {
				a := nc.Axis{Name: fmt.Sprintf("x%d", k+1), Nodes: line}
				if k < len(f.Names) && f.Names[k] != a.Name {
					a.LongName = field.AxisTitle(f.Names[k], false)
				}
				spec.Axes = append(spec.Axes, a)
			}
			spec.Attrs = append([]nc.Attr{{Name: "title", Value: "eigenfunctions"}, {Name: "study", Value: r.Study}, {Name: "kolmo", Value: r.Kolmo}},
				field.RegionAttrs(f.Center, f.R, f.Metric)...)
		}
		v := nc.Variable{Name: eigenName(f), LongName: fmt.Sprintf("eigenfunction %d of %s at eta = %s", f.K, f.Model, f.EtaText), Attrs: eigenAttrs(r, f)}
		spec.Fields, values = append(spec.Fields, v), append(values, compare.Floats(f.Real))
		if f.Imag != nil {
			v.Name, v.LongName = v.Name+"_imag", v.LongName+", imaginary part"
			spec.Fields, values = append(spec.Fields, v), append(values, compare.Floats(f.Imag))
		}
	}
	if values == nil {
		return false, nil
	}
	w, err := nc.Create(path, spec)
	if err != nil {
		return false, err
	}
	defer w.Abort()
	if err := w.Append(0, 0, values, nil); err != nil {
		return false, err
	}
	return true, w.Close()
}

// eigenName names the field of an eigenfunction: "second-order_eta1_16_k1".
func eigenName(f *compare.Eigenfunction) string {
	return fmt.Sprintf("%s_eta%s_k%d", f.Model, strings.ReplaceAll(f.EtaText, "/", "_"), f.K)
}

// eigenAttrs says what an eigenfunction is of, how fast it decays, and how good both are.
func eigenAttrs(r *compare.Result, f *compare.Eigenfunction) []nc.Attr {
	attrs := []nc.Attr{{Name: "model", Value: f.Model}, {Name: "eta", Value: f.Eta}, {Name: "k", Value: int64(f.K)},
		{Name: "error", Value: float64(f.Error)}, {Name: "error_estimate", Value: "at points of the ball; there is none elsewhere"}}
	for i := range r.Spectrum {
		row := &r.Spectrum[i]
		if row.Model != f.Model || row.EtaText != f.EtaText || row.K != f.K {
			continue
		}
		for _, a := range []nc.Attr{{Name: "rate", Value: float64(row.Rate)}, {Name: "rate_error", Value: float64(row.Error)}} {
			if !math.IsNaN(a.Value.(float64)) {
				attrs = append(attrs, a)
			}
		}
	}
	return attrs
}
