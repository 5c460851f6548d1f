package gap

import (
	"math"
	"strings"
	"testing"
)

// An error that is no number is said to be unknown.
func TestExcess(t *testing.T) {
	if s := excess(math.NaN(), 1e-3); strings.Contains(s, "NaN") || !strings.Contains(s, "0.001") {
		t.Error(s)
	}
	if s := excess(0.25, 1e-3); s != "error 0.25 is above the accuracy 0.001" {
		t.Error(s)
	}
}
