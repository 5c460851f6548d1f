package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// allowed lists what each package may import besides the standard library:
// packages of this module by their path in it, those of other modules by a prefix
// of their import path. A package that nobody may import serves tests only.
var allowed = map[string][]string{
	"assumptions":                 {"internal/interval", "internal/jacobi", "objective", "objective/expr", "objective/expr/enclose"},
	"cmd/kolmo":                   {"assumptions", "cmd/kolmo/internal/memory", "cmd/kolmo/internal/program", "cmd/kolmo/internal/terminal", "cmd/kolmo/internal/words", "compare", "compare/kinds", "compare/verify", "export", "export/field", "export/kinds", "export/results", "export/table", "internal/h5", "internal/kernel", "internal/least", "internal/outfolder", "internal/wholefile", "studies", "study", "study/document", "github.com/spf13/cobra", "github.com/spf13/pflag"},
	"compare":                     {"grid", "kolmogorov", "kolmogorov/scheme", "process"},
	"compare/constant":            {"compare", "compare/fit", "compare/gap", "compare/look", "compare/survey", "compare/unit", "fd", "grid", "kolmogorov", "process"},
	"compare/exit":                {"compare", "compare/fit", "compare/spectrum", "compare/unit", "fd", "grid", "kolmogorov", "process", "gonum.org/v1/gonum"},
	"compare/crossing":            {"compare", "compare/fit", "compare/look", "compare/march", "compare/survey", "compare/unit", "grid", "kolmogorov", "process", "sgdop", "gonum.org/v1/gonum"},
	"compare/decay":               {"compare", "compare/fit", "compare/look", "compare/march", "compare/spectrum", "compare/survey", "compare/unit", "grid", "internal/par", "kolmogorov", "process", "gonum.org/v1/gonum"},
	"compare/fit":                 {"compare", "process", "gonum.org/v1/gonum"},
	"compare/gap":                 {"compare", "compare/fit", "compare/look", "compare/march", "compare/survey", "compare/unit", "grid", "internal/par", "kolmogorov", "process", "sgdop"},
	"compare/horizon":             {"compare", "compare/constant", "compare/fit", "compare/gap", "compare/march", "compare/survey", "compare/unit", "grid", "kolmogorov", "process"},
	"compare/kinds":               {"compare", "compare/constant", "compare/crossing", "compare/decay", "compare/exit", "compare/gap", "compare/horizon", "compare/local", "compare/spectrum", "compare/stationary", "compare/unit", "compare/variation"},
	"compare/local":               {"compare", "compare/fit", "compare/gap", "compare/march", "compare/survey", "compare/unit", "internal/par"},
	"compare/look":                {"compare/fit", "grid", "internal/kernel", "kolmogorov", "gonum.org/v1/gonum"},
	"compare/march":               {"compare", "compare/fit", "compare/look", "compare/powers", "compare/survey", "grid", "internal/kernel", "internal/par", "kolmogorov", "process", "sgdop"},
	"compare/powers":              {"compare/fit", "grid", "internal/krylov", "sgdop"},
	"compare/spectrum":            {"compare", "compare/fit", "compare/march", "compare/survey", "compare/unit", "compare/waves", "grid", "internal/kernel", "kolmogorov", "process", "sgdop", "gonum.org/v1/gonum"},
	"compare/stationary":          {"compare", "compare/fit", "compare/gap", "compare/look", "compare/march", "compare/powers", "compare/survey", "compare/unit", "grid", "internal/krylov", "internal/par", "kolmogorov", "process", "sgdop"},
	"compare/survey":              {"compare", "compare/fit", "compare/look", "compare/powers", "fd", "grid", "internal/par", "kolmogorov", "kolmogorov/scheme", "process", "sgdop", "gonum.org/v1/gonum"},
	"compare/trial":               {"compare", "grid", "law", "objective", "objective/expr", "process", "sgd"},
	"compare/unit":                {"compare", "compare/fit", "compare/look", "compare/march", "compare/survey", "grid", "kolmogorov/scheme", "process"},
	"compare/variation":           {"compare", "compare/fit", "compare/look", "compare/march", "compare/survey", "compare/unit", "grid", "internal/krylov", "internal/par", "kolmogorov", "process"},
	"compare/waves":               {"grid", "internal/kernel", "process", "gonum.org/v1/gonum"},
	"compare/verify":              {"compare", "compare/fit", "compare/gap", "compare/look", "compare/survey", "compare/unit", "grid", "montecarlo", "sgdop"},
	"export":                      {"compare", "export/figure", "export/kinds", "export/kinds/gap", "export/page", "export/results", "export/table", "export/view", "internal/wholefile"},
	"export/table":                {"compare"},
	"export/results":              {"compare", "export/table"},
	"export/figure":               {"compare", "export/results", "export/table", "internal/wholefile", "codeberg.org/go-fonts/dejavu", "golang.org/x/image", "gonum.org/v1/plot"},
	"export/view":                 {"compare", "export/figure", "export/results", "export/table"},
	"export/kinds":                {"compare", "export/kinds/constant", "export/kinds/crossing", "export/kinds/decay", "export/kinds/exit", "export/kinds/gap", "export/kinds/horizon", "export/kinds/ledger", "export/kinds/localerror", "export/kinds/models", "export/kinds/spectrum", "export/kinds/stationary", "export/kinds/variation", "export/view"},
	"export/page":                 {"compare", "export/field", "export/figure", "export/kinds", "export/kinds/gap", "export/results", "export/table", "export/view", "grid", "internal/par", "internal/wholefile", "objective/expr", "gonum.org/v1/plot"},
	"export/field":                {"compare", "export/figure", "export/nc", "export/results", "export/table", "grid", "internal/h5", "internal/wholefile", "gonum.org/v1/plot"},
	"export/kinds/gap":            {"compare", "export/results", "export/table", "export/view"},
	"export/kinds/models":         {"compare", "export/figure", "export/results", "export/table", "export/view", "gonum.org/v1/plot"},
	"export/kinds/constant":       {"compare", "export/table", "export/view"},
	"export/kinds/localerror":     {"compare", "export/figure", "export/results", "export/table", "export/view", "gonum.org/v1/plot"},
	"export/kinds/decay":          {"compare", "export/figure", "export/results", "export/table", "export/view", "gonum.org/v1/plot"},
	"export/kinds/horizon":        {"compare", "export/figure", "export/results", "export/table", "export/view", "gonum.org/v1/plot"},
	"export/kinds/stationary":     {"compare", "export/figure", "export/results", "export/table", "export/view"},
	"export/kinds/spectrum":       {"compare", "export/field", "export/figure", "export/nc", "export/results", "export/table", "export/view", "grid", "gonum.org/v1/plot"},
	"export/kinds/exit":           {"compare", "export/figure", "export/results", "export/table", "export/view"},
	"export/kinds/crossing":       {"compare", "export/figure", "export/results", "export/table", "export/view", "gonum.org/v1/plot"},
	"export/kinds/variation":      {"compare", "export/figure", "export/results", "export/table", "export/view"},
	"export/kinds/ledger":         {"compare", "export/results", "export/table", "export/view"},
	"internal/madeup":             {"compare"},
	"export/nc":                   {"internal/h5"},
	"fd":                          {"grid", "internal/kernel", "internal/par"},
	"given":                       {"derived", "grid", "internal/jacobi", "internal/par", "kolmogorov", "objective", "objective/expr", "process"},
	"grid":                        {"internal/kernel"},
	"kolmogorov":                  {"fd", "grid", "internal/kernel", "internal/krylov", "internal/par", "kolmogorov/parity", "kolmogorov/scheme", "gonum.org/v1/gonum"},
	"law":                         {"internal/jacobi", "gonum.org/v1/gonum"},
	"montecarlo":                  {"internal/par", "process"},
	"objective":                   {"internal/h5", "internal/kernel", "law", "objective/expr", "objective/expr/numeral"},
	"objective/expr":              {"internal/kernel", "internal/spelling", "objective/expr/function", "objective/expr/mathml", "objective/expr/numeral", "github.com/expr-lang/expr"},
	"objective/expr/enclose":      {"internal/interval", "objective/expr", "objective/expr/function"},
	"objective/expr/function":     {"internal/kernel"},
	"process":                     {"grid", "internal/par", "kolmogorov"},
	"derived":                     {"grid", "internal/jacobi", "internal/par", "kolmogorov", "process"},
	"custom":                      {"derived", "grid", "law", "objective", "objective/expr", "process"},
	"langevin":                    {"derived", "objective", "process", "gonum.org/v1/gonum"},
	"reshuffle":                   {"derived", "grid", "objective", "process"},
	"schedule":                    {"derived", "grid", "objective", "process", "sgd"},
	"svag":                        {"derived", "objective", "process", "sgd"},
	"momentum":                    {"assumptions", "derived", "objective", "process"},
	"sgd":                         {"assumptions", "fd", "grid", "internal/par", "kolmogorov", "objective", "process"},
	"sgdop":                       {"grid", "internal/kernel", "internal/par", "process", "github.com/james-bowman/sparse", "gonum.org/v1/gonum"},
	"study":                       {"assumptions", "compare", "custom", "derived", "given", "grid", "internal/spelling", "kolmogorov/scheme", "langevin", "law", "momentum", "objective", "objective/expr", "objective/expr/numeral", "process", "reshuffle", "schedule", "sgd", "sgdop", "study/document", "svag"},
	"study/document":              {"internal/spelling", "objective/expr", "objective/expr/numeral", "github.com/goccy/go-yaml"},
	"benchmarks":                  {},
	"examples":                    {},
	"examples/go/backward":        {"fd", "grid", "kolmogorov"},
	"examples/go/step":            {"grid", "law", "objective", "sgd", "sgdop"},
	"studies":                     {},
	"internal/arch":               {},
	"internal/closedform":         {"gonum.org/v1/gonum"},
	"internal/solved":             {"compare", "compare/kinds", "study"},
	"internal/h5":                 {"C", "gonum.org/v1/hdf5"},
	"internal/interval":           {},
	"internal/jacobi":             {},
	"internal/kernel":             {"golang.org/x/sys/cpu"},
	"internal/kernel/gen":         {},
	"internal/krylov":             {"internal/kernel", "internal/par", "gonum.org/v1/gonum"},
	"internal/least":              {"C"},
	"internal/outfolder":          {"internal/wholefile"},
	"internal/par":                {},
	"internal/slow":               {},
	"internal/spelling":           {},
	"internal/wholefile":          {},
	"benchmarks/truth":            {"compare", "compare/kinds", "internal/closedform", "study", "gonum.org/v1/gonum"},
	"benchmarks/verification":     {"fd", "grid", "internal/closedform", "internal/manufactured", "internal/par", "kolmogorov", "kolmogorov/scheme", "gonum.org/v1/gonum"},
	"benchmarks/kernels":          {"internal/kernel", "gonum.org/v1/gonum"},
	"benchmarks/writing":          {"export/nc"},
	"benchmarks/peers":            {"internal/kernel"},
	"benchmarks/scaling":          {"compare", "compare/kinds", "study", "gonum.org/v1/plot"},
	"internal/manufactured":       {},
	"cmd/kolmo/internal/memory":   {},
	"cmd/kolmo/internal/program":  {},
	"cmd/kolmo/internal/terminal": {"cmd/kolmo/internal/memory", "cmd/kolmo/internal/program", "compare", "export/table", "internal/outfolder", "study", "study/document", "github.com/schollz/progressbar/v3", "github.com/spf13/cobra", "golang.org/x/term"},
	"cmd/kolmo/internal/words":    {"assumptions", "cmd/kolmo/internal/program", "export/field", "export/page", "export/results", "export/table", "internal/outfolder", "study", "study/document"},
	"kolmogorov/scheme":           {"internal/kernel", "gonum.org/v1/gonum"},
	"kolmogorov/parity":           {"grid", "internal/kernel"},
	"objective/expr/mathml":       {},
	"objective/expr/numeral":      {},
}

