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
	for file, want := range map[string]int{"README.md": 1, "doc/study-file.md": 4, "doc/algorithms.md": 4} {
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
