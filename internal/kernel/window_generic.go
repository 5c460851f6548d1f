//go:build !amd64 || purego

package kernel

// The assembly of amd64 stands behind useAVX2, which is false here.

func dotWindows(int, *Window, *float64, *float64, *float64, int, int) {}

func dotWindowsPair(int, *Window, *float64, *float64, *float64, *float64, *float64, int, int) {}

func addWindows(int, *Window, *float64, *float64, *float64, int, int) {}

func dotTensor(*float64, int, int, *float64, int, *float64, int, *float64, int) float64 { return 0 }
