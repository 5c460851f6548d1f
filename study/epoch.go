package study

import (
	"kolmo/compare"
	"kolmo/derived"
	"kolmo/process"
	"kolmo/reshuffle"
)

// everyEpoch is the replacement of batches that go through all samples once in random order.
const everyEpoch = "epoch"

// epoch looks whether the study samples without replacement over epochs, which decides what
// models there are long before the law is read.
func (r *reader) epoch(s *Study, v *value) error {
	if v != nil && v.kind == mapping {
		if b := v.get("batch"); b != nil && b.kind == mapping && b.get("svag") != nil && (s.Algorithm != reshuffle.Of || s.Schedule != nil) {
			return r.errorf(b.get("svag"), "svag is a scaling of the noise of %s with a constant step", reshuffle.Of)
		}
	}
	for _, key := range []string{"batch", "replacement"} {
		if v == nil || v.kind != mapping {
			return nil
		}
		v = v.get(key)
	}
	if v == nil || v.kind != scalar || v.style != plain || v.text != everyEpoch {
		return nil
	}
	switch {
	case s.Algorithm != reshuffle.Of:
		return r.errorf(v, "%s takes its samples with replacement; only %s has epochs", s.Algorithm, reshuffle.Of)
	case s.Schedule != nil:
		return r.errorf(v, "step sizes do not fall within epochs yet; leave out the key schedule")
	}
	s.Reshuffled = true
	return nil
}

// overEpochs returns the algorithm of a study that samples over epochs.
func overEpochs(a *algorithm) *algorithm {
	b := *a
	b.theory, b.studies = false, []string{string(compare.StudyGap)}
	b.models = []string{derived.SecondOrder, derived.FirstOrder, derived.GradientFlow}
	b.new = func(s *Study) (process.Dynamics, error) {
		return derived.NewToFaces(reshuffle.New(s.Parameters, s.epoch), s.Center, s.R, s.R2)
	}
	return &b
}
