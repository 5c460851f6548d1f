package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dynamicsFolders are the folders that hold a dynamics: each knows its own algorithm
// and models, and nobody else knows their names. study reads names from there.
var dynamicsFolders = []string{"sgd", "derived", "momentum", "langevin", "schedule", "reshuffle", "svag", "custom"}

// modelNames are the names of models and algorithms that strings must not have outside;
// "modified" alone, since it is a word too.
var modelNames = regexp.MustCompile(`\b(second-order|first-order|gradient-flow|constant-noise)\b|^"(modified|sgd|momentum|nesterov|langevin|custom)"$`)

// modelIdentifiers are the exported names of the models in a dynamics' folder.
var modelIdentifiers = map[string]bool{"Modified": true, "SecondOrder": true, "FirstOrder": true, "GradientFlow": true, "ConstantNoise": true}

// gradientStep is x - eta g in whatever spelling.
var gradientStep = regexp.MustCompile(`-=?\s*[\w.]*\beta\s*\*\s*[\w.]*\bg(rads?)?\b`)

// namesIn returns a line for every model's or algorithm's name in a source file of a
// package that is none of a dynamics, and for every x - eta g.
func namesIn(name, source string) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []string
	found := func(at token.Pos, what string) {
		out = append(out, fmt.Sprintf("%s: %s", files.Position(at), what))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			// A struct's tags are keys of a file format.
			if n.Tag != nil {
				ast.Inspect(n.Type, func(ast.Node) bool { return true })
				return false
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && modelNames.MatchString(n.Value) {
				found(n.Pos(), "a model's or algorithm's name, "+n.Value)
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && modelIdentifiers[n.Sel.Name] && (x.Name == "kolmogorov" || x.Name == "sgd") {
				found(n.Pos(), "a model's name, "+x.Name+"."+n.Sel.Name)
			}
		}
		return true
	})
	for i, line := range strings.Split(source, "\n") {
		code, _, _ := strings.Cut(line, "//")
		if gradientStep.MatchString(code) {
			out = append(out, fmt.Sprintf("%s:%d: x - eta g outside a chain", name, i+1))
		}
	}
	return out, nil
}

// knowsNames reports that a file may have the names: those of a dynamics, of tests, of
// references that are independent on purpose, and of the constants of the assumptions,
// which are about gradient descent.
func knowsNames(path string) bool {
	dir := filepath.ToSlash(filepath.Dir(path))
	for _, own := range dynamicsFolders {
		if dir == own {
			return true
		}
	}
	return strings.HasSuffix(path, "_test.go") || dir == "assumptions" || dir == "internal/closedform" || dir == "internal/madeup" || strings.HasPrefix(dir, "benchmarks") || strings.HasPrefix(dir, "examples")
}

// sources calls visit with every source file that is bound to know no names.
func sources(t *testing.T, visit func(path, source string)) {
	t.Helper()
	root := "../.."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "out" || name == "bin") {
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || knowsNames(rel) {
			return err
		}
		source, err := readFile(path)
		if err != nil {
			return err
		}
		visit(rel, source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNames: no package above process knows the name of a model or an algorithm, and
// only a chain takes a gradient step.
func TestNames(t *testing.T) {
	t.Parallel()
	files := 0
	sources(t, func(path, source string) {
		files++
		lines, err := namesIn(path, source)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			t.Error(line)
		}
	})
	if files < 200 {
		t.Errorf("%d files looked at", files)
	}
}

// TestNamesPlanted: names and steps that must not be are seen.
func TestNamesPlanted(t *testing.T) {
	t.Parallel()
	for _, planted := range []string{
		`func f(m string) bool { return m == "second-order" }`,
		`const model = "modified"`,
		`var text = "more than first-order does"`,
		`var m = sgd.Modified`,
		`func name() string { return "sgd" }`,
		`func step(x, g []float64, eta float64) { for k := range x { x[k] -= eta * g[k] } }`,
		`func step(x []float64, a *at) float64 { return x[0] - a.eta*a.grads[0] }`,
	} {
		lines, err := namesIn("planted.go", "package planted\n\n"+planted+"\n")
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			t.Errorf("not seen: %s", planted)
		}
	}
	for _, harmless := range []string{
		"type t struct { SGD float64 `json:\"sgd\"` }",
		`var text = "the model's gap"`,
		`func f(c, eta, w float64) float64 { return c - eta*w }`,
	} {
		if lines, err := namesIn("planted.go", "package planted\n\n"+harmless+"\n"); err != nil || len(lines) > 0 {
			t.Errorf("%s: %q, %v", harmless, lines, err)
		}
	}
}

func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	return string(text), err
}
