package main

import (
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
)

// group adds commands to root under a heading of its help.
func group(root *cobra.Command, id, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title})
	for _, c := range commands {
		c.GroupID = id
		root.AddCommand(c)
	}
}

func init() { cobra.AddTemplateFunc("flowing", terminal.Flowing) }

// helpText is the template of all commands' help below what they do.
const helpText = `Usage:
  {{if .HasParent}}{{.UseLine}}{{else}}{{.CommandPath}} COMMAND [flags]{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{$cmds := .Commands}}{{range $group := .Groups}}

{{.Title}}{{range $cmds}}{{if and (eq .GroupID $group.ID) (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsagesWrapped 80 | trimTrailingWhitespaces}}{{end}}{{if not .HasParent}}

Exit codes:
  0    done, and everything asked for is answered, or everything agrees
  1    a file could not be read or written, or an internal error
  2    the study, a flag or an argument is wrong, or a folder is another's
  3    done, but a gap is not certified, or a kind of study has no answer
  4    kolmo verify or kolmo compare found a disagreement
  130  interrupted

Documents, in the source's folder doc:
  commands.md      which command is for what, and how they work together
  study-file.md    every key of a study
  expressions.md   what its expressions may contain
  method.md        how the numbers are made
  theory.md        what they have to do with the paper
  results-file.md  what the output folder holds

kolmo COMMAND --help, or kolmo help COMMAND, explains a command.{{end}}
`

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "explain a command",
		Long: strings.TrimSpace(`
Explains kolmo, or one of its commands, as kolmo COMMAND --help does.

Exit codes: 0 done; 2 there is no such command.`),
		Example: "  kolmo help run",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return terminal.Usage("expected one command, found %d: kolmo help COMMAND", len(args))
			}
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), args[0])
			}
			return about.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range cmd.Root().Commands() {
				if len(args) == 0 && c.IsAvailableCommand() {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// unknownCommand returns the error for a command that does not exist.
func unknownCommand(root *cobra.Command, name string) error {
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return terminal.Usage("unknown command %q; did you mean kolmo %s?", name, near[0])
	}
	return terminal.Usage("unknown command %q; see kolmo --help", name)
}
