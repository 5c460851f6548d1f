package study

import (
	"kolmo/derived"
	"kolmo/reshuffle"
	"kolmo/study/document"
)

// everyEpoch is the replacement of batches that go through all samples once in random order.
const everyEpoch = "epoch"

// epoch looks whether the study samples without replacement over epochs, which decides what
// models there are long before the law is read.
func (r *reader) epoch(s *Study, v *document.Value) error {
	for _, key := range []string{"batch", "replacement"} {
		if v == nil || v.Kind != document.Mapping {
			return nil
		}
		v = v.Get(key)
	}
	if v == nil || v.Kind != document.Scalar || v.Style != document.Plain || v.Text != everyEpoch {
		return nil
	}
	switch {
	case s.Algorithm != reshuffle.Of:
		return r.Errorf(v, "%s takes its samples with replacement; only %s has epochs", s.Algorithm, reshuffle.Of)
	case s.Schedule != nil:
		return r.Errorf(v, "step sizes do not fall within epochs yet; leave out the key schedule")
	}
	s.Reshuffled = true
	return nil
}

// overEpochs returns the algorithm of a study that samples over epochs.
func overEpochs(a *algorithm) *algorithm {
	b := *a
	b.theory = false
	b.models = derived.Names()[1:] // without noise nothing ends
	b.steps = func(s *Study) derived.Algorithm { return reshuffle.New(s.Parameters, s.epoch) }
	b.new = inBall(b.steps)
	return &b
}
