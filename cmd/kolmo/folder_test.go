package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kolmo/export"
)

// TestStagingLock: two runs cannot write to one folder at a time, whether it
// exists or not, and what a killed run left is cleared.
func TestStagingLock(t *testing.T) {
	t.Parallel()
	for _, exists := range []bool{false, true} {
		dir := t.TempDir()
		target := filepath.Join(dir, "a", "study")
		if exists {
			write(t, filepath.Join(target, stagingName, "left", "over"), "")
		} else {
			write(t, filepath.Join(dir, "a", ".study.part", "left", "over"), "")
		}
		f := folder{path: target}
		st, err := f.stage(ticket{Study: "a"}, false)
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, st.dir, ticketFile, unitsDir)
		if _, err := f.stage(ticket{Study: "a"}, false); err == nil || !strings.Contains(err.Error(), "another run") {
			t.Errorf("a second run got %v", err)
		}
		wantNames(t, st.dir, ticketFile, unitsDir) // the second run has left it alone
		write(t, filepath.Join(st.dir, "file"), "")
		dir = st.dir
		st.discard()
		wantGone(t, dir)
		st, err = f.stage(ticket{Study: "a"}, false)
		if err != nil {
			t.Fatalf("after discard: %v", err)
		}
		st.discard()
	}
}

// TestStagingParents: folders made for the staging go with it, others stay.
func TestStagingParents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	st, err := folder{path: filepath.Join(dir, "a", "b", "study")}.stage(ticket{Study: "a"}, false)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a", "other"), "")
	st.discard()
	wantNames(t, filepath.Join(dir, "a"), "other")
}

