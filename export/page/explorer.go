package page

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot/palette/brewer"

	"kolmo/compare"
	"kolmo/export/field"
	"kolmo/export/figure"
	"kolmo/export/table"
	"kolmo/grid"
)

// fieldView is the fields of one model over the ball, or over a plane of it, to be read in the
// report: at the times that the folder has a file of, or at the one of the largest gap.
type fieldView struct {
	Name   string      `json:"name"` // "modified, η = 1/128"
	Axes   []string    `json:"axes"`
	Center []float64   `json:"center"`
	Half   []float64   `json:"half"`  // widths of the box around the region
	Shape  [3]float64  `json:"shape"` // a, b, c: in units of Half about Center it is a s^2 + 2 b s t + c t^2 <= 1
	Nodes  int         `json:"nodes"` // per axis, from Center - Half to Center + Half
	Times  []float64   `json:"times"`
	Steps  []int64     `json:"steps"`
	First  int         `json:"first"` // the time to begin with: that of the largest gap
	Fields []viewField `json:"fields"`
}

// viewField is a field at all times of a view, from the time's Low to its High in the ball.
type viewField struct {
	Name   string       `json:"name"`
	Low    []float64    `json:"low"`
	High   []float64    `json:"high"`
	Ends   [][2]float64 `json:"ends"`   // of the colours
	Colors []string     `json:"colors"` // none where a field is a curve
	Frames []int        `json:"frames"` // their places; none of u, which is U less their difference
}

// viewFrame is the values of a field at a time: whole numbers of 16 bits in base64, the first axis
// fastest, from Low at 0 to High at frameTop; frameNone is no value.
type viewFrame struct {
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Values string  `json:"values"`
	values []float64
}

// frameStore keeps the frames of all views. U does not depend on the model: a frame of the same
// step is that of another view, where no value differs by more than two frames of 16 bits can.
type frameStore struct {
	frames []viewFrame
	steps  map[int64][]int
}

// add returns the place of a frame, which may be shared if it is of a step n >= 0.
func (s *frameStore) add(values []float64, low, high float64, n int64) int {
	for _, k := range s.steps[n] {
		if s.frames[k].shows(values, high-low) {
			return k
		}
	}
	s.frames = append(s.frames, viewFrame{low, high, packed(values, low, high), values})
	if n >= 0 {
		s.steps[n] = append(s.steps[n], len(s.frames)-1)
	}
	return len(s.frames) - 1
}

// shows reports that a frame's values are others to the precision of their range.
func (f *viewFrame) shows(values []float64, width float64) bool {
	if len(values) != len(f.values) {
		return false
	}
	for i, v := range values {
		if w := f.values[i]; !(math.Abs(v-w) <= width/frameTop) && !(v != v && w != w) {
			return false
		}
	}
	return true
}

const (
	frameTop  = 65534
	frameNone = 65535

	viewLine  = 161 // nodes of a view with d = 1
	viewPlane = 41  // nodes per axis of one with d = 2
	mostTimes = 24
	// mostFrames bounds the frames of planes in three dimensions, of 4.5 kB each: they are 0.65 MB of the report.
	mostFrames = 144
)

// viewFields are the stored fields of a view.
var viewFields = []string{"U", "u", field.GapField}

// fieldViews returns what the report shows of the fields: of each raster that the picture of the
// fields shows, of three parameters of its planes, from its file in dir where there is one.
func fieldViews(dir string, r *compare.Result, meta *Meta) ([]fieldView, []viewFrame, error) {
	var out []fieldView
	store, rasters := &frameStore{steps: map[int64][]int{}}, figure.FieldRasters(r)
	planes := 0 // in three dimensions
	for i := range rasters {
		planes += len(rasters[i].Slices)
	}
	times := mostTimes
	if planes > 0 {
		times = min(times, max(mostFrames/(2*planes), 3)) // U and the difference
	}
	for _, a := range rasters {
		name := table.Clean(a.Model) + ", η = " + table.Clean(table.Eta(a.Eta, a.EtaText))
		file := field.Files(a.Observable, a.Model, a.EtaText)[0]
		var views []fieldView
		if slices.ContainsFunc(r.FieldFiles, func(f compare.FieldFile) bool { return f.Name == file }) {
			var err error
			if views, err = storedViews(filepath.Join(dir, file), &a, meta, times, figure.NameU(r), store); err != nil {
				return nil, nil, err
			}
		}
		if views == nil {
			for _, plane := range planesOf(&a) {
				v := rasterView(&plane, &a, meta, figure.NameU(r), store)
				v.name(meta.axes(len(a.Slices) == 0), &plane, len(a.Slices) > 0)
				views = append(views, v)
			}
		}
		for _, v := range views {
			v.Name = name + v.Name
			out = append(out, v)
		}
	}
	return out, store.frames, nil
}

