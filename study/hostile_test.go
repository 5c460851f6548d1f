package study

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kolmo/study/document"
)

// TestHostile holds the reading of texts made to be slow to bounded time.
func TestHostile(t *testing.T) {
	t.Parallel()
	var keys, lines, nested, values strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
		fmt.Fprintf(&lines, "- %d\n", i)
	}
	var fewer strings.Builder
	for i := range 4_900 {
		fmt.Fprintf(&fewer, "k%d: 1\n", i)
	}
	for i := range 250 {
		fmt.Fprintf(&nested, "%sa:\n", strings.Repeat(" ", i))
	}
	for range 20_000 {
		values.WriteString("[1, 2], ")
	}
	for name, text := range map[string]string{
		"keys":      keys.String(),
		"lines":     "a:\n" + lines.String(),
		"nested":    nested.String(),
		"values":    "values: [" + values.String() + "[1, 2]]\n",
		"quotes":    "a: '" + strings.Repeat("''", 30_000) + "'\n",
		"escapes":   `a: "` + strings.Repeat(`\x41`, 15_000) + "\"\n",
		"folded":    "a: " + strings.Repeat("x\n ", 100_000) + "\n",
		"comments":  strings.Repeat("# c\n", 100_000),
		"flow":      strings.Repeat("{a: ", 90) + strings.Repeat("}", 90),
		"questions": strings.Repeat("? ", 90) + "a\n",
		"dashes":    strings.Repeat("- ", 90) + "a\n",
		"anchors":   "a: &x [1]\n" + strings.Repeat("b: *x\n", 10_000),
		"commas":    "a: [" + strings.Repeat(",", 30_000) + "]\n",
		"colons":    strings.Repeat("a:", 30_000),
		"large":     strings.Repeat("x", 2<<20),
	} {
		start := time.Now()
		_, err := Parse("hostile.yaml", []byte(text), "")
		var e *document.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if took := time.Since(start); took > time.Minute { // far above what a busy machine takes, far below what a hang does
			t.Errorf("%s: %v", name, took)
		}
		if len(err.Error()) > 1000 {
			t.Errorf("%s: a message of %d bytes", name, len(err.Error()))
		}
	}
}
