package main

import "fmt"

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
