//go:build race

package main

// scripts are those that run under the race detector: they have goroutines and locks.
var scripts = []string{"folder", "run", "shard"}
