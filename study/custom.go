package study

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"kolmo/custom"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/law"
	"kolmo/objective"
	"kolmo/objective/expr"
	"kolmo/process"
	"kolmo/schedule"
	"kolmo/study/document"
)

// byFormulas returns the kind of package custom.
func byFormulas() algorithm {
	return algorithm{
		kind: custom.Name, title: custom.Name, models: derived.Names(), formulas: true,
		metric: euclidean,
		steps:  func(s *Study) derived.Algorithm { return s.step },
		new:    newCustom,
	}
}

// newCustom makes the dynamics of an algorithm by formulas.
func newCustom(s *Study) (process.Dynamics, error) {
	if err := measure(s, s.step); err != nil {
		return nil, cmp.Or(s.checkStep([][]float64{s.within()}), err)
	}
	of := s.falling(s.step)
	if s.Metric == nil && !s.step.Noisy() && s.hasRanges() {
		if d, err := derived.NewToFaces(of, s.Center, nil, s.R, s.R2); err != nil || d.Boxed() {
			return d, err
		}
	}
	ends := [2]float64{s.R, s.R2}
	if s.step.Noisy() {
		ends = s.Taper
	}
	d, err := derived.New(of, s.Center, s.Metric, s.R, ends)
	if err != nil {
		return nil, err
	}
	return d, s.rangedNoise(d)
}

// customNames reads the names of an algorithm by formulas: its state, its noise, and what is
// updated.
func (r formulaReader) customNames(s *Study, v *document.Value) error {
	if err := r.Keys(v, document.Sections["algorithm"], []string{"update"}); err != nil {
		return err
	}
	s.State = slices.Clone(s.Parameters)
	var states []document.Member
	if at := v.Get("state"); at != nil {
		var err error
		if states, err = r.variables(at, 0, "state variables, such as {v: {}}"); err != nil {
			return err
		}
		for _, e := range states {
			if err := r.Take(r.names, e.Key, "state variable", e.Value.Path, e.Line, e.Column); err != nil {
				return err
			}
			at, err := r.coordinate(e.Value)
			if err != nil {
				return err
			}
			s.State = append(s.State, e.Key)
			s.setRange(at)
		}
		if len(s.State) > grid.MaxDim {
			return r.Errorf(at, "%d parameters and %d state variables are a state of %d coordinates; at most %d are possible", len(s.Parameters), len(states), len(s.State), grid.MaxDim)
		}
	}
	if at := v.Get("noise"); at != nil {
		if err := r.noise(s, at); err != nil {
			return err
		}
	}
	at := v.Get("update")
	updates, err := r.variables(at, 1, "the next values of parameters and state variables, such as {x: x + eta*v}")
	if err != nil {
		return err
	}
	for _, e := range updates {
		if !slices.Contains(s.State, e.Key) {
			return r.ErrorAt(e.Line, e.Column, e.Value.Path, "unknown name; what can be updated are %s", strings.Join(s.State, ", "))
		}
	}
	for _, e := range states {
		if f := at.Get(e.Key); f == nil || strings.TrimSpace(f.Text) == e.Key {
			return r.ErrorAt(e.Line, e.Column, e.Value.Path, "the state variable %s is never updated", e.Key)
		}
	}
	return nil
}

// variables returns the entries of a mapping, as many as least or more.
func (r formulaReader) variables(v *document.Value, least int, what string) ([]document.Member, error) {
	if v.Kind != document.Mapping || len(v.Entries) < least {
		return nil, r.Errorf(v, "expected a mapping of %s, found %s", what, v.Describe())
	}
	return v.Entries, nil
}

// noise reads the independent variables beside the sample.
func (r formulaReader) noise(s *Study, at *document.Value) error {
	list, err := r.variables(at, 0, "variables to laws, such as {z: {law: normal}}")
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := r.Take(r.names, e.Key, "noise variable", e.Value.Path, e.Line, e.Column); err != nil {
			return err
		}
		l, err := lawReader(r).marginal(e.Value)
		if err != nil {
			return err
		}
		s.noise = append(s.noise, law.Variable{Name: e.Key, Law: l})
	}
	if len(s.noise) > mostNoise {
		return r.Errorf(at, "%d noise variables; at most %d are possible", len(s.noise), mostNoise)
	}
	return nil
}

// mostNoise bounds the variables of a step's own noise.
const mostNoise = 4

// hide says why the loss and definitions may not use the names of state and noise.
func (s *Study) hide(hidden map[string]string) {
	const loss = ", and the loss is a function of the parameters and the sample"
	for _, name := range s.State[len(s.Parameters):] {
		hidden[name] = "it is a state variable" + loss
	}
	for _, v := range s.noise {
		hidden[v.Name] = "it is a noise variable" + loss
	}
}

