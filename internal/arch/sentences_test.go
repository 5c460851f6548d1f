package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// decimal is a verb of a format that writes a number with a point, which may be none.
var decimal = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[eEfFgG]`)

// numbersIn returns a line for every number with a point that a source file writes by package fmt, or may: such
// sentences are compare.Say's, which has words for what is not finite.
func numbersIn(name, source string) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || f.Sel.Name != "Sprintf" && f.Sel.Name != "Errorf" {
			return true
		}
		if p, ok := f.X.(*ast.Ident); !ok || p.Name != "fmt" {
			return true
		}
		if format, ok := call.Args[0].(*ast.BasicLit); !ok || decimal.MatchString(strings.ReplaceAll(format.Value, "%%", "")) {
			out = append(out, fmt.Sprintf("%s: fmt.%s of numbers that need not be finite; want compare.Say", files.Position(call.Pos()), f.Sel.Name))
		}
		return true
	})
	return out, nil
}

// No reason, verdict or warning can have "+Inf" or "NaN" in it: what kinds of studies say of numbers goes by compare.Say.
func TestSentencesSayWhatIsNotFinite(t *testing.T) {
	t.Parallel()
	seen := 0
	sources(t, func(path, source string) {
		path = filepath.ToSlash(path)
		if !strings.HasPrefix(path, "compare/") && !strings.HasPrefix(path, "export/kinds/") || path == "compare/say.go" {
			return
		}
		lines, err := numbersIn(path, source)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			t.Error(l)
		}
		seen++
	})
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
	for source, want := range map[string]int{
		`fmt.Sprintf("%d of %s", 1, "a")`:     0,
		`fmt.Sprintf("%.0f %%", x)`:           1,
		`fmt.Sprintf("100 %% good")`:          0,
		`fmt.Errorf("%-8.2e: %w", x, err)`:    1,
		`fmt.Sprintf(format, args...)`:        1,
		`compare.Say("%g", x)`:                0,
		`fmt.Sprintf("eta = %[1]*.[2]*g", x)`: 1,
	} {
		lines, err := numbersIn("a.go", "package a\nvar _ = "+source)
		if err != nil || len(lines) != want {
			t.Errorf("%s: %q, %v; want %d", source, lines, err, want)
		}
	}
}
