package kernel

import "fmt"

// DotLines is DotTensor for windows of 8 or 12 nodes along every line and an even number of
// lines: lines are added up with their weights before they meet those along them. Other
// windows go to DotTensor. It panics as that does.
func DotLines(u []float64, s2, s3 int, w1, w2, w3 []float64) float64 {
	n1, n2, n3 := len(w1), len(w2), len(w3)
	if !useAVX2 || n1 != 8 && n1 != 12 || n2%2 != 0 {
		return DotTensor(u, s2, s3, w1, w2, w3)
	}
	if n2 == 0 || n3 == 0 || s2 < 0 || s3 < 0 || len(u) < n1+(n2-1)*s2+(n3-1)*s3 {
		panic(fmt.Sprintf("kernel: %d nodes for a product of %d, %d and %d weights", len(u), n1, n2, n3))
	}
	if n1 == 8 {
		return dotTensor8(&u[0], s2, s3, &w1[0], &w2[0], &w3[0], n2, n3)
	}
	return dotTensor12(&u[0], s2, s3, &w1[0], &w2[0], &w3[0], n2, n3)
}