const module = "kolmo/"

// graph is what each package imports, without the standard library.
type graph map[string][]string

// load asks the go command for the imports of all packages; those of tests are
// not among them.
func load() (graph, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Module,Imports", "./...")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, stderr.String())
	}
	standard := map[string]bool{}
	imports := map[string][]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Standard   bool
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Standard {
			standard[p.ImportPath] = true
		} else if name, ours := strings.CutPrefix(p.ImportPath, module); ours {
			imports[name] = p.Imports
		}
	}
	g := graph{}
	for name, paths := range imports {
		g[name] = []string{}
		for _, path := range paths {
			if !standard[path] {
				g[name] = append(g[name], strings.TrimPrefix(path, module))
			}
		}
	}
	return g, nil
}

// violations returns a line for every import that the table does not allow, and
// for every package that it does not know.
func violations(g graph, allowed map[string][]string) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(g)) {
		may, ok := allowed[name]
		if !ok {
			out = append(out, name+" is not in the table")
			continue
		}
		for _, path := range g[name] {
			if !slices.ContainsFunc(may, func(a string) bool {
				_, ours := g[path]
				return path == a || !ours && strings.HasPrefix(path, a+"/")
			}) {
				out = append(out, name+" imports "+path)
			}
		}
	}
	return out
}

