package memory

import (
	"testing"
	"testing/fstest"
)

// The least limit of all groups around the process counts, of both versions; "max" and what no
// machine has are none.
func TestGroupLimit(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  uint64
	}{
		"none":     {fstest.MapFS{}, 0},
		"max":      {fstest.MapFS{"proc/self/cgroup": file("0::/a\n"), "sys/fs/cgroup/a/memory.max": file("max\n")}, 0},
		"version2": {fstest.MapFS{"proc/self/cgroup": file("0::/a/b\n"), "sys/fs/cgroup/a/b/memory.max": file("max\n"), "sys/fs/cgroup/a/memory.max": file("5000\n"), "sys/fs/cgroup/memory.max": file("7000\n")}, 5000},
		"version1": {fstest.MapFS{"proc/self/cgroup": file("4:cpu:/c\n3:memory:/a\n"), "sys/fs/cgroup/memory/a/memory.limit_in_bytes": file("6000\n"), "sys/fs/cgroup/memory/memory.limit_in_bytes": file("9223372036854771712\n")}, 6000},
		"inside":   {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("123\n")}, 123},
	} {
		if got := groupLimit(c.files); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
