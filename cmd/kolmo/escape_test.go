package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kolmo/cmd/kolmo/internal/terminal"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain, größe η = 1/4 ≤ ∞ \u200d\n\tx": "plain, größe η = 1/4 ≤ ∞ \u200d\n\tx",
		"\x1b]0;pwned\x07\x1b[2J":              `\x1b]0;pwned\x07\x1b[2J`,
		"a\rb\x00\x7f":                         `a\x0db\x00\u007f`,
		"\u009b31m\u0085":                      `\u009b31m\u0085`,
		"\x9b31m \xff \xe2\x80":                `\x9b31m \xff \xe2\x80`,
		"\u202eevil\u202c \u2066\u2069\u200f":  `\u202eevil\u202c \u2066\u2069\u200f`,
		"\u2028\u2029\ufeff\u061c \ufffd":      `\u2028\u2029\ufeff\u061c ` + "\ufffd",
	} {
		if got := terminal.Escape(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		for cut := range len(text) + 1 { // a character may come in two pieces
			var b bytes.Buffer
			e := terminal.NewEscaper(&b)
			for _, part := range []string{text[:cut], text[cut:]} {
				if n, err := e.Write([]byte(part)); n != len(part) || err != nil {
					t.Fatalf("%d, %v", n, err)
				}
			}
			if err := e.Flush(); err != nil || b.String() != want {
				t.Errorf("%q cut at %d: %q, %v", text, cut, b.String(), err)
			}
		}
	}
	if got := terminal.EscapeLine("a\nb\tc"); got != `a\nb\x09c` {
		t.Errorf("%q", got)
	}
}

// TestEscapedJSON: escaped JSON means what it meant.
func TestEscapedJSON(t *testing.T) {
	t.Parallel()
	const text = "\x1b \u009b \u202e \u007f \ufeff"
	var b bytes.Buffer
	enc := json.NewEncoder(terminal.NewEscaper(&b))
	if err := enc.Encode(text); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got != text {
		t.Errorf("%s: %q, %v", b.String(), got, err)
	}
	checkHarmless(t, "JSON", b.String())
}

// checkHarmless fails if text could command a terminal.
func checkHarmless(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && terminal.Commands(r) }) {
		t.Errorf("%s: %q", what, text)
	}
}

// nasty is a name or a value that should command nobody.
const nasty = "\x1b]0;pwned\x07\x1b[2J\u009b31m\u202e\xff"

// TestNothingCommandsTheTerminal: whatever is made of names that commands are given, or
// find in files, is escaped on stdout and stderr.
func TestNothingCommandsTheTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	results := write("results.json", `{"schema": 1, "study": "\u001b[2J", "title": "\u202e", "warnings": ["\u009b31m", "`+"\u009b\x7f\xff"+`"],
		"gap": [{"observable": "\u001b[2J", "model": "`+"\u202e"+`", "eta_text": "\u0007", "reason": "\u009b"}]}`)
	study := write("model.yaml", "name: a\nparameters: [x]\nloss: x\nsample: {kind: discrete, variables: [xi], values: [[1]]}\nball: {R: 1}\n"+
		"observables: {o: x}\neta: [1/4]\nmodels: [\"\\e]0;pwned\\a\\e[2J\\L\\N\\x9b\"]\n")
	table := write("\x1b[2J.csv", "\u202e\n1\n")
	data := write("data.yaml", "name: a\nparameters: [x]\nloss: x\nsample: {kind: data, file: \"\\e[2J.csv\", columns: {a: \"col('\\x9b')\"}}\nball: {R: 1}\n"+
		"observables: {o: x}\neta: [1/4]\nmodels: [modified]\n")
	plain := write("plain\n"+nasty+".nc", "text")
	for _, args := range [][]string{
		{nasty}, {"run", nasty}, {"run", "--" + nasty}, {"run", study}, {"check", study}, {"run", data}, {"check", data}, {"run", table},
		{"run", study, "--log-format", "json"}, {"run", nasty, "--log-format", "text"}, {"run", study, "--log-format", nasty},
		{"show", nasty}, {"show", plain}, {"show", results}, {"show", results, "--json"}, {"show", dir}, {"show", dir, "--json"},
		{"plot", nasty}, {"plot", plain, "--field", nasty}, {"plot", plain, "--out", nasty}, {"plot", plain, "--through", nasty},
		{"list", nasty}, {"init", "--from", nasty}, {"merge", nasty, nasty}, {"help", nasty}, {"verify", nasty}, {"completion", nasty},
		{"show", "../testdata/" + nasty}, {"show", "../../internal/h5/testdata/foreign/good-attributes.h5"},
	} {
		var out, errs bytes.Buffer
		code := execute(context.Background(), args, &out, &errs)
		checkHarmless(t, "stdout of "+strings.Join(args, " "), out.String())
		checkHarmless(t, "stderr of "+strings.Join(args, " "), errs.String())
		if lines := strings.Count(errs.String(), "\n"); code != terminal.CodeDone && lines != 1 && args[0] != "help" {
			t.Errorf("%q: %d lines on stderr: %s", args, lines, errs.String())
		}
		if args[len(args)-1] == "--json" && !json.Valid(out.Bytes()) {
			t.Errorf("%q: no JSON: %s", args, out.String())
		}
	}
}
