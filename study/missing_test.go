package study

import (
	"errors"
	"strings"
	"testing"

	"kolmo/study/document"
)

// basis is a study whose sections are written out in one line each.
const basis = `name: basis
parameters: [x]
loss: (x - xi)^2/2
sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}
ball: {R: 2}
observables: {square: x^2}
eta: [1/4, 1/8]
models: [first-order]
`

// required are lines of studies, and the keys in them that are required.
var required = []struct {
	line string
	keys []string
}{
	{"name: basis", []string{"name"}},
	{"parameters: [x]", []string{"parameters"}},
	{"loss: (x - xi)^2/2", []string{"loss"}},
	{"observables: {square: x^2}", []string{"observables"}},
	{"eta: [1/4, 1/8]", []string{"eta"}},
	{"ball: {R: 2}", []string{"ball", "R"}},
	{"sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}", []string{"sample", "kind", "variables", "values"}},
	{"sample: {kind: data, file: flowers.csv, columns: {xi: petal}}", []string{"kind", "file", "columns"}},
	{"sample: {kind: independent, variables: {xi: {law: uniform, low: -1, high: 1}}}", []string{"variables", "law", "low", "high"}},
	{"sample: {kind: independent, variables: {xi: {law: gamma, shape: 2}}}", []string{"shape"}},
	{"sample: {kind: independent, variables: {xi: {law: beta, alpha: 2, beta: 2}}}", []string{"alpha", "beta"}},
	{"sample: {kind: independent, variables: {xi: {law: bernoulli, p: 1/2}}}", []string{"p"}},
	{"sample: {kind: discrete, variables: [xi], values: [[-1], [1]], batch: {svag: {of: 1/4}}}", []string{"of"}},
	{"algorithm: {kind: momentum, friction: 1}", []string{"kind", "friction"}},
	{"algorithm: {kind: langevin, beta: 4}", []string{"beta"}},
	{"algorithm: {kind: custom, update: {x: x - eta*grad(x)}}", []string{"update"}},
	{"schedule: {kind: inverse, rate: 1}", []string{"kind", "rate"}},
	{"crossing: {level: 0.25}", []string{"level"}},
	{"exit: {interval: [-1, 1]}", []string{"interval"}},
	{"models: [{name: mine, drift: {x: -x}}]", []string{"models", "name", "drift"}},
}

// withLine returns the basis with a line instead of the one with its key, or behind the others.
func withLine(line string) string {
	key, _, _ := strings.Cut(line, ":")
	lines := strings.SplitAfter(basis, "\n")
	for i := range lines {
		if strings.HasPrefix(lines[i], key+":") {
			lines[i] = line + "\n"
			return strings.Join(lines, "")
		}
	}
	return basis + line + "\n"
}

// entryIn returns the entry of a key in a line, and what is before and behind it.
func entryIn(t *testing.T, line, key string) (before, entry, after string) {
	t.Helper()
	from := 0
	for !strings.HasPrefix(line[from:], key+":") || from > 0 && !strings.ContainsAny(line[from-1:from], "{ ") {
		if from++; from == len(line) {
			t.Fatalf("%s is not in %s", key, line)
		}
	}
	to, depth := from, 0
	for ; to < len(line) && (depth > 0 || !strings.ContainsAny(line[to:to+1], ",}")); to++ {
		depth += strings.Count("{[(", line[to:to+1]) - strings.Count(")]}", line[to:to+1])
	}
	return line[:from], line[from:to], line[to:]
}

