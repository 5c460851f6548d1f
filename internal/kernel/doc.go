// Package kernel holds the hot loops: small dense matrix products, products with a few
// long vectors side by side, products of windows of weights with fields, the recurrences of
// line solves for lines side by side, and transposes. They are in plain Go and, on amd64 with
// AVX2 and FMA, in assembly chosen when the program starts; the matrix products also with AVX-512.
// The plain Go kernel is the fallback (also by the build tag purego) and the
// oracle of the tests. A kernel does not know what it is used for; lengths that
// do not fit panic with a message that starts with "kernel: ".
package kernel