// custom reads the formulas, once the names that they may use are known.
func (r formulaReader) custom(s *Study, root *document.Value, scope expr.Scope) error {
	if !algorithmOf(s.Algorithm).formulas {
		return nil
	}
	at := root.Get("algorithm").Get("update")
	if what := r.names[custom.Eta]; what != "" {
		return r.Errorf(at, "%s is the learning rate in an update, and here the name of a %s too; rename that", custom.Eta, what)
	}
	n := custom.Names{Loss: s.Loss, State: s.own(), Ranges: s.ranges, Noise: s.noise, Size: 1}
	n.Definitions, n.Hidden = visible(s, scope)
	if s.Schedule != nil {
		n.Hidden[schedule.State] = "it is the schedule's, and eta falls with it by itself"
	}
	if b, ok := s.Objective.(*objective.Batch); ok {
		n.Size = b.Size()
		switch {
		case n.Size > custom.MostBatch:
			return r.Errorf(r.batch.sizeAt, "a step by formulas takes batches of at most %d samples", custom.MostBatch)
		case b.Batches().Matched():
			return r.Errorf(r.batch.sizeAt, "a step by formulas needs all batches one by one, and there are more than %d", law.BatchLimit)
		}
	}
	formulas := make([]*custom.Formula, len(n.State))
	for _, e := range at.Entries {
		if e.Value.Kind != document.Scalar {
			return r.Errorf(e.Value, "expected an expression, found %s", e.Value.Describe())
		}
		f, err := custom.Parse(e.Value.Text, n)
		if err != nil {
			return r.Inside(e.Value, err)
		}
		formulas[slices.Index(n.State, e.Key)] = f
	}
	var err error
	if s.step, err = custom.New(n, formulas, s.Objective); err != nil {
		return r.Errorf(at, "%v", err)
	}
	for _, v := range s.noise {
		if !slices.ContainsFunc(formulas, func(f *custom.Formula) bool { return f.Uses(v.Name) }) {
			r.notes = append(r.notes, r.Errorf(root.Find("algorithm.noise."+v.Name), "no update has %s, which plays no part", v.Name).Error())
		}
	}
	s.updateAt = at
	return r.customNoise(s, root)
}

// customNoise refuses what noise of order sqrt(eta) has not, and what needs it.
func (r formulaReader) customNoise(s *Study, root *document.Value) error {
	ball := root.Get("ball")
	taper, r2 := ball.Get("taper"), ball.Get("R2")
	if !s.step.Noisy() {
		if taper != nil {
			return r.Errorf(taper, "the update has no noise of order sqrt(eta) that would need a taper")
		}
		s.Taper = [2]float64{}
		return nil
	}
	if r2 != nil {
		return r.Errorf(r2, "an update with noise of order sqrt(eta) has no modified model; where its noise ends is the key taper")
	}
	s.R2 = s.Taper[1]
	for i, name := range s.Models {
		if name == derived.Modified {
			return r.Errorf(root.Get("models").Items[i], "an update with noise of order sqrt(eta), which ends by ball.taper, has no model %s; %s is the same", name, derived.SecondOrder)
		}
	}
	return nil
}

// needsMetric refuses a state beyond the parameters in a Euclidean ball that nobody asked for
// and that the motion leaves.
func (r formulaReader) needsMetric(s *Study, ball *document.Value) error {
	if s.step == nil || s.round() == len(s.Parameters) || ball.Get("metric") != nil || derived.Approaches(s.step, s.Center, s.R) {
		return nil
	}
	if s.hasRanges() && !s.step.Noisy() {
		d, err := derived.NewToFaces(s.falling(s.step), s.Center, nil, s.R, s.R2)
		if err == nil {
			err = s.rangedNoise(d)
		}
		if err != nil {
			return r.Errorf(ball, "%v", err) // no metric helps
		}
	}
	return r.Errorf(ball, "the drift does not draw states together in the Euclidean metric, whose ball it leaves: the key metric is needed, %s, a matrix, or %s all the same", lyapunov, euclidean)
}

// checkStep looks at the step at states of the region, at all learning rates.
func (s *Study) checkStep(states [][]float64) error {
	etas := s.etas()
	for i := range states {
		states[i] = states[i][:len(s.own())]
	}
	if err := custom.Check(s.step, etas, states); err != nil {
		return s.customError(err)
	}
	if name, what := custom.Kinked(s.step, etas[0], states); what != "" && s.notes == nil {
		s.notes = []string{s.doc.Errorf(s.updateAt.Get(name), "%s", what).Error()}
	}
	return nil
}

// customError gives an error about an update its place; it returns others as they are.
func (s *places) customError(err error) error {
	var e *custom.Error
	if s.updateAt == nil || !errors.As(err, &e) {
		return err
	}
	if at := s.updateAt.Get(e.Name); at != nil {
		return s.doc.Errorf(at, "%s", e.Error())
	}
	return err
}

// visible returns the definitions that formulas over the sample may use, those of the
// variables that the loss depends on, and why they may not use the others.
func visible(s *Study, scope expr.Scope) (definitions []expr.Definition, hidden map[string]string) {
	hidden = map[string]string{}
	for name, why := range scope.Hidden {
		hidden[name] = why
	}
	const absent = "the loss does not depend on it"
	known := s.Loss.Nodes().Variables
	for _, v := range scope.Variables {
		if !slices.Contains(known, v) {
			hidden[v] = absent
		}
	}
	for _, d := range scope.Definitions {
		if slices.ContainsFunc(d.Expr.Variables(), func(v string) bool { return !slices.Contains(known, v) }) {
			hidden[d.Name] = "it is made of a sample variable, and " + absent
			continue
		}
		definitions = append(definitions, d)
	}
	return definitions, hidden
}
