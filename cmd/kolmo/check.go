package main

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare/kinds"
)

// checker is one call of kolmo check.
type checker struct {
	settings // --set
	json     bool
	stdout   io.Writer
	report   *terminal.Reporter
}

func newCheck(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	c := &checker{stdout: stdout, report: report}
	cmd := &cobra.Command{
		Use:   "check STUDY.yaml",
		Short: "tell whether the theory applies to a study, and up to which eta",
		Long: strings.TrimSpace(`
Finds the constants of the paper's Assumption 1 and of its Lemmas 1 and 2 for the
study's ball, before any equation is solved, and proves them where it can.

  PROVED   a verified enclosure by interval arithmetic, narrower than 1e-6;
           the value is its safe end
  found    the extreme value that a search found: no bound
  FAILS    the condition fails, at the point and for the sample given

Exit codes: 0 done, also if an assumption fails; 1 a file could not be read;
2 the study or a flag is wrong; 130 interrupted.`),
		Example:           "  kolmo check studies/iris.yaml\n  kolmo check studies/iris.yaml --json",
		Args:              exactly(1, "one study file", "check STUDY.yaml"),
		ValidArgsFunction: studyFiles,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print one JSON object")
	c.settings.flags(cmd)
	report.Flags(cmd)
	return cmd
}

func (c *checker) run(ctx context.Context, path string) error {
	s, err := c.load(ctx, c.report, path)
	if err != nil {
		return err
	}
	problem, err := s.Problem()
	if err != nil {
		return err
	}
	if err := kinds.Check(problem); err != nil {
		return placed(s, err)
	}
	watcher := c.report.Start("check", s.Path, s.Name, "")
	text, err := terminal.Promptly(ctx, func() (string, error) {
		a, err := s.Check(func(share float64) { watcher.Progress(share, checking) })
		if err != nil {
			return "", err
		}
		if !c.json {
			text := words.AssumptionText(s, a)
			for _, w := range kinds.Degenerate(problem) {
				text += terminal.Sentence("warning: ", w)
			}
			return text, nil
		}
		var found any = a
		if a == nil {
			found = words.OtherAlgorithm(s)
		}
		b, err := json.MarshalIndent(found, "", "  ")
		return string(b) + "\n", err
	})
	watcher.End()
	if err != nil {
		return err
	}
	return terminal.WriteTo(c.stdout, text)
}
