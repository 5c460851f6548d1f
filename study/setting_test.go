package study

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"kolmo/study/document"
)

// settingStudy has entries in block and in flow form, comments, and quotes.
const settingStudy = `# about the study
name: test
parameters: [x]        # one of them

loss: (x - xi)^2/2     # a comment that stays
sample:
  # the law
  kind: discrete
  variables: [xi]      # a coin
  values:
    - [1]
    - [-1]             # tails
  # below the law

# the ball
ball: {R: 2}           # radius
observables:
  square: x^2          # of the point
  least: "min(x, 1)"
eta: [1/4, 1/8]
models: [modified]
# the end
`

// TestSettingText: settings leave the rest of the text as it is, with the line ends of any system, and the
// text says what the study is.
func TestSettingText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sets     []string
		old, new string // what changes in the text
	}{
		{[]string{"ball.R=3"}, "ball: {R: 2}           #", "ball: {R: 3}           #"},
		{[]string{"ball.R2=5"}, "ball: {R: 2} ", "ball: {R: 2, R2: 5} "},
		{[]string{"eta=[1/16, 0.5]"}, "[1/4, 1/8]", "[1/16, 0.5]"},
		{[]string{"observables.square=x^4"}, "square: x^2 ", "square: x^4 "},
		{[]string{"observables.n=max(x, 2)"}, "1)\"\n", "1)\"\n  n: 'max(x, 2)'\n"},
		{[]string{"solver.space=uniform", "solver.order=6"}, "models: [modified]\n", "models: [modified]\nsolver: {space: uniform, order: 6}\n"},
		{[]string{"sample.values=[[1], [-1], [3]]"}, "  values:\n    - [1]\n    - [-1]             # tails\n", "  values: [[1], [-1], [3]]\n"},
		{[]string{"sample.batch.size=2"}, "# tails\n", "# tails\n  batch: {size: 2}\n"},
		{[]string{"title=it's, a \"test\""}, "models: [modified]\n", "models: [modified]\ntitle: 'it''s, a \"test\"'\n"},
		{[]string{"loss=(x - xi)^2/2 + 0.1*x^4", "name=other"}, "(x - xi)^2/2 ", "(x - xi)^2/2 + 0.1*x^4 "},
	} {
		want := strings.Replace(settingStudy, c.old, c.new, 1)
		for _, set := range c.sets {
			if name, ok := strings.CutPrefix(set, "name="); ok {
				want = strings.Replace(want, "name: test", "name: "+name, 1)
			}
		}
		for _, end := range lineEnds {
			s := parseSet(t, strings.ReplaceAll(settingStudy, "\n", end), c.sets...)
			if got, want := string(s.Text), strings.ReplaceAll(want, "\n", end); got != want {
				t.Errorf("%q:\n%q\nwant\n%q", c.sets, got, want)
			}
			again := parseSet(t, string(s.Text))
			if !again.root.Same(s.root) {
				t.Errorf("%q: the text says something else than the study", c.sets)
			}
		}
	}
}

// lineEnds are those of all systems.
var lineEnds = []string{"\n", "\r\n", "\r"}

