//go:build amd64 && !purego

package kernel

import "golang.org/x/sys/cpu"

// useTall512 chooses AVX-512 for tall products; their bits are those of AVX2.
var useTall512 = useAVX2 && cpu.X86.HasAVX512F

// subTall512 is SubTall for TallRows entries.
//
//go:noescape
func subTall512(count int, v *float64, ld int, c, w *float64)

// subTallAVX2 is SubTall for TallRows entries.
//
//go:noescape
func subTallAVX2(count int, v *float64, ld int, c, w *float64)

// addDots512 is AddDots for TallRows entries.
//
//go:noescape
func addDots512(count int, v *float64, ld int, w, acc *float64)

// addDotsAVX2 is AddDots for TallRows entries.
//
//go:noescape
func addDotsAVX2(count int, v *float64, ld int, w, acc *float64)
