package study

import (
	"slices"
	"strings"

	"kolmo/compare"
)

// defaultAccuracy is the largest total error, relative to each gap.
const defaultAccuracy = 0.01

// settings reads models, accuracy, studies, horizon, spectrum, crossing and seed.
func (r *reader) settings(s *Study, root *value) (err error) {
	if err := r.models(s, root.get("models")); err != nil {
		return err
	}
	s.Accuracy = defaultAccuracy
	if v := root.get("accuracy"); v != nil {
		if s.Accuracy, err = r.positive(v); err != nil {
			return err
		}
		if s.Accuracy >= 1 {
			return r.errorf(v, "expected a number between 0 and 1, found %s", v.text)
		}
	}
	s.Studies = []string{string(compare.StudyGap)}
	if v := root.get("studies"); v != nil {
		if s.Studies, err = r.choices(v, "studies", studyNames()); err != nil {
			return err
		}
		if err := r.claims(s, v); err != nil {
			return err
		}
	}
	if v := root.get("horizon"); v != nil {
		if s.Horizon, err = r.positive(v); err != nil {
			return err
		}
		if eta := s.Eta[len(s.Eta)-1]; s.Horizon > mostHorizonSteps*eta.Value {
			return r.errorf(v, "expected at most %g steps of the smallest learning rate %s, found the time %s", mostHorizonSteps, eta.Text, v.text)
		}
	}
	if err := r.spectrum(s, root.get("spectrum")); err != nil {
		return err
	}
	if err := r.crossing(s, root.get("crossing")); err != nil {
		return err
	}
	s.Seed = 1
	if v := root.get("seed"); v != nil {
		n, err := r.integer(v, 0, 1<<53)
		if err != nil {
			return err
		}
		s.Seed = uint64(n)
	}
	return nil
}

// spectrum reads what a spectrum study is asked for.
func (r *reader) spectrum(s *Study, v *value) (err error) {
	s.Spectrum = compare.DefaultSpectrumCount
	if v == nil {
		return nil
	}
	if err := r.keys(v, []string{"count"}, nil); err != nil {
		return err
	}
	if c := v.get("count"); c != nil {
		s.Spectrum, err = r.integer(c, 1, mostSpectrum)
	}
	return err
}

// crossing reads what a crossing study is asked for.
func (r *reader) crossing(s *Study, v *value) (err error) {
	if v == nil {
		return nil
	}
	if err := r.keys(v, []string{"level", "x"}, []string{"level"}); err != nil {
		return err
	}
	c := new(compare.Crossing)
	if c.Level, err = r.number(v.get("level")); err != nil {
		return err
	}
	if x := v.get("x"); x != nil {
		if c.X, err = r.numbers(x, len(s.State)); err != nil {
			return err
		}
	}
	s.Crossing = c
	return nil
}

func (r *reader) solver(s *Study, v *value) (err error) {
	s.Solver = Solver{Space: "auto", Time: "auto"}
	if v == nil {
		return nil
	}
	if err := r.keys(v, []string{"space", "order", "time", "nodes"}, nil); err != nil {
		return err
	}
	if w := v.get("space"); w != nil {
		if s.Solver.Space, err = r.choice(w, []string{"auto", "chebyshev", "uniform"}); err != nil {
			return err
		}
	}
	if w := v.get("order"); w != nil {
		if s.Solver.Space == "chebyshev" {
			return r.errorf(w, "space: chebyshev has no order to choose; the order belongs to space: uniform")
		}
		if s.Solver.Order, err = r.integer(w, 2, 10); err != nil || s.Solver.Order%2 != 0 {
			return r.errorf(w, "expected an order of 2, 4, 6, 8 or 10, found %s", w.describe())
		}
	}
	if w := v.get("time"); w != nil {
		if s.Solver.Time, err = r.choice(w, timeNames()); err != nil {
			return err
		}
		if c := schemes()[s.Solver.Time]; c != nil && c.Implicit() && s.Solver.Space == "chebyshev" {
			return r.errorf(w, "%s solves along banded lines and chebyshev's lines are full; use space: uniform", s.Solver.Time)
		}
	}
	if w := v.get("nodes"); w != nil {
		return r.nodes(s, w)
	}
	return nil
}

