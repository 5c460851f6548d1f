package kernel

// The functions of this file work entry by entry on slices as long as dst, else they
// panic; an operand may be dst. No multiplication is fused with an addition on amd64, so that assembly
// and plain Go agree to the last bit. Cost: one pass, no allocation.

// Plus stores a + b in dst.
func Plus(dst, a, b []float64) {
	if n := vector(dst, a, b); n > 0 {
		plusAVX2(n, &dst[0], &a[0], &b[0])
		dst, a, b = dst[n:], a[n:], b[n:]
	}
	plusGo(dst, a, b)
}

// Minus stores a - b in dst.
func Minus(dst, a, b []float64) {
	if n := vector(dst, a, b); n > 0 {
		minusAVX2(n, &dst[0], &a[0], &b[0])
		dst, a, b = dst[n:], a[n:], b[n:]
	}
	minusGo(dst, a, b)
}

// Times stores a b in dst.
func Times(dst, a, b []float64) {
	if n := vector(dst, a, b); n > 0 {
		timesAVX2(n, &dst[0], &a[0], &b[0])
		dst, a, b = dst[n:], a[n:], b[n:]
	}
	timesGo(dst, a, b)
}

// AddTimes adds a b to dst.
func AddTimes(dst, a, b []float64) {
	if n := vector(dst, a, b); n > 0 {
		addTimesAVX2(n, &dst[0], &a[0], &b[0])
		dst, a, b = dst[n:], a[n:], b[n:]
	}
	addTimesGo(dst, a, b)
}

// Times3 stores (a b) c in dst.
func Times3(dst, a, b, c []float64) {
	if len(c) != len(dst) {
		panic("kernel: slices of different lengths")
	}
	if n := vector(dst, a, b); n > 0 {
		times3AVX2(n, &dst[0], &a[0], &b[0], &c[0])
		dst, a, b, c = dst[n:], a[n:], b[n:], c[n:]
	}
	times3Go(dst, a, b, c)
}

// AddTimes3 adds (a b) c to dst.
func AddTimes3(dst, a, b, c []float64) {
	if len(c) != len(dst) {
		panic("kernel: slices of different lengths")
	}
	if n := vector(dst, a, b); n > 0 {
		addTimes3AVX2(n, &dst[0], &a[0], &b[0], &c[0])
		dst, a, b, c = dst[n:], a[n:], b[n:], c[n:]
	}
	addTimes3Go(dst, a, b, c)
}

// vector returns how many of the first entries the assembly takes.
func vector(dst, a, b []float64) int {
	if len(a) != len(dst) || len(b) != len(dst) {
		panic("kernel: slices of different lengths")
	}
	if !useAVX2 {
		return 0
	}
	return len(dst) &^ (four - 1)
}

func plusGo(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for l := range dst {
		dst[l] = a[l] + b[l]
	}
}

func minusGo(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for l := range dst {
		dst[l] = a[l] - b[l]
	}
}

func timesGo(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for l := range dst {
		dst[l] = a[l] * b[l]
	}
}

func addTimesGo(dst, a, b []float64) {
	a, b = a[:len(dst)], b[:len(dst)]
	for l := range dst {
		dst[l] += a[l] * b[l]
	}
}

func times3Go(dst, a, b, c []float64) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	for l := range dst {
		dst[l] = a[l] * b[l] * c[l]
	}
}

func addTimes3Go(dst, a, b, c []float64) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	for l := range dst {
		dst[l] += a[l] * b[l] * c[l]
	}
}
