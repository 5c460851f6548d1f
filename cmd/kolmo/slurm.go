package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
)

// Environment of the tasks of a Slurm array.
const (
	slurmTask  = "SLURM_ARRAY_TASK_ID"
	slurmCount = "SLURM_ARRAY_TASK_COUNT"
	slurmMin   = "SLURM_ARRAY_TASK_MIN"
	slurmMax   = "SLURM_ARRAY_TASK_MAX"
	slurmStep  = "SLURM_ARRAY_TASK_STEP"
)

// askedShard returns what of the study is to be computed: what the flag says, or all. The
// environment counts only if the flag says so. out is where the whole study's results go.
func (r *runner) askedShard(out string) (compare.Shard, error) {
	whole := compare.Shard{K: 1, Of: 1}
	if r.shard == "" {
		return whole, nil
	}
	of := 0
	if n, ok := strings.CutPrefix(r.shard, "slurm/"); ok {
		var err error
		if of, err = strconv.Atoi(n); err != nil || of < 1 || of > mostShards {
			return whole, terminal.Usage("--shard %q: expected slurm/N with 1 <= N <= %d, as in --shard slurm/8", r.shard, mostShards)
		}
	} else if r.shard != "slurm" {
		return parseShard(r.shard)
	}
	shard, err := slurmShard(os.Getenv, of)
	if err != nil {
		return whole, err
	}
	if of == 0 {
		if err := onlyShards(out, shard.Of); err != nil {
			return whole, err
		}
	}
	r.report.Say("shard %s, as %s says", shard, slurmTask)
	return shard, nil
}

// slurmShard returns the shard of a task of a Slurm array whose tasks are numbered 1 to of.
// If of is 0, it is the array's size; of an array of one task, or of some of the numbers,
// it is not known what it is part of: tasks that are submitted again make such arrays.
func slurmShard(env func(string) string, of int) (compare.Shard, error) {
	var none compare.Shard
	if env(slurmTask) == "" {
		return none, terminal.Usage("--shard slurm: this is no task of a Slurm array (%s is not set); submit it with sbatch --array=1-N, or give --shard K/N", slurmTask)
	}
	values := map[string]int{slurmCount: 0, slurmMin: 1, slurmMax: 0, slurmStep: 1}
	for _, name := range []string{slurmTask, slurmCount, slurmMin, slurmMax, slurmStep} {
		text := env(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return none, terminal.Usage("--shard slurm: the environment has %s=%q, expected a number; give --shard K/N", name, text)
		}
		values[name] = n
	}
	id, count, least, most, step := values[slurmTask], values[slurmCount], values[slurmMin], values[slurmMax], values[slurmStep]
	if least == 0 || id == 0 {
		return none, terminal.Usage("--shard slurm: the array's tasks are numbered from 0; number them from 1, as in sbatch --array=1-8, or give --shard K/N")
	}
	if of == 0 {
		if count <= 1 || least != 1 || step != 1 || most != 0 && most != count {
			return none, terminal.Usage("--shard slurm: an array of %d tasks from %d on may be part of a larger one that is submitted again; give the number of all shares with --shard slurm/N", max(count, 1), least)
		}
		of = count
	}
	if id > of || of > mostShards {
		return none, terminal.Usage("--shard slurm: task %d is none of 1 to %d; number the array's tasks 1 to N, as in sbatch --array=1-8, or give --shard K/N", id, min(of, mostShards))
	}
	return compare.Shard{K: id, Of: of}, nil
}

// onlyShards returns an error if there are folders of another number of shards of the study
// whose results go to out: then the array is likely a part of it.
func onlyShards(out string, of int) error {
	folders, err := filepath.Glob(globEscaper.Replace(out) + ".shard-*-of-*")
	if err != nil {
		return err
	}
	for _, dir := range folders {
		_, n, _ := strings.Cut(strings.TrimPrefix(dir, out+".shard-"), "-of-")
		if other, err := strconv.Atoi(n); err == nil && other != of {
			return terminal.Usage("--shard slurm: the array has %d tasks, but %s is of %d; give the number of all shares with --shard slurm/N", of, dir, other)
		}
	}
	return nil
}

// globEscaper takes their meaning from the signs of patterns.
var globEscaper = strings.NewReplacer("\\", "\\\\", "*", "\\*", "?", "\\?", "[", "\\[")