// axes returns the names of three axes: of the state where that is told over others, else those of the parameters.
func (m *Meta) axes(state bool) []string {
	if state && m.Users != nil {
		return figure.AxesOf(m.Over.Names)
	}
	return figure.AxesOf(m.Parameters)
}

// name sets the names of a view's axes and, of one of three planes, where it is.
func (v *fieldView) name(axes []string, plane *compare.Raster, slice bool) {
	v.Axes = axes[:len(v.Center)]
	if slice {
		v.Name = ", " + axes[plane.Normal] + " = " + figure.Minus(table.Fixed(plane.Offset, 3))
		v.Axes = []string{axes[plane.Axes[0]], axes[plane.Axes[1]]}
	}
}

// planesOf returns what is drawn of a raster: itself, or its slices.
func planesOf(a *compare.Raster) []compare.Raster {
	if len(a.Slices) > 0 {
		return a.Slices
	}
	return []compare.Raster{*a}
}

// storedViews returns the views of a file of fields on what is drawn of its raster, at so many times at most;
// nil where it lacks one of the fields, or has other coordinates.
func storedViews(path string, a *compare.Raster, meta *Meta, times int, chain string, store *frameStore) ([]fieldView, error) {
	f, err := field.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for _, name := range viewFields {
		if !f.Has(name) {
			return nil, nil
		}
	}
	region := f.Around()
	if f.Steps() == 0 || region == nil || len(region.Center) != figure.RasterDim(a) {
		return nil, nil
	}
	worst, err := f.StepWorst(field.GapField)
	if err != nil {
		return nil, err
	}
	at := a.At
	if meta.Users != nil {
		at = make([]float64, len(a.At))
		meta.Over.To(at, a.At)
	}
	var out []fieldView
	for _, plane := range planesOf(a) {
		v := newView(region)
		lines := make([][]float64, len(region.Center))
		if len(a.Slices) > 0 {
			offset := f.Offset(plane.Normal, at[plane.Normal])
			v = newView(region.Section(plane.Normal, offset))
			plane.Offset = region.Center[plane.Normal] + offset
			lines[plane.Normal] = []float64{plane.Offset}
		}
		next := 0
		for k := range lines {
			if lines[k] == nil {
				lines[k] = field.Spread(v.Center[next], v.Half[next], v.Nodes)
				next++
			}
		}
		if err := v.read(f, lines, shownSteps(f.Steps(), worst, times), worst, chain, store); err != nil {
			return nil, err
		}
		v.name(meta.axes(true), &plane, len(a.Slices) > 0)
		out = append(out, v)
	}
	return out, nil
}

// newView returns a view of a region of the line or the plane.
func newView(of *grid.Ellipsoid) fieldView {
	v := fieldView{Center: of.Center, Half: of.Half(), Nodes: viewNodes(len(of.Center)), Shape: [3]float64{1, 0, 1}}
	if p := of.Metric; p != nil && len(v.Center) > 1 {
		s, t := v.Half[0]/of.R, v.Half[1]/of.R
		v.Shape = [3]float64{p[0] * s * s, p[1] * s * t, p[3] * t * t}
	}
	return v
}

// read reads the fields of a file at some steps on the points of lines, one line for each axis.
func (v *fieldView) read(f *field.Stored, lines [][]float64, steps []int, worst int, chain string, store *frameStore) error {
	at := f.On(lines)
	frames := make([][][]float64, len(viewFields))
	for _, step := range steps {
		if step == worst {
			v.First = len(v.Times)
		}
		t, n := f.Time(step)
		v.Times, v.Steps = append(v.Times, t), append(v.Steps, n)
		for i, name := range viewFields {
			on, err := at(name, step)
			if err != nil {
				return err
			}
			frames[i] = append(frames[i], on)
		}
	}
	v.setFields(frames, chain, store, true)
	return nil
}

