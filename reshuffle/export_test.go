package reshuffle

import "testing"

// LinearEpoch is linearEpoch.
var LinearEpoch = linearEpoch

// SetNodes makes laws on the line have so many points in a test, which must not be parallel.
func SetNodes(t *testing.T, n int) {
	t.Helper()
	was := nodes[1]
	nodes[1] = n
	t.Cleanup(func() { nodes[1] = was })
}
