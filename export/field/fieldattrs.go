package field

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/export/nc"
	"kolmo/export/results"
	"kolmo/grid"
	"kolmo/internal/h5"
)

// fieldAttrs returns the attributes of a file with these axes: what it holds and what is needed to
// make it again.
func fieldAttrs(f *compare.FieldSet, row *compare.GapRow, meta Meta, lines [][]float64) []nc.Attr {
	attrs := []nc.Attr{
		{Name: "eta", Value: f.Eta},
		{Name: "R2", Value: meta.R2},
		{Name: "seed", Value: int64(meta.Seed)},
		{Name: "every", Value: int64(f.Every)},
	}
	number := func(name string, value float64) {
		if !math.IsNaN(value) {
			attrs = append(attrs, nc.Attr{Name: name, Value: value})
		}
	}
	text := func(name, value string) {
		if value != "" && len(value) <= h5.MaxText {
			attrs = append(attrs, nc.Attr{Name: name, Value: value})
		}
	}
	text("title", cmp.Or(meta.Title, meta.Study))
	text("study", meta.Study)
	text("observable", f.Observable)
	text("model", f.Model)
	text("eta_text", f.EtaText)
	text("axes", meta.Axes)
	text("ball", meta.Ball)
	text("state", strings.Join(meta.Own, " "))
	space := f.Grid.Axis(0).Kind().String()
	var metric []float64
	if meta.Users == nil {
		text("parameters", strings.Join(meta.Parameters, " "))
	} else {
		space, metric = grid.KindUniform.String(), meta.Users.Metric
	}
	attrs = append(attrs, RegionAttrs(meta.Center, meta.R, metric)...)
	text("scheme", meta.Scheme)
	text("space", space)
	text("nodes", nodesOf(lines))
	text("every_note", f.Note)
	discretisation := func(prefix string, d compare.Discretisation) {
		if d.Nodes == nil {
			return
		}
		text(prefix+"_space", d.Space)
		text(prefix+"_nodes", joinNodes(d.Nodes))
		attrs = append(attrs, nc.Attr{Name: prefix + "_order", Value: int64(d.Order)})
	}
	discretisation("model", f.Own)
	discretisation(f.Chain, f.OfS)
	text("kolmo", meta.Kolmo)
	text("go", runtime.Version())
	text("arch", runtime.GOARCH)
	text("source", "kolmo run")
	text("references", "Li and Wang, Methods and Applications of Analysis 30(3), 2023, 95-112")
	if row != nil {
		number("gap_value", float64(row.Gap))
		number("gap_error", float64(row.Error))
		text("gap_scheme", row.Scheme)
		if row.Certified {
			text("certified", "yes")
		} else {
			text("certified", "no: "+results.ReasonOf(row))
		}
	}
	if len(meta.StudyText) > h5.MaxText {
		text("study_yaml_left_out", fmt.Sprintf("the study file has %d bytes, an attribute at most %d", len(meta.StudyText), h5.MaxText))
	}
	text("study_yaml", meta.StudyText)
	text("study_sha256", meta.StudySHA256)
	text("data_file", meta.DataFile)
	text("data_sha256", meta.DataSHA256)
	return attrs
}

// RegionAttrs returns the attributes of a file that tell the ball |x - center|_P <= R of its axes; P is nil for the
// identity, and center for zero.
func RegionAttrs(center []float64, R float64, P []float64) []nc.Attr {
	attrs := []nc.Attr{{Name: "R", Value: R}}
	if center != nil {
		attrs = append(attrs, nc.Attr{Name: "center", Value: numberList(center)})
	}
	if P != nil {
		attrs = append(attrs, nc.Attr{Name: "metric", Value: numberList(P)})
	}
	return attrs
}

// AxisTitle is the long_name of an axis that is a parameter, or a coordinate of a state.
func AxisTitle(name string, state bool) string {
	if state {
		return stateWord + name
	}
	return parameterWord + name
}

// nodesOf returns the numbers of nodes of axes, "48 x 48".
func nodesOf(lines [][]float64) string {
	var nodes []int
	for _, line := range lines {
		nodes = append(nodes, len(line))
	}
	return joinNodes(nodes)
}

func joinNodes(nodes []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(nodes), "[]"), " ", " x ")
}

// numberList returns numbers that read back as they are, "0.1 0".
func numberList(x []float64) string {
	var words []string
	for _, v := range x {
		words = append(words, strconv.FormatFloat(v, 'g', -1, 64))
	}
	return strings.Join(words, " ")
}
