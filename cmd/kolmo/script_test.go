package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status": status,
			"keys":   keys,
		},
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
