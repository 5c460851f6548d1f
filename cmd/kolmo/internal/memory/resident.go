package memory

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"syscall"
)

// residentBytes returns the memory that the process holds: what the system says where it
// has /proc, else what Go's runtime has from it.
func ResidentBytes() uint64 {
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size, resident uint64
		if _, err := fmt.Sscan(string(text), &size, &resident); err == nil {
			return resident * uint64(os.Getpagesize())
		}
	}
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}

// mostResidentBytes returns the most memory that the process held at a time, 0 if the system
// does not tell.
func MostResidentBytes() uint64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" { // in bytes; elsewhere in units of 1024
		return uint64(u.Maxrss)
	}
	return 1024 * uint64(u.Maxrss)
}
