package memory

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// availableBytes returns how much more memory the process may take: the least of what the
// machine has free, what the control group allows and what the limit of the address space
// (ulimit -v) leaves; +Inf where the system tells none of them.
func AvailableBytes() float64 {
	free := math.Inf(1)
	if kib, ok := procField("/proc/meminfo", "MemAvailable:"); ok {
		free = kib * 1024
	}
	free = min(free, groupBytes())
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) == nil && limit.Cur < math.MaxInt64 {
		used := 0.0
		if kib, ok := procField("/proc/self/status", "VmSize:"); ok {
			used = kib * 1024
		}
		free = min(free, max(0, float64(limit.Cur)-used))
	}
	return free
}

// procField returns the number behind a name in a file of lines.
func procField(file, name string) (float64, bool) {
	f, err := os.Open(file)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if fields := strings.Fields(s.Text()); len(fields) > 1 && fields[0] == name {
			x, err := strconv.ParseFloat(fields[1], 64)
			return x, err == nil
		}
	}
	return 0, false
}

// groupBytes returns what the process's control group, of version 2, and those around it
// leave; +Inf where there is no limit.
func groupBytes() float64 {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return math.Inf(1)
	}
	least := math.Inf(1)
	for line := range strings.Lines(string(text)) {
		path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::")
		if !ok {
			continue
		}
		for ; ; path = filepath.Dir(path) {
			dir := filepath.Join("/sys/fs/cgroup", path)
			most, limited := fileNumber(filepath.Join(dir, "memory.max"))
			used, known := fileNumber(filepath.Join(dir, "memory.current"))
			if limited && known {
				least = min(least, max(0, most-used))
			}
			if path == "/" || path == "." {
				break
			}
		}
	}
	return least
}

func fileNumber(file string) (float64, bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64) // "max" is none
	return x, err == nil
}
