package study

import (
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/process"
	"kolmo/study/document"
)

// defaultAccuracy is the largest total error, relative to each gap.
const defaultAccuracy = 0.01

// settings reads models, accuracy, studies, horizon, spectrum, crossing, exit and seed.
func (r settingReader) settings(s *Study, root *document.Value) (err error) {
	if err := formulaReader(r).models(s, root.Get("models")); err != nil {
		return err
	}
	s.Accuracy = defaultAccuracy
	if v := root.Get("accuracy"); v != nil {
		if s.Accuracy, err = r.Positive(v); err != nil {
			return err
		}
		if s.Accuracy >= 1 {
			return r.Errorf(v, "expected a number between 0 and 1, found %s", v.Text)
		}
	}
	s.Studies = []string{string(compare.StudyGap)}
	if v := root.Get("studies"); v != nil {
		if s.Studies, err = r.Choices(v, "studies", studyNames()); err != nil {
			return err
		}
		if err := r.claims(s, v); err != nil {
			return err
		}
	}
	if v := root.Get("horizon"); v != nil {
		if s.Horizon, err = r.Positive(v); err != nil {
			return err
		}
		if eta := s.Eta[len(s.Eta)-1]; s.Horizon > mostHorizonSteps*eta.Value {
			return r.Errorf(v, "expected at most %g steps of the smallest learning rate %s, found the time %s", mostHorizonSteps, eta.Text, v.Text)
		}
	}
	if err := r.spectrum(s, root.Get("spectrum")); err != nil {
		return err
	}
	if err := r.crossing(s, root.Get("crossing")); err != nil {
		return err
	}
	if err := r.exit(s, root.Get("exit")); err != nil {
		return err
	}
	s.Seed = 1
	if v := root.Get("seed"); v != nil {
		n, err := r.Integer(v, 0, 1<<53)
		if err != nil {
			return err
		}
		s.Seed = uint64(n)
	}
	return nil
}

// spectrum reads what a spectrum study is asked for.
func (r settingReader) spectrum(s *Study, v *document.Value) (err error) {
	s.Spectrum = compare.DefaultSpectrumCount
	if v == nil {
		return nil
	}
	if err := r.Keys(v, document.Sections["spectrum"], nil); err != nil {
		return err
	}
	if c := v.Get("count"); c != nil {
		s.Spectrum, err = r.Integer(c, 1, mostSpectrum)
	}
	return err
}

// crossing reads what a crossing study is asked for.
func (r settingReader) crossing(s *Study, v *document.Value) (err error) {
	if v == nil {
		return nil
	}
	if err := r.Keys(v, document.Sections["crossing"], []string{"level"}); err != nil {
		return err
	}
	c := new(compare.Crossing)
	if c.Level, err = r.Number(v.Get("level")); err != nil {
		return err
	}
	if x := v.Get("x"); x != nil {
		varies := func(i *process.Interval) bool { return i == nil || i.StartLow < i.StartHigh }
		fixed := slices.DeleteFunc(slices.Clone(s.ranges), varies) // none of x, as the schedule's s
		if c.X, err = r.Numbers(x, len(s.own())-len(fixed)); err != nil {
			return err
		}
	}
	s.Crossing = c
	return nil
}

// exit reads what a study of exit times is asked for: an interval of the line, maybe with a point, or a box of the plane
// with a point.
func (r settingReader) exit(s *Study, v *document.Value) error {
	if v == nil {
		return nil
	}
	if why := Refused(s, string(compare.StudyExit)); why != "" {
		return r.Errorf(v, "%s", why)
	}
	key, other, required := "interval", "box", []string{"interval"}
	if s.round() == 2 {
		key, other, required = "box", "interval", []string{"box", "x"}
	} else if s.hasRanges() {
		required = append(required, "x") // points of rest are of the whole state
	}
	if e := slices.IndexFunc(v.Entries, func(e document.Member) bool { return e.Key == other }); e >= 0 {
		return r.ErrorAt(v.Entries[e].Line, v.Entries[e].Column, v.Entries[e].Value.Path, "expected the key %s, since the state is (%s)", key, strings.Join(s.State, ", "))
	}
	if err := r.Keys(v, []string{key, "x"}, required); err != nil {
		return err
	}
	sides, x := []*document.Value{v.Get(key)}, v.Get("x")
	if box := sides[0]; key == "box" {
		if sides = box.Items; box.Kind != document.Sequence || len(sides) != len(s.State) {
			return r.Errorf(box, "expected an interval [low, high] for each of %s, found %s", strings.Join(s.State, ", "), box.Flow())
		}
	}
	var box [][2]float64
	for _, side := range sides {
		ends, err := r.Numbers(side, 2)
		if err != nil {
			return err
		}
		if !(ends[0] < ends[1]) {
			return r.Errorf(side, "expected an interval [low, high] with low below high, found [%g, %g]", ends[0], ends[1])
		}
		box = append(box, [2]float64(ends))
	}
	at, what, err := make([]float64, 1), "interval", error(nil)
	switch {
	case key == "box":
		at, err = r.Numbers(x, len(box))
		s.Exit = &compare.Exit{Box: box, From: at}
	case x == nil:
		s.Exit = &compare.Exit{Interval: box[0]}
		return nil
	default:
		at[0], err = r.Number(x)
		s.Exit = &compare.Exit{Interval: box[0], X: &at[0]}
	}
	for k, x0 := range at {
		if key == "box" {
			what = "box, whose " + s.State[k] + " is"
		}
		if err == nil && !(box[k][0] < x0 && x0 < box[k][1]) {
			err = r.Errorf(x, "expected a point inside the %s from %g to %g, found %g", what, box[k][0], box[k][1], x0)
		}
	}
	return err
}

