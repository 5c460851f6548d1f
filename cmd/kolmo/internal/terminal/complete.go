package terminal

import "github.com/spf13/cobra"

// complete offers the values of a flag, each with a tab and its description or without.
func Complete(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
	if err != nil {
		panic(err) // the flag is not there
	}
}

// completeFiles offers files with the endings as values of a flag, folders if there are
// no endings.
func CompleteFiles(cmd *cobra.Command, flag string, endings ...string) {
	directive := cobra.ShellCompDirectiveFilterFileExt
	if len(endings) == 0 {
		directive = cobra.ShellCompDirectiveFilterDirs
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(endings, directive)); err != nil {
		panic(err)
	}
}

// completeNothing keeps file names from being offered as values of flags.
func CompleteNothing(cmd *cobra.Command, flags ...string) {
	for _, f := range flags {
		if err := cmd.RegisterFlagCompletionFunc(f, cobra.NoFileCompletions); err != nil {
			panic(err)
		}
	}
}
