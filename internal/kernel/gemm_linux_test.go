package kernel

import (
	"math"
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns n numbers that end where memory may no longer be touched.
func guarded(t *testing.T, n int) []float64 {
	page := os.Getpagesize()
	size := (8*n + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Munmap(mem); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mprotect(mem[size:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(&mem[size-8*n])), n)
}

// Masked edges touch nothing behind the operands: a fault would end this test.
func TestMulTouchesNothingBeyond(t *testing.T) {
	t.Parallel()
	for m := 1; m <= 9; m++ {
		for p := 1; p <= 26; p++ {
			const k = 3
			a, b, c := guarded(t, m*k), guarded(t, k*p), guarded(t, m*p)
			for i := range a {
				a[i] = 1
			}
			for i := range b {
				b[i] = 0.5
			}
			Mul(m, p, k, a, k, b, p, c, p)
			for i := range c {
				if math.Abs(c[i]-1.5) > 1e-15 {
					t.Fatalf("m=%d p=%d: entry %d is %v, want 1.5", m, p, i, c[i])
				}
			}
		}
	}
}
