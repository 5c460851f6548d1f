package kernel

// Instructions names what the kernels of this process use: "AVX2, FMA", or "plain Go"
// where the processor has no such instructions or the program was built without assembly.
func Instructions() string {
	if useAVX2 {
		return "AVX2, FMA"
	}
	return "plain Go"
}
