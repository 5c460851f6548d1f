package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/program"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/internal/h5"
	_ "kolmo/internal/least"
)

// mostPatience is how long an interrupted command may take to end by itself, in all. Whatever
// it is doing then, files are whole, and a commit is completed by the next command.
const mostPatience = 2 * time.Second

// collectAt is by how many percent of what is in use memory may grow before it is collected. Large
// fields are used for long: collecting them costs next to nothing.
const collectAt = 50

func main() {
	h5.ReadApart() // first: the child that reads an HDF5 file is this program too
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	code, done, stderr := supervise(os.Args)
	if done {
		os.Exit(code)
	}
	cobra.EnableCommandSorting = false // the help's order is ours
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	context.AfterFunc(ctx, func() {
		time.Sleep(mostPatience)
		stderr.WriteString(terminal.Message(&terminal.Interruption{Cause: ctx.Err()}) + "\n")
		os.Exit(terminal.CodeInterrupted) // what waits for something else than the signal is given up
	})
	code = execute(ctx, os.Args[1:], os.Stdout, stderr)
	stop()
	os.Exit(code)
}

// execute runs the command line args and returns the exit code. Errors are
// written to stderr, one line each.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	report, out := terminal.NewReporter(stderr), terminal.NewEscaper(stdout)
	out.Color = terminal.Colored(stdout)
	root := newRoot(out, report)
	root.SetArgs(args)
	if len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		plainUsage(root)
	}
	err := terminal.Guarded(func() error { return root.ExecuteContext(ctx) })
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	report.Finish(err)
	return terminal.ExitCode(err)
}

// newRoot returns the command kolmo with its subcommands.
func newRoot(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	root := &cobra.Command{
		Use:   "kolmo",
		Short: "how well diffusions approximate stochastic gradient descent",
		Long: strings.TrimSpace(`
kolmo compares the means E phi(X_n) of stochastic gradient descent with those of
its diffusion approximations, over all steps n and all starting points in a ball,
and says how the gap falls with the learning rate, with error estimates.`),
		Example: `  kolmo init --from iris    write a study to start from
  kolmo check iris.yaml     does the theory apply, up to which learning rate?
  kolmo run iris.yaml       compute it; pictures and a report in out/iris
  kolmo verify iris.yaml    compute it by a second method, and compare`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return unknownCommand(cmd, args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.Version = program.Version()
	root.SetVersionTemplate("kolmo {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version; kolmo version tells more")
	root.SetOut(stdout)
	root.SetErr(report.W)
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return report.Open() }
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		text := err.Error()
		// What strconv adds names a Go function and the argument once more.
		if number, ok := errors.AsType[*strconv.NumError](err); ok {
			text = strings.Replace(text, number.Error(), number.Err.Error(), 1)
		}
		return terminal.Usage("%s; see %s --help", text, cmd.CommandPath())
	})
	root.PersistentFlags().BoolP("help", "h", false, "explain the command")
	root.SetHelpTemplate("{{flowing .Long}}\n\n{{.UsageString}}")
	root.SetUsageTemplate(helpText)
	root.SetHelpCommand(newHelp())
	root.SetHelpCommandGroupID("other")
	runs := []*cobra.Command{newRun(stdout, report), newMerge(stdout, report), newVerify(stdout, report)}
	for _, kind := range compare.Studies() {
		runs = append(runs, newStudy(kind, stdout, report))
	}
	group(root, "run", "Run studies:", runs...)
	group(root, "look", "Look at results:", newShow(stdout, report), newPlot(stdout, report), newCompare(stdout, report))
	group(root, "write", "Write and examine studies:", newInit(stdout), newList(stdout), newCheck(stdout, report), newOperator(stdout, report))
	group(root, "other", "Other:", newVersion(stdout), newCompletion(stdout))
	return root
}
