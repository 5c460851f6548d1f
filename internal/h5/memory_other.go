//go:build !linux

package h5

// limitMemory does nothing where address space cannot be limited or measured.
func limitMemory() {}
