package memory

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

// memoryLimit returns the least limit on the memory of a process, zero if there is none.
func MemoryLimit() uint64 {
	const rlimitData = 2 // not in package syscall
	least := uint64(0)
	for _, which := range []int{syscall.RLIMIT_AS, rlimitData} {
		var l syscall.Rlimit
		if err := syscall.Getrlimit(which, &l); err == nil && l.Cur < noLimit && (least == 0 || l.Cur < least) {
			least = l.Cur
		}
	}
	return least
}

// noLimit is what counts as none: more than any memory there is.
const noLimit = 1 << 60

// reserved is the part of the address space in use that Go's heap has reserved at the start and
// still fills.
const reserved = 128 << 20

// memoryLeft returns the bytes that the process may still take, by its own limits and those
// of its control groups; zero if nothing limits it.
func MemoryLeft() int64 {
	left := int64(math.MaxInt64)
	if limit := MemoryLimit(); limit > 0 {
		left = int64(limit) - int64(mappedBytes()) + reserved
	}
	if limit := groupLimit(os.DirFS("/")); limit > 0 {
		left = min(left, int64(limit)-int64(ResidentBytes()))
	}
	if left == math.MaxInt64 {
		return 0
	}
	return max(left, 1)
}

// mappedBytes returns the size of the address space that is in use.
func mappedBytes() uint64 {
	var pages uint64
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(string(text), &pages)
	}
	return pages * uint64(os.Getpagesize())
}

// groupLimit returns the least limit on memory of the process's control groups, of version 1
// or 2, zero if there is none. root is the root of the file system.
func groupLimit(root fs.FS) uint64 {
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return 0
	}
	least := uint64(0)
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, path
		if len(parts) < 3 {
			continue
		}
		mount, file := "sys/fs/cgroup", "memory.max"
		switch {
		case parts[1] == "memory":
			mount, file = mount+"/memory", "memory.limit_in_bytes"
		case parts[1] != "":
			continue
		}
		// A group is limited by those around it; the container may not see the outer ones.
		for at := path.Clean("/" + parts[2]); ; at = path.Dir(at) {
			if text, err := fs.ReadFile(root, path.Join(mount, at, file)); err == nil {
				v, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
				if err == nil && v > 0 && v < noLimit && (least == 0 || v < least) { // "max" is no number
					least = v
				}
			}
			if at == "/" {
				break
			}
		}
	}
	return least
}
