package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/program"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/export/field"

	"kolmo/study"
)

// operatorCommand is one call of kolmo operator.
type operatorCommand struct {
	settings         // --set
	eta, out         string
	nodes, width     int
	accuracy         float64
	memory           int
	errors           bool
	invariant, fresh bool
	stdout           io.Writer
	report           *terminal.Reporter
	available        func() float64 // bytes
}

// mostOperatorNodes bounds --nodes: a Chebyshev axis alone holds the square of them.
const mostOperatorNodes = 4096

// Endings of the files that kolmo operator writes.
const (
	matrixMarketEnding = ".mtx"
	operatorH5Ending   = ".h5"
)

func newOperator(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	c := &operatorCommand{stdout: stdout, report: report, available: memory.AvailableBytes}
	cmd := &cobra.Command{
		Use:   "operator STUDY.yaml --eta ETA",
		Short: "assemble the SGD operator S, describe it and write it as a matrix",
		Long: strings.TrimSpace(`
Assembles (S u)(x) = E u(x - eta grad f(x;xi)), one step of SGD on functions, on a
grid of the box around the study's ball, and prints what it is: size, entries, how
far and how often images leave the box, the Lebesgue factor of the interpolation,
whether its powers grow, what width and storage were chosen and why
(doc/dev/operator.md explains them). With --out the matrix is written: to .mtx as
MatrixMarket, to .h5 as HDF5 with the arrays of a compressed sparse row matrix.

Exit codes: 0 done; 1 a file could not be read or written; 2 the study or a flag is
wrong; 130 interrupted.`),
		Example:           "  kolmo operator studies/iris.yaml --eta 1/16\n  kolmo operator studies/iris.yaml --eta 1/16 --nodes 48 --width 8 --out S.h5",
		Args:              exactly(1, "one study file", "operator STUDY.yaml --eta ETA"),
		ValidArgsFunction: studyFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			r, text, err := c.request(cmd)
			if err != nil {
				return err
			}
			return c.run(cmd.Context(), args[0], r, text)
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.eta, "eta", "", "learning `rate`, a number or a fraction (required)")
	f.IntVar(&c.nodes, "nodes", 0, "nodes per axis (default: the study's, else 64, 48 or 20 for d = 1, 2, 3)")
	f.IntVar(&c.width, "width", 0, "nodes per axis that interpolate, the degree plus one (default: chosen for the observables)")
	f.Float64Var(&c.accuracy, "accuracy", study.DefaultOperatorAccuracy, "relative interpolation error, after 1/eta steps, by which a width is chosen")
	f.IntVar(&c.memory, "memory", 4096, "memory of the weights in `MiB`; what does not fit is matrix-free")
	f.BoolVar(&c.errors, "errors", false, "estimate the errors of U^n, n <= 1/eta, for every observable, by cause")
	f.BoolVar(&c.invariant, "invariant", false, "print mean and covariance of the invariant law of SGD")
	f.StringVarP(&c.out, "out", "o", "", "`file` to write, .mtx or .h5")
	f.BoolVar(&c.fresh, "fresh", false, "replace the file if it is there")
	c.settings.flags(cmd)
	report.Flags(cmd)
	terminal.CompleteFiles(cmd, "out", matrixMarketEnding[1:], operatorH5Ending[1:])
	terminal.CompleteNothing(cmd, "eta", "nodes", "width", "accuracy", "memory")
	return cmd
}

// leastWidth is that of linear interpolation.
const leastWidth = 2

