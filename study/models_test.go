package study

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"kolmo/process"
	"kolmo/study/document"
)

// ownModels returns a study with the given models, from line 10 on, and loss.
func ownModels(models, loss string) string {
	return "name: own\nparameters: [x, y]\nloss: " + loss + "\n" +
		"sample: {kind: discrete, variables: [xi, zeta], values: [[-1, 1], [1, 0]]}\ndefine: {half: x/2, bent: xi*x}\n" +
		"ball: {R: 2}\nobservables: {n: x^2}\neta: [1/4, 1/8]\nmodels:\n" + models
}

const plainLoss = "x^2/2 + y^2/2 + 0.1*xi*x*y"

// Every fault in a model of the study's own is one sentence with its place.
func TestOwnModelErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		models       string
		line, column int
		key, want    string
	}{
		{"  - {drift: {x: -x}}", 10, 5, "models[1].name", "missing"},
		{"  - {name: a}", 10, 5, "models[1].drift", "missing"},
		{"  - {name: a, drift: {}, dift: 1}", 10, 26, "models[1].dift", "did you mean drift?"},
		{"  - {name: a b, drift: {}}", 10, 12, "models[1].name", "letters, digits"},
		{"  - {name: modified, drift: {}}", 10, 12, "models[1].name", "the name modified is taken by a model of sgd"},
		{"  - {name: sgd, drift: {}}", 10, 12, "models[1].name", "taken by the algorithm"},
		{"  - {name: a, drift: {}}\n  - {name: a, drift: {}}", 11, 12, "models[2].name", "twice"},
		{"  - {name: a, drift: -x}", 10, 22, "models[1].drift", "expected a mapping of parameters, found -x"},
		{"  - {name: a, drift: {z: -x}}", 10, 23, "models[1].drift.z", "unknown parameter; known are x, y"},
		{"  - {name: a, drift: {x: -z}}", 10, 27, "models[1].drift.x", "unknown name z"},
		{"  - {name: a, drift: {x: -xi}}", 10, 27, "models[1].drift.x", "write mean(..) around it"},
		{"  - {name: a, drift: {x: -bent}}", 10, 27, "models[1].drift.x", "write mean(..) around it"},
		{"  - {name: a, drift: {x: -mean(zeta)}}", 10, 32, "models[1].drift.x", "the loss does not depend on it"},
		{"  - {name: a, drift: {x: -f}}", 10, 27, "models[1].drift.x", "known to observables only"},
		{"  - {name: a, drift: {x: -grad(x)}}", 10, 27, "models[1].drift.x", "write mean(grad(..))"},
		{"  - {name: a, drift: {x: -mean(grad(xi))}}", 10, 37, "models[1].drift.x", "unknown name xi"},
		{"  - {name: a, drift: {x: -mean(grad(2*x))}}", 10, 32, "models[1].drift.x", "with respect to a parameter"},
		{"  - {name: a, drift: {x: -mean(mean(xi))}}", 10, 32, "models[1].drift.x", "no mean inside"},
		{"  - {name: a, drift: {x: -mea(xi)}}", 10, 27, "models[1].drift.x", "unknown function mea; did you mean mean?"},
		{"  - {name: a, drift: {x: -x}, diffusion: {x: eta}}", 10, 46, "models[1].diffusion.x", "expected a mapping of parameters"},
		{"  - {name: a, drift: {x: -x}, diffusion: {x: {y: eta*x}, y: {x: eta*y}}}", 10, 65, "models[1].diffusion.y.x", "given twice, as eta*x and eta*y"},
		{"  - {name: a, drift: {x: -x}, diffusion: {x: {x: eta*x}}}", 10, 42, "models[1].diffusion", "negative eigenvalue"},
		{"  - {name: a, drift: {x: -x}, diffusion: {y: {x: eta}}}", 10, 42, "models[1].diffusion", "negative eigenvalue"},
		{"  - {name: a, drift: {x: x, y: -y}}", 10, 22, "models[1].drift", "leads out of the ball"},
		{"  - {name: a, drift: {x: -log(x)}}", 10, 22, "models[1].drift", "not finite"},
	} {
		_, err := Parse("s.yaml", []byte(ownModels(c.models, plainLoss)), "")
		var e *document.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v, want an *Error", c.models, err)
			continue
		}
		if e.Line != c.line || e.Column != c.column || e.Key != c.key || !strings.Contains(e.Msg, c.want) {
			t.Errorf("%s: %v, want %d:%d: %s: .. %s", c.models, err, c.line, c.column, c.key, c.want)
		}
	}
}

// Names that formulas take elsewhere, and a model that is made of a minimiser.
func TestOwnModelsAgainstTheStudy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{strings.Replace(ownModels("  - {name: a, drift: {x: -x}}", plainLoss), "half:", "eta:", 1), "s.yaml:10:5: models[1]: eta is the learning rate in a model by formulas"},
		{ownModels("  - first-order\n  - constant-noise", "x^2/2 - y^2/2 + xi*x"), "s.yaml:11:5: models[2]: constant-noise is made of the minimiser of f"},
		{ownModels("  - constant-noise", "(x - 5)^2 + y^2 + xi*x"), "s.yaml:10:5: models[1]: constant-noise is made of the minimiser of f"},
		{ownModels("  - constant-noise\n  - {name: a, drift: {x: -half, y: -y*mean(1 + 0*bent)}, diffusion: {y: {x: 0*eta}}}", plainLoss), ""},
	} {
		_, err := Parse("s.yaml", []byte(c.text), "")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n%v, want %q", c.text, err, c.want)
		}
	}
}