func (r settingReader) solver(s *Study, v *document.Value) (err error) {
	s.Solver = Solver{Space: "auto", Time: "auto"}
	if v == nil {
		return nil
	}
	if err := r.Keys(v, document.Sections["solver"], nil); err != nil {
		return err
	}
	if w := v.Get("space"); w != nil {
		if s.Solver.Space, err = r.Choice(w, []string{"auto", "chebyshev", "uniform"}); err != nil {
			return err
		}
	}
	if w := v.Get("order"); w != nil {
		if s.Solver.Space == "chebyshev" {
			return r.Errorf(w, "space: chebyshev has no order to choose; the order belongs to space: uniform")
		}
		if s.Solver.Order, err = r.Integer(w, 2, 10); err != nil || s.Solver.Order%2 != 0 {
			return r.Errorf(w, "expected an order of 2, 4, 6, 8 or 10, found %s", w.Describe())
		}
	}
	if w := v.Get("time"); w != nil {
		if s.Solver.Time, err = r.Choice(w, timeNames()); err != nil {
			return err
		}
		if c := schemes()[s.Solver.Time]; c != nil && c.Implicit() && s.Solver.Space == "chebyshev" {
			return r.Errorf(w, "%s solves along banded lines and chebyshev's lines are full; use space: uniform", s.Solver.Time)
		}
	}
	if w := v.Get("nodes"); w != nil {
		s.Solver.Nodes, err = document.Counts(r.Document, w, len(s.State), 4, 10_000)
	}
	return err
}

func (r settingReader) output(s *Study, v *document.Value) (err error) {
	largest, smallest := s.Eta[0], s.Eta[len(s.Eta)-1]
	s.Output = Output{Fields: compare.FieldNames()}
	s.Output.add(largest)
	s.Output.add(smallest)
	if v == nil {
		return nil
	}
	if err := r.Keys(v, document.Sections["output"], nil); err != nil {
		return err
	}
	if w := v.Get("fields"); w != nil {
		if s.Output.Fields, err = r.fields(w, s); err != nil {
			return err
		}
	}
	if w := v.Get("every"); w != nil {
		if s.Output.Every, err = r.Integer(w, 0, 1e9); err != nil {
			return err
		}
	}
	if w := v.Get("compression"); w != nil {
		switch {
		case w.Kind == document.Scalar && w.Text == "none":
		case w.Kind == document.Scalar && w.Text == "1":
			s.Output.Compression = 1
		default:
			return r.Errorf(w, "expected none or 1, found %s", w.Describe())
		}
	}
	w := v.Get("eta")
	if w == nil {
		return nil
	}
	if w.Kind != document.Sequence {
		return r.Errorf(w, "expected a list [..] of largest, smallest or learning rates, found %s", w.Describe())
	}
	s.Output.Eta = nil
	for _, item := range w.Items {
		switch item.Text {
		case "largest":
			s.Output.add(largest)
			continue
		case "smallest":
			s.Output.add(smallest)
			continue
		}
		x, err := r.rate(item)
		i := slices.IndexFunc(s.Eta, func(y Rate) bool { return y.Value == x.Value })
		if err != nil || i < 0 {
			return r.Errorf(item, "expected largest, smallest or one of the study's eta, found %s", item.Describe())
		}
		s.Output.add(s.Eta[i])
	}
	return nil
}

// fields reads the fields to save; an empty list saves none.
func (r settingReader) fields(v *document.Value, s *Study) ([]string, error) {
	if v.Kind == document.Sequence && len(v.Items) == 0 {
		return nil, nil
	}
	items, err := r.List(v, "fields")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, item := range items {
		if item.Kind != document.Scalar {
			return nil, r.Errorf(item, "expected a field such as gap, found %s", item.Describe())
		}
		if strings.HasPrefix(item.Text, "d(") && !strings.Contains(item.Text, ")") {
			return nil, r.Errorf(item, `expected a derivative such as "d(1,0)u", found %s; between brackets commas part the list: quote it`, item.Text)
		}
		f, err := compare.ParseFieldName(item.Text, len(s.State))
		if err != nil {
			return nil, r.Errorf(item, "%v", err)
		}
		if f.J != nil && (s.Schedule != nil || s.Reshuffled) {
			return nil, r.Errorf(item, "fields of a study with a schedule or epochs have no derivatives; want u, U or gap")
		}
		if slices.Contains(names, f.String()) {
			return nil, r.Errorf(item, "%s is there twice", f)
		}
		names = append(names, f.String())
	}
	return names, nil
}

// add inserts a rate in order unless it is there.
func (o *Output) add(x Rate) {
	if slices.Contains(o.Eta, x) {
		return
	}
	o.Eta = append(o.Eta, x)
	sortRates(o.Eta)
}
