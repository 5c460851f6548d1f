//go:build !amd64 || purego

package kernel

// The assembly of amd64 stands behind useAVX2, which is false here.

func plusAVX2(int, *float64, *float64, *float64) {}

func minusAVX2(int, *float64, *float64, *float64) {}

func timesAVX2(int, *float64, *float64, *float64) {}

func addTimesAVX2(int, *float64, *float64, *float64) {}

func times3AVX2(int, *float64, *float64, *float64, *float64) {}

func addTimes3AVX2(int, *float64, *float64, *float64, *float64) {}

func dotAVX2(int, *[four]float64, *float64, *float64) {}

func covarianceAVX2(int, *[four]float64, *float64, *float64, *float64, float64, float64) {}
