//go:build !race

package main

import (
	"bytes"
	"context"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/terminal"
	"kolmo/internal/outfolder"
)

// FuzzShardRecord merges shards of which one's record has any bytes: it ends in results or
// in one sentence, and touches neither the shards' files nor others.
func FuzzShardRecord(f *testing.F) {
	made := f.TempDir()
	write(f, filepath.Join(made, "data.csv"), "a\n-1\n1\n")
	study := filepath.Join(made, "tiny.yaml")
	write(f, study, strings.Replace(tiny, "sample: {kind: discrete, variables: [xi], values: [[-1], [1]]}", "sample: {kind: data, file: data.csv, columns: {xi: a}}", 1))
	var errs bytes.Buffer
	for _, shard := range []string{"1", "2"} {
		if code := execute(context.Background(), []string{"run", "--quiet", "--shard", shard + "/2", "--out", filepath.Join(made, "shards", shard), study}, &errs, &errs); code != terminal.CodeDone {
			f.Fatalf("code %d: %s", code, errs.String())
		}
	}
	files := contents(f, filepath.Join(made, "shards"))
	name := filepath.Join("2", outfolder.RecordName)
	record := files[name]
	f.Add([]byte(record))
	for _, change := range [][2]string{
		{`"copied": true`, `"copied": false`}, {"data.csv", "../precious.csv"}, {"data.csv", "study.yaml"}, {"2/2", "1/2"}, {`"finished": true`, `"finished": false`},
		{`"name": ".units/`, `"name": "fields/`}, {`"gap"`, `"decay"`}, {`"studies": [`, `"only": "gap", "studies": [`},
	} {
		changed := strings.Replace(record, change[0], change[1], 1)
		if changed == record {
			f.Fatalf("the record has no %s: %s", change[0], record)
		}
		f.Add([]byte(changed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "precious.csv"), "mine")
		want := map[string]string{"precious.csv": "mine"}
		for file, text := range files {
			if file == name {
				text = string(b)
			}
			write(t, filepath.Join(dir, "shards", file), text)
			want[filepath.Join("shards", file)] = text
		}
		var out, errs bytes.Buffer
		code := execute(context.Background(), []string{"merge", "--quiet", "--out", filepath.Join(dir, "merged"), filepath.Join(dir, "shards", "1"), filepath.Join(dir, "shards", "2")}, &out, &errs)
		checkHarmless(t, "stdout", out.String())
		checkHarmless(t, "stderr", errs.String())
		if code > terminal.CodeUncertified || code != terminal.CodeDone && strings.Count(errs.String(), "\n") != 1 || strings.Contains(errs.String(), "internal error") {
			t.Errorf("code %d, %q", code, errs.String())
		}
		got := contents(t, dir)
		maps.DeleteFunc(got, func(name, _ string) bool {
			return (code == terminal.CodeDone || code == terminal.CodeUncertified) && strings.HasPrefix(name, "merged"+string(filepath.Separator))
		})
		wantSame(t, got, want)
	})
}