// TestCommit: finished files replace those of an earlier run and no others, and no
// unfinished work is left, not even by a run whose output fails afterwards.
func TestCommit(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	for _, name := range []string{
		export.ResultsFile, studyFile, export.TimePNGFile,
		"fields/a-modified-eta1_4.nc", "fields/a-modified-eta1_4.xmf2", "fields/a-modified-eta1_8.nc.part", "fields/.a-modified-eta1_8.nc.new",
		"fields/mine.txt", "fields/mine.nc", "mine.part", "mine.png", ".mine",
	} {
		write(t, filepath.Join(target, name), "old")
	}
	st, err := folder{path: target}.stage(ticket{Study: "a"}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{export.ResultsFile, studyFile, "fields/new.nc"} {
		write(t, filepath.Join(st.dir, name), "new")
	}
	if err := st.units.Save("gap/1_4/modified", []byte("unit")); err != nil {
		t.Fatal(err)
	}
	if err := st.commit(); err != nil {
		t.Fatal(err)
	}
	if err := st.end(errors.New("the table cannot be printed")); exitCode(err) != codeFailed {
		t.Errorf("the run ended with %v", err)
	}
	wantNames(t, target, ".mine", "fields", "mine.part", "mine.png", export.ResultsFile, studyFile)
	wantNames(t, filepath.Join(target, "fields"), "mine.nc", "mine.txt", "new.nc")
	if b, err := os.ReadFile(filepath.Join(target, export.ResultsFile)); err != nil || string(b) != "new" {
		t.Errorf("results are %q, %v", b, err)
	}
}

// TestCommitInAForeignFolder: where no study was, nothing is removed.
func TestCommitInAForeignFolder(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "mine")
	write(t, filepath.Join(target, export.TimePNGFile), "old")
	st, err := folder{path: target}.stage(ticket{Study: "a"}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{export.ResultsFile, studyFile} {
		write(t, filepath.Join(st.dir, name), "new")
	}
	if err := st.commit(); err != nil {
		t.Fatal(err)
	}
	st.discard()
	wantNames(t, target, export.TimePNGFile, export.ResultsFile, studyFile)
}

// TestStagingKeepsUnits: what is finished stays for the same work and no other; the rest
// goes.
func TestStagingKeepsUnits(t *testing.T) {
	t.Parallel()
	f := folder{path: filepath.Join(t.TempDir(), "study")}
	own := ticket{Study: "a", Data: "b", Studies: []string{"gap"}, Kolmo: "1"}
	begin := func(w ticket, fresh bool) (*staging, error) {
		st, err := f.stage(w, fresh)
		if err == nil {
			t.Cleanup(st.release)
		}
		return st, err
	}
	st, err := begin(own, false)
	if err != nil {
		t.Fatal(err)
	}
	if yes, err := f.resumable(own); yes || err != nil {
		t.Errorf("resumable without a unit: %v, %v", yes, err)
	}
	if err := st.units.Save("gap/1_4/modified", []byte("unit")); err != nil {
		t.Fatal(err)
	}
	dir := st.dir
	for _, name := range []string{"gap.png", "fields/a.nc", "fields/b.nc.part", "fields/.c.tmp", unitsDir + "/gap/1_4/.modified.0123abcd.part"} {
		write(t, filepath.Join(dir, name), "x")
	}
	if err := st.end(context.Canceled); !errors.As(err, new(*interruption)) || exitCode(err) != codeInterrupted {
		t.Errorf("interrupted with units: %v", err)
	}
	if yes, err := f.resumable(own); !yes || err != nil {
		t.Errorf("resumable: %v, %v", yes, err)
	}
	for _, other := range []ticket{
		{Study: "c", Data: "b", Studies: own.Studies, Kolmo: "1"},
		{Study: "a", Data: "c", Studies: own.Studies, Kolmo: "1"},
		{Study: "a", Data: "b", Studies: []string{"decay"}, Kolmo: "1"},
		{Study: "a", Data: "b", Studies: own.Studies, Kolmo: "2"},
	} {
		if _, err := begin(other, false); err == nil || exitCode(err) != codeInput {
			t.Errorf("%v: %v", other, err)
		}
	}
	if st, err = begin(own, false); err != nil {
		t.Fatal(err)
	}
	wantNames(t, dir, ticketFile, unitsDir, "fields")
	wantNames(t, filepath.Join(dir, "fields"), "a.nc")
	wantNames(t, filepath.Join(dir, unitsDir, "gap", "1_4"), "modified")
	if b, err := st.units.Load("gap/1_4/modified"); string(b) != "unit" || err != nil {
		t.Errorf("unit %q, %v", b, err)
	}
	// A unit that is damaged is none, and an error where all must be there.
	write(t, filepath.Join(dir, unitsDir, "gap/1_4/modified"), "damaged, and longer than a checksum of 32 bytes")
	if b, err := st.units.Load("gap/1_4/modified"); b != nil || err != nil {
		t.Errorf("a damaged unit: %q, %v", b, err)
	}
	st.units.whole = true
	if _, err := st.units.Load("gap/1_4/modified"); err == nil {
		t.Error("a damaged unit is taken where all must be there")
	}
	// What a program being started holds of the lock until it is executed does not
	// keep the folder locked.
	started, err := syscall.Dup(int(st.lock.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(started)
	st.release()
	if st, err = begin(own, true); err != nil {
		t.Fatal(err)
	}
	wantNames(t, dir, ticketFile, unitsDir)
	st.end(errors.New("failed without a unit"))
	wantGone(t, dir)
}

// TestShardFolderIsNoOutput: a shard's folder is refused for results, fresh or not, and
// stays what it is.
func TestShardFolderIsNoOutput(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shard")
	write(t, filepath.Join(dir, unitsDir, "gap", "1_4", "modified"), "unit")
	write(t, filepath.Join(dir, studyFile), "text")
	if err := (&ticket{Study: "a", Shard: "1/2", Finished: true}).write(dir); err != nil {
		t.Fatal(err)
	}
	f := folder{path: dir}
	if _, err := f.resumable(ticket{Study: "a"}); exitCode(err) != codeInput {
		t.Errorf("without --fresh: %v", err)
	}
	for _, fresh := range []bool{false, true} {
		_, err := f.stage(ticket{Study: "a"}, fresh)
		if exitCode(err) != codeInput || !strings.Contains(message(err), "holds shard 1/2") {
			t.Errorf("fresh %v: %v", fresh, err)
		}
	}
	wantNames(t, dir, ticketFile, unitsDir, studyFile)
	wantNames(t, filepath.Join(dir, unitsDir, "gap", "1_4"), "modified")
}

// TestShardKeepsForeignFiles: work on a shard, also if it starts over, removes what kolmo
// wrote and nothing else; a fresh start that ends early leaves no finished shard without
// its units.
func TestShardKeepsForeignFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shard")
	begin := func(w ticket, fresh bool) {
		t.Helper()
		store, err := openWork(dir, dir, w, fresh)
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Save("gap/1_4/modified", []byte("unit")); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{studyFile, "data/a.csv", "fields/a-modified-eta1_4.nc", "fields/a-modified-eta1_8.nc.part", unitsDir + "/gap/1_4/.modified.0123abcd.part", "..kolmo.json.0123abcd.part", ".study.yaml.89efab01.part"} {
			write(t, filepath.Join(dir, name), "x")
		}
	}
	for _, name := range []string{"notes.txt", "notes.part", "..kolmo.json.mine.part", "data/mine.csv", "fields/mine.nc", "fields/.mine"} {
		write(t, filepath.Join(dir, name), "mine")
	}
	own := ticket{Study: "a", Shard: "1/2", Copied: true, File: "data/a.csv"}
	begin(own, false)
	if _, err := openWork(dir, dir, own, false); err != nil {
		t.Fatal(err)
	}
	wantNames(t, dir, "..kolmo.json.mine.part", ticketFile, unitsDir, "data", "fields", "notes.part", "notes.txt", studyFile)
	wantNames(t, filepath.Join(dir, unitsDir, "gap", "1_4"), "modified")
	wantNames(t, filepath.Join(dir, "fields"), ".mine", "a-modified-eta1_4.nc", "mine.nc")
	begin(own, true)
	own.Finished = true
	if err := own.write(dir); err != nil {
		t.Fatal(err)
	}
	other := ticket{Study: "b", Shard: "1/2"}
	if _, err := openWork(dir, dir, other, false); err == nil || !strings.Contains(err.Error(), "holds finished work of another study") {
		t.Errorf("another study: %v", err)
	}
	if err := clearShard(dir, &own, false); err != nil {
		t.Fatal(err)
	}
	if left, err := readTicket(dir); err != nil || left == nil || left.Finished {
		t.Errorf("a shard without units has the ticket %v, %v", left, err)
	}
	wantNames(t, dir, "..kolmo.json.mine.part", ticketFile, "data", "fields", "notes.part", "notes.txt")
	wantNames(t, filepath.Join(dir, "data"), "mine.csv")
	wantNames(t, filepath.Join(dir, "fields"), ".mine", "mine.nc")
}

func wantGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", path, err)
	}
}
