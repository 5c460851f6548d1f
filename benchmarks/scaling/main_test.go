package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A model's last solve is at its smallest rate, on the finest grid that an observable had.
func TestLastSolves(t *testing.T) {
	t.Parallel()
	got := lastSolves("s.yaml", []gap{
		{Model: "a", Eta: "1/4", Rate: 0.25, Nodes: 99}, {Model: "a", Eta: "1/8", Rate: 0.125, Nodes: 20, Space: "uniform", Order: 6},
		{Model: "a", Eta: "1/4", Rate: 0.25, Nodes: 99}, {Model: "a", Eta: "1/8", Rate: 0.125, Nodes: 16},
		{Model: "b", Eta: "1/8", Rate: 0.125, Nodes: 12, Space: "chebyshev"},
	})
	want := []job{
		{File: "s.yaml", Eta: "1/8", Model: "a", Nodes: 20, Space: "uniform", Order: 6, Gap: true},
		{File: "s.yaml", Eta: "1/8", Model: "b", Nodes: 12, Space: "chebyshev", Gap: true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("last solves %+v, want %+v", got, want)
	}
}

// A job replaces what it names and nothing else; a study of rows, as the sweep writes it, runs.
func TestJob(t *testing.T) {
	t.Parallel()
	file, err := logistic(t.TempDir(), 30)
	if err != nil {
		t.Fatal(err)
	}
	r, err := job{File: file, Eta: "1/4", Model: "second-order", Nodes: 12, Space: "chebyshev", Gap: true}.do()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 1 || r.Rows[0].Nodes != 12 || r.Rows[0].Eta != "1/4" || r.Rows[0].Steps < 1 || r.Seconds <= 0 {
		t.Errorf("result %+v", r)
	}
	if _, err := (job{File: file, Model: "modified"}).do(); err == nil {
		t.Error("a model that the study does not have was accepted")
	}
}

// The table has a line a point and the figure both panels.
func TestSweep(t *testing.T) {
	t.Parallel()
	s := &sweep{title: "Title", file: "f.svg", axis: "things", perStep: true, curves: []*curve{{name: "one", x: []float64{1, 10},
		done: []*result{{Seconds: 2, MB: 30, Rows: []gap{{Nodes: 8, Space: "chebyshev", Steps: 4}}}, {Seconds: 4, MB: 50, Rows: []gap{{Nodes: 9, Space: "chebyshev", Steps: 5}}}}}}}
	var out bytes.Buffer
	if err := s.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"| one | 1 | 500 | 30 | 8 chebyshev | 4 |", "| one | 10 | 800 | 50 | 9 chebyshev | 5 |"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no line %s in\n%s", line, out.String())
		}
	}
	file := filepath.Join(t.TempDir(), "f.svg")
	if err := s.draw(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"processor ms a step", "resident MB", "things", "one"} {
		if !bytes.Contains(text, []byte(label)) {
			t.Errorf("the figure has no %q", label)
		}
	}
}
