package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kolmo/cmd/kolmo/internal/terminal"
)

// shells are those with completion, and what makes it.
var shells = map[string]func(*cobra.Command, io.Writer) error{
	"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	"zsh":        func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
	"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
	"powershell": func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
}

func newCompletion(stdout io.Writer) *cobra.Command {
	names := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "print what makes a shell complete commands, flags and study files",
		Long: strings.TrimSpace(`
Prints the completion of kolmo's commands, flags, their values and study files for
a shell, to be read when the shell starts.

Exit codes: 0 done; 2 there is no completion for the shell.`),
		Example: `  bash: kolmo completion bash > ~/.local/share/bash-completion/completions/kolmo
  zsh:  kolmo completion zsh > "${fpath[1]}/_kolmo"
  fish: kolmo completion fish > ~/.config/fish/completions/kolmo.fish
  powershell: kolmo completion powershell >> $PROFILE`,
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || shells[args[0]] == nil {
				return terminal.Usage("expected one of %s, found %q", strings.Join(names, ", "), strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return shells[args[0]](cmd.Root(), stdout) },
	}
}

// plainUsage takes the quotes around values' names from the flags' descriptions, which help
// reads and completion shows as they are.
func plainUsage(cmd *cobra.Command) {
	plain := func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") }
	cmd.PersistentFlags().VisitAll(plain)
	cmd.Flags().VisitAll(plain)
	for _, c := range cmd.Commands() {
		plainUsage(c)
	}
}

// resultFiles completes the argument of commands that read a results file.
func resultFiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"nc", "part", "json"}, cobra.ShellCompDirectiveFilterFileExt
}

// exactly wants n arguments.
func exactly(n int, what, usage string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return terminal.Usage("expected %s, found %d: kolmo %s", what, len(args), usage)
		}
		return nil
	}
}

// studyFiles completes the argument of commands that read a study.
func studyFiles(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}
