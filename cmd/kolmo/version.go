package main

import (
	"encoding/json"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/program"
	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/h5"
	"kolmo/internal/kernel"
)

// build is how this program was built and what it runs on. Pointers are nil where the
// build does not know.
type build struct {
	Version      string       `json:"version"`
	Revision     *string      `json:"revision"`
	RevisionTime *string      `json:"revision_time"` // RFC 3339
	Modified     *bool        `json:"modified"`      // the source was, since the revision
	Go           string       `json:"go"`
	OS           string       `json:"os"`
	Arch         string       `json:"arch"`
	HDF5         string       `json:"hdf5"`    // the C library in use
	Kernels      string       `json:"kernels"` // the instructions that the hot loops use
	Dependencies []dependency `json:"dependencies"`
}

// dependency is a module that the program is built from.
type dependency struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

func newVersion(stdout io.Writer) *cobra.Command {
	var verbose, asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the version and how this program was built",
		Long: strings.TrimSpace(`
Prints the version, the revision of the source and its date, Go's version, the
platform, the version of the HDF5 library and the instructions that the hot loops
use on this processor.

Exit codes: 0 done; 1 the HDF5 library does not answer; 2 a flag is wrong.`),
		Example: "  kolmo version\n  kolmo version --verbose",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			b, _ := debug.ReadBuildInfo() // nil if the program has none
			v := buildOf(b)
			var err error
			if v.HDF5, err = h5.Version(); err != nil {
				return err
			}
			text := v.text(verbose)
			if asJSON {
				encoded, err := json.MarshalIndent(v, "", "  ")
				if err != nil {
					return err
				}
				text = string(encoded) + "\n"
			}
			return terminal.WriteTo(stdout, text)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "print the versions of the modules it is built from too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object, with the modules")
	return cmd
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return terminal.Usage("%s takes no arguments, found %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// buildOf returns what the build's information tells, which may be nil, and the platform.
func buildOf(b *debug.BuildInfo) build {
	if b == nil {
		b = &debug.BuildInfo{}
	}
	v := build{
		Version: program.VersionOf(b), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		Kernels: kernel.Instructions(), Dependencies: []dependency{},
	}
	for _, s := range b.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = &s.Value
		case "vcs.time":
			v.RevisionTime = &s.Value
		case "vcs.modified":
			modified := s.Value == "true"
			v.Modified = &modified
		}
	}
	for _, d := range b.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		v.Dependencies = append(v.Dependencies, dependency{d.Path, d.Version})
	}
	return v
}

// text returns the build in lines.
func (v build) text(verbose bool) string {
	revision := "unknown"
	if v.Revision != nil {
		revision = *v.Revision
		if v.RevisionTime != nil {
			revision += " of " + *v.RevisionTime
		}
		if v.Modified != nil {
			revision += map[bool]string{true: ", modified", false: ", not modified"}[*v.Modified]
		}
	}
	lines := []string{
		"kolmo\t" + v.Version,
		"revision\t" + revision,
		"go\t" + v.Go,
		"platform\t" + v.OS + "/" + v.Arch,
		"hdf5\t" + v.HDF5,
		"kernels\t" + v.Kernels,
	}
	if verbose {
		for i, d := range v.Dependencies {
			lines = append(lines, map[bool]string{true: "modules"}[i == 0]+"\t"+d.Path+" "+d.Version)
		}
	}
	return terminal.Columns(lines)
}
