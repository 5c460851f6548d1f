package spectrum

import (
	"fmt"
	"math"
	"strings"

	"kolmo/compare"
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
			spec.Axes = []nc.Axis{{Name: "x1", Nodes: floats(f.X1)}}
			if f.X2 != nil {
				spec.Axes = append(spec.Axes, nc.Axis{Name: "x2", Nodes: floats(f.X2)})
			}
			center, radius := eigenBall(f)
			spec.Attrs = []nc.Attr{{Name: "title", Value: "eigenfunctions"}, {Name: "study", Value: r.Study}, {Name: "kolmo", Value: r.Kolmo},
				{Name: "R", Value: radius}, {Name: "center", Value: strings.Trim(fmt.Sprint(center), "[]")}}
		}
		v := nc.Variable{Name: eigenName(f), LongName: fmt.Sprintf("eigenfunction %d of %s at eta = %s", f.K, f.Model, f.EtaText), Attrs: eigenAttrs(r, f)}
		spec.Fields, values = append(spec.Fields, v), append(values, floats(f.Real))
		if f.Imag != nil {
			v.Name, v.LongName = v.Name+"_imag", v.LongName+", imaginary part"
			spec.Fields, values = append(spec.Fields, v), append(values, floats(f.Imag))
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

// eigenBall returns the ball in the coordinates of the points, which on the line are the user's.
func eigenBall(f *compare.Eigenfunction) (center []float64, radius float64) {
	if f.X2 != nil {
		return f.Center, f.R
	}
	lo, hi := float64(f.X1[0]), float64(f.X1[len(f.X1)-1])
	return []float64{lo/2 + hi/2}, hi/2 - lo/2
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
