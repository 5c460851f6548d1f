// Kernels measures the kernels of internal/kernel against a plain C program
// (plain/reference.c, compiled on the spot with -O3 -march=native) and, for products,
// against the BLAS of NumPy, where /usr/bin/python3 has one.
//
//	go run ./benchmarks/kernels [-rounds 5]
//
// An OpenBLAS that does not know the processor would take kernels for any: it is told by
// OPENBLAS_CORETYPE, unless the environment has it.
//
// All take turns in one run, on one thread; the tables have the least processor time of
// the rounds, as GFLOP/s or GB/s. Ratios are for comparison, on one machine.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"kolmo/internal/kernel"
)

//go:embed plain/reference.c
var referenceSource []byte

//go:embed plain/blas.py
var blasSource string

const python = "/usr/bin/python3"

func main() {
	rounds := flag.Int("rounds", 5, "number of turns")
	flag.Parse()
	if err := run(os.Stdout, *rounds, products, talls, streams); err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(1)
	}
}

// run prints the tables of products, tall products and streams.
func run(w io.Writer, rounds int, products []product, talls []tall, streams []stream) error {
	runtime.LockOSThread()
	dir, err := os.MkdirTemp("", "kernels")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	reference, err := compile(dir)
	if err != nil {
		return err
	}
	if err := measureProducts(w, rounds, reference, products); err != nil {
		return err
	}
	if err := measureTall(w, rounds, reference, talls); err != nil {
		return err
	}
	return measureStreams(w, rounds, reference, streams)
}

// compile compiles the C reference.
func compile(dir string) (string, error) {
	source, program := filepath.Join(dir, "reference.c"), filepath.Join(dir, "reference")
	if err := os.WriteFile(source, referenceSource, 0o666); err != nil {
		return "", err
	}
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	out, err := exec.Command(cc, "-std=c11", "-O3", "-Werror=implicit-function-declaration", "-march=native", "-ffp-contract=fast", "-o", program, source).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", cc, err, out)
	}
	return program, nil
}

// haveBLAS tells whether there is a NumPy to compare with.
func haveBLAS() bool {
	return exec.Command(python, "-c", "import numpy").Run() == nil
}

// coreType returns OpenBLAS's name for a processor with the instructions of this one.
func coreType() string {
	switch kernel.Instructions() {
	case "AVX-512, AVX2, FMA":
		return "SkylakeX"
	case "AVX2, FMA":
		return "Haswell"
	}
	return ""
}

// times runs a program that prints a time a line, and lowers best by them.
func times(best []float64, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1", "BLIS_NUM_THREADS=1")
	if core := coreType(); core != "" && os.Getenv("OPENBLAS_CORETYPE") == "" {
		cmd.Env = append(cmd.Env, "OPENBLAS_CORETYPE="+core)
	}
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return fmt.Errorf("%s: %w", program, err)
	}
	lines := strings.Fields(string(out))
	if len(lines) != len(best) {
		return fmt.Errorf("%s printed %d times, want %d", program, len(lines), len(best))
	}
	for i, line := range lines {
		t, err := strconv.ParseFloat(line, 64)
		if err != nil {
			return err
		}
		best[i] = min(best[i], t)
	}
	return nil
}

// processor returns the processor time of this process in seconds.
func processor() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) * 1e-9
}

// seconds returns the least processor time of one call of f.
func seconds(f func()) float64 {
	const least, repeats = 1e-3, 5
	count := 1
	for ; ; count *= 2 {
		start := processor()
		for range count {
			f()
		}
		if processor()-start > least {
			break
		}
	}
	best := math.Inf(1)
	for range repeats {
		start := processor()
		for range count {
			f()
		}
		best = min(best, (processor()-start)/float64(count))
	}
	return best
}

// forever returns n times longer than any.
func forever(n int) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = math.Inf(1)
	}
	return t
}
