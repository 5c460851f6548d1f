package law_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"kolmo/law"
)

// TestNodesAreCounted: the number of nodes is known without making them.
func TestNodesAreCounted(t *testing.T) {
	t.Parallel()
	laws := []law.Marginal{law.Normal{0, 1}, law.Uniform{0, 1}, law.Rademacher{}, law.Exponential(1), law.Bernoulli{0.3}}
	for n := 1; n <= len(laws); n++ {
		variables := make([]law.Variable, n)
		for i := range variables {
			variables[i] = law.Variable{fmt.Sprint("v", i), laws[i]}
		}
		for _, rule := range []law.Rule{law.Tensor{1}, law.Tensor{4}, law.Smolyak{1}, law.Smolyak{2}, law.Smolyak{5}, law.Smolyak{8}, law.QMC{64, 1}} {
			s, err := law.IndependentBy(variables, rule)
			if err != nil {
				t.Fatal(err)
			}
			if got := law.Nodes(variables, rule); got != float64(s.Len()) {
				t.Errorf("%v in %d variables: counted %v, made %d", rule, n, got, s.Len())
			}
		}
	}
}

// TestLargeRules: what would be too large is refused by its count, also beyond the integers.
func TestLargeRules(t *testing.T) {
	t.Parallel()
	many := make([]law.Variable, 900)
	for i := range many {
		many[i] = law.Variable{fmt.Sprint("v", i), law.Normal{0, 1}}
	}
	for _, rule := range []law.Rule{law.Smolyak{12}, law.Smolyak{60}, law.Tensor{128}, law.Tensor{2}, law.Smolyak{3}} {
		if _, err := law.IndependentBy(many, rule); !errors.Is(err, law.ErrTooManyNodes) {
			t.Errorf("%v in 900 variables: %v", rule, err)
		}
	}
	if n := law.Nodes(many, law.Tensor{128}); !math.IsInf(n, 1) {
		t.Errorf("128 points in 900 variables: %v nodes", n)
	}
	if _, err := law.IndependentBy(many, law.Smolyak{2}); err != nil {
		t.Errorf("level 2 in 900 variables: %v", err)
	}
	for i := range 16 { // values, not nodes, are too many
		many[i].Law = law.Rademacher{}
	}
	if _, err := law.IndependentBy(many, law.Tensor{1}); !errors.Is(err, law.ErrTooManyNodes) {
		t.Errorf("2^16 nodes of 900 variables: %v", err)
	}
}
