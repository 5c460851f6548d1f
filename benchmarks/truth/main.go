// Command truth draws random studies whose answers are known without kolmo, runs them, and prints how the certified
// rows compare: doc/truth.md. make truth runs it; the default takes hours.
//
//	go run ./benchmarks/truth -n1 100 -n2 10 -n3 2
//	go run ./benchmarks/truth -only steep        one class
//	go run ./benchmarks/truth -only line-37      one problem
//	go run ./benchmarks/truth -print line-37     its study file
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	seed := flag.Uint64("seed", 1, "of all problems")
	n1 := flag.Int("n1", 1000, "problems on the line")
	n2 := flag.Int("n2", 200, "problems in the plane")
	n3 := flag.Int("n3", 30, "problems in space")
	only := flag.String("only", "", "run one class (steep; or line linear), or one problem by its name")
	show := flag.String("print", "", "print the study file of the problem of this name, and run nothing")
	patience := flag.Duration("patience", 10*time.Minute, "processor time after which a study is given up and counted as not ended; 0: never")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	list := problems(*seed, *n1, *n2, *n3)
	if *show != "" {
		for _, e := range list {
			if e.id == *show {
				fmt.Print(e.draw().text)
				return
			}
		}
		fmt.Fprintf(os.Stderr, "no problem %s among those of -n1, -n2 and -n3\n", *show)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r := newReport(*seed, *n1, *n2, *n3, *patience)
	for k, e := range list {
		if *only != "" && !strings.HasSuffix(e.class, *only) && *only != e.id {
			continue
		}
		p := e.draw()
		rows, err := p.runWithin(ctx, *patience)
		switch {
		case errors.Is(err, errEndless):
			fmt.Fprintf(os.Stderr, "%d of %d: %s (%s) has not ended after %v\n", k+1, len(list), e.id, e.class, *patience)
			r.addEndless(e.class)
			continue
		case errors.Is(err, context.Canceled):
			fmt.Fprintln(os.Stderr, "interrupted; the table is of the studies until now")
			if err := r.write(os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			os.Exit(130)
		case err != nil:
			fmt.Fprintf(os.Stderr, "%s: %v\n", e.id, err)
			os.Exit(1)
		}
		r.add(e.class, rows)
		progress(os.Stderr, k+1, len(list), e, rows)
	}
	if err := r.write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if r.wrong() > 0 {
		os.Exit(3)
	}
}
