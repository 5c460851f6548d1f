package study

import (
	"errors"
	"strings"
	"testing"

	"kolmo/study/document"
)

// TestErrors asserts the exact position of everything that is refused. Each row
// replaces the first occurrence of old in the good study.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		old, new     string
		line, column int
		key, msg     string
	}{
		// What users get wrong.
		{"loss:", "lose:", 7, 1, "lose", "did you mean loss?"},
		{"noisy - zeta", "noisy - zwta", 7, 22, "loss", "unknown name zwta; did you mean zeta?"},
		{"R: 2", "R: 0", 13, 11, "ball.R", "greater than 0, found 0"},
		{"R: 2", "R: -2", 13, 11, "ball.R", "greater than 0"},
		{"1/4, 0.5", "1/4, 0", 15, 17, "eta[3]", "greater than 0, found 0"},
		{"[0.25, 0.75]", "[0.25, 0.65]", 12, 18, "sample.probabilities", "sum to 1, found the sum 0.9"},
		{"r2/2 - noisy", "log(x) - noisy", 7, 7, "loss", "not finite at x = (-1.5, 0) for sample 0 (xi = 1, zeta = 1)"},
		{"[x, y]", "[x, y, z, w]", 3, 23, "parameters[4]", "fourth parameter"},
		{"r2/2 - noisy", "(x-xi)//2", 7, 13, "loss", "// is not an operator"},
		// Keys in the wrong place.
		{"title: a test", "R2: 3", 2, 1, "R2", "the key belongs under ball"},
		{"title: a test", "batch: {size: 2}", 2, 1, "batch", "the key belongs under sample"},
		{"title: a test", "x: 3", 2, 1, "x", "the key belongs under crossing or exit"},
		{"title: a test", "friction: 1", 2, 1, "friction", "the key belongs under algorithm"},
		{"R: 2,", "R: 2, nodes: [8],", 13, 14, "ball.nodes", "the key belongs under solver; expected R, center, R2, metric, taper"},
		{"R: 2,", "R: 2, eta: [1],", 13, 14, "ball.eta", "the key belongs to the study itself, not indented"},
		{"  probabilities: [0.25, 0.75]", "  where: x > 0", 12, 3, "sample.where", "unknown key; expected kind, variables, values"},
		{"title: a test", "Title: a test", 2, 1, "Title", "did you mean title?"},
		{"title: a test", "BALL: {R: 2}", 2, 1, "BALL", "did you mean ball?"},
		// YAML.
		{"title: a test", "name: a test", 2, 1, "name", "twice; the first is in line 1"},
		{"{expected_loss: f,", "{square: f,", 14, 26, "observables.square", "twice"},
		{"title: a test", "title: &t test", 2, 8, "title", "anchors"},
		{"title: a test", "title: *t", 2, 8, "title", "aliases"},
		{"title: a test", "title: !!str test", 2, 8, "title", "tags"},
		{"title: a test", "<<: {title: a}", 2, 1, "", "merge keys"},
		{"title: a test", "? title\n: a", 2, 1, "", "expected a name as key"},
		{"R: 2", "R: .nan", 13, 11, "ball.R", "finite number"},
		{"R: 2", "R: .inf", 13, 11, "ball.R", "finite number"},
		{"models: [modified, gradient-flow]\n", "models: [modified]\n---\nname: b\n", 18, 1, "", "second"},
		{"name: test", "%YAML 1.2\n---\nname: test", 1, 1, "", "directives"},
		{"title: a test", "title: a: test", 2, 8, "", "needs quotes"},
		{"title: a test", "title: [a", 3, 1, "", "needs quotes"},
		{"title: a test", "title:", 2, 1, "title", "found nothing"},
		{"title: a test", "\ttitle: a", 2, 1, "", "use spaces"},
		{"title: a test", "title: a\x00", 2, 9, "", "control character"},
		{"title: a test", "title: \xff", 2, 8, "", "UTF-8"},
		{"square: r2}", "square: min(x, y)}", 14, 41, "observables.square", "quote it"},
		// Types and missing keys.
		{"name: test\n", "", 1, 1, "name", "missing"},
		{"loss: r2/2 - noisy - zeta*y\n", "", 1, 1, "loss", "missing"},
		{"R: 2, ", "", 13, 7, "ball.R", "missing"},
		{"ball: {R: 2, center: [0.5, 0]}", "ball: 2", 13, 7, "ball", "expected a mapping"},
		{"R: 2", `R: "2"`, 13, 11, "ball.R", "expected a number, found the text \"2\""},
		{"R: 2", "R: two", 13, 11, "ball.R", "expected a number, found two"},
		{"R: 2", "R: 0x2", 13, 11, "ball.R", "expected a number"},
		{"R: 2", "R: [2]", 13, 11, "ball.R", "expected a number, found a list"},
		{"R: 2", "R: true", 13, 11, "ball.R", "expected a number, found true"},
		{"R: 2,", "R: 2, R2: 2,", 13, 18, "ball.R2", "greater than R"},
		{"[0.5, 0]", "[0.5]", 13, 22, "ball.center", "expected 2 numbers, found 1"},
		{"name: test", "name: 12", 1, 7, "name", "quote it"},
		{"name: test", "name: a b", 1, 7, "name", "letters, digits"},
		{"name: test", "name: ..", 1, 7, "name", "expected a name with a letter or a digit, found .."},
		{"parameters: [x, y]", "parameters: x", 3, 13, "parameters", "expected a list [..] of names, found x"},
		{"parameters: [x, y]", "parameters: []", 3, 13, "parameters", "empty"},
		{"[x, y]", "[x, e]", 3, 17, "parameters[2]", "reserved"},
		{"[x, y]", "[x, x]", 3, 17, "parameters[2]", "already that of a parameter"},
		{"[x, y]", "[x, sin]", 3, 17, "parameters[2]", "function"},
		{"[x, y]", "[x, 2]", 3, 17, "parameters[2]", "expected text"},
		{"[xi, zeta]", "[xi, y]", 10, 19, "sample.variables[2]", "already that of a parameter"},
		{"r2: x^2", "xi: x^2", 5, 3, "define.xi", "already that of a sample variable"},
		{"r2: x^2 + y^2", "r2: x^2 + noisy", 5, 13, "define.r2", "unknown name noisy"},
		{"r2: x^2 + y^2", "r2: f", 5, 7, "define.r2", "known to observables only"},
		{"square: r2", "square: xi*x", 14, 41, "observables.square", "sample variable"},
		{"square: r2", "square: noisy", 14, 41, "observables.square", "depends on the sample"},
		{"square: r2", "s/q: r2", 14, 33, "observables.s/q", "letters, digits"},
		{"square: r2", "square: log(x)", 14, 41, "observables.square", "the observable square is not finite at x = (-1.5, 0)"},
		{"{expected_loss: f, square: r2}", "{}", 14, 14, "observables", "expected a mapping of names to expressions, found an empty mapping"},
		{"[1/8,", "[1/0,", 15, 7, "eta[1]", "fraction"},
		{"[1/8,", "[2/8,", 15, 12, "eta[2]", "1/4 is there twice"},
		{"[1/8,", "[-1/8,", 15, 7, "eta[1]", "greater than 0"},
		{"[1/8,", "[1/8/2,", 15, 7, "eta[1]", "fraction"},
		{"[1/8, 1/4, 0.5]", "1/8", 15, 6, "eta", "expected a list"},
		{"[modified,", "[modifed,", 16, 10, "models[1]", "did you mean modified?"},
		{"models: [modified, gradient-flow]\n", "algorithm: {kind: sdg}\nmodels: [modified, gradient-flow]\n", 16, 19, "algorithm.kind", "did you mean sgd?"},
		{"models: [modified, gradient-flow]\n", "algorithm: {knd: sgd}\nmodels: [modified, gradient-flow]\n", 16, 13, "algorithm.knd", "did you mean kind?"},
		{"models: [modified, gradient-flow]\n", "algorithm: sgd\nmodels: [modified, gradient-flow]\n", 16, 12, "algorithm", "expected"},
		{"gradient-flow", "modified", 16, 20, "models[2]", "twice"},
		// The law.
		{"kind: discrete", "kind: discret", 9, 9, "sample.kind", "did you mean discrete?"},
		{"  kind: discrete\n", "", 9, 3, "sample.kind", "missing"},
		{"values: [[1, 1]", "values: [[1]", 11, 12, "sample.values[1]", "expected 2 numbers, found 1"},
		{"[1, -1]]", "[1, b]]", 11, 24, "sample.values[2][2]", "expected a number, found b"},
		{"[0.25, 0.75]", "[0.25]", 12, 18, "sample.probabilities", "expected 2 numbers"},
		{"[0.25, 0.75]", "[-0.25, 1.25]", 12, 19, "sample.probabilities[1]", "0 to 1"},
		{"  probabilities: [0.25, 0.75]", "  where: x", 12, 3, "sample.where", "unknown key"},
		// Batches.
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 0}", 12, 17, "sample.batch.size", "whole number"},
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 1.5}", 12, 17, "sample.batch.size", "whole number"},
		{"  probabilities: [0.25, 0.75]", "  batch: 8", 12, 10, "sample.batch", "expected a mapping"},
		{"  probabilities: [0.25, 0.75]", "  batch: {siez: 8}", 12, 11, "sample.batch.siez", "did you mean size?"},
		{"  probabilities: [0.25, 0.75]", "  batch: {size: 3, replacement: false}", 12, 17, "sample.batch.size", "3 without replacement from 2 rows"},
		{"  probabilities: [0.25, 0.75]", "  probabilities: [0.25, 0.75]\n  batch: {size: 2, replacement: false}", 13, 33, "sample.batch.replacement", "rows of equal probability"},
		// Values that are none of those there are.
		{"  probabilities: [0.25, 0.75]", "  batch: {replacement: 1}", 12, 24, "sample.batch.replacement", "true, false or epoch"},
		{"title: a test", "studies: [gap, horizons]", 2, 16, "studies[2]", "horizon"},
		{"title: a test", "solver: {space: chebyshev, time: douglas}", 2, 34, "solver.time", "use space: uniform"},
		{"title: a test", "output: {compression: zstd}", 2, 23, "output.compression", "expected none or 1, found zstd"},
		// The rest of the settings.
		{"title: a test", "accuracy: 1", 2, 11, "accuracy", "between 0 and 1"},
		{"title: a test", "horizon: 0", 2, 10, "horizon", "greater than 0"},
		{"title: a test", "seed: 1.5", 2, 7, "seed", "whole number"},
		{"title: a test", "solver: {space: chebyshev, order: 8}", 2, 35, "solver.order", "no order"},
		{"title: a test", "solver: {space: uniform, order: 7}", 2, 33, "solver.order", "2, 4, 6, 8 or 10"},
		{"title: a test", "solver: {space: chebyshev, time: hundsdorfer-verwer}", 2, 34, "solver.time", "use space: uniform"},
		{"title: a test", "solver: {nodes: [8, 8, 8]}", 2, 17, "solver.nodes", "expected one number or a list of 2, found 3"},
		{"title: a test", "solver: {nodes: many}", 2, 17, "solver.nodes", "whole number from 4 to 10000, found many"},
		{"title: a test", "solver: {nodes: [8, 3]}", 2, 21, "solver.nodes[2]", "whole number"},
		{"title: a test", "output: {eta: [largest, 1/3]}", 2, 25, "output.eta[2]", "one of the study's eta"},
		{"title: a test", "output: {fields: [u, v]}", 2, 22, "output.fields[2]", "expected one of u, U, gap or a derivative of one such as d(1,0)u, found v"},
		{"title: a test", `output: {fields: ["d(1)u"]}`, 2, 19, "output.fields[1]", "a number for each of the 2 parameters"},
		{"title: a test", `output: {fields: ["d(0,0)u"]}`, 2, 19, "output.fields[1]", "an order from 1 to 4, found 0"},
		{"title: a test", `output: {fields: ["d(2,3)gap"]}`, 2, 19, "output.fields[1]", "an order from 1 to 4, found 5"},
		{"title: a test", `output: {fields: ["d(1,-1)u"]}`, 2, 19, "output.fields[1]", "whole numbers from 0 to 4"},
		{"title: a test", `output: {fields: ["d(1,0)v"]}`, 2, 19, "output.fields[1]", "expected one of u, U, gap or a derivative"},
		{"title: a test", `output: {fields: [d(1,0)u]}`, 2, 19, "output.fields[1]", "quote it"},
		{"title: a test", `output: {fields: [u, "d(1,0)u", "d(1, 0)u"]}`, 2, 33, "output.fields[3]", "d(1,0)u is there twice"},
		{"title: a test", `output: {fields: [[u]]}`, 2, 19, "output.fields[1]", "expected a field"},
		{"title: a test", "output: {evry: 1}", 2, 10, "output.evry", "did you mean every?"},
		// Numbers and sizes beyond what is possible.
		{"R: 2", "R: 1/0", 13, 11, "ball.R", "expected a number"},
		{"R: 2", "R: 1e-400", 13, 11, "ball.R", "becomes 0"},
		{"R: 2", "R: 1e400", 13, 11, "ball.R", "too large"},
		{"R: 2", "R: 1e-90/1e300", 13, 11, "ball.R", "becomes 0"},
		{"R: 2", "R: 1e-90", 13, 11, "ball.R", "from 1e-30 to 1e+30"},
		{"R: 2,", "R: 2, R2: 1e308,", 13, 18, "ball.R2", "magnitude 1e-100 to 1e+100"},
		{"R: 2,", "R: 2, R2: 1e8,", 13, 18, "ball.R2", "at most 1e+06 R"},
		{"[0.5, 0]", "[0.5, -1e17]", 13, 28, "ball.center[2]", "shift the parameter"},
		{"[1/8,", "[1e-400,", 15, 7, "eta[1]", "becomes 0"},
		{"[1/8,", "[1e-30,", 15, 7, "eta[1]", "from 1e-18"},
		{"[1/8,", "[0.125" + strings.Repeat("0", 40) + ",", 15, 7, "eta[1]", "at most 40"},
		{"r2/2 - noisy", "1e-400 + r2/2 - noisy", 7, 7, "loss", "becomes 0"},
		{"r2/2 - noisy", "1e400 + r2/2 - noisy", 7, 7, "loss", "too large"},
		{"[1, 1]", "[1e-400, 1]", 11, 13, "sample.values[1][1]", "becomes 0"},
		{"title: a test", "horizon: 1e20", 2, 10, "horizon", "steps of the smallest learning rate 1/8"},
		{"name: test", "name: " + strings.Repeat("a", 101), 1, 7, "name", "101 bytes"},
		{"square: r2", strings.Repeat("a", 240) + ": r2", 14, 33, "observables." + strings.Repeat("a", 240), "240 bytes"},
		{"[xi, zeta]", "[" + strings.Repeat("a", 101) + ", zeta]", 10, 15, "sample.variables[1]", "101 bytes"},
		{"eta: [1/8, 1/4, 0.5]", "eta: [" + strings.Repeat("1, ", 200) + "1]", 15, 6, "eta", "at most 200 learning rates, found 201"},
		{"[0.25, 0.75]", "[0.333, 0.666]", 12, 18, "sample.probabilities", "write fractions such as 1/3"},
		// Places inside scalars.
		{"loss: r2/2 - noisy - zeta*y", "loss: 'r2/2 + wrong'", 7, 15, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", `loss: "r2/2\t+\x20\x72\u0032 + wrong"`, 7, 30, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: r2/2\n\n    + x  +\n    wrong # here", 10, 5, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: |\n  r2/2\n   + wrong", 9, 6, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: >-\n\n  r2/2\n  + wrong", 10, 5, "loss", "unknown name wrong"},
		{"loss: r2/2 - noisy - zeta*y", "loss: x + é", 7, 11, "loss", "unknown name é"},
		{"loss: r2/2 - noisy - zeta*y", "loss: x +", 7, 10, "loss", "too early"},
		{"loss: r2/2 - noisy - zeta*y", "loss: ''", 7, 7, "loss", "empty"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatalf("%q does not occur", c.old)
		}
		checkError(t, text, "", "test.yaml", c.line, c.column, c.key, c.msg)
	}
	checkError(t, "", "", "test.yaml", 1, 1, "", "the file is empty")
	checkError(t, "# only a comment\n", "", "test.yaml", 1, 1, "", "the file is empty")
	checkError(t, "- a\n", "", "test.yaml", 1, 1, "", "expected a mapping")
	checkError(t, "text\n", "", "test.yaml", 1, 1, "", "expected a mapping")
	checkError(t, strings.ReplaceAll(strings.Replace(good, "zeta*y", "zeta*q", 1), "\n", "\r\n"), "", "test.yaml", 7, 27, "loss", "unknown name q")
	checkError(t, strings.ReplaceAll(strings.Replace(good, "zeta*y", "zeta*q", 1), "\n", "\r"), "", "test.yaml", 7, 27, "loss", "unknown name q")
	checkError(t, strings.ReplaceAll(strings.Replace(good, "[modified, gradient-flow]", "\n  - modified\n  - gradient-flow\nseed: x", 1), "\n", "\r\n"), "", "test.yaml", 19, 7, "seed", "found x")
	checkError(t, "a: "+strings.Repeat("[", 500_000), "", "test.yaml", 1, 104, "", "nested too deep")
	checkError(t, strings.Repeat("- ", 400_000), "", "test.yaml", 1, 201, "", "too")
}

