package kernel

// Instructions names what the kernels of this process use: "AVX-512, AVX2, FMA",
// "AVX2, FMA", or "plain Go" where the processor has no such instructions or the
// program was built without assembly.
func Instructions() string {
	if useAVX512 {
		return "AVX-512, " + Arithmetic()
	}
	return Arithmetic()
}

// Arithmetic names what the last bits of the kernels' results depend on: "AVX2,
// FMA" or "plain Go". The kernels with AVX-512 round as those with AVX2.
func Arithmetic() string {
	if useAVX2 {
		return "AVX2, FMA"
	}
	return "plain Go"
}
