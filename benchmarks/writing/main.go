// Writing measures how fast package export/nc writes a series of fields, against a
// plain C program over HDF5 (plain/plain.c, compiled on the spot), in one run and in
// turns. Processor time is given too: it varies less where others use the machine.
//
//	go run ./benchmarks/writing [-mb 1024] [-rounds 5] [FOLDER ..]
//
// Every FOLDER is measured; by default the one for temporary files and, where there is
// one, a folder in memory. A step is one field of 512 x 256 numbers, 1 MB, in a chunk of
// its own. The table has the best of the rounds for every writer, from creation on:
// kolmo's to the end of the last Append, when a kill loses nothing, and of Close, which
// waits for the disk; the plain writer's without and with a flush per step, and with an
// fsync at its end.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kolmo/export/nc"
)

//go:embed plain/plain.c
var plainSource []byte

const (
	n1, n2 = 256, 512
)

func main() {
	mb := flag.Int("mb", 1024, "size of the series in MB (1048576 bytes)")
	rounds := flag.Int("rounds", 5, "number of turns")
	flag.Parse()
	if err := run(os.Stdout, *mb, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "writing:", err)
		os.Exit(1)
	}
}

// run prints a table for every folder.
func run(w io.Writer, mb, rounds int, folders []string) error {
	if len(folders) == 0 {
		folders = []string{os.TempDir()}
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
			folders = append(folders, "/dev/shm")
		}
	}
	tools, err := os.MkdirTemp("", "writing")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tools)
	plain, err := compile(tools)
	if err != nil {
		return err
	}
	for _, folder := range folders {
		if err := measure(w, folder, plain, mb, rounds); err != nil {
			return err
		}
	}
	return nil
}

// compile compiles the plain writer with the flags that package h5 uses.
func compile(dir string) (string, error) {
	source, program := filepath.Join(dir, "plain.c"), filepath.Join(dir, "plain")
	if err := os.WriteFile(source, plainSource, 0o666); err != nil {
		return "", err
	}
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	triple := map[string]string{"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[runtime.GOARCH]
	out, err := exec.Command(cc, "-std=c99", "-O2", "-o", program, source,
		"-I/usr/include/hdf5/serial", "-I/usr/local/include", "-I/opt/homebrew/include",
		"-L/usr/lib/"+triple+"/hdf5/serial", "-L/usr/local/lib", "-L/opt/homebrew/lib", "-lhdf5").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", cc, err, out)
	}
	return program, nil
}

// writers are the rows of the table.
var writers = []string{"kolmo, last Append", "kolmo, Close", "plain", "plain, flush", "plain, flush, fsync"}

// modes are the plain writer's, in the order of writers.
var modes = []string{"none", "flush", "sync"}

// measure prints the table of one folder.
func measure(w io.Writer, folder, plain string, mb, rounds int) error {
	dir, err := os.MkdirTemp(folder, "writing")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	best, work := make([]float64, len(writers)), make([]float64, len(writers))
	keep := func(i int, seconds, cpu float64) {
		if best[i] == 0 || seconds < best[i] {
			best[i] = seconds
		}
		if work[i] == 0 || cpu < work[i] {
			work[i] = cpu
		}
	}
	for range rounds {
		seconds, cpu, err := ours(filepath.Join(dir, "kolmo.nc"), mb)
		if err != nil {
			return err
		}
		for i := range seconds {
			keep(i, seconds[i], cpu[i])
		}
		for i, mode := range modes {
			path := filepath.Join(dir, "plain.h5")
			cmd := exec.Command(plain, path, strconv.Itoa(mb), strconv.Itoa(n2), strconv.Itoa(n1), mode)
			out, err := cmd.Output()
			if err != nil {
				return fmt.Errorf("the plain writer: %w", err)
			}
			seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil {
				return err
			}
			state := cmd.ProcessState
			keep(2+i, seconds, (state.UserTime() + state.SystemTime()).Seconds())
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(w, "%d MB in %d steps to %s, best of %d\n\n", mb, mb, folder, rounds)
	fmt.Fprintf(w, "| writer | MB/s | of plain | processor s | of plain |\n|---|---:|---:|---:|---:|\n")
	for i, name := range writers {
		fmt.Fprintf(w, "| %s | %.0f | %.0f %% | %.2f | %.0f %% |\n", name, float64(mb)/best[i], 100*best[2]/best[i], work[i], 100*work[i]/work[2])
	}
	fmt.Fprintln(w)
	return nil
}

// ours writes a series as kolmo does and returns the seconds, and those of the
// processors, to the last Append and to the end of Close.
func ours(path string, mb int) (seconds, cpu [2]float64, err error) {
	axis := func(name string, n int) nc.Axis {
		a := nc.Axis{Name: name}
		for i := range n {
			a.Nodes = append(a.Nodes, float64(i))
		}
		return a
	}
	u := make([]float64, n1*n2)
	for i := range u {
		u[i] = 1 / (float64(i) + 1)
	}
	start, used := time.Now(), processor()
	look := func(i int) { seconds[i], cpu[i] = time.Since(start).Seconds(), processor()-used }
	w, err := nc.Create(path, &nc.Spec{Axes: []nc.Axis{axis("x1", n1), axis("x2", n2)}, Fields: []nc.Variable{{Name: "u"}}, Steps: mb})
	if err != nil {
		return seconds, cpu, err
	}
	defer w.Abort()
	for i := range mb {
		if err := w.Append(float64(i), int64(i), [][]float64{u}, nil); err != nil {
			return seconds, cpu, err
		}
	}
	look(0)
	if err := w.Close(); err != nil {
		return seconds, cpu, err
	}
	look(1)
	return seconds, cpu, os.Remove(path)
}

// processor returns the seconds of processor time that this process has used.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
