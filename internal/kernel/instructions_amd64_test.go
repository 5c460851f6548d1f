//go:build linux && !purego

package kernel

import (
	"os"
	"strings"
	"testing"
)

// The processor's flags, as Linux lists them, decide which kernels run.
func TestInstructions(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Fatal(err)
	}
	want := "plain Go"
	if strings.Contains(string(text), " avx2 ") && strings.Contains(string(text), " fma ") {
		want = "AVX2, FMA"
		if strings.Contains(string(text), " avx512f ") {
			want = "AVX-512, AVX2, FMA"
		}
	}
	if got := Instructions(); got != want {
		t.Errorf("kernels use %q, the processor allows %q", got, want)
	}
}
