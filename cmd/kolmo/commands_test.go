package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/export/table"
)

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

// TestCommandsInDocuments: every command and flag that documents name is there, and doc/commands.md names
// every command.
func TestCommandsInDocuments(t *testing.T) {
	t.Parallel()
	commands, flags := map[string]*cobra.Command{}, map[string]bool{"help": true, "version": true}
	for _, c := range visible() {
		commands[c.Name()] = c
		c.LocalFlags().VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
	}
	code := regexp.MustCompile("(?m)`[^`\n]+`|^    [^#\n]*")
	call := regexp.MustCompile("\\bkolmo ([a-z][a-z-]*)([^`|;&>#]*)")
	flag := regexp.MustCompile(`(?:^|[ \x60\[|])--([a-z][a-z-]*)`)
	named := map[string]bool{}
	files, err := filepath.Glob("../../doc/*.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	for _, file := range append(files, "../../README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range code.FindAllString(string(text), -1) {
			calls := call.FindAllStringSubmatch(quoted, -1)
			for _, m := range calls {
				c := commands[m[1]]
				if c == nil {
					t.Errorf("%s: %s: there is no command %s", file, quoted, m[1])
					continue
				}
				named[m[1]] = named[m[1]] || strings.HasSuffix(file, "commands.md")
				for _, f := range flag.FindAllStringSubmatch(m[2], -1) {
					if c.Flags().Lookup(f[1]) == nil && f[1] != "help" {
						t.Errorf("%s: %s: %s has no flag --%s", file, quoted, m[1], f[1])
					}
				}
			}
			if f := flag.FindStringSubmatch(quoted); len(calls) == 0 && f != nil && strings.HasPrefix(quoted, "`--") && !flags[f[1]] {
				t.Errorf("%s: %s: no command has this flag", file, quoted)
			}
		}
	}
	for name := range commands {
		if !named[name] {
			t.Errorf("doc/commands.md does not name kolmo %s", name)
		}
	}
}

// TestHelp: every command's help says what it does, its exit codes and an example, and no
// line is longer than 80 columns.
func TestHelp(t *testing.T) {
	t.Parallel()
	help := func(args ...string) string {
		var b strings.Builder
		if code := execute(context.Background(), args, &b, io.Discard); code != terminal.CodeDone {
			t.Errorf("%q ended with code %d", args, code)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > table.Width {
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
