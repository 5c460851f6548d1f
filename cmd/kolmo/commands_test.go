package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kolmo/cmd/kolmo/internal/terminal"
)

var update = flag.Bool("update", false, "write the part of doc/commands.md that is made from the commands")

// visible returns the commands that help lists, in the order of its groups.
func visible() []*cobra.Command {
	root := newRoot(io.Discard, terminal.NewReporter(io.Discard))
	root.InitDefaultHelpCmd()
	var out []*cobra.Command
	for _, g := range root.Groups() {
		for _, c := range root.Commands() {
			if c.GroupID == g.ID {
				out = append(out, c)
			}
		}
	}
	return out
}

// document returns the sections of doc/commands.md.
func documented() string {
	var b strings.Builder
	for _, c := range visible() {
		fmt.Fprintf(&b, "\n## kolmo %s\n\n", c.Name())
		paragraphs := strings.Split(c.Long, "\n\n")
		for _, p := range paragraphs {
			if strings.HasPrefix(p, "  ") { // laid out
				fmt.Fprintf(&b, "```\n%s\n```\n\n", p)
			} else {
				fmt.Fprintf(&b, "%s\n\n", p)
			}
		}
		fmt.Fprintf(&b, "```\n%s\n```\n", strings.TrimSuffix(c.UseLine(), " [flags]"))
		if c.HasExample() {
			fmt.Fprintf(&b, "\nFor example:\n\n```\n%s\n```\n", strings.ReplaceAll(strings.TrimPrefix(c.Example, "  "), "\n  ", "\n"))
		}
		if !c.HasAvailableLocalFlags() {
			continue
		}
		b.WriteString("\n| flag | default | meaning |\n|---|---|---|\n")
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			value, meaning := pflag.UnquoteUsage(f)
			name := "--" + f.Name
			if f.Shorthand != "" {
				name = "-" + f.Shorthand + ", " + name
			}
			if value != "" {
				name += " " + value
			}
			byDefault := ""
			if !slices.Contains([]string{"", "0", "false"}, f.DefValue) {
				byDefault = "`" + f.DefValue + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, byDefault, meaning)
		})
	}
	return b.String()
}

// TestCommandsDocument: doc/commands.md has every command with its flags.
func TestCommandsDocument(t *testing.T) {
	t.Parallel()
	const file = "../../doc/commands.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const mark = " -update -->\n"
	head, got, found := strings.Cut(string(text), mark)
	if !found {
		t.Fatalf("%s has no line that ends in %q", file, mark)
	}
	want := documented()
	if *update {
		if err := os.WriteFile(file, []byte(head+mark+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("%s is not what the commands say: go test ./cmd/kolmo -run TestCommandsDocument -update", file)
	}
}

// TestHelp: every command's help says what it does, its exit codes and an example, and no
// line is longer than 100 columns.
func TestHelp(t *testing.T) {
	t.Parallel()
	help := func(args ...string) string {
		var b strings.Builder
		if code := execute(context.Background(), args, &b, io.Discard); code != terminal.CodeDone {
			t.Errorf("%q ended with code %d", args, code)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
				t.Errorf("%q has a line of %d columns: %s", args, n, line)
			}
		}
		return b.String()
	}
	all := help()
	if help("--help") != all || help("help") != all {
		t.Error("kolmo, kolmo --help and kolmo help differ")
	}
	for _, c := range visible() {
		if !strings.Contains(all, "\n  "+c.Name()+" ") {
			t.Errorf("kolmo --help does not list %s", c.Name())
		}
		text := help(c.Name(), "--help")
		if help("help", c.Name()) != text {
			t.Errorf("kolmo %s --help and kolmo help %s differ", c.Name(), c.Name())
		}
		for _, want := range []string{"Exit codes: 0 ", "\nUsage:\n  kolmo " + c.Name(), "\nExamples:\n", "kolmo " + c.Name()} {
			if !strings.Contains(text, want) {
				t.Errorf("the help of %s has no %q", c.Name(), want)
			}
		}
		if first := c.Short[0]; first < 'a' || first > 'z' || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: %q is no phrase in lower case", c.Name(), c.Short)
		}
	}
}

// The studies in the examples of commands are there, and the command speaks of them.
func TestExamplesOfCommands(t *testing.T) {
	t.Chdir("../..")
	tried := 0
	for _, c := range visible() {
		if c.Flags().Lookup("dry-run") == nil {
			continue
		}
		for line := range strings.Lines(c.Example) {
			args := append(strings.Fields(line)[1:], "--dry-run")
			var out, errs bytes.Buffer
			if code := execute(context.Background(), args, &out, &errs); code != terminal.CodeDone {
				t.Errorf("kolmo %s: exit code %d: %s", strings.Join(args, " "), code, &errs)
			}
			tried++
		}
	}
	if tried < 8 {
		t.Errorf("%d examples", tried)
	}
}
