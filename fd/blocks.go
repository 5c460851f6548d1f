package fd

const (
	packedLanes = 16      // lines of a block that is copied for the solve
	maxLanes    = 256     // lines of a block that is solved in place
	blockFloats = 1 << 15 // its nodes, 256 KiB: they stay in the cache between the two sweeps
	rowFloats   = 1 << 12 // coefficients of the rows that are done for all fields in turn, 32 KiB
)

// layout cuts the lines of a field, seen as outer x n x inner, into blocks of lines
// that are solved side by side. Where inner is large a block is a piece of the
// lines that have the outer index in common: they are contiguous row by row.
// Elsewhere it is a group of consecutive lines, to be copied to such a form. It
// depends on the shape alone, so results do not depend on who solves which block.
type layout struct {
	n, outer, inner int
	packed          bool
	lanes           int // lines of a block, but for the last one of an outer index
	perOuter        int // blocks of an outer index; of the whole field if packed
}

func newLayout(n, outer, inner int) layout {
	g := layout{n: n, outer: outer, inner: inner}
	lines := inner
	if inner < packedLanes {
		g.packed = true
		lines = outer * inner
		g.lanes = packedLanes
	} else {
		g.lanes = min(max(blockFloats/n&^(packedLanes-1), packedLanes), maxLanes)
	}
	if lines == 0 {
		return g
	}
	g.perOuter = (lines + g.lanes - 1) / g.lanes
	if !g.packed {
		g.lanes = pitch((lines + g.perOuter - 1) / g.perOuter) // of nearly equal size
		g.perOuter = (lines + g.lanes - 1) / g.lanes
	}
	return g
}

// pitch returns the number of lines with which the kernels are content.
func pitch(lanes int) int { return (lanes + 3) &^ 3 }

// blocks returns the number of blocks.
func (g *layout) blocks() int {
	if g.packed {
		return g.perOuter
	}
	return g.outer * g.perOuter
}

// lines returns the first line of a block and their number.
func (g *layout) lines(b int) (first, lanes int) {
	if g.packed {
		first = b * g.lanes
		return first, min(g.lanes, g.outer*g.inner-first)
	}
	lane := b % g.perOuter * g.lanes
	return b/g.perOuter*g.inner + lane, min(g.lanes, g.inner-lane)
}

// padded returns the sum of the pitches of the blocks before b.
func (g *layout) padded(b int) int64 {
	if b == 0 {
		return 0
	}
	tail := func(lines int) int64 { // of a row of blocks
		full := lines / g.lanes * g.lanes
		return int64(full) + int64(pitch(lines-full))
	}
	if g.packed {
		return tail(min(b*g.lanes, g.outer*g.inner))
	}
	return int64(b/g.perOuter)*tail(g.inner) + int64(b%g.perOuter*g.lanes)
}

// offset returns where a line begins in a field.
func (g *layout) offset(line int) int { return line/g.inner*g.inner*g.n + line%g.inner }
