package main

import (
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/compare"
)

// A task of an array does the share of its number, whatever array it is submitted in; where
// the number of shares is not certain it says so.
func TestSlurmShard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  string // task, count, least, most, step
		of   int
		want compare.Shard
		says string
	}{
		{"2 3 1 3 1", 0, compare.Shard{K: 2, Of: 3}, ""},
		{"2 3 1 3", 0, compare.Shard{K: 2, Of: 3}, ""},
		{"2 3 1 3 1", 3, compare.Shard{K: 2, Of: 3}, ""},
		{"3 1 3 3 1", 8, compare.Shard{K: 3, Of: 8}, ""},
		{"7 2 3 7 4", 8, compare.Shard{K: 7, Of: 8}, ""},
		{"1 1 1 1 1", 1, compare.Shard{K: 1, Of: 1}, ""},
		{"3 1 3 3 1", 0, compare.Shard{}, "may be part of a larger one"},
		{"1 1 1 1 1", 0, compare.Shard{}, "may be part of a larger one"},
		{"3", 0, compare.Shard{}, "may be part of a larger one"},
		{"3 2 3 4 1", 0, compare.Shard{}, "may be part of a larger one"},
		{"4 3 2 6 2", 0, compare.Shard{}, "may be part of a larger one"},
		{"3 2 1 3 1", 0, compare.Shard{}, "may be part of a larger one"},
		{"3 2 1 3 2", 0, compare.Shard{}, "may be part of a larger one"},
		{"0 3 0 2 1", 0, compare.Shard{}, "numbered from 0"},
		{"2 3 0 2 1", 0, compare.Shard{}, "numbered from 0"},
		{"2 3 0 2 1", 3, compare.Shard{}, "numbered from 0"},
		{"0 1 0 0 1", 3, compare.Shard{}, "numbered from 0"},
		{"9 1 9 9 1", 8, compare.Shard{}, "task 9 is none of 1 to 8"},
		{"4 3 1 3 1", 0, compare.Shard{}, "task 4 is none of 1 to 3"},
		{"", 3, compare.Shard{}, "this is no task of a Slurm array"},
		{"x 3 1 3 1", 3, compare.Shard{}, `SLURM_ARRAY_TASK_ID="x"`},
		{"-1 3 1 3 1", 3, compare.Shard{}, `SLURM_ARRAY_TASK_ID="-1"`},
		{"2 99999999999999999999 1 3 1", 0, compare.Shard{}, `SLURM_ARRAY_TASK_COUNT="99999999999999999999"`},
		{"20000 20000 1 20000 1", 0, compare.Shard{}, "task 20000 is none of 1 to 10000"},
	} {
		values := strings.Fields(c.env)
		got, err := slurmShard(func(name string) string {
			for i, n := range []string{slurmTask, slurmCount, slurmMin, slurmMax, slurmStep} {
				if n == name && i < len(values) {
					return values[i]
				}
			}
			return ""
		}, c.of)
		switch {
		case c.says == "":
			if err != nil || got != c.want {
				t.Errorf("%q of %d: %v, %v, want %v", c.env, c.of, got, err, c.want)
			}
		case terminal.ExitCode(err) != terminal.CodeInput || !strings.Contains(terminal.Message(err), c.says):
			t.Errorf("%q of %d: %v, %v, want an error that says %q", c.env, c.of, got, err, c.says)
		}
	}
}
