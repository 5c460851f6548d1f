// Package benchmarks measures what kolmo costs: whole studies, and the passes
// that they spend their time in. make bench runs it. Times are for comparison
// within one run on one machine; no test depends on them.
//
//	go test -run '^$' -bench . ./benchmarks
package benchmarks
