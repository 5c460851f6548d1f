package h5

import (
	"fmt"
	"os"
	"syscall"
)

// maxMemory is what a child may allocate: elements, a chunk and its compressed form, each
// at most MaxRead, and as much for the rest.
const maxMemory = 4 * MaxRead

// limitMemory makes allocations fail that no healthy file needs: a chunk's few bytes can
// become gigabytes.
func limitMemory() {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return
	}
	var pages uint64
	if _, err := fmt.Sscan(string(text), &pages); err != nil {
		return
	}
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &l) != nil {
		return
	}
	l.Cur = min(l.Cur, pages*uint64(os.Getpagesize())+maxMemory)
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &l) // without it the system's limits stay
}
