package main

import (
	"os"
	"path/filepath"
	"strings"
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
		st, err := f.stage()
		if err != nil {
			t.Fatal(err)
		}
		wantNames(t, st.dir)
		if _, err := f.stage(); err == nil || !strings.Contains(err.Error(), "another run") {
			t.Errorf("a second run got %v", err)
		}
		wantNames(t, st.dir) // the second run has left it alone
		write(t, filepath.Join(st.dir, "file"), "")
		dir = st.dir
		st.discard()
		wantGone(t, dir)
		st, err = f.stage()
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
	st, err := folder{path: filepath.Join(dir, "a", "b", "study")}.stage()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a", "other"), "")
	st.discard()
	wantNames(t, filepath.Join(dir, "a"), "other")
}

// TestCommit: finished files replace those of an earlier run and no others.
func TestCommit(t *testing.T) {
	t.Parallel()
	target := filepath.Join(t.TempDir(), "study")
	for _, name := range []string{
		export.ResultsFile, studyFile, export.TimePNGFile,
		"fields/a-modified-eta1_4.nc", "fields/a-modified-eta1_4.xmf2", "fields/a-modified-eta1_8.nc.part",
		"fields/mine.txt", "fields/mine.nc", "mine.part", "mine.png", ".mine",
	} {
		write(t, filepath.Join(target, name), "old")
	}
	st, err := folder{path: target}.stage()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{export.ResultsFile, studyFile, "fields/new.nc"} {
		write(t, filepath.Join(st.dir, name), "new")
	}
	if err := st.commit(); err != nil {
		t.Fatal(err)
	}
	st.discard()
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
	st, err := folder{path: target}.stage()
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

func wantGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("%s is there: %v", path, err)
	}
}
