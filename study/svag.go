package study

import (
	"slices"
	"strings"

	"kolmo/derived"
	"kolmo/sgd"
	"kolmo/study/document"
	"kolmo/svag"
)

// svag looks whether steps are scaled, and whether by a learning rate that they imitate, which decides
// what models there are long before the law is read.
func (r *reader) svag(s *Study, v *document.Value) error {
	for _, key := range []string{"batch", "svag"} {
		if v == nil || v.Kind != document.Mapping {
			return nil
		}
		v = v.Get(key)
	}
	switch {
	case v == nil:
		return nil
	case s.Algorithm != sgd.Name || s.Schedule != nil:
		return r.Errorf(v, "svag is a scaling of the noise of %s with a constant step", sgd.Name)
	case v.Kind != document.Mapping:
		return nil
	}
	if err := r.Keys(v, []string{"of"}, []string{"of"}); err != nil {
		return err
	}
	of, err := r.rate(v.Get("of"))
	s.Imitated = &of
	return err
}

// imitation makes the steps that imitate those at a learning rate.
func (r *reader) imitation(s *Study) (err error) {
	if most := s.Eta[0]; most.Value > s.Imitated.Value {
		of := r.batch.svagAt.Get("of")
		return r.Errorf(of, "expected a learning rate of at least the largest eta, %s, found %s", most.Text, of.Text)
	}
	if s.imitating, err = svag.New(s.Parameters, s.Loss, s.Imitated.Value); err != nil {
		return r.Errorf(r.batch.svagAt, "%s", strings.TrimPrefix(err.Error(), "objective: "))
	}
	return nil
}

// imitated returns the algorithm of a study whose steps imitate those at a learning rate.
func imitated(a *algorithm) *algorithm {
	b := *a
	b.kind, b.title, b.taper, b.theory = svag.Name, "SVAG", true, false
	b.models = svag.Models()
	b.steps = func(s *Study) derived.Algorithm { return s.imitating }
	b.new = inBall(b.steps)
	return &b
}

// derivedModel refuses a derived model that the algorithm has not.
func (r formulaReader) derivedModel(s *Study, item *document.Value) error {
	if !slices.Contains(derived.Names(), item.Text) || slices.Contains(s.kind().models, item.Text) {
		return nil
	}
	why := "the noise of its models ends beyond the ball anyway"
	switch {
	case s.Imitated != nil:
		return r.Errorf(item, "%v", svag.ErrModels)
	case s.Reshuffled:
		why = "its models have no noise that could end"
	}
	return r.Errorf(item, "%s has no model %s, since %s", s.kind().title, item.Text, why)
}
