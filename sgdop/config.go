package sgdop

import "fmt"

// Config holds the choices of an assembly. The zero value and nil mean the
// defaults.
type Config struct {
	// Width is the number of nodes per axis that interpolate at an image, the
	// degree plus one, or WidthAuto. Default 0: the whole axis.
	Width int
	// Probe says what WidthAuto has to achieve; with any other width it is not used.
	Probe *Probe
	// Storage says what is kept of the weights. Default StorageAuto.
	Storage Storage
	// Workers is the number of goroutines. Default 0: all processors.
	Workers int
	// MaxBytes bounds the memory of the weights. Default 0: DefaultMaxBytes.
	MaxBytes int64
	// Means, if not nil, is what assemblies on this grid and of chains with the same directions share.
	// It acts where whole axes interpolate; assemblies on another grid or of other directions leave it alone.
	Means *Means
	// Smooth, if not empty, are fields on the grid to whose S, and to S of what becomes of them,
	// the operator will be applied. In two and three dimensions, where whole axes' weights are
	// many, S is then computed through finer fields if that misses at most 5e-14 and 1e-10 of
	// these, see Operator.Miss; it has no matrix then. They act with whole axes and StorageAuto
	// alone, and in two dimensions with fewer than 2048 images.
	Smooth [][]float64
	// Progress, if not nil, is told the share of the assembly that is done, in
	// [0,1], one call at a time and never less than before.
	Progress func(share float64)
}

// WidthAuto makes Assemble choose the width, by Config.Probe.
const WidthAuto = -1

// DefaultMaxBytes is the default bound on the memory of the weights.
const DefaultMaxBytes = 4 << 30

// withDefaults returns a copy of c with its defaults filled in.
func (c *Config) withDefaults() Config {
	var d Config
	if c != nil {
		d = *c
	}
	if d.MaxBytes == 0 {
		d.MaxBytes = DefaultMaxBytes
	}
	return d
}

// Storage is what an operator keeps of its weights.
type Storage int

// The kinds of storage, from the fastest to the smallest.
const (
	// StorageAuto takes the first of the following that fits in memory.
	StorageAuto Storage = iota
	// StorageWindows keeps the merged weights of all samples, in one or several
	// dense windows per row.
	StorageWindows
	// StorageFactors keeps, per row and sample, the weights along every axis, whose
	// products are formed in every application.
	StorageFactors
	// StorageNone keeps nothing: gradients and weights are computed anew in every
	// application.
	StorageNone
)

// String returns "auto", "windows", "factors" or "none".
func (s Storage) String() string {
	switch s {
	case StorageWindows:
		return "windows"
	case StorageFactors:
		return "factors"
	case StorageNone:
		return "none"
	}
	return "auto"
}

// SizeError reports an operator that would not fit in the memory it may use.
type SizeError struct {
	Nodes       int   // nodes of the grid
	Bytes, Most int64 // needed and allowed
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("sgdop: S on %d nodes needs %s, allowed are %s", e.Nodes, size(e.Bytes), size(e.Most))
}

// size returns a number of bytes in words.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.2f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%.1f KiB", float64(bytes)/(1<<10))
}

// FullBytes returns the memory of the weights of S on n nodes with windows of
// the whole grid.
func FullBytes(n int) int64 { return 8 * int64(n) * int64(n) }