// shownSteps returns at most so many of the steps of a file, three or more, the first, the last and the
// worst among them.
func shownSteps(steps, worst, most int) []int {
	out := []int{worst}
	for k := range min(steps, most-1) {
		out = append(out, k*(steps-1)/max(min(steps, most-1)-1, 1))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// viewNodes returns the nodes per axis of a view.
func viewNodes(d int) int {
	if d == 1 {
		return viewLine
	}
	return viewPlane
}

// rasterView returns the view of a line or a plane at the step of its raster, over the users' coordinates but for
// planes in three dimensions.
func rasterView(a, of *compare.Raster, meta *Meta, chain string, store *frameStore) fieldView {
	d := figure.RasterDim(a)
	v := newView(&grid.Ellipsoid{Center: a.Center, R: a.R})
	place := func(q, z []float64) { copy(q, z) }
	if meta.Users != nil && len(of.Slices) == 0 {
		v, place = newView(meta.Users), meta.Over.From
	}
	v.Times, v.Steps = []float64{of.T}, []int64{int64(of.N)}
	var frames [][][]float64
	q := make([]float64, d)
	for _, values := range [][]float64{a.U, a.Diffusion, a.Values} {
		xs := field.Spread(v.Center[0], v.Half[0], v.Nodes)
		var on []float64
		if d == 1 {
			for _, x := range xs {
				place(q, []float64{x})
				on = append(on, figure.Between(a.X1, values, q[0]))
			}
		} else {
			plane, _ := figure.NewRasterOf(a, values)
			for _, y := range field.Spread(v.Center[1], v.Half[1], v.Nodes) {
				for _, x := range xs {
					place(q, []float64{x, y})
					on = append(on, plane.At(q[0], q[1]))
				}
			}
		}
		frames = append(frames, [][]float64{on})
	}
	v.setFields(frames, chain, store, false)
	return v
}

// setFields stores the values of all fields at all times: frames[i] are those of viewFields[i]. Views
// of files may share the frames of U, which they have over the same ball.
func (v *fieldView) setFields(frames [][][]float64, chain string, store *frameStore, share bool) {
	v.Fields = []viewField{{Name: chain}, {Name: figure.NameMean}, {Name: figure.NameGap}}
	for i := range v.Fields {
		v.Fields[i].Colors, v.Fields[i].Frames = []string{}, []int{}
	}
	for k := range v.Times {
		var lo, hi [3]float64
		for i := range frames {
			lo[i], hi[i] = v.bounds(frames[i][k])
		}
		most := max(-lo[2], hi[2])
		maps := [3]figure.ColorMap{2: {Min: -most, Max: most, Colors: figure.BrewerColors(brewer.TypeDiverging, "RdBu", figure.DivergingColors, true)}}
		maps[0], maps[1] = figure.ValueMaps(lo[0], hi[0], lo[1], hi[1])
		for i := range v.Fields {
			f := &v.Fields[i]
			f.Low, f.High, f.Ends = append(f.Low, lo[i]), append(f.High, hi[i]), append(f.Ends, [2]float64{maps[i].Min, maps[i].Max})
			if i != 1 {
				n := int64(-1)
				if share && i == 0 {
					n = v.Steps[k]
				}
				f.Frames = append(f.Frames, store.add(frames[i][k], lo[i], hi[i], n))
			}
			for _, c := range maps[i].Colors {
				if k == 0 && len(v.Center) > 1 {
					f.Colors = append(f.Colors, "#"+figure.HexOf(c))
				}
			}
		}
	}
}

// bounds returns the ends of the values in the ball, zero where there are none.
func (v *fieldView) bounds(values []float64) (lo, hi float64) {
	if len(v.Center) > 1 {
		line := field.Spread(0, 1, v.Nodes)
		inside := make([]float64, len(values))
		for i, f := range values {
			inside[i] = f
			if x, y := line[i%v.Nodes], line[i/v.Nodes]; v.Shape[0]*x*x+2*v.Shape[1]*x*y+v.Shape[2]*y*y > 1+1e-9 {
				inside[i] = math.NaN()
			}
		}
		values = inside
	}
	if lo, hi = figure.Bounds(values); lo > hi {
		return 0, 0
	}
	return lo, hi
}

// packed returns values as whole numbers of 16 bits in base64; those beyond lo and hi are there.
func packed(values []float64, lo, hi float64) string {
	b := make([]byte, 0, 2*len(values))
	for _, f := range values {
		q := uint16(frameNone)
		switch {
		case math.IsNaN(f) || math.IsInf(f, 0):
		case hi > lo:
			q = uint16(math.Round(min(max((f-lo)/(hi-lo), 0), 1) * frameTop))
		default:
			q = 0
		}
		b = binary.LittleEndian.AppendUint16(b, q)
	}
	return base64.StdEncoding.EncodeToString(b)
}
