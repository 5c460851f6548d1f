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
	"kolmo/internal/h5"
)

// fieldAttrs returns the file's attributes: what it holds and what is needed to
// make it again.
func fieldAttrs(f *compare.FieldSet, row *compare.GapRow, meta Meta) []nc.Attr {
	attrs := []nc.Attr{
		{Name: "eta", Value: f.Eta},
		{Name: "R", Value: meta.R},
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
	text("center", numberList(meta.Center))
	text("parameters", strings.Join(meta.Parameters, " "))
	text("axes", meta.Axes)
	text("ball", meta.Ball)
	text("state", strings.Join(meta.Own, " "))
	text("scheme", meta.Scheme)
	text("space", f.Grid.Axis(0).Kind().String())
	text("nodes", nodesOf(f))
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

// nodesOf returns the numbers of nodes of the stored grid, "48 x 48".
func nodesOf(f *compare.FieldSet) string {
	var nodes []int
	for k := range f.Grid.Dim() {
		nodes = append(nodes, f.Grid.Axis(k).Len())
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