// nodes reads one number of nodes per axis, or one for all.
func (r *reader) nodes(s *Study, v *value) error {
	items, err := r.list(v, "numbers of nodes")
	if err != nil {
		return err
	}
	d := len(s.State)
	if len(items) != d && len(items) != 1 {
		if d == 1 {
			return r.errorf(v, "expected one number of nodes, found %d", len(items))
		}
		return r.errorf(v, "expected 1 or %d numbers of nodes, found %d", d, len(items))
	}
	for _, item := range items {
		n, err := r.integer(item, 4, 10_000)
		if err != nil {
			return err
		}
		s.Solver.Nodes = append(s.Solver.Nodes, n)
	}
	for len(s.Solver.Nodes) < d {
		s.Solver.Nodes = append(s.Solver.Nodes, s.Solver.Nodes[0])
	}
	return nil
}

func (r *reader) output(s *Study, v *value) (err error) {
	largest, smallest := s.Eta[0], s.Eta[len(s.Eta)-1]
	s.Output = Output{Fields: compare.FieldNames()}
	s.Output.add(largest)
	s.Output.add(smallest)
	if v == nil {
		return nil
	}
	if err := r.keys(v, []string{"fields", "every", "eta", "compression"}, nil); err != nil {
		return err
	}
	if w := v.get("fields"); w != nil {
		if s.Output.Fields, err = r.fields(w, s); err != nil {
			return err
		}
	}
	if w := v.get("every"); w != nil {
		if s.Output.Every, err = r.integer(w, 0, 1e9); err != nil {
			return err
		}
	}
	if w := v.get("compression"); w != nil {
		switch {
		case w.kind == scalar && w.text == "none":
		case w.kind == scalar && w.text == "1":
			s.Output.Compression = 1
		default:
			return r.errorf(w, "expected none or 1, found %s", w.describe())
		}
	}
	w := v.get("eta")
	if w == nil {
		return nil
	}
	if w.kind != sequence {
		return r.errorf(w, "expected a list of largest, smallest or learning rates, found %s", w.describe())
	}
	s.Output.Eta = nil
	for _, item := range w.items {
		switch item.text {
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
			return r.errorf(item, "expected largest, smallest or one of the study's eta, found %s", item.describe())
		}
		s.Output.add(s.Eta[i])
	}
	return nil
}

// fields reads the fields to save; an empty list saves none.
func (r *reader) fields(v *value, s *Study) ([]string, error) {
	if v.kind == sequence && len(v.items) == 0 {
		return nil, nil
	}
	items, err := r.list(v, "fields")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, item := range items {
		if item.kind != scalar {
			return nil, r.errorf(item, "expected a field such as gap, found %s", item.describe())
		}
		if strings.HasPrefix(item.text, "d(") && !strings.Contains(item.text, ")") {
			return nil, r.errorf(item, `expected a derivative such as "d(1,0)u", found %s; between brackets commas part the list: quote it`, item.text)
		}
		f, err := compare.ParseFieldName(item.text, len(s.State))
		if err != nil {
			return nil, r.errorf(item, "%v", err)
		}
		if f.J != nil && (s.Schedule != nil || s.Reshuffled) {
			return nil, r.errorf(item, "fields of a study with a schedule or epochs have no derivatives; want u, U or gap")
		}
		if f.J != nil && algorithmOf(s.Algorithm).metrics != nil {
			return nil, r.errorf(item, "the axes of %s are no parameters; want u, U or gap", s.Algorithm)
		}
		if slices.Contains(names, f.String()) {
			return nil, r.errorf(item, "%s is there twice", f)
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
