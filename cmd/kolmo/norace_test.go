//go:build !race

package main

// scripts is empty: all of testdata/script are run.
var scripts []string
