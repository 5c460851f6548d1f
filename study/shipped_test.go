package study

import (
	"math"
	"path/filepath"
	"testing"

	"kolmo/objective"
)

// TestShipped: every shipped study loads.
func TestShipped(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../studies/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d studies, %v", len(files), err)
	}
	for _, f := range files {
		s, err := Load(f)
		if err != nil {
			t.Error(err)
			continue
		}
		if want := s.Name + ".yaml"; filepath.Base(f) != want {
			t.Errorf("%s is called %s", f, s.Name)
		}
	}
}

// contract is the study file as the contract of the project writes it, without
// the studies that are still to come.
const contract = `name: iris
title: ridge logistic regression on iris, versicolor against virginica
parameters: [w1, w2]                        # the point x; d = 1, 2 or 3
define: {}                                  # name: expression, usable in loss and observables, in order
loss: softplus(-y*(w1*a + w2*b)) + 0.05*(w1^2 + w2^2)      # f(x;xi)
sample:                                     # the law of xi
  kind: data                                # data | discrete | independent
  file: data/iris.csv                       # relative to the study file
  where: species in ["versicolor", "virginica"]
  columns:                                  # variables of the loss, from the file's columns
    a: standardize(petal_length)            # mean 0, population standard deviation 1 over the selected rows
    b: standardize(petal_width)
    y: 'species == "virginica" ? 1 : -1'
  batch: {size: 1, replacement: true}
ball: {R: 4, center: [0, 0], R2: 6}         # R2 (default 1.5 R)
observables: {expected_loss: f, square: w1^2 + w2^2}       # f is the expected loss
eta: [1/4, 1/8, 1/16, 1/32, 1/64, 1/128]    # numbers or fractions
models: [modified, second-order, first-order, gradient-flow]
accuracy: 0.01                              # largest total error, relative to each gap
studies: [gap]
horizon: 10                                 # t
solver: {space: auto, time: auto}
output: {fields: [u, U, gap], every: 0, eta: [largest, smallest], compression: none}    # every 0: about 20 times
seed: 1
`

// TestContract: the contract's example loads, and its law is that of the data:
// 100 rows, standardized.
func TestContract(t *testing.T) {
	t.Parallel()
	s, err := Parse("contract.yaml", []byte(contract), "../studies")
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := Load("../studies/iris.yaml")
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0.7, -0.2}
	var a, b objective.Moments
	s.Objective.NewEvaluator().MomentsTo(&a, x)
	shipped.Objective.NewEvaluator().MomentsTo(&b, x)
	if a != b {
		t.Errorf("the shipped study differs from the contract: %+v, %+v", a, b)
	}
	// At 0 the gradient is -E y (a, b)/2 and the Hessian E (a, b)(a, b)^T/4 + 0.1 I,
	// whose diagonal is 0.35 because a and b are standardized.
	s.Objective.NewEvaluator().MomentsTo(&a, []float64{0, 0})
	if math.Abs(a.F-math.Ln2) > 1e-15 || math.Abs(a.Hess[0][0]-0.35) > 1e-14 || math.Abs(a.Hess[1][1]-0.35) > 1e-14 {
		t.Errorf("at 0: f = %v, hess f = %v", a.F, a.Hess)
	}
	// The two species differ by 1.292 cm in length, in units of its deviation 0.8214.
	if want := -0.25 * 1.292 / 0.8214; math.Abs(a.Grad[0]-want) > 3e-4 {
		t.Errorf("at 0: grad f = %v, want %.4f first", a.Grad, want)
	}
}
