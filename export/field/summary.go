package field

import (
	"math"
	"path/filepath"

	"kolmo/compare"
	"kolmo/export/figure"
	"kolmo/export/table"
)

// Summary says what a results file holds. Its JSON is what kolmo show --json
// prints; numbers the file does not have are null, texts empty.
type Summary struct {
	File     string `json:"file"`
	Complete bool   `json:"complete"` // false for a .part
	Study    string `json:"study"`
	Title    string `json:"title"`

	Observable string         `json:"observable"`
	Model      string         `json:"model"`
	Eta        compare.Number `json:"eta"`
	EtaText    string         `json:"eta_text"`
	Scheme     string         `json:"scheme"`
	Space      string         `json:"space"`
	Nodes      []int          `json:"nodes"` // per axis
	BallSummary
	Seed  *int64 `json:"seed"`
	Kolmo string `json:"kolmo"` // the version that wrote the file

	Gap       compare.Number `json:"gap"` // over all steps, not only those stored
	GapError  compare.Number `json:"gap_error"`
	Certified string         `json:"certified"` // "yes", or "no: " and why not

	Axes   []AxisSummary     `json:"axes"`
	Times  TimeSummary       `json:"times"`
	Over   string            `json:"over"` // "ball", or "nodes" where the file tells no ball
	Fields []VariableSummary `json:"fields"`
	Series []SeriesSummary   `json:"series"`
}

// BallSummary describes the ball.
type BallSummary struct {
	Center []float64      `json:"center"`
	R      compare.Number `json:"R"`
	R2     compare.Number `json:"R2"`
	Metric []float64      `json:"metric,omitempty"` // row by row; absent where it is Euclidean
	// Ball is it in words, and AxesAre says what fields were interpolated from, where they were computed in other
	// coordinates than the study's; else empty.
	Ball    string `json:"ball"`
	AxesAre string `json:"axes_are"`
}

// AxisSummary describes an axis.
type AxisSummary struct {
	Name     string  `json:"name"`
	LongName string  `json:"long_name"`
	Kind     string  `json:"kind"`
	Nodes    int     `json:"nodes"`
	First    float64 `json:"first"`
	Last     float64 `json:"last"`
}

// TimeSummary describes the stored steps; N counts steps of SGD.
type TimeSummary struct {
	Count  int            `json:"count"`
	First  compare.Number `json:"first"`
	Last   compare.Number `json:"last"`
	FirstN *int64         `json:"first_n"`
	LastN  *int64         `json:"last_n"`
}

// VariableSummary describes a field, over the points that Summary.Over tells.
type VariableSummary struct {
	Name     string `json:"name"`
	LongName string `json:"long_name"`
	// Attrs is what else the file says about the field: texts, numbers.
	Attrs map[string]any `json:"attrs"`
	First *ValueExtent   `json:"first"` // at the first stored step
	Last  *ValueExtent   `json:"last"`  // and the last
}

// ValueExtent are the extreme values of a field at one step; Sup is that of its
// absolute value.
type ValueExtent struct {
	Min compare.Number `json:"min"`
	Max compare.Number `json:"max"`
	Sup compare.Number `json:"sup"`
}

// SeriesSummary describes numbers per step.
type SeriesSummary struct {
	Name     string         `json:"name"`
	LongName string         `json:"long_name"`
	First    compare.Number `json:"first"`
	Last     compare.Number `json:"last"`
	Largest  compare.Number `json:"largest"`
}

