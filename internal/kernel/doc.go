// Package kernel holds the hot loops: small dense matrix products, and products of
// windows of weights with fields, in plain Go and, on amd64 with AVX2 and FMA, in assembly chosen when the program starts.
// The plain Go kernel is the fallback (also by the build tag purego) and the
// oracle of the tests. A kernel does not know what it is used for; lengths that
// do not fit panic with a message that starts with "kernel: ".
package kernel
