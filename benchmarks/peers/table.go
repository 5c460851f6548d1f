package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"kolmo/internal/kernel"
)

// measured is what the rounds had for one way.
type measured struct{ least, most, error float64 }

// add takes in another round.
func (m *measured) add(seconds, wrong float64) {
	if m.least == 0 {
		*m = measured{seconds, seconds, wrong}
		return
	}
	m.least, m.most, m.error = min(m.least, seconds), max(m.most, seconds), wrong
}

// spread writes by how many percent the largest of several rounds exceeds the least.
func (m *measured) spread(rounds int) string {
	if rounds == 1 {
		return ""
	}
	return fmt.Sprintf(" +%.0f %%", 100*(m.most/m.least-1))
}

// table gathers the rounds.
type table struct {
	rows  []row
	peers []peer
	kolmo []measured
	jobs  map[string]map[string]*measured // of every program
}

func newTable(rows []row, peers []peer) *table {
	t := &table{rows: rows, peers: peers, kolmo: make([]measured, len(rows)), jobs: map[string]map[string]*measured{}}
	for _, p := range peers {
		if t.jobs[p.program] == nil {
			t.jobs[p.program] = map[string]*measured{}
		}
		for _, r := range rows {
			for _, try := range p.tries[r.set] {
				t.jobs[p.program][job(p, r, try)] = &measured{}
			}
		}
	}
	return t
}

// job names a try as the programs read it.
func job(p peer, r row, try string) string {
	return fmt.Sprintf("%s:%g:%g:%s", p.method, r.k[0], r.k[1], try)
}

// round lets kolmo and every program that is here measure once.
func (t *table) round(kolmo func() (map[string][2]float64, error), programs map[string][]string) error {
	ours, err := kolmo()
	if err != nil {
		return err
	}
	for i, r := range t.rows {
		m, ok := ours[r.name()]
		if !ok {
			return fmt.Errorf("BenchmarkOU2D has no row %s", r.name())
		}
		t.kolmo[i].add(m[0], m[1])
	}
	for name, call := range programs {
		var jobs []string
		for j := range t.jobs[name] {
			jobs = append(jobs, j)
		}
		out, err := output(call, jobs...)
		if err != nil {
			return err
		}
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if len(lines) != len(jobs) {
			return fmt.Errorf("%s printed %d lines for %d jobs", name, len(lines), len(jobs))
		}
		for i, line := range lines {
			var seconds, wrong float64
			if _, err := fmt.Sscan(line, &seconds, &wrong); err != nil {
				return fmt.Errorf("%s, %s: %q: %w", name, jobs[i], line, err)
			}
			t.jobs[name][jobs[i]].add(seconds, wrong)
		}
	}
	return nil
}

// best returns the cheapest try of peer j that has the accuracy of row i, and the try; nil
// if there is none.
func (t *table) best(i, j int) (*measured, string) {
	var best *measured
	chosen := ""
	p, r := t.peers[j], t.rows[i]
	for _, try := range p.tries[r.set] {
		m := t.jobs[p.program][job(p, r, try)]
		good := m.least > 0 && (p.paths || m.error <= r.accuracy) // false for NaN
		if good && (best == nil || m.least < best.least) {
			best, chosen = m, try
		}
	}
	return best, chosen
}

// newBenchmark builds kolmo's benchmark and returns what runs it: seconds and errors by row.
func newBenchmark(dir string) (func() (map[string][2]float64, error), error) {
	program := filepath.Join(dir, "benchmarks.test")
	if out, err := exec.Command("go", "test", "-c", "-buildvcs=false", "-o", program, "kolmo/benchmarks").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go test: %w: %s", err, out)
	}
	return func() (map[string][2]float64, error) {
		out, err := output([]string{program, "-test.run", "^$", "-test.bench", "^BenchmarkOU2D$", "-test.cpu", "1", "-test.benchtime", "100x"})
		if err != nil {
			return nil, err
		}
		return parse(out)
	}, nil
}

