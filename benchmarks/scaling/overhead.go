package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

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
