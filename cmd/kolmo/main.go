package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kolmo/compare"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs the command line args and returns the exit code. Errors are
// written to stderr, one line each.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := guarded(func() error { return root.ExecuteContext(ctx) })
	if text := message(err); text != "" {
		fmt.Fprintln(stderr, text)
	}
	return exitCode(err)
}

// newRoot returns the command kolmo with its subcommands.
func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "kolmo",
		Short: "how well diffusions approximate stochastic gradient descent",
		Long: strings.TrimSpace(`
kolmo compares the means E phi(X_n) of stochastic gradient descent with those of
its diffusion approximations, over all steps n and all starting points in a ball,
and says how the gap falls with the learning rate, with error estimates.`),
		Example:           "  kolmo run studies/iris.yaml",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				return usage("unknown command %q; did you mean kolmo %s?", args[0], near[0])
			}
			return usage("unknown command %q; see kolmo --help", args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%v; see %s --help", err, cmd.CommandPath())
	})
	root.AddCommand(newRun(stdout, stderr), newCheck(stdout), newOperator(stdout, stderr), newVersion(stdout))
	root.AddCommand(newMerge(stdout, stderr))
	root.AddCommand(newVerify(stdout, stderr))
	root.AddCommand(newShow(stdout), newPlot(stdout))
	for _, kind := range compare.Studies() {
		root.AddCommand(newStudy(kind, stdout, stderr))
	}
	return root
}
