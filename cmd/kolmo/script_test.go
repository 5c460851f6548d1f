package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"kolmo/internal/h5"
)

func TestMain(m *testing.M) {
	h5.ReadApart()
	cobra.EnableCommandSorting = false        // as main does
	if filepath.Base(os.Args[0]) != "kolmo" { // scripts set their own
		for _, name := range []string{slurmTask, slurmCount, slurmMin, slurmMax, slurmStep} {
			os.Unsetenv(name) // the tests may themselves be a task of an array
		}
	}
	testscript.Main(m, map[string]func(){"kolmo": main})
}

// TestScripts runs testdata/script. Besides testscript's own commands there are
//
//	status CODE PROGRAM ARGS..   runs a program that must exit with the code
//	keys FILE KEY..              wants a JSON object with exactly these keys
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Files:               scriptFiles(t),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": status,
			"keys":   keys,
		},
	})
}

// longScripts take more than about a second of a processor each; -short leaves them out.
var longScripts = []string{"answer", "certifiable", "check", "compare", "folder", "horizon", "init", "initdata", "inputs", "log", "plot", "set", "shard", "uncertified", "verify"}

// scriptFiles returns the files of testdata/script that are to be run: those of scripts,
// where that is not empty, and without the long ones under -short. Both lists must name
// files that are there.
func scriptFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	file := func(name string) string { return filepath.Join("testdata", "script", name+".txtar") }
	for _, name := range slices.Concat(scripts, longScripts) {
		if !slices.Contains(files, file(name)) {
			t.Fatalf("there is no script %s", file(name))
		}
	}
	return slices.DeleteFunc(files, func(f string) bool {
		name := strings.TrimSuffix(filepath.Base(f), ".txtar")
		return len(scripts) > 0 && !slices.Contains(scripts, name) || testing.Short() && slices.Contains(longScripts, name)
	})
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE PROGRAM ARGS..")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func keys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: keys FILE KEY..")
	}
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var object map[string]json.RawMessage
	ts.Check(json.Unmarshal(b, &object))
	for _, k := range args[1:] {
		if _, ok := object[k]; !ok {
			ts.Fatalf("%s has no key %s", args[0], k)
		}
		delete(object, k)
	}
	for k := range object {
		ts.Fatalf("%s has the unexpected key %s", args[0], k)
	}
}
