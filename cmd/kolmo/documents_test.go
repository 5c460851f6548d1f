package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"kolmo/study"
)

// TestDocuments: the studies that the documents show load.
func TestDocuments(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```yaml\n(name: .*?)```")
	for file, want := range map[string]int{"README.md": 1, "doc/study-file.md": 4, "doc/algorithms.md": 7} {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := block.FindAllSubmatch(text, -1)
		if len(blocks) != want {
			t.Errorf("%s has %d studies, want %d", file, len(blocks), want)
		}
		for _, b := range blocks {
			if _, err := study.Parse(file, b[1], "../../studies"); err != nil {
				t.Errorf("%s: %v\n%s", file, err, b[1])
			}
		}
	}
}

// TestVersionIsOne: what is cited, the Python package and the last entry of the changelog are one version.
func TestVersionIsOne(t *testing.T) {
	t.Parallel()
	of := map[string]string{}
	for file, pattern := range map[string]string{
		"CITATION.cff": `(?m)^version: (\S+)$`, "python/pyproject.toml": `(?m)^version = "(\S+)"$`, "CHANGELOG.md": `(?m)^## \[(\d\S+)\] - \d{4}-\d\d-\d\d$`,
	} {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s has no version", file)
		}
		of[file] = string(found[1])
	}
	if of["CITATION.cff"] != of["CHANGELOG.md"] || of["python/pyproject.toml"] != of["CHANGELOG.md"] {
		t.Errorf("versions differ: %v", of)
	}
}

// TestLinks: every document that a document links to is there and has the section, and so is every
// document of doc that a source, a study or the help names.
func TestLinks(t *testing.T) {
	t.Parallel()
	const root = "../.."
	link := regexp.MustCompile(`\]\(([^)\s:]+)\)`)
	named := regexp.MustCompile(`\bdoc/[a-z/-]+\.md\b`)
	links, names := 0, 0
	there := func(file, target, section string) {
		text, err := os.ReadFile(target)
		if info, e := os.Stat(target); e == nil && info.IsDir() {
			err = nil
		}
		if err != nil || section != "" && !sections(string(text))[section] {
			t.Errorf("%s: %s has no section %q: %v", file, target, section, err)
		}
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (name == ".git" || name == "out" || name == "bin" || name == "dist" || name == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		ext := filepath.Ext(path)
		if ext != ".md" && ext != ".go" && ext != ".yaml" && ext != ".py" && d.Name() != "Makefile" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, name := range named.FindAllString(string(text), -1) {
			names++
			there(path, filepath.Join(root, name), "")
		}
		if ext != ".md" {
			return nil
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			links++
			target, section, _ := strings.Cut(m[1], "#")
			if target == "" {
				target = d.Name()
			}
			there(path, filepath.Join(filepath.Dir(path), target), section)
		}
		return nil
	})
	if err != nil || links < 100 || names < 50 {
		t.Errorf("%d links, %d names: %v", links, names, err)
	}
}

// sections returns the anchors of a document's headings.
func sections(text string) map[string]bool {
	found := map[string]bool{}
	for line := range strings.Lines(text) {
		if title := strings.TrimLeft(line, "#"); title != line {
			found[strings.Map(func(r rune) rune {
				switch {
				case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
					return unicode.ToLower(r)
				case r == ' ':
					return '-'
				}
				return -1
			}, strings.TrimSpace(title))] = true
		}
	}
	return found
}
