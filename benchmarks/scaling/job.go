package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"kolmo/compare"
	"kolmo/compare/kinds"
	"kolmo/study"
)

// job is a study with some of its choices replaced; what is empty is the study's own.
type job struct {
	File  string
	Eta   string // the only learning rate
	Model string // the only model
	Nodes int    // per axis, fixed
	Space string // chebyshev or uniform, where nodes are fixed
	Order int    // of the uniform method
	Gap   bool   // the gap study alone
}

// result is what a job had: seconds of the processor, the largest resident set in MB, and
// the rows of the gap.
type result struct {
	Seconds, MB float64
	Rows        []gap
}

// gap tells how a gap was computed.
type gap struct {
	Model, Eta, Space   string
	Rate                float64 // eta
	Nodes, Order, Steps int
}

// do runs the study in this process.
func (j job) do() (*result, error) {
	s, err := study.Load(j.File)
	if err != nil {
		return nil, err
	}
	p, err := s.Problem()
	if err != nil {
		return nil, err
	}
	p.Fields = compare.FieldRequest{}
	if j.Gap {
		p.Studies = []compare.Study{compare.StudyGap}
	}
	if j.Eta != "" {
		eta, err := study.ParseRate(j.Eta)
		if err != nil {
			return nil, err
		}
		p.Etas = []compare.Rate{{Value: eta.Value, Text: eta.Text}}
	}
	if j.Model != "" {
		all := p.Models
		p.Models = nil
		for _, m := range all {
			if m.Name == j.Model {
				p.Models = append(p.Models, m)
			}
		}
		if len(p.Models) != 1 {
			return nil, fmt.Errorf("%s has no model %s", j.File, j.Model)
		}
	}
	if j.Nodes > 0 {
		p.Solver.Nodes = nil
		for range p.Dynamics.State().Dim() {
			p.Solver.Nodes = append(p.Solver.Nodes, j.Nodes)
		}
		p.Solver.Space, p.Solver.Order = compare.SpaceChebyshev, 0
		if j.Space == "uniform" {
			p.Solver.Space, p.Solver.Order = compare.SpaceUniform, j.Order
		}
	}
	start := processor()
	r, err := kinds.Run(context.Background(), p, &compare.Config{Workers: 1})
	if err != nil {
		return nil, err
	}
	out := &result{Seconds: processor() - start}
	for _, g := range r.Gap {
		out.Rows = append(out.Rows, gap{Model: g.Model, Eta: g.EtaText, Rate: g.Eta, Space: g.Space, Nodes: g.Nodes, Order: g.SpaceOrder, Steps: g.Steps})
	}
	return out, nil
}

// measure does a job in processes of their own, one after the other.
func (j job) measure(rounds int) (*result, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var best *result
	for range rounds {
		cmd := exec.Command(self, "-child", string(text))
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		var problems bytes.Buffer
		cmd.Stderr = &problems
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %s", text, err, problems.String())
		}
		r := &result{}
		if err := json.Unmarshal(out, r); err != nil {
			return nil, err
		}
		usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			return nil, fmt.Errorf("no resource usage on %s", runtime.GOOS)
		}
		unit := 1e-6 // macOS counts bytes, others kB
		if runtime.GOOS != "darwin" {
			unit = 1e-3
		}
		r.MB = float64(usage.Maxrss) * unit
		if best == nil || r.Seconds < best.Seconds {
			best = r
		}
	}
	return best, nil
}

// processor returns the processor time of this process in seconds.
func processor() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) * 1e-9
}

// overheads prints, for every study, what it costs beside its last solves: every
// model's gap at the smallest learning rate, on the grid that the study ended with. A study
// without gaps has none.
func overheads(w io.Writer, rounds int, studies []string) error {
	fmt.Fprintf(w, "### Whole studies\n\n| study | processor s | MB | last solves, s | whole / last |\n|---|---:|---:|---:|---:|\n")
	for _, name := range studies {
		if err := overhead(w, rounds, name); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

func overhead(w io.Writer, rounds int, name string) error {
	file := filepath.Join("studies", name+".yaml")
	whole, err := job{File: file}.measure(rounds)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| %s | %.2f | %.0f |", name, whole.Seconds, whole.MB)
	if len(whole.Rows) == 0 {
		_, err = fmt.Fprint(w, " - | - |\n")
		return err
	}
	last := 0.0
	for _, j := range lastSolves(file, whole.Rows) {
		r, err := j.measure(rounds)
		if err != nil {
			return err
		}
		last += r.Seconds
	}
	_, err = fmt.Fprintf(w, " %.2f | %.1f |\n", last, whole.Seconds/last)
	return err
}

// lastSolves returns a job for every model: its finest grid at the smallest learning rate.
func lastSolves(file string, rows []gap) []job {
	var last []gap
	for _, g := range rows {
		i := slices.IndexFunc(last, func(l gap) bool { return l.Model == g.Model })
		if i < 0 {
			last = append(last, g)
		} else if l := last[i]; g.Rate < l.Rate || g.Rate == l.Rate && g.Nodes > l.Nodes {
			last[i] = g
		}
	}
	var jobs []job
	for _, g := range last {
		jobs = append(jobs, job{File: file, Eta: g.Eta, Model: g.Model, Nodes: g.Nodes, Space: g.Space, Order: g.Order, Gap: true})
	}
	return jobs
}