// Summary reads what the file holds. Extreme values are those on a dense set of
// points of the ball, by interpolation.
func (f *Stored) Summary() (*Summary, error) {
	s := &Summary{
		File: f.path, Complete: !f.data.Part(),
		Study: f.text("study"), Title: f.text("title"), Observable: f.text("observable"), Model: f.text("model"),
		Eta: compare.Number(f.number("eta")), EtaText: f.text("eta_text"), Scheme: f.text("scheme"), Space: f.text("space"),
		BallSummary: BallSummary{[]float64{}, compare.Number(f.number("R")), compare.Number(f.number("R2")), nil, f.text("ball"), f.text("axes")}, Kolmo: f.text("kolmo"),
		Gap: compare.Number(f.number("gap_value")), GapError: compare.Number(f.number("gap_error")), Certified: f.text("certified"),
		Over: "nodes", Fields: []VariableSummary{}, Series: []SeriesSummary{},
	}
	if v, ok := f.data.Attr("seed").(int64); ok {
		s.Seed = &v
	}
	if f.region != nil {
		s.Over = "ball"
		s.Center, s.Metric = append(s.Center, f.region.Center...), f.region.Metric
	}
	for k, a := range f.data.Axes {
		axis := f.grid.Axis(k)
		s.Nodes = append(s.Nodes, axis.Len())
		s.Axes = append(s.Axes, AxisSummary{a.Name, a.LongName, axis.Kind().String(), axis.Len(), axis.Lo(), axis.Hi()})
	}
	s.Times = TimeSummary{Count: len(f.data.T), First: compare.Number(math.NaN()), Last: compare.Number(math.NaN())}
	if last := len(f.data.T) - 1; last >= 0 {
		s.Times.First, s.Times.Last = compare.Number(f.data.T[0]), compare.Number(f.data.T[last])
		s.Times.FirstN, s.Times.LastN = &f.data.N[0], &f.data.N[last]
	}
	if err := f.summarizeFields(s); err != nil {
		return nil, err
	}
	for _, v := range f.data.Series {
		values, err := f.series(v.Name)
		if err != nil {
			return nil, err
		}
		s.Series = append(s.Series, seriesSummary(v.Name, v.LongName, values))
	}
	return s, nil
}

// summarizeFields adds the fields to s.
func (f *Stored) summarizeFields(s *Summary) error {
	over := f.gridExtremes
	if points := f.sampler(); points != nil {
		over = points.extremes
	}
	for _, v := range f.data.Fields {
		out := VariableSummary{Name: v.Name, LongName: v.LongName, Attrs: map[string]any{}}
		for _, a := range v.Attrs {
			out.Attrs[a.Name] = jsonValue(a.Value)
		}
		if last := len(f.data.T) - 1; last >= 0 {
			for _, at := range []struct {
				step int
				to   **ValueExtent
			}{{0, &out.First}, {last, &out.Last}} {
				values, err := f.values(v.Name, at.step)
				if err != nil {
					return err
				}
				e := over(values)
				*at.to = &ValueExtent{compare.Number(e.Min), compare.Number(e.Max), compare.Number(math.Abs(e.Value))}
			}
		}
		s.Fields = append(s.Fields, out)
	}
	return nil
}

// jsonValue returns an attribute's value so that JSON can hold it.
func jsonValue(v any) any {
	if x, ok := v.(float64); ok {
		return compare.Number(x)
	}
	return v
}

// seriesSummary describes a series.
func seriesSummary(name, long string, values []float64) SeriesSummary {
	nan := compare.Number(math.NaN())
	out := SeriesSummary{Name: name, LongName: long, First: nan, Last: nan, Largest: nan}
	if len(values) > 0 {
		out.First, out.Last = compare.Number(values[0]), compare.Number(values[len(values)-1])
	}
	if _, hi := figure.Bounds(values); !math.IsInf(hi, -1) {
		out.Largest = compare.Number(hi)
	}
	return out
}

// PictureName returns the name of the picture of a field at a step, without
// ending: "square-modified-eta1_128-gap-n384".
func (f *Stored) PictureName(field string, step int) string {
	base := filepath.Base(f.path)
	for _, ext := range []string{".part", ".nc"} {
		if filepath.Ext(base) == ext {
			base = base[:len(base)-len(ext)]
		}
	}
	_, n := f.Time(step)
	return base + "-" + derivativeName.Replace(field) + "-n" + table.Int(int(n))
}