// checkError expects an *Error at the given place with one line of text.
func checkError(t *testing.T, text, dir, file string, line, column int, key, msg string) {
	t.Helper()
	_, err := Parse("test.yaml", []byte(text), dir)
	var e *document.Error
	if !errors.As(err, &e) {
		t.Errorf("error %v, want an *Error with %q", err, msg)
		return
	}
	if e.File != file || e.Line != line || e.Column != column || e.Key != key || !strings.Contains(e.Msg, msg) {
		t.Errorf("got  %v\nwant %s:%d:%d: %s: ..%s..", e, file, line, column, key, msg)
	}
	if strings.ContainsAny(e.Error(), "\n\r") {
		t.Errorf("%q has more than one line", e.Error())
	}
}

// Ends of the models of sgd are where a model has noise that may end, in a Euclidean ball, alone.
func TestEndsOfModelsAreRefused(t *testing.T) {
	t.Parallel()
	const ended = "name: t\nparameters: [x]\nloss: x^2/2 + xi*x\nsample: {kind: discrete, variables: [xi], values: [[-1], [1]]}\nball: {R: 2, taper: [3, 4]}\nobservables: {a: x}\neta: [1/4]\nmodels: [second-order]\n"
	if _, err := Parse("t.yaml", []byte(ended), "."); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"[second-order]", "[modified, gradient-flow]", "t.yaml:5:21: ball.taper: no model that is asked for has noise up to the faces"},
		{"[second-order]", "[{name: own, drift: {x: -x}}]", "t.yaml:5:21: ball.taper: no model that is asked for has noise up to the faces"},
		{"[second-order]", "[{name: own, drift: {x: -x}, diffusion: {x: {x: 3.5 - x}}}]", "the diffusion of own has the negative eigenvalue"},
		{"models:", "schedule: {kind: inverse, rate: 1}\nmodels:", "t.yaml:5:21: ball.taper: sgd has no noise of its own"},
		{"taper", "metric: lyapunov, taper", "t.yaml:5:39: ball.taper: sgd has no noise of its own"},
		{"[3, 4]", "[1, 4]", "t.yaml:5:21: ball.taper: expected two radii R <= R1 < R2"},
	} {
		_, err := Parse("t.yaml", []byte(strings.Replace(ended, c[0], c[1], 1)), ".")
		if err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("%s: %v, want %s", c[1], err, c[2])
		}
	}
}
