package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What packages, types and structs may have at the most, tests aside.
const (
	mostLines   = 4000
	mostMethods = 25
	mostFields  = 15
)

// larger are the sizes of what is larger still: they may only fall, and whoever falls below
// the limit leaves the list. Interval arithmetic is many operations of one kind.
var larger = map[string]int{
	"assumptions.Assumptions{}":  18,
	"derived.Dynamics":           37,
	"internal/interval.Interval": 43,
	"internal/krylov.Basis{}":    25,
	"process.Diffusion{}":        19,
	"export/field.Stored":        30,
	"export/field.Summary{}":     24,
	"export/page.reportView{}":   27,
}

// size is how large one thing is, and how large it may be.
type size struct{ is, most int }

// sizes returns those of all packages below root: lines by the package's path, methods by
// path.Type, and fields by path.Type{}.
func sizes(root string) (map[string]size, error) {
	all := map[string]size{}
	add := func(key string, n, most int) { all[key] = size{all[key].is + n, most} }
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && path != root && (name[0] == '.' || name[0] == '_' || name == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		add(rel, bytes.Count(text, []byte("\n")), mostLines)
		f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil {
					add(rel+"."+receiver(n.Recv.List[0].Type), 1, mostMethods)
				}
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					add(rel+"."+n.Name.Name+"{}", s.Fields.NumFields(), mostFields)
				}
			}
			return true
		})
		return nil
	})
	return all, err
}

// receiver returns the name of the type that a method belongs to.
func receiver(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return fmt.Sprintf("%T", t)
		}
	}
}

// tooLarge returns a sentence for each thing that is larger than it may be, and for each on
// the list that is not.
func tooLarge(all map[string]size, larger map[string]int) (out []string) {
	for _, key := range slices.Sorted(maps.Keys(all)) {
		s := all[key]
		before, listed := larger[key]
		switch {
		case listed && s.is <= s.most:
			out = append(out, fmt.Sprintf("%s has only %d and leaves the list", key, s.is))
		case s.is > max(s.most, before):
			out = append(out, fmt.Sprintf("%s has %d, at most %d are possible", key, s.is, max(s.most, before)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(larger)) {
		if _, there := all[key]; !there {
			out = append(out, key+" is on the list and not there")
		}
	}
	return out
}

// TestSizes: packages, types and structs stay small.
func TestSizes(t *testing.T) {
	t.Parallel()
	all, err := sizes("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range tooLarge(all, larger) {
		t.Error(line)
	}
	if s := all["internal/arch"]; s.is == 0 {
		t.Error("this package was not measured")
	}
	if s := all["internal/par.Pool"]; s.is == 0 {
		t.Error("methods were not counted")
	}
}

// TestSizesSeen: what is too large, what left the list and what is gone are told.
func TestSizesSeen(t *testing.T) {
	t.Parallel()
	all := map[string]size{"a": {4001, mostLines}, "b": {4000, mostLines}, "c": {5000, mostLines}, "d.T": {26, mostMethods}, "e.T{}": {15, mostFields}}
	got := tooLarge(all, map[string]int{"c": 4999, "d.T": 26, "e.T{}": 16, "f": 5000})
	want := []string{"a has 4001, at most 4000 are possible", "c has 5000, at most 4999 are possible", "e.T{} has only 15 and leaves the list", "f is on the list and not there"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
