//go:build !amd64 || purego

package kernel

const useTall512 = false

func subTall512(count int, v *float64, ld int, c, w *float64) {}

func subTallAVX2(count int, v *float64, ld int, c, w *float64) {}

func addDots512(count int, v *float64, ld int, w, acc *float64) {}

func addDotsAVX2(count int, v *float64, ld int, w, acc *float64) {}
