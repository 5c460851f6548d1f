package study

import (
	"errors"
	"math"
	"strings"

	"kolmo/law"
	"kolmo/objective"
)

// sample reads the law of xi and takes the names of its variables.
func (r *reader) sample(v *value) (*law.Samples, error) {
	if v.kind != mapping {
		return nil, r.errorf(v, "expected a mapping with the key kind, found %s", v.describe())
	}
	k := v.get("kind")
	if k == nil {
		return nil, r.errorAt(v.line, v.column, "sample.kind", "the key is missing; expected data, discrete or independent")
	}
	kind, err := r.choice(k, []string{"data", "discrete", "independent"})
	if err != nil {
		return nil, err
	}
	if b := v.get("batch"); b != nil {
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
	svag          float64 // times the noise of one sample; 0: the study has no such key
	at            *value  // nil: the study has no batch
	sizeAt        *value
	replacementAt *value
	svagAt        *value
}

func (r *reader) readBatch(v *value) (b batch, err error) {
	b = batch{size: 1, replacement: true, at: v}
	if err := r.keys(v, []string{"size", "replacement", "svag"}, nil); err != nil {
		return b, err
	}
	if b.sizeAt = v.get("size"); b.sizeAt != nil {
		if b.size, err = r.integer(b.sizeAt, 1, 1e9); err != nil {
			return b, err
		}
	}
	if b.svagAt = v.get("svag"); b.svagAt != nil {
		if b.svag, err = r.length(b.svagAt); err != nil {
			return b, err
		}
		switch w := v.get("replacement"); {
		case b.svag < 1:
			return b, r.errorf(b.svagAt, "expected a number of at least 1, found %s", b.svagAt.text)
		case b.size != 1:
			return b, r.errorf(b.sizeAt, "svag is of pairs of single samples: expected the size 1, found %d", b.size)
		case w != nil && w.text != "true":
			return b, r.errorf(w, "svag draws its two samples independently: expected true, found %s", w.describe())
		}
	}
	if w := v.get("replacement"); w != nil {
		if w.kind == scalar && w.style == plain && w.text == everyEpoch {
			if b.size != 1 {
				return b, r.errorf(b.sizeAt, "an epoch goes through single samples: expected the size 1, found %d", b.size)
			}
			b.replacementAt = w
			return b, nil
		}
		if w.kind != scalar || w.style != plain || w.text != "true" && w.text != "false" {
			return b, r.errorf(w, "expected true, false or %s, found %s", everyEpoch, w.describe())
		}
		b.replacement, b.replacementAt = w.text == "true", w
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
			return nil, r.errorf(b.svagAt, "%s", strings.TrimPrefix(err.Error(), "objective: "))
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
	return nil, r.errorf(at, "%s", strings.TrimPrefix(err.Error(), "law: "))
}

func (r *reader) discrete(v *value) (*law.Samples, error) {
	if err := r.keys(v, []string{"kind", "variables", "values", "probabilities", "batch"}, []string{"variables", "values"}); err != nil {
		return nil, err
	}
	items, err := r.list(v.get("variables"), "names")
	if err != nil {
		return nil, err
	}
	var variables []string
	for _, item := range items {
		name, err := r.words(item)
		if err != nil {
			return nil, err
		}
		if err := r.take(r.names, name, "sample variable", item.path, item.line, item.column); err != nil {
			return nil, err
		}
		variables = append(variables, name)
	}
	if items, err = r.list(v.get("values"), "values [..]"); err != nil {
		return nil, err
	}
	var values [][]float64
	for _, item := range items {
		x, err := r.numbers(item, len(variables))
		if err != nil {
			return nil, err
		}
		values = append(values, x)
	}
	var probabilities []float64
	p := v.get("probabilities")
	if p != nil {
		if probabilities, err = r.numbers(p, len(values)); err != nil {
			return nil, err
		}
		for i, x := range probabilities {
			if x < 0 {
				return nil, r.errorf(p.items[i], "expected a probability from 0 to 1, found %s", p.items[i].text)
			}
		}
	}
	s, err := law.Discrete(variables, values, probabilities)
	if errors.Is(err, law.ErrProbabilities) {
		sum, advice := total(probabilities), ""
		if math.Abs(sum-1) < rounded {
			advice = "; if they are rounded, write fractions such as 1/3, or leave the key out where all are equal"
		}
		return nil, r.errorf(p, "expected probabilities that sum to 1, found the sum %.12g%s", sum, advice)
	}
	if err != nil {
		return nil, r.errorf(v.get("values"), "%v", err)
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
