package objective

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// TestNodesAreCounted: the number of nodes is known without making them.
func TestNodesAreCounted(t *testing.T) {
	t.Parallel()
	laws := []Marginal{Normal{0, 1}, Uniform{0, 1}, Rademacher{}, Exponential(1), Bernoulli{0.3}}
	for n := 1; n <= len(laws); n++ {
		variables := make([]Variable, n)
		for i := range variables {
			variables[i] = Variable{fmt.Sprint("v", i), laws[i]}
		}
		for _, rule := range []Rule{Tensor{1}, Tensor{4}, Smolyak{1}, Smolyak{2}, Smolyak{5}, Smolyak{8}, QMC{64, 1}} {
			s, err := IndependentBy(variables, rule)
			if err != nil {
				t.Fatal(err)
			}
			if got := Nodes(variables, rule); got != float64(s.Len()) {
				t.Errorf("%v in %d variables: counted %v, made %d", rule, n, got, s.Len())
			}
		}
	}
}

// TestLargeRules: what would be too large is refused by its count, also beyond the integers.
func TestLargeRules(t *testing.T) {
	t.Parallel()
	many := make([]Variable, 900)
	for i := range many {
		many[i] = Variable{fmt.Sprint("v", i), Normal{0, 1}}
	}
	for _, rule := range []Rule{Smolyak{12}, Smolyak{60}, Tensor{128}, Tensor{2}, Smolyak{3}} {
		if _, err := IndependentBy(many, rule); !errors.Is(err, ErrTooManyNodes) {
			t.Errorf("%v in 900 variables: %v", rule, err)
		}
	}
	if n := Nodes(many, Tensor{128}); !math.IsInf(n, 1) {
		t.Errorf("128 points in 900 variables: %v nodes", n)
	}
	if _, err := IndependentBy(many, Smolyak{2}); err != nil {
		t.Errorf("level 2 in 900 variables: %v", err)
	}
	for i := range 16 { // values, not nodes, are too many
		many[i].Law = Rademacher{}
	}
	if _, err := IndependentBy(many, Tensor{1}); !errors.Is(err, ErrTooManyNodes) {
		t.Errorf("2^16 nodes of 900 variables: %v", err)
	}
}
