package h5

import (
	"fmt"
	"math"
)

// Limits of what is read of a file. They hold for every file, since where a file comes
// from is not known, and are checked before memory is taken.
const (
	// MaxRead is the most bytes that one Read or ReadRow returns.
	MaxRead = 1 << 30
	// maxObjects is the most links that the root group may have.
	maxObjects = 1 << 16
	// maxAttrs is the most attributes of one object, and maxAttrBytes what their names
	// and texts may take together: many can share one text in the file.
	maxAttrs     = 10_000
	maxAttrBytes = 16 << 20
	// maxName is the length of the longest name.
	maxName = 1 << 12
	// maxDeflate is how many times smaller deflate can make bytes (RFC 1951: a code of two
	// bits repeats 258 bytes).
	maxDeflate = 1032
	// slack is how many bytes a dataset may have beyond what its file can hold: rows that
	// were never written read as a fill value.
	slack = 1 << 20
)

// checkExtents returns what is wrong with a dataset of elements of eight bytes and the
// given extents in a file of so many bytes, or "". Extents of zero count as one: what
// the others say is allocated by readers of a row. deflated says that its chunks are
// compressed.
func checkExtents(dims []uint, fileBytes uint64, deflated bool) string {
	most := min(fileBytes, math.MaxInt64/maxDeflate-slack) // an int holds all that follows
	if deflated {
		most *= maxDeflate
	}
	most += slack
	total := uint64(8)
	for _, n := range dims {
		if n > 1 && total > most/uint64(n) {
			return fmt.Sprintf("its extents %v are more than a file of %d bytes can hold", dims, fileBytes)
		}
		total *= max(uint64(n), 1)
	}
	return ""
}