// request checks the flags.
func (c *operatorCommand) request(cmd *cobra.Command) (study.OperatorRequest, string, error) {
	var r study.OperatorRequest
	given := cmd.Flags().Changed
	if !given("eta") {
		return r, "", terminal.Usage("--eta is missing: a learning rate such as 1/16")
	}
	eta, err := study.ParseRate(c.eta)
	switch {
	case err != nil:
		return r, "", terminal.Usage("--eta expects a number or a fraction greater than 0, found %q", c.eta)
	case given("nodes") && c.nodes < leastWidth:
		return r, "", terminal.Usage("--nodes expects at least %d, found %d", leastWidth, c.nodes)
	case c.nodes > mostOperatorNodes:
		return r, "", terminal.Usage("--nodes expects at most %d per axis, found %d", mostOperatorNodes, c.nodes)
	case given("width") && c.width < leastWidth:
		return r, "", terminal.Usage("--width expects at least %d, found %d", leastWidth, c.width)
	case given("width") && given("accuracy"):
		return r, "", terminal.Usage("--accuracy chooses a width, and --width gives one: want one of them")
	case !(c.accuracy > 0 && c.accuracy < 1):
		return r, "", terminal.Usage("--accuracy expects a number between 0 and 1, found %v", c.accuracy)
	case c.memory < 1 || c.memory > 1<<24:
		return r, "", terminal.Usage("--memory expects MiB, 1 to %d, found %d", 1<<24, c.memory)
	case c.fresh && !given("out"):
		return r, "", terminal.Usage("--fresh is about the file of --out, which is missing")
	}
	if given("out") {
		switch filepath.Ext(c.out) {
		case matrixMarketEnding, operatorH5Ending:
		default:
			return r, "", terminal.Usage("--out expects a file that ends in %s or %s, found %q", matrixMarketEnding, operatorH5Ending, c.out)
		}
		if _, err := os.Lstat(c.out); err == nil && !c.fresh {
			return r, "", terminal.Usage("%s is there already; --fresh replaces it", c.out)
		}
	}
	return study.OperatorRequest{Eta: eta.Value, Nodes: c.nodes, Width: c.width, Accuracy: c.accuracy, MaxBytes: int64(c.memory) << 20}, eta.Text, nil
}

func (c *operatorCommand) run(ctx context.Context, path string, r study.OperatorRequest, etaText string) error {
	s, err := c.load(ctx, c.report, path)
	if err != nil {
		return err
	}
	c.report.Notes(s)
	a := study.Assembly{Study: s, OperatorRequest: r}
	if n := a.PerAxis()[0]; c.width > n {
		return terminal.Usage("--width is %d, and an axis has %d nodes", c.width, n)
	}
	if err := c.fits(a); err != nil {
		return err
	}
	watcher := c.report.Start("operator", s.Path, s.Name, c.out)
	a.Progress = func(share float64) { watcher.Progress(share, "assembling S") }
	found, err := terminal.Promptly(ctx, func() (*describedOperator, error) {
		return c.describe(ctx, a, etaText, watcher)
	})
	watcher.End()
	if err != nil {
		return err
	}
	if err := terminal.WriteTo(c.stdout, found.text); err != nil {
		return err
	}
	for _, w := range found.warnings {
		c.report.Warn(w)
	}
	if c.out == "" {
		return nil
	}
	write := field.WriteMatrixMarket
	if filepath.Ext(c.out) == operatorH5Ending {
		write = field.WriteOperatorH5
	}
	watcher = c.report.Watch("writing " + c.out)
	err = terminal.PromptlyDo(ctx, func() error { return write(ctx, c.out, found.op, found.meta) })
	watcher.End()
	if err != nil {
		return err
	}
	return terminal.WriteTo(c.stdout, "written to "+c.out+"\n")
}

// collected is how much memory Go's collector lets the heap take beyond what is in use.
const collected = 2

// fits checks, before anything is made, that the operator that is asked for has room in the
// memory that the process may take.
func (c *operatorCommand) fits(a study.Assembly) error {
	need, have := a.Bytes(), c.available()
	if collected*need <= have {
		return nil
	}
	msg := fmt.Sprintf("S on %.6g nodes may need %s, and %s are available: want fewer nodes, or less --width or --memory", a.Len(), terminal.BytesWords(uint64(collected*need)), terminal.BytesWords(uint64(have)))
	if a.Nodes > 0 || a.Solver.Nodes == nil {
		return terminal.Usage("--nodes %d: %s", a.PerAxis()[0], msg)
	}
	return a.KeyError("solver.nodes", msg)
}

// describedOperator is an operator with what is said about it.
type describedOperator struct {
	op       field.Operator
	text     string
	warnings []string
	meta     field.OperatorMeta
}

