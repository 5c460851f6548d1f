package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

func newVersion(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version and how this program was built",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(stdout, "kolmo %s\n%s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments, found %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// version names the program's source: the module's version if it has one, else
// "devel", and the revision it was built from if that is known.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return versionOf(&debug.BuildInfo{})
	}
	return versionOf(b)
}

func versionOf(b *debug.BuildInfo) string {
	v := b.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	var revision, changed string
	for _, s := range b.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ", changed"
		}
	}
	if revision == "" || strings.Contains(v, revision) { // pseudo-versions say both
		return v
	}
	return v + " (" + revision + changed + ")"
}
