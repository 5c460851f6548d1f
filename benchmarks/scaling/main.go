// Scaling measures how the processor time and the memory of gap studies grow with nodes,
// learning rate, rows of data and dimension, draws both, and prints what every shipped study
// costs beside its last solves.
//
//	go run ./benchmarks/scaling [-rounds 2] [-images doc/images] [-only FIGURE] [STUDY ..]
//
// Where shipped studies are named, only what these cost is printed.
// Every point is a process of its own on one thread, without pictures and stored fields: its
// time is the least of the rounds, its memory the largest resident set of that process.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	rounds := flag.Int("rounds", 2, "number of turns")
	images := flag.String("images", filepath.Join("doc", "images"), "folder of the figures")
	only := flag.String("only", "", "the one figure to make: nodes, eta, rows or dimension")
	child := flag.String("child", "", "measure the job given as JSON in this process")
	flag.Parse()
	var err error
	if *child != "" {
		err = answer(os.Stdout, *child)
	} else {
		err = run(os.Stdout, *rounds, *images, *only, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "scaling:", err)
		os.Exit(1)
	}
}

// answer does a job and prints its result as JSON.
func answer(w io.Writer, text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	r, err := j.do()
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(r)
}

// run measures all, or the named studies.
func run(w io.Writer, rounds int, images, only string, studies []string) error {
	if len(studies) > 0 {
		return overheads(w, rounds, studies)
	}
	dir, err := os.MkdirTemp("", "scaling")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	list, err := sweeps(dir)
	if err != nil {
		return err
	}
	found := false
	for _, s := range list {
		if only != "" && s.file != "scaling-"+only+".svg" {
			continue
		}
		found = true
		if err := s.measure(rounds); err != nil {
			return err
		}
		if err := s.print(w); err != nil {
			return err
		}
		if err := s.draw(filepath.Join(images, s.file)); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("no figure %q", only)
	}
	if only != "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join("studies", "*.yaml"))
	if err != nil {
		return err
	}
	for _, f := range files {
		studies = append(studies, strings.TrimSuffix(filepath.Base(f), ".yaml"))
	}
	return overheads(w, rounds, studies)
}
