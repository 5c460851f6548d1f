package expr

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kolmo/objective/expr/function"
)

// TestDocumented: doc/expressions.md lists every function as the registry
// describes it, and every reserved name.
func TestDocumented(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../doc/expressions.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, f := range function.All {
		args := [...]string{"", "u", "u, v"}[f.Arity]
		if row := fmt.Sprintf("| `%s(%s)` | %s |\n", f.Name, args, strings.ReplaceAll(f.Doc, "|", `\|`)); !strings.Contains(text, row) {
			t.Errorf("doc/expressions.md lacks the row\n%s", row)
		}
	}
	for _, name := range reserved {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("doc/expressions.md lacks the reserved name %s", name)
		}
	}
}
