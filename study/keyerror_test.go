package study

import (
	"strings"
	"testing"

	"kolmo/study/document"
)

func TestKeyError(t *testing.T) {
	t.Parallel()
	s, err := Parse("good.yaml", []byte(strings.TrimSuffix(good, "\n")+"\nsolver: {space: uniform,\n         nodes: [40]}\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Count(strings.TrimSuffix(good, "\n"), "\n") + 2
	for _, c := range []struct {
		key          string
		line, column int
	}{
		{"solver.nodes", lines + 1, 17},
		{"solver.space", lines, 17},
		{"solver.order", lines, 9}, // not in the file: where its mapping begins
		{"nothing.at.all", 1, 1},
	} {
		e := s.KeyError(c.key, "wrong").(*document.Error)
		if e.Line != c.line || e.Column != c.column || e.Key != c.key || e.Msg != "wrong" {
			t.Errorf("%s: got %v, want %d:%d", c.key, e, c.line, c.column)
		}
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	s, err := Parse("data.yaml", []byte(dataStudy), "testdata")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Source("sample.kind"); got != "data" {
		t.Errorf("sample.kind is %q", got)
	}
	if got := s.Source("sample"); got != "" {
		t.Errorf("a mapping has the text %q", got)
	}
	if got := s.Source("no.such.key"); got != "" {
		t.Errorf("a missing key has the text %q", got)
	}
	if got := s.Entries("sample.columns"); len(got) == 0 || got[0].Key == "" || got[0].Text == "" {
		t.Errorf("columns are %v", got)
	}
	if got := s.Entries("define"); got != nil {
		t.Errorf("definitions are %v", got)
	}
}
