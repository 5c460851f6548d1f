package svag

import (
	"math"

	"kolmo/derived"
	"kolmo/objective"
	"kolmo/process"
	"kolmo/sgd"
)

var _ derived.Varied = (*algorithm)(nil)

func (a *algorithm) Variation(eta float64) (process.Variation, error) {
	return sgd.NewVariation(a.pairs.With(max(1, a.of/eta), a.end), eta)
}

// Noise implements derived.Varied: the columns are those of the samples, of the covariance E Sigma.
func (a *algorithm) Noise() (*derived.Noise, error) {
	root, err := objective.NewRoot(a.pairs.Loss())
	if err != nil {
		return nil, err
	}
	return &derived.Noise{Limit: root.Len(), LimitName: root.String(), New: func() func(limit, first, z []float64) {
		columnsTo := root.NewColumns()
		return func(limit, _, x []float64) { columnsTo(limit, x, math.Sqrt(a.of)) }
	}}, nil
}
