package study

import (
	"fmt"
	"slices"
	"strings"

	"kolmo/compare"
	"kolmo/custom"
	"kolmo/derived"
	"kolmo/grid"
	"kolmo/langevin"
	"kolmo/momentum"
	"kolmo/process"
	"kolmo/sgd"
	"kolmo/study/document"
)

// algorithm is a dynamics that a study may ask for by algorithm.kind.
type algorithm struct {
	kind   string
	title  string   // in sentences
	models []string // the names of its diffusions
	// theory reports that the paper's assumptions on the loss are about this chain.
	theory bool
	// keys are its numbers, all positive and required, beside kind.
	keys []string
	// state returns the names of the coordinates for those of the parameters; nil: these.
	state  func(parameters []string) []string
	metric string // the default of ball.metric
	taper  bool   // its own noise ends by ball.taper
	// formulas reports that its step is by the formulas of a study.
	formulas bool
	// steps returns it as steps with moments; nil: it is a dynamics of its own.
	steps func(s *Study) derived.Algorithm
	new   func(s *Study) (process.Dynamics, error)
}

// algorithms lists them, the default first. A new one is a folder and a line here.
var algorithms = []algorithm{
	{kind: sgd.Name, title: "SGD", models: sgd.AllNames(), metric: euclidean, theory: true, new: func(s *Study) (process.Dynamics, error) {
		if ball := (grid.Ball{Center: s.Center, R: s.R}); s.Taper[1] > 0 {
			return sgd.NewTapered(s.Objective, ball, s.R2, s.Taper), nil
		} else {
			return sgd.New(s.Objective, ball, s.R2), nil
		}
	}},
	inert(momentum.Name), inert(momentum.Nesterov),
	{
		kind: langevin.Name, title: langevin.Name, keys: []string{"beta"}, metric: euclidean, taper: true,
		models: derived.Names()[1:], // its noise ends anyway
		steps:  thermal,
		new:    inBall(thermal),
	},
	byFormulas(),
}

// thermal returns the steps of package langevin.
func thermal(s *Study) derived.Algorithm {
	return langevin.New(s.Parameters, s.Objective, s.AlgorithmNumbers["beta"], s.R)
}

// inert returns a kind of package momentum.
func inert(kind string) algorithm {
	steps := func(s *Study) derived.Algorithm {
		return momentum.New(kind, s.Parameters, s.Objective, s.AlgorithmNumbers["friction"])
	}
	return algorithm{
		kind: kind, title: kind, models: derived.Names(), keys: []string{"friction"}, state: momentum.State,
		metric: lyapunov, steps: steps,
		new: func(s *Study) (process.Dynamics, error) {
			if s.metric == lyapunov {
				p, err := momentum.Lyapunov(s.Objective, s.Center[0], s.R, s.AlgorithmNumbers["friction"])
				if err != nil {
					return nil, err
				}
				s.Metric = p
			}
			return derived.New(s.falling(steps(s)), s.Center, s.Metric, s.R, [2]float64{s.R, s.R2})
		},
	}
}

// algorithmOf returns the algorithm of a kind that the reader has accepted; a study made
// without a file has the default.
func algorithmOf(kind string) *algorithm {
	for i := range algorithms {
		if algorithms[i].kind == kind {
			return &algorithms[i]
		}
	}
	return &algorithms[0]
}

// dynamics returns what the study compares. It is made with the study where that can
// fail, and else by what the study holds now.
func (s *Study) dynamics() process.Dynamics {
	if s.made != nil {
		return s.made
	}
	d, err := s.kind().new(s)
	if err != nil {
		panic("study: " + err.Error())
	}
	return s.withGiven(d)
}

// Chain returns the algorithm as results have it.
func (s *Study) Chain() compare.Algorithm {
	a := algorithmOf(s.Algorithm)
	out := compare.Algorithm{Kind: a.kind, Title: a.title, Parameters: map[string]float64{}}
	for _, key := range a.keys {
		out.Parameters[key] = s.AlgorithmNumbers[key]
	}
	if s.Reshuffled {
		out.Title, out.Epoch = out.Title+" over epochs", true
	}
	if of := s.Imitated; of != nil {
		out.Kind, out.Title, out.Imitates = s.kind().kind, s.kind().title, of.Value
	}
	if f := s.Schedule; f != nil {
		out.Title += " with a falling step"
		out.Schedule = &compare.Schedule{Kind: string(f.Kind), Rate: f.Rate}
	}
	out.Step = written(s)
	return out
}

// written returns the step as results have it.
func written(s *Study) (out compare.Step) {
	a := s.kind()
	if a.steps == nil || s.Objective == nil {
		return out
	}
	w, ok := s.falling(a.steps(s)).(derived.Written)
	if !ok {
		return out
	}
	var lines []derived.Line
	lines, out.Where = w.Update(custom.Eta)
	for _, l := range lines {
		out.Update = append(out.Update, compare.UpdateLine(l))
	}
	if a.formulas {
		out.State = s.State
	}
	if len(s.noise) > 0 {
		out.Noise = map[string]string{}
	}
	for _, v := range s.noise {
		out.Noise[v.Name] = document.Listed(s.root.Find("algorithm.noise."+v.Name), "law")
	}
	return out
}

