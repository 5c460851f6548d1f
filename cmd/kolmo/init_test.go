//go:build !race

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/studies"
	"kolmo/study"
)

// TestInit: what kolmo init writes loads, under the name of its file, and its assumptions
// can be looked for.
func TestInit(t *testing.T) {
	t.Parallel()
	for _, name := range append(studies.Names(), "") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "sub", "other.yaml")
			var stderr strings.Builder
			if code := execute(context.Background(), []string{"init", "--from=" + name, file}, io.Discard, &stderr); code != terminal.CodeDone {
				t.Fatalf("code %d: %s", code, stderr.String())
			}
			s, err := study.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name != "other" {
				t.Errorf("the study is called %s", s.Name)
			}
			if name != "" {
				text, _ := studies.Text(name)
				if got, want := len(strings.Split(string(s.Text), "\n")), len(strings.Split(string(text), "\n")); got != want {
					t.Errorf("%d lines, want %d", got, want)
				}
			}
			if _, err := s.Problem(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestInitQuotesNames: names that YAML would read as numbers or constants are the study's
// all the same.
func TestInitQuotesNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"null", "Null", "true", "FALSE", "yes", "no", "on", "off", "y", "1", "1e5", "1_000", "0x1F", "0o7", "-1", "-", "-a", "-inf", ".inf", "-.INF", ".nan", "1.5.",
		"2026-01-02", "_", "a.b", "a-1", "e5", "inf", "nan", "...a", "---", "quad1d",
	} {
		text, err := renamed(template, name+".yaml")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s, err := study.Parse("a.yaml", text, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if s.Name != name {
			t.Errorf("%s: the study is called %q", name, s.Name)
		}
	}
}

// TestShippedFiles: what is inside the program is what is in the folder.
func TestShippedFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../studies/*.yaml")
	if err != nil || len(files) != len(studies.Names()) {
		t.Errorf("%d files, %d studies, %v", len(files), len(studies.Names()), err)
	}
	for _, f := range files {
		want, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := studies.Text(strings.TrimSuffix(filepath.Base(f), ".yaml")); !ok || string(got) != string(want) {
			t.Errorf("%s is not in the program, or differs", f)
		}
	}
	if _, ok := studies.Text("../studies/iris"); ok {
		t.Error("a path is taken for a name")
	}
	text, _ := studies.Text("iris")
	if data := studies.Data(text); len(data) != 1 || len(data["data/iris.csv"]) < 3000 {
		t.Errorf("%d data files of iris", len(data))
	}
}

// TestComments: every key of the template and of the shipped studies has a comment beside
// it or in the line above.
func TestComments(t *testing.T) {
	t.Parallel()
	texts := map[string][]byte{"template": template}
	for _, name := range studies.Names() {
		texts[name], _ = studies.Text(name)
	}
	key := regexp.MustCompile(`^ *[A-Za-z_0-9]+:( |$)`)
	for name, text := range texts {
		before := ""
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if key.MatchString(line) && !strings.Contains(line, "  # ") && !strings.HasPrefix(strings.TrimSpace(before), "# ") {
				t.Errorf("%s: no comment at %q", name, line)
			}
			if len(line) > 100 {
				t.Errorf("%s: %d columns: %s", name, len(line), line)
			}
			before = line
		}
	}
}
