package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/export/field"
	"kolmo/internal/outfolder"
	"kolmo/internal/wholefile"
)

// parseShard reads "3/8".
func parseShard(text string) (compare.Shard, error) {
	k, of, ok := strings.Cut(text, "/")
	a, err1 := strconv.Atoi(k)
	b, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || a < 1 || b < a || b > mostShards {
		return compare.Shard{}, terminal.Usage("--shard %q: expected K/N with 1 <= K <= N <= %d, as in --shard 3/8, or slurm/N", text, mostShards)
	}
	return compare.Shard{K: a, Of: b}, nil
}

// mostShards bounds the number of shards: there are no more units than models times
// learning rates, and observables times models.
const mostShards = 10_000

// shardFolder returns the default folder of a shard: "out/NAME.shard-3-of-8".
func shardFolder(out string, h compare.Shard) string {
	width := len(strconv.Itoa(h.Of)) // so that they sort
	return fmt.Sprintf("%s.shard-%0*d-of-%d", out, width, h.K, h.Of)
}

// runShard computes the units of a shard and leaves them, with the study and its data, in
// a folder of their own.
func (r *runner) runShard(ctx context.Context, t outfolder.Ticket, shard compare.Shard) (err error) {
	r.data = t.Data
	dir := r.out
	if dir == "" {
		dir = shardFolder(defaultFolder(r.study, t.Only), shard)
	}
	t.Shard, t.Path, t.Machine = shard.String(), r.study.Path, machine()
	if t.Folder, err = filepath.Abs(filepath.Dir(r.study.Path)); err != nil {
		return err
	}
	names, err := fieldFiles(r.study)
	if err != nil {
		return r.study.LossError(err)
	}
	names = append(names, studyFile)
	file := filepath.ToSlash(filepath.Clean(r.study.Source("sample.file")))
	if r.study.Source("sample.file") != "" && copies(file) {
		t.Copied = true
		names = append(names, file)
	}
	f, err := terminal.Promptly(ctx, func() (*outfolder.Folder, error) { return outfolder.Open(dir) })
	if err != nil {
		return unusable(dir, err)
	}
	if old := f.Record; old != nil && old.Finished && !r.fresh && t.Differs(&old.Ticket) == "" {
		err := terminal.PromptlyDo(ctx, func() error {
			for _, file := range old.Files {
				if err := outfolder.CheckFile(f.Path, file); err != nil {
					return shardFault(f, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return r.shardDone(dir, shard)
	}
	w, err := terminal.Promptly(ctx, func() (*outfolder.Work, error) { return f.BeginShard(t, names, r.fresh) })
	if err != nil {
		return unusable(dir, err)
	}
	defer func() { err = r.end(w, err, false) }()
	if err := terminal.PromptlyDo(ctx, func() error { return r.copyInput(w, t, file) }); err != nil {
		return err
	}
	_, err = work(ctx, r, dir, w, func(ctx context.Context, p *compare.Problem, cfg *compare.Config) (struct{}, error) {
		assumptions, err := withCurvature(r.study, p, cfg.Watcher)
		if err != nil {
			return struct{}{}, err
		}
		if err := r.certifiable(assumptions); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, kinds.Compute(ctx, p, cfg, shard)
	})
	if err == nil {
		err = ctx.Err() // the work may have ended although it was interrupted
	}
	if err != nil {
		return err
	}
	if err := w.CommitShard(); err != nil {
		return err
	}
	return r.shardDone(dir, shard)
}

// copies reports that a study's data, whose path relative to the study is file, have a
// place of their own in a shard's folder.
func copies(file string) bool {
	top, _, _ := strings.Cut(file, "/")
	return filepath.IsLocal(filepath.FromSlash(file)) && !strings.HasPrefix(top, ".") && top != field.Dir && top != studyFile
}

func (r *runner) shardDone(dir string, shard compare.Shard) error {
	_, err := fmt.Fprintf(r.stdout, "shard %s of %s is finished: %s\n", shard, r.study.Name, dir)
	if err == nil {
		r.report.Say("once all %d are, kolmo merge with their folders gives the results", shard.Of)
	}
	return err
}

// copyInput writes the study and, if the ticket says so, its data to a shard's folder.
func (r *runner) copyInput(w *outfolder.Work, t outfolder.Ticket, file string) error {
	if err := wholefile.WriteBytes(filepath.Join(w.Dir, studyFile), r.study.Text); err != nil {
		return err
	}
	if !t.Copied {
		return w.Keep(studyFile)
	}
	if err := w.CopyInput(filepath.Dir(r.study.Path), file, t.Data); err != nil {
		return err
	}
	return w.Keep(studyFile, file)
}