func TestImports(t *testing.T) {
	t.Parallel()
	g, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(g) < len(allowed) {
		t.Errorf("%d packages found, %d in the table", len(g), len(allowed))
	}
	for _, line := range violations(g, allowed) {
		t.Error(line)
	}
}

// TestPlanted: edges that must not be are seen, in the graph as it is.
func TestPlanted(t *testing.T) {
	t.Parallel()
	g, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, edge := range [][2]string{
		{"sgdop", "kolmogorov"},
		{"kolmogorov", "sgdop"},
		{"kolmogorov", "objective"},
		{"kolmogorov", "process"},
		{"sgdop", "objective"},
		{"compare/march", "sgd"},
		{"compare/survey", "objective"},
		{"compare", "sgdop"},
		{"compare/gap", "compare/local"},
		{"compare/unit", "compare/gap"},
		{"process", "sgd"},
		{"grid", "objective"},
		{"law", "objective"},
		{"law", "objective/expr"},
		{"objective", "assumptions"},
		{"kolmogorov", "law"},
		{"compare/kinds", "export"},
		{"export", "study"},
		{"export", "sgdop"},
		{"export", "compare/kinds"},
		{"cmd/kolmo", "sgdop"},
		{"study", "internal/closedform"},
		{"objective", "objective/expression"},
		{"objective", "C"},
		{"compare/kinds", "github.com/goccy/go-yaml/ast"},
		{"fd", "gonum.org/v1/gonum/mat"},
		{"montecarlo", "grid"},
		{"montecarlo", "sgdop"},
		{"simulation", "objective"},
	} {
		from, to := edge[0], edge[1]
		planted := maps.Clone(g)
		planted[from] = append(slices.Clone(g[from]), to)
		got := violations(planted, allowed)
		want := from + " imports " + to
		if _, known := allowed[from]; !known {
			want = from + " is not in the table"
		}
		if !slices.Contains(got, want) {
			t.Errorf("planted %s -> %s, found %q", from, to, got)
		}
	}
}

