package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/wholefile"
	"kolmo/studies"
	"kolmo/study"
	"kolmo/study/document"
)

// template is the study that kolmo init writes without --from.
//
//go:embed template.yaml
var template []byte

// templateName is the name of the template's study.
const templateName = "study"

// initializer is one call of kolmo init.
type initializer struct {
	from   string
	data   string // --data
	label  string // --label
	force  bool
	stdout io.Writer
}

func newInit(stdout io.Writer) *cobra.Command {
	c := &initializer{stdout: stdout}
	cmd := &cobra.Command{
		Use:   "init [FILE.yaml|FOLDER]",
		Short: "write a commented study file to start from",
		Long: strings.TrimSpace(`
Writes a study file in which every key is explained: a small one-dimensional study,
or with --from a copy of a shipped one (kolmo list) with the data it reads. It is
written to FILE.yaml, whose name becomes the study's, or to a folder; without
either to the current one. Files that are there already are kept, unless --force is
given.

With --data the study is guessed from a table of text: a logistic regression where a
column has two values, else least squares, by the one or two columns of numbers that
are correlated most with it, standardized, on a ball that SGD does not leave. Comments
say what was left out. The table is not copied; the study names it.

Exit codes: 0 done; 1 a file could not be written; 2 a flag or the name of the file is
wrong, or the file is there already; 130 interrupted.`),
		Example: `  kolmo init                          writes study.yaml
  kolmo init --from iris              writes iris.yaml and data/iris.csv
  kolmo init --from trig1d mine.yaml  writes trig1d as the study mine
  kolmo init --data wages.csv         writes wages.yaml, a study of this table`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return terminal.Usage("expected one file or folder, found %d: kolmo init [FILE.yaml|FOLDER]", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			target := ""
			if len(args) > 0 {
				target = args[0]
			}
			given := cmd.Flags().Changed
			switch {
			case given("from") && given("data"):
				return terminal.Usage("--from and --data contradict each other: want one of them")
			case given("label") && !given("data"):
				return terminal.Usage("--label is a column of the table of --data, which is missing")
			case given("data") && c.data == "":
				return terminal.Usage("--data needs the name of a table")
			case given("label") && c.label == "":
				return terminal.Usage("--label needs the name of a column")
			}
			return c.run(cmd.Context(), target)
		},
		ValidArgsFunction: studyFiles,
	}
	cmd.Flags().StringVar(&c.from, "from", "", "copy the shipped study with this `name`")
	cmd.Flags().StringVar(&c.data, "data", "", "guess a study from this `table`, a CSV file")
	cmd.Flags().StringVar(&c.label, "label", "", "the `column` of the table to predict (default: guessed)")
	cmd.Flags().BoolVar(&c.force, "force", false, "replace files that are there already")
	terminal.Complete(cmd, "from", studies.Names()...)
	terminal.CompleteFiles(cmd, "data", "csv", "tsv", "txt", "gz")
	terminal.CompleteNothing(cmd, "label")
	return cmd
}

func (c *initializer) run(ctx context.Context, target string) error {
	name, text := templateName, template
	if c.from != "" {
		var ok bool
		if text, ok = studies.Text(c.from); !ok {
			return terminal.Usage("--from: there is no study %q; shipped are %s", c.from, strings.Join(studies.Names(), ", "))
		}
		name = c.from
	}
	if c.data != "" {
		name = dataName(c.data)
	}
	file, err := place(target, name)
	if err != nil {
		return err
	}
	if c.data != "" {
		if text, err = terminal.Promptly(ctx, func() ([]byte, error) { return c.guessed(file) }); err != nil {
			return err
		}
	}
	text, err = renamed(text, file)
	if err != nil {
		return err
	}
	files := map[string][]byte{file: text}
	for path, data := range studies.Data(text) {
		files[filepath.Join(filepath.Dir(file), filepath.FromSlash(path))] = data
	}
	paths := slices.Sorted(maps.Keys(files))
	for _, path := range paths {
		if err := terminal.PromptlyDo(ctx, func() error { return c.free(path, files[path], path != file) }); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil { // what is written from here on is written whole
		return err
	}
	for _, path := range paths {
		if err := writeFile(path, files[path]); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(c.stdout, "written: %s\n", path); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(c.stdout, "next:    kolmo check %s\n         kolmo run %s\n", file, file)
	return err
}

// place returns the path of the study file for the argument of kolmo init.
func place(target, name string) (string, error) {
	info, err := os.Stat(target)
	switch {
	case target == "", err == nil && info.IsDir(), target != "" && os.IsPathSeparator(target[len(target)-1]):
		return filepath.Join(target, name+".yaml"), nil
	case slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(target)):
		return target, nil
	}
	return "", terminal.Usage("expected a file that ends in .yaml or .yml, or a folder that is there, found %q", target)
}

var (
	nameLine  = regexp.MustCompile(`(?m)^name: (\S+)( *)(#.*)?$`)
	studyName = regexp.MustCompile(`^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
)

// plainName are names that YAML, unquoted, reads as text, but for yamlWords.
var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]*$`)

// yamlWords are words, in lower case, that some version of YAML takes for no text.
var yamlWords = []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan"}

// renamed returns the study's text with the name of the file.
func renamed(text []byte, file string) ([]byte, error) {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	if !studyName.MatchString(name) {
		return nil, terminal.Usage("the file's name becomes the study's: expected letters, digits and . _ - before .yaml, found %q", name)
	}
	m := nameLine.FindSubmatchIndex(text)
	if !plainName.MatchString(name) || slices.Contains(yamlWords, strings.ToLower(name)) {
		name = `"` + name + `"`
	}
	room := m[5] - m[2] // the name and the blanks behind it: comments stay in their column
	line := "name: " + fmt.Sprintf("%-*s", room, name)
	switch {
	case m[6] < 0:
		line = strings.TrimRight(line, " ")
	case len(name) >= room:
		line += "  "
	}
	return slices.Concat(text[:m[0]], []byte(line), text[m[5]:]), nil
}

// free returns an error if the path is taken. Data that are there already will do.
func (c *initializer) free(path string, text []byte, data bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return terminal.Usage("%s is a folder", path)
	case c.force:
		return nil
	}
	if before, err := os.ReadFile(path); data && err == nil && bytes.Equal(before, text) {
		return nil
	}
	return terminal.Usage("%s is there already; --force replaces it", path)
}

// writeFile writes a file, whole or not at all, and makes the folders above it.
func writeFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return wholefile.WriteBytes(path, text)
}

// notInNames are runs of characters that no study's name has.
var notInNames = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// dataName returns the name of the study that is guessed from a table: that of its file.
func dataName(path string) string {
	name := filepath.Base(path)
	name = strings.TrimSuffix(name, ".gz")
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Trim(notInNames.ReplaceAllString(name, "-"), "-.")
	if name == "" {
		return templateName
	}
	return name
}

// guessed returns the study of the table, which will be written to a file.
func (c *initializer) guessed(file string) ([]byte, error) {
	shown := c.data
	if !filepath.IsAbs(shown) {
		from, err := filepath.Abs(filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		to, err := filepath.Abs(shown)
		if err != nil {
			return nil, err
		}
		if shown, err = filepath.Rel(from, to); err != nil {
			return nil, err
		}
	}
	text, err := study.Guess(c.data, filepath.ToSlash(shown), filepath.Dir(file), c.label)
	var bad *document.Error
	if err != nil && !errors.As(err, &bad) {
		return nil, terminal.Usage("--data: %v", err)
	}
	return text, err
}
