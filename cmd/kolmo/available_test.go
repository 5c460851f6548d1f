package main

import (
	"bytes"
	"strings"
	"testing"

	"kolmo/cmd/kolmo/internal/memory"
	"kolmo/cmd/kolmo/internal/terminal"
)

// TestOperatorFits: an operator that has no room is refused before it is made.
func TestOperatorFits(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--nodes 1500":                        "--nodes 1500: S on 2.25e+06 nodes may need",
		"--nodes 1500 --width 8":              "--nodes 1500: S on 2.25e+06 nodes may need",
		"--nodes 4096 --memory 64 --width 4":  "--nodes 4096: S on 1.67772e+07 nodes may need",
		"--nodes 10 --memory 4096 --width 4 ": "",
	} {
		var stderr bytes.Buffer
		report := terminal.NewReporter(&stderr)
		c := &operatorCommand{stdout: &stderr, report: report, eta: "1/8", memory: 4096, accuracy: 1e-8, available: func() float64 { return 3e9 }}
		cmd := newOperator(&stderr, report)
		if err := cmd.ParseFlags(strings.Fields(args + " --eta 1/8")); err != nil {
			t.Fatal(err)
		}
		number := func(name string, to *int) {
			n, err := cmd.Flags().GetInt(name)
			if err != nil {
				t.Fatal(err)
			}
			*to = n
		}
		number("nodes", &c.nodes)
		number("width", &c.width)
		number("memory", &c.memory)
		r, text, err := c.request(cmd)
		if err != nil {
			t.Fatal(err)
		}
		err = c.run(t.Context(), "../../studies/quad2d.yaml", r, text)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || terminal.ExitCode(err) != terminal.CodeInput) {
			t.Errorf("%s: error %v, want %q", args, err, want)
		}
	}
	if n := memory.AvailableBytes(); !(n > 0) {
		t.Errorf("%v bytes are available to a process that runs", n)
	}
}
