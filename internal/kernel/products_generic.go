//go:build !amd64 || purego

package kernel

// The assembly of amd64 stands behind useAVX512 and useAVX2, which are false here.

func productsAVX512(*productsOf) {}

func productsAVX2(*productsOf) {}
