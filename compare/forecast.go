package compare

import (
	"runtime"
)

// UnitForecast is what one unit of a study is predicted to take.
type UnitForecast struct {
	Kind   Study
	Model  string
	Eta    Rate
	Method string  // of the model: "chebyshev", "uniform of order 8 by douglas"
	Nodes  int     // of the model's grid, per axis
	NodesS int     // of the grid of S, per axis
	Steps  float64 // of SGD
	Bytes  int64   // of grids and operators
	Work   float64 // multiplications
	Known  bool    // false: the work is what kolmo allows, since errors do not fall yet on coarse grids
}

// Constants of the forecast.
const (
	// UnitWork is what a unit takes besides what grows with its grids and steps.
	UnitWork = 6e8
	// Climbs is what all runs of a refinement take over the last one.
	Climbs = 2
	// LookWork is what is done with a node of the grid of S per step and observable besides
	// applying S: transfer, differences, suprema.
	LookWork = 500
	// workPerSecond is how many multiplications of the forecast one processor does in a second,
	// all that surrounds them included.
	workPerSecond = 6e9
)

// Seconds predicts the time of units on so many processors; 0: all there are.
func Seconds(units []UnitForecast, workers int) float64 {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	sum := 0.0
	for _, u := range units {
		sum += u.Work
	}
	return sum / workPerSecond / float64(workers)
}