// Axes returns the names of the coordinates of fields, those that belong to the ball, the ball there with where noise
// ends, and in words what they are and where coordinates with a range are; no words where they are the parameters and
// paths start with no other values of the rest.
func (s *Study) Axes() (names []string, ball grid.Ball, R2 float64, words string) {
	c, ok := s.made.(process.Charted)
	if !ok {
		return s.Parameters, grid.Ball{Center: s.Center, R: s.R}, s.R2, ""
	}
	for _, m := range c.Diffusions() {
		R2 = max(R2, m.Radius)
	}
	names, ball = starts(c)
	words = c.Chart()
	if at := s.shown(); at != "" {
		words = strings.TrimPrefix(words+"; "+at, "; ")
	}
	return names, ball, R2, words
}

// Chart says what the coordinates of the ball are; empty where they are those of the state.
func (s *Study) Chart() string {
	if c, ok := s.made.(process.Charted); ok {
		return c.Chart()
	}
	return ""
}

// algorithm reads the key of that name, and sets the names of the state.
func (r *reader) algorithm(s *Study, v *document.Value) error {
	s.Algorithm, s.State = algorithms[0].kind, s.Parameters
	if v == nil {
		return nil
	}
	var kinds []string
	for _, a := range algorithms {
		kinds = append(kinds, a.kind)
	}
	if err := r.Keys(v, document.Sections["algorithm"], []string{"kind"}); err != nil {
		return err
	}
	var err error
	if s.Algorithm, err = r.Choice(v.Get("kind"), kinds); err != nil {
		return err
	}
	a := algorithmOf(s.Algorithm)
	s.AlgorithmNumbers = map[string]float64{}
	for _, e := range v.Entries {
		switch {
		case e.Key == "kind", a.formulas && slices.Contains(document.FormulaKeys, e.Key):
		case !slices.Contains(a.keys, e.Key):
			return r.ErrorAt(e.Line, e.Column, e.Value.Path, "%s has no %s", a.kind, e.Key)
		default:
			if s.AlgorithmNumbers[e.Key], err = r.length(e.Value); err != nil {
				return err
			}
		}
	}
	if err := r.Keys(v, document.Sections["algorithm"], a.keys); err != nil {
		return err
	}
	switch {
	case a.formulas:
		return formulaReader{r}.customNames(s, v)
	case a.state == nil:
		return nil
	}
	s.State = a.state(s.Parameters)
	if len(s.State) > grid.MaxDim {
		return r.Errorf(v, "%s of %d parameters has a state of %d coordinates; at most %d are possible", a.kind, len(s.Parameters), len(s.State), grid.MaxDim)
	}
	for _, name := range s.State[len(s.Parameters):] {
		if err := r.Take(r.names, name, "velocity", v.Path, v.Line, v.Column); err != nil {
			return err
		}
	}
	return nil
}

// claims refuses studies that do not speak of the algorithm.
func (r settingReader) claims(s *Study, v *document.Value) error {
	for i, name := range s.Studies {
		if why := Refused(s, name); why != "" {
			return r.Errorf(v.Items[i], "%s", why)
		}
	}
	return nil
}

// endless says why kinds of study do not speak of steps that fall.
var endless = map[compare.Study]string{
	compare.StudyStationary: "at s = 0, where falling steps end, every point is at rest, so that there are as many invariant laws as points",
	compare.StudySpectrum:   "at s = 0, where falling steps end, every point is at rest, so that all functions of the point have the rate 0",
	compare.StudyDecay:      "derivatives fall ever more slowly with the steps, by no rate",
	compare.StudyVariation:  "first variations fall ever more slowly with the steps, by no rate",
	compare.StudyExit:       "the falling steps may come to rest inside, and then the mean time is infinite",
}

// Refused says why a kind of study does not speak of the study's algorithm, "" if it does.
func Refused(s *Study, name string) string {
	a := s.kind()
	switch why, ended := endless[compare.Study(name)]; {
	case s.Schedule != nil && ended:
		return fmt.Sprintf("the study %s does not speak of schedules: %s", name, why)
	case name == string(compare.StudyDecay) && s.hasRanges():
		return fmt.Sprintf("the study %s does not speak of ranges: its moments, and what its derivatives are measured by, are of distances in a ball", name)
	case name == string(compare.StudyDecay) && len(s.State) > 1 && (a.state != nil || a.formulas):
		return fmt.Sprintf("the study %s does not speak of %s with %d coordinates: derivatives take too long on the grids that the end of its noise needs", name, a.kind, len(s.State))
	case name == string(compare.StudyExit) && len(s.State) > 2:
		return fmt.Sprintf("the study %s does not speak of %s with %d coordinates: it is about intervals and boxes of the plane", name, a.kind, len(s.State))
	}
	return ""
}

// NoiseThatEnds says whose noise ends at R2: "the modified model's noise", by definition, or "the models'
// noise", for the computation's sake; empty where none does.
func (s *Study) NoiseThatEnds() string {
	if s.Objective == nil {
		return ""
	}
	text := ""
	for _, m := range s.dynamics().Diffusions() {
		switch {
		case m.Radius == 0 || !slices.Contains(s.Models, m.Name):
		case m.Tapered:
			return "the models' noise"
		default:
			text = "the modified model's noise"
		}
	}
	return text
}
