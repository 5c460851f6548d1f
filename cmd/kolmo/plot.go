package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/export/field"
)

// plotter is one call of kolmo plot.
type plotter struct {
	field, out, through string
	t                   float64
	n                   int64
	byTime, byStep      bool
	fresh               bool
	stdout              io.Writer
}

func newPlot(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	p := &plotter{stdout: stdout}
	cmd := &cobra.Command{
		Use:   "plot FILE.nc",
		Short: "draw a field of a results file",
		Long: strings.TrimSpace(`
Draws a stored field over the ball at one of the stored times: as a curve in one
dimension, in colours with contour lines in two, on three planes in three.

Without --t and --step it draws gap where its supremum is largest, other fields at
the last stored time. kolmo show FILE.nc lists fields and times.

Exit codes: 0 done; 1 a file could not be read or written; 2 a flag or the file is
wrong, or there is none; 130 interrupted.`),
		Example:           "  kolmo plot out/iris/fields/square-modified-eta1_128.nc\n  kolmo plot out/iris/fields/square-modified-eta1_16.nc --field u --t 3",
		Args:              exactly(1, "one results file", "plot FILE.nc"),
		ValidArgsFunction: resultFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			p.byTime, p.byStep = cmd.Flags().Changed("t"), cmd.Flags().Changed("step")
			if err := p.check(cmd.Flags().Changed("out")); err != nil {
				return err
			}
			watcher := report.Watch("drawing " + args[0])
			text, err := terminal.Promptly(cmd.Context(), func() (string, error) { return p.run(cmd.Context(), args[0]) })
			watcher.End()
			if err != nil {
				return err
			}
			return terminal.WriteTo(p.stdout, text)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&p.field, "field", "f", "", "`name` of the field (default gap, if it is there)")
	flags.Float64Var(&p.t, "t", 0, "the stored time nearest to this `time`")
	flags.Int64Var(&p.n, "step", 0, "the time after `n` steps of SGD, which must be stored")
	flags.StringVarP(&p.out, "out", "o", "", "`file` of the picture, .png or .svg (default FILE-FIELD-nN.png in this folder)")
	flags.BoolVar(&p.fresh, "fresh", false, "replace the file of --out if it is there")
	flags.StringVar(&p.through, "through", "center", "where the planes of three dimensions meet, at the ball's `center` or at the largest absolute value (largest)")
	report.Flags(cmd)
	terminal.Complete(cmd, "through", "center", "largest")
	terminal.CompleteFiles(cmd, "out", "png", "svg")
	terminal.CompleteNothing(cmd, "field", "t", "step")
	return cmd
}

// check returns an error if the flags are wrong.
func (p *plotter) check(named bool) error {
	if p.byTime && p.byStep {
		return terminal.Usage("--t and --step exclude each other")
	}
	if p.through != "center" && p.through != "largest" {
		return terminal.Usage("--through is center or largest, found %q", p.through)
	}
	switch ext := strings.ToLower(filepath.Ext(p.out)); {
	case named && ext != ".png" && ext != ".svg":
		return terminal.Usage("--out needs a name that ends in .png or .svg, found %q", p.out)
	}
	if p.fresh && !named {
		return terminal.Usage("--fresh is about the file of --out, which is missing")
	}
	switch f, err := os.Lstat(p.out); {
	case !named || err != nil:
	case f.IsDir():
		return terminal.Usage("%s is a folder; want the name of a picture", p.out)
	case !p.fresh:
		return terminal.Usage("%s is there already; --fresh replaces it", p.out)
	}
	return nil
}

// run draws and returns what is said of the picture.
func (p *plotter) run(ctx context.Context, path string) (string, error) {
	f, err := openFields(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if p.field == "" {
		p.field = f.DefaultField()
	}
	step, err := p.step(f)
	if err != nil {
		return "", inputFault(err)
	}
	picture, err := f.Picture(p.field, step, p.through == "largest")
	if err != nil {
		return "", inputFault(err)
	}
	if p.out == "" {
		p.out = f.PictureName(p.field, step) + ".png"
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := picture.Save(p.out); err != nil {
		return "", err
	}
	t, n := f.Time(step)
	at := make([]string, len(picture.At))
	for k, x := range picture.At {
		at[k] = fmt.Sprintf("%s = %.4g", picture.Names[k], x)
	}
	said := fmt.Sprintf("%s at t = %.10g, n = %d; largest in absolute value in the ball: %.4g at %s", terminal.EscapeLine(p.field), t, n, picture.Value, strings.Join(at, ", "))
	return terminal.Sentence("", said) + "picture: " + terminal.EscapeLine(p.out) + "\n", nil
}

// step returns the stored step that is drawn.
func (p *plotter) step(f *field.Stored) (int, error) {
	switch {
	case p.byTime:
		return f.StepNear(p.t)
	case p.byStep:
		return f.StepAt(p.n)
	}
	return f.StepWorst(p.field)
}
