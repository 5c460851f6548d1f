package study

import (
	"kolmo/grid"
	"kolmo/process"
	"kolmo/sgd"
)

// algorithm is a dynamics that a study may ask for by algorithm.kind.
type algorithm struct {
	kind   string
	models []string // the names of its diffusions
	// theory reports that the paper's assumptions on the loss are about this chain.
	theory bool
	new    func(s *Study, ball grid.Ball) process.Dynamics
}

// algorithms lists them, the default first. A new one is a folder and a line here.
var algorithms = []algorithm{
	{sgd.Name, sgd.AllNames(), true, func(s *Study, ball grid.Ball) process.Dynamics { return sgd.New(s.Objective, ball, s.R2) }},
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

// dynamics returns what the study compares.
func (s *Study) dynamics() process.Dynamics {
	return s.withGiven(algorithmOf(s.Algorithm).new(s, grid.Ball{Center: s.Center, R: s.R}))
}

// algorithm reads the key of that name.
func (r *reader) algorithm(s *Study, v *value) error {
	s.Algorithm = algorithms[0].kind
	if v == nil {
		return nil
	}
	if err := r.keys(v, []string{"kind"}, []string{"kind"}); err != nil {
		return err
	}
	var kinds []string
	for _, a := range algorithms {
		kinds = append(kinds, a.kind)
	}
	var err error
	s.Algorithm, err = r.choice(v.get("kind"), kinds)
	return err
}
