package study

import (
	"errors"
	"math"
	"strings"

	"kolmo/law"
	"kolmo/objective"
	"kolmo/study/document"
)

// sample reads the law of xi and takes the names of its variables.
func (r lawReader) sample(v *document.Value) (*law.Samples, error) {
	k := v.Get("kind")
	if k == nil {
		return nil, r.Keys(v, document.Sections["sample"], []string{"kind"})
	}
	kind, err := r.Choice(k, []string{"data", "discrete", "independent"})
	if err != nil {
		return nil, err
	}
	if b := v.Get("batch"); b != nil {
		if r.batch, err = r.readBatch(b); err != nil {
			return nil, err
		}
	}
	switch kind {
	case "data":
		return r.data(v)
	case "discrete":
		return r.discrete(v)
	}
	return r.independent(v)
}

// batch is the study's batch with the values that errors about it stand at.
type batch struct {
	size          int
	replacement   bool
	svag          float64         // times the noise of one sample; 0: the study has no such key
	at            *document.Value // nil: the study has no batch
	sizeAt        *document.Value
	replacementAt *document.Value
	svagAt        *document.Value
}

func (r lawReader) readBatch(v *document.Value) (b batch, err error) {
	b = batch{size: 1, replacement: true, at: v}
	if err := r.Keys(v, document.Sections["sample.batch"], nil); err != nil {
		return b, err
	}
	if b.sizeAt = v.Get("size"); b.sizeAt != nil {
		if b.size, err = r.Integer(b.sizeAt, 1, 1e9); err != nil {
			return b, err
		}
	}
	if b.svagAt = v.Get("svag"); b.svagAt != nil {
		imitates := b.svagAt.Kind == document.Mapping // see svag
		if !imitates {
			if b.svag, err = r.length(b.svagAt); err != nil {
				return b, err
			}
		}
		switch w := v.Get("replacement"); {
		case !imitates && b.svag < 1:
			return b, r.Errorf(b.svagAt, "expected a number of at least 1, found %s", b.svagAt.Text)
		case b.size != 1:
			return b, r.Errorf(b.sizeAt, "svag is of pairs of single samples: expected the size 1, found %d", b.size)
		case w != nil && w.Text != "true":
			return b, r.Errorf(w, "svag draws its two samples independently: expected true, found %s", w.Describe())
		}
	}
	if w := v.Get("replacement"); w != nil {
		if w.Kind == document.Scalar && w.Style == document.Plain && w.Text == everyEpoch {
			if b.size != 1 {
				return b, r.Errorf(b.sizeAt, "an epoch goes through single samples: expected the size 1, found %d", b.size)
			}
			b.replacementAt = w
			return b, nil
		}
		if w.Kind != document.Scalar || w.Style != document.Plain || w.Text != "true" && w.Text != "false" {
			return b, r.Errorf(w, "expected true, false or %s, found %s", everyEpoch, w.Describe())
		}
		b.replacement, b.replacementAt = w.Text == "true", w
	}
	return b, nil
}

// batched returns the loss with the study's batches. Those of one sample are the
// loss itself: their law does not depend on replacement.
func (r *reader) batched(l *objective.Loss) (objective.Objective, error) {
	b := r.batch
	if b.svagAt != nil {
		p, err := objective.NewPairs(l, b.svag)
		if err != nil {
			return nil, r.Errorf(b.svagAt, "%s", strings.TrimPrefix(err.Error(), "objective: "))
		}
		return p, nil
	}
	if b.at == nil || b.size == 1 {
		return l, nil
	}
	o, err := objective.NewBatch(l, b.size, b.replacement)
	if err == nil {
		return o, nil
	}
	at := b.sizeAt
	if errors.Is(err, law.ErrReplacement) {
		at = b.replacementAt
	}
	if at == nil {
		at = b.at
	}
	return nil, r.Errorf(at, "%s", strings.TrimPrefix(err.Error(), "law: "))
}

func (r lawReader) discrete(v *document.Value) (*law.Samples, error) {
	if err := r.Keys(v, document.DiscreteKeys, []string{"variables", "values"}); err != nil {
		return nil, err
	}
	items, err := r.List(v.Get("variables"), "names")
	if err != nil {
		return nil, err
	}
	var variables []string
	for _, item := range items {
		name, err := r.Words(item)
		if err != nil {
			return nil, err
		}
		if err := r.Take(r.names, name, "sample variable", item.Path, item.Line, item.Column); err != nil {
			return nil, err
		}
		variables = append(variables, name)
	}
	if items, err = r.List(v.Get("values"), "values [..]"); err != nil {
		return nil, err
	}
	var values [][]float64
	for _, item := range items {
		x, err := r.Numbers(item, len(variables))
		if err != nil {
			return nil, err
		}
		values = append(values, x)
	}
	var probabilities []float64
	p := v.Get("probabilities")
	if p != nil {
		if probabilities, err = r.Numbers(p, len(values)); err != nil {
			return nil, err
		}
		for i, x := range probabilities {
			if x < 0 {
				return nil, r.Errorf(p.Items[i], "expected a probability from 0 to 1, found %s", p.Items[i].Text)
			}
		}
	}
	s, err := law.Discrete(variables, values, probabilities)
	if errors.Is(err, law.ErrProbabilities) {
		sum, advice := total(probabilities), ""
		if math.Abs(sum-1) < rounded {
			advice = "; if they are rounded, write fractions such as 1/3, or leave the key out where all are equal"
		}
		return nil, r.Errorf(p, "expected probabilities that sum to 1, found the sum %.12g%s", sum, advice)
	}
	if err != nil {
		return nil, r.Errorf(v.Get("values"), "%v", err)
	}
	return s, nil
}

// rounded is how far from 1 the sum of rounded probabilities may be.
const rounded = 0.05

func total(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}