// TestSettingLastLine: the last line may be without an end, and lines with different ones keep theirs.
func TestSettingLastLine(t *testing.T) {
	t.Parallel()
	for _, end := range lineEnds {
		text := strings.ReplaceAll(strings.Replace(settingStudy, "models: [modified]\n# the end\n", "models:\n  - modified\nseed: 2", 1), "\n", end)
		for _, c := range []struct{ set, old, new string }{
			{"models=[first-order]", "models:" + end + "  - modified", "models: [first-order]"},
			{"seed=3", "seed: 2", "seed: 3" + end},
			{"title=late", "seed: 2", "seed: 2" + end + "title: late" + end},
		} {
			got := string(parseSet(t, text, c.set).Text)
			if want := strings.Replace(text, c.old, c.new, 1); strings.TrimRight(got, end) != strings.TrimRight(want, end) || !strings.HasSuffix(got, end) {
				t.Errorf("%s:\n%q\nwant\n%q", c.set, got, want)
			}
		}
	}
	mixed := strings.Replace(strings.Replace(settingStudy, "\n", "\r\n", 4), "eta: [1/4, 1/8]\n", "eta: [1/4, 1/8]\r", 1)
	want := strings.Replace(mixed, "[1/4, 1/8]\r", "[1/2]\r", 1)
	if got := string(parseSet(t, mixed, "eta=[1/2]").Text); got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

func parseSet(t *testing.T, text string, sets ...string) *Study {
	t.Helper()
	s, err := Parse("test.yaml", []byte(text), "", settingsOf(t, sets)...)
	if err != nil {
		t.Fatalf("%q: %v", sets, err)
	}
	return s
}

func settingsOf(t *testing.T, texts []string) (out []document.Setting) {
	t.Helper()
	for _, text := range texts {
		s, err := document.ParseSetting(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// TestSettingWhole: a study whose form leaves no room is written anew, and says the same.
func TestSettingWhole(t *testing.T) {
	t.Parallel()
	const flow = "{name: test, parameters: [x], loss: 'x^2/2 - xi*x', sample: {kind: discrete, variables: [xi], values: [[1], [-1]]},\n ball: {R: \"2\"}, observables: {n: x}, eta: [1/4], models: [modified], title: \"a\\nb # c\"}\n"
	for _, end := range lineEnds {
		s := parseSet(t, strings.ReplaceAll(flow, "\n", end), "ball.R=3", "seed=7")
		if s.R != 3 || s.Seed != 7 {
			t.Errorf("R = %v, seed %d", s.R, s.Seed)
		}
		if again := parseSet(t, string(s.Text)); !again.root.Same(s.root) {
			t.Errorf("the text says something else than the study:\n%s", s.Text)
		}
		if text := string(s.Text); strings.Count(text, end) != len(s.root.Entries) || strings.ContainsAny(strings.ReplaceAll(text, end, ""), "\r\n") {
			t.Errorf("lines do not end in %q as in the file: %q", end, text)
		}
	}
}

// TestSettingShipped: every key of every shipped study may be set to what it is.
func TestSettingShipped(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../studies/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := Parse(file, text, filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		var walk func(v *document.Value)
		walk = func(v *document.Value) {
			for _, e := range v.Entries {
				walk(e.Value)
				got, ok := document.Edited(string(text), plain.root, e.Value.Path)
				again, err := (&document.Document{Text: got}).Parse()
				if e.Value.Kind == document.Mapping && e.Value.Line > e.Line {
					continue // its entries are walked
				}
				if !ok || err != nil || !again.Same(plain.root) || !reflect.DeepEqual(comments(got), comments(string(text))) {
					t.Errorf("%s, %s: %v %v\n%s", file, e.Value.Path, ok, err, got)
				}
			}
		}
		walk(plain.root)
	}
}

// comments returns the texts behind # of a study whose values have none.
func comments(text string) (out []string) {
	for line := range strings.Lines(text) {
		if _, c, ok := strings.Cut(line, "#"); ok {
			out = append(out, c)
		}
	}
	return out
}

// TestSettingErrors: errors about what is set name the setting, all others the place in the file.
func TestSettingErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, want string }{
		{"ball.R=0", "--set ball.R: expected a number greater than 0, found 0"},
		{"ball.R=two", "--set ball.R: expected a number, found two"},
		{"ball.R=", "--set ball.R: expected a number, found nothing"},
		{"ball.Q=2", "--set ball.Q: unknown key; expected R, center, R2"},
		{"bal.R=2", "--set bal.R: bal: unknown key; did you mean ball?"},
		{"eta=[1/4, 0]", "--set eta: eta[2]: expected a number or a fraction greater than 0, found 0"},
		{"eta=1/4", "--set eta: expected a list [..] of"},
		{"eta.x=1", "--set eta.x: eta is a list [..], which has no keys"},
		{"ball={center: [0]}", "--set ball: ball.R: the key is missing"},
		{"loss=x^2 + zz", "--set loss: at character 7: unknown name zz"},
		{"loss='x", "--set loss: "},
		{"models=[modifed]", "--set models: models[1]: unknown modifed; did you mean modified?"},
		{"title=&a b", "--set title: anchors"},
		{"title=\x01", "--set title: a control character"},
		{"parameters=[y]", "test.yaml:5:8: loss: unknown name x"},
		{"sample.file=a.csv", "--set sample.file: unknown key"},
		{"sample.batch.sise=2", "--set sample.batch.sise: unknown key; did you mean size?"},
		{"ball.center=[9e99]", "--set ball.center: ball.center[1]: "},
	} {
		_, err := Parse("test.yaml", []byte(settingStudy), "", settingsOf(t, []string{c.set})...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.set, err, c.want)
		}
	}
	if _, err := Parse("test.yaml", []byte(settingStudy), "", settingsOf(t, []string{"seed=1", "seed=2"})...); err == nil || err.Error() != "--set seed: the key is set twice" {
		t.Error(err)
	}
	for _, text := range []string{"", "seed", "=1", "eta[1]=1/2", "ball..R=1", ".R=2"} {
		if _, err := document.ParseSetting(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
