package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/cmd/kolmo/internal/words"
	"kolmo/compare"
	"kolmo/internal/outfolder"
	"kolmo/study"
)

func newMerge(stdout io.Writer, report *terminal.Reporter) *cobra.Command {
	r := &runner{name: "merge", stdout: stdout, report: report, uncertified: true} // the work is done
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "make the results of a study from the folders of its shards",
		Long: strings.TrimSpace(`
Takes the folders of all shards of one study, as kolmo run --shard K/N left them, and
writes the study's output folder. The results are those of a single run to the last
bit. The folders of the shards are not changed.

Exit codes: 0 done, every gap certified and every other kind of study answered; 1 a
file could not be read or written; 2 a flag or a folder is wrong, or a shard is
missing; 3 done, but a gap is not certified, or a kind of study has no answer; 130
interrupted.`),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		Example: "  kolmo merge out/iris.shard-*",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return terminal.Usage("expected the folders of all shards: kolmo merge DIR...")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("out") && r.out == "" {
				return terminal.Usage("--out needs the name of a folder")
			}
			return r.merge(cmd.Context(), args)
		},
	}
	cmd.Flags().StringVarP(&r.out, "out", "o", "", "output `folder` (default out/NAME, NAME being the study's)")
	cmd.Flags().BoolVar(&r.fresh, "fresh", false, "replace the files that kolmo wrote to the folder")
	verboseFlag(cmd, &r.verbose)
	report.Flags(cmd)
	terminal.CompleteFiles(cmd, "out")
	return cmd
}

// merge makes the results of the study whose shards are in the folders.
func (r *runner) merge(ctx context.Context, dirs []string) error {
	shards, err := terminal.Promptly(ctx, func() ([]*outfolder.Folder, error) { return openShards(dirs) })
	if err != nil {
		return err
	}
	first := shards[0].Record
	s, err := terminal.Promptly(ctx, func() (*study.Study, error) { return shardStudy(shards[0]) })
	if err != nil {
		return err
	}
	one := *s
	one.Studies = first.Studies
	if err := kindsAgree(shards[0], s); err != nil {
		return err
	}
	r.study = &one
	if r.out == "" {
		r.out = defaultFolder(s, first.Only)
	}
	var machines []string
	for _, f := range shards {
		if !slices.Contains(machines, f.Record.Machine) {
			machines = append(machines, f.Record.Machine)
		}
	}
	if len(machines) > 1 {
		r.report.Warn(fmt.Sprintf("the shards were run on different machines (%s): the last bits are not those of a single run", strings.Join(machines, "; ")))
	}
	work := words.Ticket(&one, first.Data)
	work.Kolmo, work.Only = first.Kolmo, first.Only
	return r.whole(ctx, work, func(ctx context.Context, w *outfolder.Work) error {
		w.Whole()
		for _, f := range shards {
			if err := w.CopyShard(f.Path, f.Record, ctx.Err); err != nil {
				return err
			}
		}
		return nil
	})
}

// openShards returns the folders if they are all finished shards of one study, with the
// files that their runs wrote.
func openShards(dirs []string) ([]*outfolder.Folder, error) {
	var shards []*outfolder.Folder
	where := make(map[int]string) // shard: its folder
	of := 0
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err == nil && !info.IsDir() {
			return nil, terminal.Usage("%s: expected the folder of a shard, as kolmo run --shard K/N makes them, found a file", dir)
		}
		f, err := outfolder.Open(dir)
		if err != nil {
			return nil, err
		}
		t := f.Record
		if t == nil || t.Shard == "" {
			return nil, terminal.Usage("%s: expected the folder of a shard, as kolmo run --shard K/N makes them", dir)
		}
		if !t.Finished {
			return nil, terminal.Usage("%s: shard %s is not finished; run it again to go on", dir, t.Shard)
		}
		shard, err := parseShard(t.Shard)
		if err != nil {
			return nil, terminal.Usage("%s: %s names no shard: %v", dir, outfolder.RecordName, err)
		}
		if len(shards) == 0 {
			of = shard.Of
		} else {
			first, same := shards[0].Record, t.Ticket
			same.Shard = first.Shard
			if how := first.Differs(&same); how != "" {
				return nil, terminal.Usage("%s holds work %s than %s", dir, how, dirs[0])
			}
		}
		if shard.Of != of {
			return nil, terminal.Usage("%s is shard %s, but %s is one of %d", dir, t.Shard, dirs[0], of)
		}
		if other, ok := where[shard.K]; ok {
			return nil, terminal.Usage("%s and %s are both shard %s", other, dir, t.Shard)
		}
		where[shard.K] = dir
		shards = append(shards, f)
	}
	var gone []string
	for k := 1; k <= of; k++ {
		if where[k] == "" {
			gone = append(gone, fmt.Sprintf("%d/%d", k, of))
		}
	}
	if len(gone) > 0 {
		return nil, terminal.Usage("shards are missing: %s", strings.Join(gone, ", "))
	}
	for _, f := range shards {
		for _, file := range f.Record.Files {
			if err := outfolder.CheckFile(f.Path, file); err != nil {
				return nil, shardFault(f, err)
			}
		}
		if i := indexOf(f.Record.Files, studyFile); i < 0 || f.Record.Files[i].SHA256 != f.Record.Study {
			return nil, terminal.Usage("%s: %s is not the study that the shard was run with; run it again with --fresh", f.Shown, studyFile)
		}
	}
	return shards, nil
}

// shardFault says which shard a file is of that is not as its run wrote it.
func shardFault(f *outfolder.Folder, err error) error {
	if bad, ok := errors.AsType[*outfolder.Fault](err); ok {
		return terminal.Usage("shard %s is not as its run left it: %v", f.Record.Shard, bad)
	}
	return err
}

// shardStudy reads the study from a shard's folder; its data from there too, or from
// where they were if they were not copied.
func shardStudy(f *outfolder.Folder) (*study.Study, error) {
	text, err := outfolder.ReadFile(filepath.Join(f.Path, studyFile), studyLimit)
	if err != nil {
		return nil, err
	}
	if words.TextHash(text) != f.Record.Study {
		return nil, terminal.Usage("%s: %s is not the study that the shard was run with; run it again with --fresh", f.Shown, studyFile)
	}
	from := f.Record.Folder
	if f.Record.Copied {
		from = f.Path
	}
	s, err := study.Parse(f.Record.Path, text, from)
	if err != nil {
		return nil, err
	}
	hash, err := words.DataHash(s, from)
	if err != nil {
		return nil, err
	}
	if hash != f.Record.Data {
		return nil, terminal.Usage("%s: the study's data file in %s has changed since the shard was run", f.Shown, from)
	}
	return s, nil
}

// studyLimit bounds the bytes of a study in a shard's folder.
const studyLimit = 64 << 20

// kindsAgree returns an error unless the kinds of studies of a shard are those of its study,
// or the one that a command of its own runs.
func kindsAgree(f *outfolder.Folder, s *study.Study) error {
	want := s.Studies
	if only := compare.Study(f.Record.Only); only != "" && slices.Contains(compare.Studies(), only) {
		want = []string{string(only)}
	}
	if !slices.Equal(f.Record.Studies, want) {
		return terminal.Usage("%s: the record says that the shard is of the studies %s, and its study says %s", f.Shown, strings.Join(f.Record.Studies, ", "), strings.Join(want, ", "))
	}
	return nil
}
