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

	"kolmo/export"
	"kolmo/study"
)

func newMerge(stdout io.Writer, report *reporter) *cobra.Command {
	r := &runner{name: "merge", stdout: stdout, report: report, uncertified: true} // the work is done
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "make the results of a study from the folders of its shards",
		Long: strings.TrimSpace(`
Takes the folders of all shards of one study, as kolmo run --shard K/N left them, and
writes the study's output folder. The results are those of a single run to the last
bit. The folders of the shards are not changed.

Exit codes: 0 done and every row certified; 1 a file could not be read or written;
2 a flag or a folder is wrong, or a shard is missing; 3 done, but a row is not
certified; 130 interrupted.`),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		Example: "  kolmo merge out/iris.shard-*",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("expected the folders of all shards: kolmo merge DIR...")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("out") && r.out == "" {
				return usage("--out needs the name of a folder")
			}
			return r.merge(cmd.Context(), args)
		},
	}
	cmd.Flags().StringVarP(&r.out, "out", "o", "", "output `folder` (default out/NAME, NAME being the study's)")
	cmd.Flags().BoolVar(&r.fresh, "fresh", false, "replace what the folder holds of kolmo's files")
	report.flags(cmd)
	completeFiles(cmd, "out")
	return cmd
}

// merge makes the results of the study whose shards are in the folders.
func (r *runner) merge(ctx context.Context, dirs []string) error {
	first, machines, err := checkShards(dirs)
	if err != nil {
		return err
	}
	s, err := promptly(ctx, func() (*study.Study, error) { return shardStudy(dirs[0], first) })
	if err != nil {
		return err
	}
	one := *s
	one.Studies = first.Studies
	r.study = &one
	if r.out == "" {
		r.out = first.Out
	}
	if len(machines) > 1 {
		r.report.warn(fmt.Sprintf("the shards were run on different machines (%s): the last bits are not those of a single run", strings.Join(machines, "; ")))
	}
	work := *first
	work.Shard, work.Finished = "", false
	return r.whole(ctx, work, func(ctx context.Context, st *staging) error {
		st.units.whole = true
		for _, dir := range dirs {
			for _, name := range []string{unitsDir, export.FieldsDir} {
				if err := copyTree(ctx, filepath.Join(st.dir, name), filepath.Join(dir, name)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// checkShards returns the ticket of the first folder and what the shards were run on, if
// the folders are all finished shards of one study.
func checkShards(dirs []string) (first *ticket, machines []string, err error) {
	where := make(map[int]string) // shard: its folder
	of := 0
	for _, dir := range dirs {
		t, err := readTicket(dir)
		if err != nil {
			return nil, nil, err
		}
		if t == nil || t.Shard == "" {
			return nil, nil, usage("%s: expected the folder of a shard, as kolmo run --shard K/N makes them", dir)
		}
		if !t.Finished {
			return nil, nil, usage("%s: shard %s is not finished; run it again to go on", dir, t.Shard)
		}
		shard, err := parseShard(t.Shard)
		if err != nil {
			return nil, nil, usage("%s: %s names no shard: %v", dir, ticketFile, err)
		}
		if first == nil {
			first, of = t, shard.Of
		}
		same := *t
		same.Shard = first.Shard
		if how := first.differs(&same); how != "" {
			return nil, nil, usage("%s holds work %s than %s", dir, how, dirs[0])
		}
		if shard.Of != of {
			return nil, nil, usage("%s is shard %s, but %s is one of %d", dir, t.Shard, dirs[0], of)
		}
		if other, ok := where[shard.K]; ok {
			return nil, nil, usage("%s and %s are both shard %s", other, dir, t.Shard)
		}
		where[shard.K] = dir
		if !slices.Contains(machines, t.Machine) {
			machines = append(machines, t.Machine)
		}
	}
	var gone []string
	for k := 1; k <= of; k++ {
		if where[k] == "" {
			gone = append(gone, fmt.Sprintf("%d/%d", k, of))
		}
	}
	if len(gone) > 0 {
		return nil, nil, usage("shards are missing: %s", strings.Join(gone, ", "))
	}
	return first, machines, nil
}

// shardStudy reads the study from a shard's folder; its data from there too, or from
// where they were if they were not copied.
func shardStudy(dir string, t *ticket) (*study.Study, error) {
	text, err := os.ReadFile(filepath.Join(dir, studyFile))
	if err != nil {
		return nil, err
	}
	from := t.Folder
	if t.Copied {
		from = dir
	}
	s, err := study.Parse(t.Path, text, from)
	if err != nil {
		return nil, err
	}
	hash, err := dataHash(s, from)
	if err != nil {
		return nil, err
	}
	if hash != t.Data {
		return nil, usage("%s: the study's data file in %s has changed since the shard was run", dir, from)
	}
	return s, nil
}
