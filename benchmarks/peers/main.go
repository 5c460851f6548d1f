// Peers measures kolmo's BenchmarkOU2D against what else solves it: SciPy and NumPy
// (plain/ou2d.py, run by /usr/bin/python3), QuantLib (plain/quantlib.cpp, compiled on the
// spot) and Monte Carlo. What is not installed has no number.
//
//	go run ./benchmarks/peers [-rounds 5]
//
// All take turns in one run, on one thread. Every peer is given several numbers of nodes and
// tolerances, and the cheapest that has a row's accuracy counts. CPPFLAGS and LDFLAGS may
// say where QuantLib is.
package main

import (
	"embed"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed plain
var plain embed.FS

const python = "/usr/bin/python3"

func main() {
	rounds := flag.Int("rounds", 5, "number of turns")
	flag.Parse()
	if err := run(os.Stdout, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, rounds int) error {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	kolmo, err := newBenchmark(dir)
	if err != nil {
		return err
	}
	programs, err := findPrograms(dir)
	if err != nil {
		return err
	}
	t := newTable(rows, peers)
	for range rounds {
		if err := t.round(kolmo, programs); err != nil {
			return err
		}
	}
	return t.print(w, rounds)
}

// findPrograms returns how the peers' programs are called, without those that cannot run here.
func findPrograms(dir string) (map[string][]string, error) {
	programs := map[string][]string{}
	for _, name := range []string{"ou2d.py", "quantlib.cpp"} {
		text, err := plain.ReadFile("plain/" + name)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			return nil, err
		}
	}
	if exec.Command(python, "-c", "import numpy, scipy").Run() == nil {
		programs["python"] = []string{python, filepath.Join(dir, "ou2d.py")}
	}
	cxx := os.Getenv("CXX")
	if cxx == "" {
		cxx = "c++"
	}
	source, program := filepath.Join(dir, "quantlib.cpp"), filepath.Join(dir, "quantlib")
	include := filepath.Join(dir, "include.cpp")
	if err := os.WriteFile(include, []byte("#include <ql/version.hpp>\n"), 0o666); err != nil {
		return nil, err
	}
	flags := strings.Fields(os.Getenv("CPPFLAGS"))
	if exec.Command(cxx, append(flags, "-E", include)...).Run() != nil {
		return programs, nil
	}
	args := append([]string{"-std=c++17", "-O3", "-march=native", "-o", program, source}, flags...)
	args = append(append(args, strings.Fields(os.Getenv("LDFLAGS"))...), "-lQuantLib")
	if out, err := exec.Command(cxx, args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", cxx, err, out)
	}
	programs["quantlib"] = []string{program}
	return programs, nil
}

// print prints the table, and what was chosen for every number in it.
func (t *table) print(w io.Writer, rounds int) error {
	fmt.Fprintf(w, "OU2D, processor ms, least of the rounds (%d) and, where there are several, behind + how much more the largest round had\n\n| row | kolmo | error |", rounds)
	for _, p := range t.peers {
		fmt.Fprintf(w, " %s |", p.name)
	}
	fmt.Fprintf(w, " fastest peer / kolmo |\n|---|---:|---:|%s---:|\n", strings.Repeat("---:|", len(t.peers)))
	var notes strings.Builder
	for i, row := range t.rows {
		k := t.kolmo[i]
		fmt.Fprintf(w, "| %s | %.3f%s | %.1e |", row.name(), 1e3*k.least, k.spread(rounds), k.error)
		fastest := math.Inf(1)
		for j, p := range t.peers {
			best, job := t.best(i, j)
			if best == nil {
				fmt.Fprint(w, " - |")
				continue
			}
			if p.paths {
				// The standard error falls as the root of the number of paths.
				fmt.Fprintf(w, " %.3g |", 1e3*best.least*math.Pow(best.error/row.accuracy, 2))
				continue
			}
			fastest = min(fastest, best.least)
			fmt.Fprintf(w, " %.2f%s |", 1e3*best.least, best.spread(rounds))
			fmt.Fprintf(&notes, "- %s, %s: nodes:number %s, error %.1e\n", row.name(), p.name, job, best.error)
		}
		if math.IsInf(fastest, 1) {
			fmt.Fprint(w, " - |\n")
		} else {
			fmt.Fprintf(w, " %.1f |\n", fastest/k.least)
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", notes.String())
	return err
}