// describe assembles S and finds what is said about it.
func (c *operatorCommand) describe(ctx context.Context, a study.Assembly, etaText string, watcher *terminal.Progress) (*describedOperator, error) {
	op, err := a.Operator(ctx)
	if err != nil {
		return nil, err
	}
	watcher.Phase("watching the growth of its powers")
	g, choice, leak := op.Grid(), op.Choice(), op.Leakage()
	var nodes []string
	axes := make([][]float64, g.Dim())
	for k := range g.Dim() {
		axes[k] = g.Axis(k).Nodes()
		nodes = append(nodes, fmt.Sprint(len(axes[k])))
	}
	how, why, _ := strings.Cut(choice.String(), ": ")
	lines := []string{
		fmt.Sprintf("S of %s\teta = %s, %s %s nodes", a.Name, etaText, strings.Join(nodes, " x "), g.Axis(0).Kind()),
		fmt.Sprintf("choice\t%s", how),
	}
	for part := range strings.SplitSeq(why, "; ") {
		lines = append(lines, "\t"+part)
	}
	entries := op.NNZ()
	// S leaves the program, and is looked at, as a compressed sparse row matrix where that
	// has room; else row by row.
	var matrix field.Operator = op
	var inside []string
	if float64(collected*op.MatrixBytes(entries)) <= c.available() {
		m := op.Matrix()
		in := m.Inspect()
		matrix = m
		inside = append(inside,
			fmt.Sprintf("rows\t%d to %d entries, bandwidth %d, sums within %.1e of 1", in.Shortest, in.Longest, in.Bandwidth, in.Sum),
			fmt.Sprintf("\tentries from %.3g to %.3g, negative ones of a row at most %.3g together", in.Least, in.Largest, in.Negative))
	}
	lines = append(lines,
		fmt.Sprintf("size\t%d x %d, %d entries that are not zero, %.1f per row", g.Len(), g.Len(), entries, float64(entries)/float64(g.Len())))
	lines = append(lines, inside...)
	lines = append(lines,
		fmt.Sprintf("leakage\t%d of %d nodes (%.2g %%), at most %.3g of the box's width beyond it", leak.Rows, g.Len(), 100*leak.Share, leak.Distance),
		fmt.Sprintf("\tprobability at most %.3g, %.3g on average; extrapolation factor %.4g", leak.Probability, leak.Mean, leak.Factor),
		fmt.Sprintf("Lebesgue\t%.4g, norm %.4g", op.Lebesgue(), op.Norm()),
	)
	if op.Windows() > 0 {
		lines = append(lines, fmt.Sprintf("windows\t%d, %d weights", op.Windows(), op.Stored()))
	}
	growth, err := a.Growth(ctx, op)
	if err != nil {
		return nil, err
	}
	lines = append(lines, fmt.Sprintf("growth\t|S^n v|/|v| at most %.4g; of a rough field %.4g, at last %.4g per step (n <= %d)", growth.Factor, growth.Rough, growth.Rate, growth.Steps))
	if c.errors {
		watcher.Phase("estimating the errors")
		e, err := a.Errors(ctx, op)
		if err != nil {
			return nil, err
		}
		lines = append(lines, "errors of U^n\tinterpolation\tquadrature\tleakage")
		for i, o := range a.Observables {
			lines = append(lines, fmt.Sprintf("  %s\t%.2e\t%.2e\t%.2e", o.Name(), e.Interpolation[i], e.Quadrature[i], e.Leakage[i]))
		}
	}
	if c.invariant {
		watcher.Phase("finding the invariant law")
		v, err := op.Invariant(ctx, nil)
		if err != nil {
			return nil, err
		}
		mean, cov, bound := v.Moments()
		lines = append(lines, fmt.Sprintf("invariant law\tmean %s, error %.1e", numbers(mean), bound))
		for k := range mean {
			row := make([]float64, len(mean))
			for l := range row {
				row[l] = cov.At(k, l)
			}
			lines = append(lines, fmt.Sprintf("\tcovariance %s", numbers(row)))
		}
		lines = append(lines, fmt.Sprintf("\tspectral gap %.6g, residual %.1e, negative weights %.1e", v.Gap, v.Residual, v.Negative))
	}
	warnings := op.Warnings()
	if w := growth.Warning(); w != "" {
		warnings = append(slices.Clip(warnings), w)
	}
	return &describedOperator{matrix, terminal.Columns(lines), warnings, field.OperatorMeta{
		Eta: a.Eta, EtaText: etaText, Study: a.Name, StudyText: string(a.Text), Kolmo: program.Version(), Axes: axes, Parameters: a.Parameters,
		Choice: choice.String(), Width: max(choice.Width, 0), Lebesgue: op.Lebesgue(), LeakageDistance: leak.Distance, LeakageProbability: leak.Probability,
	}}, nil
}

// numbers returns "(1.234, 5.678)".
func numbers(x []float64) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = fmt.Sprintf("%.10g", v)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}
