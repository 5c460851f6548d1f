//go:build !amd64 || purego

package kernel

func softplusAVX2(int, *float64, *float64, *float64, *float64) int { return 0 }

func logisticAVX2(int, *float64, *float64, *float64, *float64) int { return 0 }
