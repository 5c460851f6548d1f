package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/export"
)

// verboseFlag adds --verbose.
func verboseFlag(cmd *cobra.Command, verbose *bool) {
	cmd.Flags().BoolVarP(verbose, "verbose", "v", false, "print of results every row and what explains them: models compared, leading constant, methods")
}

// printResult prints what a result says, where its report is, and the tables behind it.
func printResult(w io.Writer, r *compare.Result, report string, verbose bool) error {
	if err := export.WriteAnswer(w, r); err != nil {
		return err
	}
	if report != "" {
		if _, err := fmt.Fprintf(w, "report: %s\n", terminal.EscapeLine(report)); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	if verbose {
		return export.WriteTable(w, r)
	}
	if err := export.WriteShort(w, r); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "--verbose prints every row")
	return err
}
