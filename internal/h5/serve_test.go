package h5

import (
	"testing"
	"time"
)

// TestDeadline: no request takes long for what it reads, and many quick ones do not either.
func TestDeadline(t *testing.T) {
	for _, c := range []struct {
		now    time.Duration
		n, all int
		want   time.Duration
	}{
		{0, 0, 0, maxProcessor},
		{time.Second, 0, 0, time.Second + maxProcessor},
		{time.Second, 5 * readRate, 5 * readRate, 6*time.Second + maxProcessor},
		{maxFile - time.Second, 0, 0, maxFile},
		{maxFile + time.Second, readRate, 8 * readRate, maxFile + 8*time.Second},
		{2 * maxFile, 0, 0, maxFile}, // ended at once
	} {
		if got := deadline(c.now, c.n, c.all); got != c.want {
			t.Errorf("deadline(%v, %d, %d) = %v, want %v", c.now, c.n, c.all, got, c.want)
		}
	}
}
