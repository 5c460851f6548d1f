//go:build !amd64 || purego

package kernel

// The assembly of amd64 stands behind useAVX2, which is false here.

func dotTensor8(*float64, int, int, *float64, *float64, *float64, int, int) float64 { return 0 }

func dotTensor12(*float64, int, int, *float64, *float64, *float64, int, int) float64 { return 0 }
