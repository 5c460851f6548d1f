//go:build race

package montecarlo

// raceEnabled makes tests smaller: the race detector slows paths tenfold.
const raceEnabled = true