// A problem has the models in the order of the study, with the formulas as given.
func TestOwnModelsInProblem(t *testing.T) {
	t.Parallel()
	s, err := Parse("s.yaml", []byte(ownModels("  - {name: b, drift: {y: -y}}\n  - first-order\n  - name: a\n    drift: {x: -mean( grad(x) )}\n    diffusion: {x: {x: 3, y: 'eta*cov(grad(y), grad(x))'}, y: {x: 'eta*cov(grad(x), grad(y))', y: 3}}", plainLoss)), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Problem()
	if err != nil {
		t.Fatal(err)
	}
	want := []process.Formula{{Drift: "y: -y", Diffusion: "0"}, {}, {Drift: "x: -mean( grad(x) )", Diffusion: "x, x: 3; x, y: eta*cov(grad(x), grad(y)); y, y: 3"}}
	for i, name := range []string{"b", "first-order", "a"} {
		m := p.Models[i]
		if m.Name != name || name != "first-order" && (!reflect.DeepEqual(m.Formula, want[i]) || m.Order != 0 || m.StationaryOrder != 0 || !m.OwnRest) {
			t.Errorf("model %d is %+v", i+1, m)
		}
	}
	if p.Models[0].Noise != process.NoNoise || p.Models[2].Noise != process.NoiseAtFaces {
		t.Error("the noise of the models is not what they are given")
	}
}

// Models by formulas are of the state, and refused where they are none of its region.
func TestOwnModelsOfStates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ drift, diffusion, want string }{
		{"x: v_x, v_x: mean(-v_x - grad(x))", "v_x: {v_x: 'eta*cov(grad(x), v_x + grad(x))'}", ""},
		{"x: v_x, v_x: mean(-v_x - grad(v_x))", "", "s.yaml:10:48: models[1].drift.v_x: derivatives are with respect to a parameter, not to v_x"},
		{"x: v_x, v_y: 1", "", "s.yaml:10:31: models[1].drift.v_y: unknown parameter; known are x, v_x"},
		{"x: v_x, v_x: v_x - x", "", "s.yaml:10:22: models[1].drift: the drift of a leads out of the ball at x = "},
		{"x: v_x, v_x: -v_x - x", "v_x: {v_x: x}", "the diffusion of a has the negative eigenvalue"},
		{"x: v_x, v_x: -v_x - log(x)", "", "the drift of a is not finite at x = "},
		// Turns in the metric, with all faces of the box in the way.
		{"x: 10*(v_x + x/2) - x/10, v_x: -10*(v_x/2 + 1.5*x) - v_x/10", "", "leads out of the box around the ball"},
	} {
		text := "name: own\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n" +
			"ball: {R: 2}\nobservables: {n: x^2}\neta: [1/4, 1/8]\nalgorithm: {kind: momentum, friction: 1}\nmodels:\n" +
			"  - {name: a, drift: {" + c.drift + "}, diffusion: {" + c.diffusion + "}}\n"
		_, err := Parse("s.yaml", []byte(text), "")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s; %s: %v, want %q", c.drift, c.diffusion, err, c.want)
		}
	}
}

// Where noise ends beyond the ball, for the computation's sake, coefficients are used as far as that.
func TestOwnModelsBeyondTheBall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ algorithm, drift, diffusion, want string }{
		{"langevin, beta: 4", "-x", "'0.5*(1 - x^2/25)'", ""},
		{"langevin, beta: 4", "-x", "'0.5*(1 - x^2/9)'", "s.yaml:10:42: models[1].diffusion: the diffusion of a has the negative eigenvalue -0.1"},
		{"langevin, beta: 4", "-x", "'1 - x^2/6'", "the diffusion of a has the negative eigenvalue"},
		{"langevin, beta: 4", "-x", "'1 - exp(4*(x^2 - 10))'", "the diffusion of a has the negative eigenvalue"},
		{"custom, update: {x: x - eta*grad(x)}", "-x", "'eta*(1 - x^2/5)'", "the diffusion of a has the negative eigenvalue"},
		{"langevin, beta: 4", "-x*sqrt(3 - x)", "0.5", "the drift of a is not finite at x = "},
	} {
		text := "name: own\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n" +
			"ball: {R: 2}\nobservables: {n: x^2}\neta: [1/4, 1/8]\nalgorithm: {kind: " + c.algorithm + "}\nmodels:\n" +
			"  - {name: a, drift: {x: " + c.drift + "}, diffusion: {x: {x: " + c.diffusion + "}}}\n"
		_, err := Parse("s.yaml", []byte(text), "")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s; %s; %s: %v, want %q", c.algorithm, c.drift, c.diffusion, err, c.want)
		}
	}
}

// Every kind of algorithm has the loss that models by formulas are of.
func TestOwnModelsOfEveryAlgorithm(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"sgd", "momentum, friction: 1", "nesterov, friction: 1", "langevin, beta: 4", "custom, update: {x: x - eta*grad(x)}"} {
		text := "name: own\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\n" +
			"ball: {R: 2}\nobservables: {n: x^2}\neta: [1/4]\nalgorithm: {kind: " + a + "}\nmodels:\n  - second-order\n  - {name: own-one, drift: {x: -mean(tanh(grad(x)))}}\n"
		if strings.Contains(a, "friction") {
			text = strings.Replace(text, "{x: -mean(tanh(grad(x)))}", "{x: v_x, v_x: -mean(grad(x)) - v_x}", 1)
		}
		s, err := Parse("s.yaml", []byte(text), "")
		if err != nil {
			t.Errorf("%s: %v", a, err)
			continue
		}
		p, err := s.Problem()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := process.Named(p.Dynamics, "second-order", "own-one"); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
}
