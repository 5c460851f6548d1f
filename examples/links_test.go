package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?s)```.*?```")
)

// TestLinks: what the documents point to is there, files and headings.
func TestLinks(t *testing.T) {
	t.Parallel()
	count := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2 || d.IsDir() && (d.Name() == "out" || d.Name() == "dist") {
			return orSkip(err)
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range link.FindAllSubmatch(fenced.ReplaceAll(text, nil), -1) {
			target := string(m[1])
			if strings.Contains(target, "://") {
				continue
			}
			count++
			file, anchor, _ := strings.Cut(target, "#")
			if file = filepath.Join(filepath.Dir(path), file); strings.HasPrefix(target, "#") {
				file = path
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: no file for %s", path, target)
			} else if anchor != "" && !anchors(t, file)[anchor] {
				t.Errorf("%s: no heading for %s", path, target)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 100 {
		t.Errorf("%d links only", count)
	}
}

// orSkip leaves out a folder that is no part of the source.
func orSkip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// anchors returns the names by which the headings of a document can be pointed to: in
// lower case, without signs, blanks as hyphens.
func anchors(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range heading.FindAllSubmatch(fenced.ReplaceAll(text, nil), -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(string(m[1])), "")
		found[strings.ReplaceAll(name, " ", "-")] = true
	}
	return found
}
