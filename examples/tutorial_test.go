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

// TestTutorial runs the commands of doc/index.md, in their order, on the data that it shows: the
// study that is guessed is the one it shows, the check has the number it quotes, and every row is
// certified.
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
	block := func(ending string) string {
		found := regexp.MustCompile("(?s)```" + ending + "\n(.*?)```").FindSubmatch(text)
		if found == nil {
			t.Fatalf("doc/index.md has no block of %s", ending)
		}
		return string(found[1])
	}
	if err := os.WriteFile(filepath.Join(dir, "penguins.csv"), []byte(block("csv")), 0o644); err != nil {
		t.Fatal(err)
	}
	ran := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^    kolmo (.*)$").FindAllSubmatch(text, -1) {
		args, want := strings.Fields(string(m[1])), 0
		switch args[0] {
		case "verify": // which takes minutes
			continue
		case "compare":
			want = 4
		}
		cmd := exec.Command(filepath.Join(results, "kolmo"), args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Fatalf("kolmo %s: exit code %d: %v\n%s", m[1], code, err, out)
		}
		ran[string(m[1])] = string(out)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "penguins.yaml")); err != nil || string(got) != block("yaml") {
		t.Errorf("%v: kolmo init --data writes\n%s\nand doc/index.md has\n%s", err, got, block("yaml"))
	}
	quoted := regexp.MustCompile("`eta_invariant` is the largest [^:]*: ([0-9.]+) here").FindSubmatch(text)
	if quoted == nil {
		t.Fatal("doc/index.md quotes no eta_invariant")
	}
	if got := lineOf(t, ran["check penguins.yaml"], "eta_invariant"); !strings.HasPrefix(got, string(quoted[1])) {
		t.Errorf("eta_invariant is %s, and %s in doc/index.md", got, quoted[1])
	}
	if len(ran) != 7 || !strings.Contains(ran["run penguins.yaml"], "rows certified") {
		t.Errorf("%d commands, the run says\n%s", len(ran), ran["run penguins.yaml"])
	}
	for _, file := range []string{"out/penguins/report.html", "square-second-order-eta1_4-gap-n10.png"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Error(err)
		}
	}
}
