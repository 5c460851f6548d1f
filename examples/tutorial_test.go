package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kolmo/internal/slow"
)

// TestTutorial does what doc/index.md says: its data and its study, saved by the names
// it gives, pass the check with the number it quotes, and every row is certified.
func TestTutorial(t *testing.T) {
	slow.Skip(t)
	text, err := os.ReadFile("../doc/index.md")
	if err != nil {
		t.Fatal(err)
	}
	if err := buildKolmo(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, ending := range []string{"csv", "yaml"} {
		block := regexp.MustCompile("(?s)```" + ending + "\n(.*?)```").FindSubmatch(text)
		if block == nil {
			t.Fatalf("doc/index.md has no block of %s", ending)
		}
		if err := os.WriteFile(filepath.Join(dir, "penguins."+ending), block[1], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kolmo := func(args ...string) string {
		cmd := exec.Command(filepath.Join(results, "kolmo"), args...)
		cmd.Dir = dir
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("kolmo %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	quoted := regexp.MustCompile("`eta_invariant` is the largest [^:]*: ([0-9.]+) here").FindSubmatch(text)
	if quoted == nil {
		t.Fatal("doc/index.md quotes no eta_invariant")
	}
	if got := lineOf(t, kolmo("check", "penguins.yaml"), "eta_invariant"); !strings.HasPrefix(got, string(quoted[1])) {
		t.Errorf("eta_invariant is %s, and %s in doc/index.md", got, quoted[1])
	}
	kolmo("run", "--quiet", "penguins.yaml") // with exit code 0, every row certified
	if _, err := os.Stat(filepath.Join(dir, "out/penguins/report.html")); err != nil {
		t.Error(err)
	}
	kolmo("plot", "--quiet", "out/penguins/fields/square-second-order-eta1_4.nc")
}
