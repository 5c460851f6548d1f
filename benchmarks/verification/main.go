// Command verification prints doc/dev/verification.md: what the propagators of
// u_t = L u were held to, with the numbers. It prints no times, so that the same
// program prints the same tables. make verify runs it; it takes some minutes.
//
//	go run ./benchmarks/verification > doc/dev/verification.md
//	go run ./benchmarks/verification -only ou2d
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// sections are the parts of the document, in order.
var sections = []struct {
	name  string
	write func(w io.Writer)
}{
	{"manufactured", writeManufactured},
	{"space", writeSpace},
	{"time", writeTime},
	{"exponential", writeExponential},
	{"damping", writeDamping},
	{"ou2d", writeOU2D},
	{"cube", writeCube},
	{"closures", writeClosures},
}

func main() {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	only := flag.String("only", "", "print one section: "+strings.Join(names, ", "))
	flag.Parse()
	if *only != "" && !slices.Contains(names, *only) || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	w := bufio.NewWriter(os.Stdout)
	if *only == "" {
		fmt.Fprint(w, `# Verification

How the solvers of the backward Kolmogorov equation were checked, and what came out. `+"`make verify`"+` computes all of it anew (go run ./benchmarks/verification); the tests of package
kolmogorov hold the same statements on smaller grids. Numbers have three digits; they contain no times. Order 2, 4, .. of axes means finite differences of that order
with one-sided closures and no boundary condition; Richardson means Richardson extrapolation from steps of full and of half length.

`)
	}
	for _, s := range sections {
		if *only == "" || *only == s.name {
			s.write(w)
		}
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