// parse reads least-cpu-ms and digits of every row of BenchmarkOU2D.
func parse(out string) (map[string][2]float64, error) {
	found := map[string][2]float64{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkOU2D/") {
			continue
		}
		var m [2]float64
		for i := 1; i < len(fields); i++ {
			if fields[i] != "least-cpu-ms" && fields[i] != "digits" {
				continue
			}
			value, err := strconv.ParseFloat(fields[i-1], 64)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", line, err)
			}
			if fields[i] == "digits" {
				m[1] = math.Pow(10, -value)
			} else {
				m[0] = 1e-3 * value
			}
		}
		if m[0] == 0 || m[1] == 0 {
			return nil, fmt.Errorf("%q: want least-cpu-ms and digits", line)
		}
		found[strings.TrimPrefix(fields[0], "BenchmarkOU2D/")] = m
	}
	return found, nil
}

// output runs a program on one thread and returns what it prints.
func output(call []string, args ...string) (string, error) {
	cmd := exec.Command(call[0], append(call[1:len(call):len(call)], args...)...)
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "MKL_NUM_THREADS=1", "BLIS_NUM_THREADS=1")
	// An OpenBLAS that does not know the processor would take kernels for any.
	core := map[string]string{"AVX-512, AVX2, FMA": "SkylakeX", "AVX2, FMA": "Haswell"}[kernel.Instructions()]
	if core != "" && os.Getenv("OPENBLAS_CORETYPE") == "" {
		cmd.Env = append(cmd.Env, "OPENBLAS_CORETYPE="+core)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s: %w", call[0], err), errors.New(strings.TrimSpace(problems.String())))
	}
	return string(out), nil
}

// row is a row of BenchmarkOU2D.
type row struct {
	set      string
	k        [2]float64
	accuracy float64
	digits   int // accuracy is 1e-digits
}

func (r row) name() string { return fmt.Sprintf("%s/1e-%d", r.set, r.digits) }

var rows = []row{
	{"easy", [2]float64{1, 0.5}, 1e-4, 4}, {"easy", [2]float64{1, 0.5}, 1e-6, 6}, {"easy", [2]float64{1, 0.5}, 1e-8, 8},
	{"hard", [2]float64{8, 4}, 1e-4, 4}, {"hard", [2]float64{8, 4}, 1e-6, 6}, {"hard", [2]float64{8, 4}, 1e-8, 8},
}

// peer is another way to the solution: the program that has it, its name there, and what
// it is tried with for the rows of a set, as nodes and a number.
type peer struct {
	name, program, method string
	tries                 map[string][]string
	paths                 bool // Monte Carlo: the number is a count of paths, the error a standard error
}

var peers = []peer{
	{name: "QuantLib, 9 points, without set-up", program: "quantlib", method: "uniform", tries: map[string][]string{
		"easy": {"9:1e-3", "10:1e-3", "11:1e-3", "11:1e-4", "17:1e-6", "19:1e-6", "21:1e-6", "21:1e-7"},
		"hard": {"55:1e-3", "61:1e-4", "91:1e-5", "101:1e-5", "161:1e-6"},
	}},
	{name: "NumPy, Chebyshev, Krylov basis", program: "python", method: "krylov", tries: map[string][]string{
		"easy": {"9:12", "10:13", "10:14", "12:17", "12:18", "14:22", "14:24", "16:25"},
		"hard": {"34:52", "34:56", "36:56", "38:64", "40:68", "42:72", "42:76", "44:80"},
	}},
	{name: "SciPy, Chebyshev, DOP853", program: "python", method: "dop853", tries: map[string][]string{
		"easy": {"9:1e-3", "10:1e-4", "12:1e-6", "14:1e-7", "14:1e-8", "16:1e-8"},
		"hard": {"34:1e-4", "34:1e-5", "38:1e-6", "38:1e-7", "42:1e-8", "44:1e-8"},
	}},
	{name: "SciPy, 9 points sparse, DOP853", program: "python", method: "sparse", tries: map[string][]string{
		"easy": {"9:1e-3", "11:1e-4", "13:1e-5", "17:1e-7", "21:1e-8", "25:1e-9"},
		"hard": {"55:1e-3", "61:1e-4", "91:1e-6", "101:1e-6"},
	}},
	{name: "Monte Carlo, one point, extrapolated", program: "python", method: "paths", paths: true, tries: map[string][]string{
		"easy": {"0:1048576"}, "hard": {"0:1048576"},
	}},
}