// TestMissing: of every key that something requires the message has what to write, and of a misspelt one
// it names that and the key that was meant.
func TestMissing(t *testing.T) {
	t.Parallel()
	whole := ""
	for _, c := range required {
		if e := keyFault(t, withLine(c.line)); e != nil && !strings.Contains(e.Msg, "unknown name") {
			t.Errorf("%s: %v", c.line, e)
		}
		for _, key := range c.keys {
			before, entry, after := entryIn(t, c.line, key)
			text := strings.Replace(withLine(c.line), c.line, before+key+"z"+entry[len(key):]+after, 1)
			if e := keyFault(t, text); e == nil || !strings.HasSuffix("."+e.Key, "."+key+"z") || !strings.Contains(e.Msg, "did you mean "+key) {
				t.Errorf("%s with %sz: %v", c.line, key, e)
			}
			text = strings.Replace(withLine(c.line), c.line, strings.TrimSuffix(before, ", ")+after, 1)
			if before == "" || strings.HasSuffix(before, "{") {
				text = strings.Replace(withLine(c.line), c.line, before+strings.TrimPrefix(after, ", "), 1)
			}
			e := keyFault(t, text)
			if want := "the key is missing; want " + key + ": "; e == nil || !strings.HasSuffix("."+e.Key, "."+key) || !strings.HasPrefix(e.Msg, want) || len(e.Msg) == len(want) {
				t.Errorf("%s without %s: %v", c.line, key, e)
			} else if before == "" {
				whole += strings.TrimPrefix(e.Msg, "the key is missing; want ") + "\n"
			}
		}
	}
	if s, err := Parse("whole.yaml", []byte(whole), ""); err != nil || s.Name == "" {
		t.Errorf("what the messages want is no study: %v\n%s", err, whole)
	}
	for _, a := range algorithms {
		if e := keyFault(t, basis+"algorithm: {}\n"); !strings.Contains(e.Msg, a.kind) {
			t.Errorf("%v has no %s", e, a.kind)
		}
	}
}

// keyFault returns the fault of a study, nil if it has none.
func keyFault(t *testing.T, text string) *document.Error {
	t.Helper()
	var e *document.Error
	if _, err := Parse("basis.yaml", []byte(text), "testdata"); err != nil && !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

// TestNotFinite: .nan and .inf are told with what is wanted in their stead, which is a finite number only
// where a number is.
func TestNotFinite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, want string }{
		{"name=", "expected text, found "},
		{"parameters=", "expected a list [..] of names, found "},
		{"sample=", "expected a mapping with the keys kind, "},
		{"ball=", "expected a mapping with the keys R, "},
		{"ball.R=", "expected a finite number, found "},
		{"ball.center=", "expected a list [..] of numbers, found "},
		{"loss=", "expected an expression, found "},
		{"observables=", "expected a mapping of names to expressions, found "},
		{"observables.square=", "expected an expression, found "},
		{"models=", "expected a list [..] of models, found "},
		{"solver.space=", "expected one of auto, "},
		{"output.compression=", "expected none or 1, found "},
		{"seed=", "expected a whole number from 0 "},
	} {
		for _, value := range []string{".nan", ".inf", "-.inf"} {
			_, err := Parse("basis.yaml", []byte(basis), "", settingsOf(t, []string{c.set + value})...)
			if err == nil || !strings.HasPrefix(err.Error(), "--set "+strings.TrimSuffix(c.set, "=")+": "+c.want) || !strings.HasSuffix(err.Error(), "found "+value) {
				t.Errorf("%s%s: %v", c.set, value, err)
			}
		}
	}
}

// TestFieldFiles: two observables whose fields would be in one file are refused, with both, where fields are
// stored at all.
func TestFieldFiles(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("{square: x^2}", "\n  a: x^2\n  b: x\n  a-second-order: x", "[first-order]", "[constant-noise, second-order-constant-noise]").Replace(basis)
	_, err := Parse("basis.yaml", []byte(text), "")
	const want = "basis.yaml:9:3: observables.a-second-order: fields of constant-noise for a-second-order would have the same file as those of second-order-constant-noise for a, a-second-order-constant-noise-eta1_4.nc; rename one of the observables"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	own := strings.NewReplacer("{square: x^2}", "{a: x^2, a-b: x}", "[first-order]", "[{name: c, drift: {x: -x}}, {name: b-c, drift: {x: -x}}]").Replace(basis)
	if e := keyFault(t, own); e == nil || e.Key != "observables.a-b" {
		t.Errorf("models of the study's own: %v", e)
	}
	for _, other := range []string{text + "output: {fields: []}\n", text + "output: {eta: []}\n", strings.Replace(text, "a-second-order:", "a-second:", 1), strings.Replace(text, ", second-order-constant-noise", ", second-order", 1)} {
		if e := keyFault(t, other); e != nil {
			t.Errorf("%v of\n%s", e, other)
		}
	}
}