// TestDocument: doc/dev/architecture.md has the same table.
func TestDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../doc/dev/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	documented := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		name := quoted.FindStringSubmatch(cells[1])[1]
		documented[name] = []string{}
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			documented[name] = append(documented[name], m[1])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		got, ok := documented[name]
		if !ok {
			t.Errorf("doc/dev/architecture.md has no line for %s", name)
			continue
		}
		want := slices.Clone(allowed[name])
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: doc/dev/architecture.md allows %q, the table %q", name, got, want)
		}
	}
	for name := range documented {
		if _, ok := allowed[name]; !ok {
			t.Errorf("doc/dev/architecture.md has a line for %s, the table none", name)
		}
	}
}

// TestDirect: go.mod requires directly what packages and tests of this module import, and
// nothing else, as go mod tidy writes it.
func TestDirect(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-deps", "-test", "-json=ImportPath,Module,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	imported, modules := map[string]bool{}, map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath                         string
			Module                             *struct{ Path string }
			Imports, TestImports, XTestImports []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Module == nil {
			continue // the standard library
		}
		modules[p.ImportPath] = p.Module.Path
		if p.Module.Path+"/" == module {
			for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				imported[path] = true
			}
		}
	}
	direct := map[string]bool{}
	for path := range imported {
		if m := modules[path]; m != "" && m+"/" != module {
			direct[m] = true
		}
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]bool{}
	for _, m := range requirement.FindAllStringSubmatch(string(mod), -1) {
		if m[3] == "" {
			required[m[1]] = true
		}
	}
	if !maps.Equal(required, direct) {
		t.Errorf("go.mod requires directly %q, imported are %q", slices.Sorted(maps.Keys(required)), slices.Sorted(maps.Keys(direct)))
	}
}

// requirement is a line of go.mod: module, version, whether it is indirect.
var requirement = regexp.MustCompile(`(?m)^\t(\S+) (v\S+)( // indirect)?$`)

// TestDependencies: doc/dependencies.md has a line with the version of every
// module that is required directly, and no others but the tools, with every cell filled.
func TestDependencies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../doc/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	required := map[string]string{}
	for _, m := range requirement.FindAllStringSubmatch(string(mod), -1) {
		if m[3] == "" || strings.Contains(string(mod), "\ntool "+m[1]+"/") {
			required[m[1]] = m[2]
		}
	}
	documented := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (v\\S+) \\|").FindAllStringSubmatch(string(text), -1) {
		documented[m[1]] = m[2]
	}
	if empty := regexp.MustCompile("(?m)^\\| `[^`]+` \\|.*\\| +\\|").FindString(string(text)); empty != "" {
		t.Errorf("doc/dependencies.md: an empty cell in %s", empty)
	}
	if !maps.Equal(required, documented) {
		t.Errorf("go.mod requires %v\ndoc/dependencies.md has %v", required, documented)
	}
}
