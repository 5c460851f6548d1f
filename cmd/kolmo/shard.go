package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"kolmo/compare"
	"kolmo/internal/wholefile"
)

// parseShard reads "3/8".
func parseShard(text string) (compare.Shard, error) {
	k, of, ok := strings.Cut(text, "/")
	a, err1 := strconv.Atoi(k)
	b, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || a < 1 || b < a || b > mostShards {
		return compare.Shard{}, usage("--shard %q: expected K/N with 1 <= K <= N <= %d, as in --shard 3/8", text, mostShards)
	}
	return compare.Shard{K: a, Of: b}, nil
}

// mostShards bounds the number of shards: there are no more units than models times
// learning rates, and observables times models.
const mostShards = 10_000

// Environment of the tasks of a Slurm array.
const (
	slurmTask  = "SLURM_ARRAY_TASK_ID"
	slurmCount = "SLURM_ARRAY_TASK_COUNT"
	slurmMin   = "SLURM_ARRAY_TASK_MIN"
	slurmMax   = "SLURM_ARRAY_TASK_MAX"
)

// slurmShard returns the shard of a task of a Slurm array; ok is false outside one.
func slurmShard(env func(string) string) (shard compare.Shard, ok bool, err error) {
	task, count := env(slurmTask), env(slurmCount)
	if task == "" {
		return shard, false, nil
	}
	if count == "" {
		return shard, true, usage("the environment has %s=%s but no %s; say which shard this is with --shard K/N, or --shard 1/1 for the whole study", slurmTask, task, slurmCount)
	}
	number := func(name, text string) int {
		n, e := strconv.Atoi(text)
		if e != nil && err == nil {
			err = usage("the environment has %s=%q: expected a number; --shard K/N overrides it", name, text)
		}
		return n
	}
	id, of := number(slurmTask, task), number(slurmCount, count)
	least, step := 1, 1
	if text := env(slurmMin); text != "" {
		least = number(slurmMin, text)
		if text := env(slurmMax); text != "" && of > 1 {
			step = max(1, (number(slurmMax, text)-least)/(of-1))
		}
	}
	if err != nil {
		return shard, true, err
	}
	shard = compare.Shard{K: (id-least)/step + 1, Of: of}
	if (id-least)%step != 0 || shard.K < 1 || shard.K > shard.Of || of > mostShards {
		return shard, true, usage("the environment's task %d is none of %d from %d on; use evenly spaced array indices, or --shard K/N", id, of, least)
	}
	return shard, true, nil
}

// askedShard returns what of the study is to be computed: what the flag says, the task of
// a Slurm array, or all.
func (r *runner) askedShard() (compare.Shard, error) {
	if r.shard != "" {
		return parseShard(r.shard)
	}
	shard, ok, err := slurmShard(os.Getenv)
	if err != nil || !ok {
		return compare.Shard{K: 1, Of: 1}, err
	}
	r.report.say("shard %s, as %s says; --shard 1/1 runs the whole study", shard, slurmTask)
	return shard, nil
}

// shardFolder returns the default folder of a shard: "out/NAME.shard-3-of-8".
func shardFolder(out string, h compare.Shard) string {
	width := len(strconv.Itoa(h.Of)) // so that they sort
	return fmt.Sprintf("%s.shard-%0*d-of-%d", out, width, h.K, h.Of)
}

// runShard computes the units of a shard and leaves them, with the study and its data, in
// a folder of their own.
func (r *runner) runShard(ctx context.Context, t ticket, shard compare.Shard) error {
	r.data = t.Data
	dir := r.out
	if dir == "" {
		dir = shardFolder(t.Out, shard)
	}
	file := r.study.Source("sample.file")
	t.Shard = shard.String()
	if file != "" && filepath.IsLocal(file) {
		t.Copied, t.File = true, file
	}
	if err := r.freeForShard(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	lock, err := lockFolder(dir, dir)
	if err != nil {
		return err
	}
	defer unlock(lock)
	old, err := readTicket(dir)
	if err != nil {
		return err
	}
	if old != nil && old.Finished && !r.fresh && t.differs(old) == "" {
		return r.shardDone(dir, shard)
	}
	store, err := openWork(dir, dir, t, r.fresh)
	if err != nil {
		return err
	}
	if err := promptlyDo(ctx, func() error { return r.copyInput(dir, t.Copied) }); err != nil {
		return err
	}
	_, err = work(ctx, r, dir, dir, store, func(ctx context.Context, p *compare.Problem, cfg *compare.Config) (struct{}, error) {
		assumptions, err := withCurvature(r.study, p)
		if err != nil {
			return struct{}{}, err
		}
		if err := r.certifiable(assumptions); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, compare.Compute(ctx, p, cfg, shard)
	})
	if errors.Is(err, context.Canceled) {
		return &interruption{err}
	}
	if err != nil {
		return err
	}
	t.Finished = true
	if err := t.write(dir); err != nil {
		return err
	}
	return r.shardDone(dir, shard)
}

// freeForShard refuses a folder that holds anything but a shard.
func (r *runner) freeForShard(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return folder{path: dir}.isFile()
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	old, err := readTicket(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 && (old == nil || old.Shard == "") {
		return usage("the folder %s is not empty and holds no shard; choose another with --out", dir)
	}
	return nil
}

func (r *runner) shardDone(dir string, shard compare.Shard) error {
	_, err := fmt.Fprintf(r.stdout, "shard %s of %s is finished: %s\n", shard, r.study.Name, dir)
	if err == nil {
		r.report.say("once all %d are, kolmo merge with their folders gives the results", shard.Of)
	}
	return err
}

// copyInput copies the study and, if their path is within the study's folder, its data to
// a shard's folder.
func (r *runner) copyInput(dir string, data bool) error {
	if err := wholefile.WriteBytes(filepath.Join(dir, studyFile), r.study.Text); err != nil || !data {
		return err
	}
	file := r.study.Source("sample.file")
	return copyFile(filepath.Join(dir, file), filepath.Join(filepath.Dir(r.study.Path), file))
}

// copyFile copies a file, and makes the folders above it.
func copyFile(to, from string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	dst, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if e := dst.Close(); err == nil {
		err = e
	}
	return err
}

// copyTree copies the files of a folder, which may be missing, into another. It asks ctx
// once a file.
func copyTree(ctx context.Context, to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == from {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		return copyFile(filepath.Join(to, name), path)
	})
}
