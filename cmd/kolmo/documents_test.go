package main

import (
	"os"
	"regexp"
	"testing"

	"kolmo/study"
)

// TestDocuments: the studies that the documents show load.
func TestDocuments(t *testing.T) {
	t.Parallel()
	block := regexp.MustCompile("(?s)```yaml\n(name: .*?)```")
	for file, want := range map[string]int{"README.md": 1, "doc/study-file.md": 4, "doc/algorithms.md": 5} {
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
