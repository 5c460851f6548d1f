package table

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// A table wider than a line is divided into parts of about one width, each with the names of its
// rows; every cell is there.
func TestPartsOfATable(t *testing.T) {
	t.Parallel()
	head, row := []string{"name"}, []string{"first"}
	for k := range 9 {
		head, row = append(head, "column"+Int(k)), append(row, "1234567890."+Int(k))
	}
	var b strings.Builder
	wide := OfTexts([][]string{head, row}, 0)
	wide.Write(&b)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 4 || strings.Count(b.String(), "first") != 2 {
		t.Fatalf("%d lines:\n%s", len(lines), b.String())
	}
	if a, c := utf8.RuneCountInString(lines[1]), utf8.RuneCountInString(lines[3]); a > Width || c > Width || a-c > 20 {
		t.Errorf("%d and %d columns:\n%s", a, c, b.String())
	}
	for _, cell := range append(head, row...) {
		if !strings.Contains(b.String(), cell) {
			t.Errorf("no %s", cell)
		}
	}
}

// Notes stand below their rows, and spare columns give way.
func TestNotesAndSpareColumns(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 70)
	table := OfTexts([][]string{{"name", "value", "spare"}, {long, "1", "2"}, {"b", "3", "4"}}, 0)
	table.Notes, table.Spare, table.Note = []string{"", "why it is so"}, []string{"spare"}, "below"
	var b strings.Builder
	table.Write(&b)
	if got := b.String(); strings.Contains(got, "spare") || !strings.Contains(got, "3\n      why it is so\n  below\n") || strings.Count(got, "why") != 1 {
		t.Error(got)
	}
}

// A name that is wider than a line is cut between its words, where it has some.
func TestLongNamesAreCutBetweenWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, name, want string }{
		{"study ", "a-very-long-name-for-a-study-that-a-user-might-well-choose-to-tell-them-apart-2026", "study\n a-very-long-name-for-a-study-that-a-user-might-well-choose-to-tell-them-apart-\n 2026\n"},
		{"", strings.Repeat("x", 100), strings.Repeat("x", 80) + "\n " + strings.Repeat("x", 20) + "\n"},
		{"", strings.Repeat("ü", 100), strings.Repeat("ü", 80) + "\n " + strings.Repeat("ü", 20) + "\n"},
	} {
		var b strings.Builder
		Wrap(&b, "", " ", c.first+c.name)
		if b.String() != c.want {
			t.Errorf("%q, want %q", b.String(), c.want)
		}
	}
}
